import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { createEncoder, isSupported, listEncoders, V4l2EncoderError } from '../../ts/index.js'
import type { ErrorCode } from '../../ts/shared/errors.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { originals, pictures, record } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 320, height: 240 }

function optionsFor(t: ExecutionContext, config: VirtualConfig, options: Partial<EncoderOptions> = {}): EncoderOptions {
  const { device, library } = virtualJetson(t, config)
  return { codec: 'h264', ...SIZE, device, library, hardware: 'require', log: 'silent', timeout: 1000, ...options }
}

const REFUSALS: Record<string, [config: VirtualConfig, code: ErrorCode]> = {
  'a device that may not be opened': [{ faults: { openErrno: 'EACCES' } }, 'ERR_PERMISSION'],
  'a busy device': [{ faults: { openErrno: 'EBUSY' } }, 'ERR_BUSY'],
  'a device that gives no buffers': [{ faults: { reqbufsZero: true } }, 'ERR_DEVICE'],
  'a failure at STREAMON': [{ faults: { streamOnErrno: 'ENOMEM' } }, 'ERR_DEVICE'],
  'a codec that the device lacks': [{ codecs: ['H265'] }, 'ERR_CODEC_UNSUPPORTED'],
}

for (const [name, [config, code]] of Object.entries(REFUSALS)) {
  onVirtualJetson(`${name} is ${code} where it is the only device that may encode`, async (t) => {
    for (const hardware of ['require', 'prefer'] as const) {
      const error = await t.throwsAsync(createEncoder(optionsFor(t, config, { hardware })), {
        instanceOf: V4l2EncoderError,
        code,
      })
      t.is(error.rejected[0]?.code, code)
    }
  })

  onVirtualJetson(`${name} is ERR_NO_ENCODER with the reason where hardware is required`, async (t) => {
    const options = optionsFor(t, config)
    const device = [options.device as string]
    const error = await t.throwsAsync(createEncoder({ ...options, device }), {
      instanceOf: V4l2EncoderError,
      code: 'ERR_NO_ENCODER',
    })
    t.is(error.rejected[0]?.code, code)
    t.true(error.rejected[0]!.message.length > 10)
  })

  onVirtualJetson(`${name} makes room for the software encoder where hardware is preferred`, async (t) => {
    const options = optionsFor(t, config, { hardware: 'prefer' })
    const encoder = await createEncoder({ ...options, device: [options.device as string] })
    t.is(encoder.backend, 'software')
    t.is(encoder.rejected[0]?.code, code)
    t.is((await record(encoder, 3)).chunks.length, 3)
    await encoder.close()
  })
}

onVirtualJetson('the hint for a device that may not be opened is the command that cures it', async (t) => {
  const error = await t.throwsAsync(createEncoder(optionsFor(t, { faults: { openErrno: 'EACCES' } })), {
    instanceOf: V4l2EncoderError,
  })
  t.regex(error.rejected[0]!.hint!, /sudo usermod -a -G video,render \$USER/)
})

onVirtualJetson('a device without its library says which library', async (t) => {
  const { device } = virtualJetson(t)
  const library = '/nowhere/libnvv4l2.so'
  const error = await t.throwsAsync(
    createEncoder({ codec: 'h264', device, library, hardware: 'require', log: 'silent' }),
    {
      instanceOf: V4l2EncoderError,
    },
  )
  t.is(error.rejected[0]?.code, 'ERR_LIBRARY_MISSING')
})

onVirtualJetson('a library without its device says so', async (t) => {
  const { library } = virtualJetson(t)
  const device = '/nowhere/v4l2-nvenc'
  const error = await t.throwsAsync(
    createEncoder({ codec: 'h264', device, library, hardware: 'require', log: 'silent' }),
    {
      instanceOf: V4l2EncoderError,
    },
  )
  t.is(error.rejected[0]?.code, 'ERR_DEVICE_NOT_FOUND')
})

const BAD_OPTIONS: Record<string, Partial<EncoderOptions>> = {
  'an odd width': { width: 321 },
  'no height': { height: 0 },
  'a fraction of a pixel': { width: 320.5 },
  'a negative width': { width: -320 },
  'H.264 wider than 4096': { width: 8192, height: 4320 },
  'no frame rate': { framerate: 0 },
  'a negative bit rate': { bitrate: -1 },
  'a time-out of nothing': { timeout: 0 },
  'a level that does not exist': { codec: 'avc1.42e0ff' },
}
for (const [name, options] of Object.entries(BAD_OPTIONS)) {
  onVirtualJetson(`${name} is refused before any device is touched`, async (t) => {
    const { device, library } = virtualJetson(t, { faults: { openErrno: 'EIO' } })
    const error = await t.throwsAsync(
      createEncoder({ codec: 'h264', ...SIZE, device, library, log: 'silent', ...options }),
      { code: 'ERR_CONFIG' },
    )
    t.true(error instanceof RangeError || error instanceof TypeError)
  })
}

onVirtualJetson('H.265 below 144x144 is refused with the reason', async (t) => {
  const small = createEncoder(optionsFor(t, {}, { codec: 'h265', width: 62, height: 144 }))
  const error = await t.throwsAsync(small, { instanceOf: RangeError, code: 'ERR_CONFIG' })
  t.is(error.message, 'H265 frames must be at least 144x144 here, but the configuration has 62x144.')
})

onVirtualJetson('a wrong length, stride or offset of a frame is ERR_FRAME with both numbers', async (t) => {
  const encoder = await createEncoder(optionsFor(t, {}))
  const right = (320 * 240 * 3) / 2
  const error = await t.throwsAsync(encoder.encode({ data: new Uint8Array(right - 1), timestamp: 0 }), {
    code: 'ERR_FRAME',
  })
  t.regex(error.message, /115.?200|115199/)
  const layout = [
    { offset: 0, stride: 100 },
    { offset: 76_800, stride: 160 },
    { offset: 96_000, stride: 160 },
  ]
  await t.throwsAsync(encoder.encode({ data: new Uint8Array(right), timestamp: 0, layout }), { code: 'ERR_FRAME' })
  layout[0]!.stride = 320
  layout[2]!.offset = 96_001
  await t.throwsAsync(encoder.encode({ data: new Uint8Array(right), timestamp: 0, layout }), { code: 'ERR_FRAME' })
  await t.throwsAsync(encoder.encode({ data: new Uint8Array(right), timestamp: 0, width: 640 }), { code: 'ERR_FRAME' })
  await encoder.close()
})

onVirtualJetson('frames in shared memory and in buffers are taken', async (t) => {
  const encoder = await createEncoder(optionsFor(t, {}))
  const picture = originals(320, 240)(0)
  const shared = new SharedArrayBuffer(picture.length)
  new Uint8Array(shared).set(picture)
  for (const [timestamp, data] of [
    shared,
    new Uint8Array(shared),
    Buffer.from(picture),
    picture.slice().buffer,
  ].entries()) {
    await encoder.encode({ data, timestamp })
  }
  await encoder.close()
  t.is(encoder.stats.chunksOut, 4)
})

onVirtualJetson('no first chunk: the software encoder takes over with the frames that lie in the device', async (t) => {
  t.timeout(15_000)
  const options = optionsFor(t, { faults: { noFirstChunk: true } }, { hardware: 'prefer', timeout: 5000 })
  const encoder = await createEncoder({ ...options, device: [options.device as string] })
  t.is(encoder.backend, 'jetson')
  const { chunks } = await record(encoder, 5)
  t.is(encoder.backend, 'software')
  t.is(chunks.length, 5)
  await encoder.close()
})

onVirtualJetson('no first chunk of the only device that may encode: nothing takes over', async (t) => {
  const encoder = await createEncoder(optionsFor(t, { faults: { noFirstChunk: true } }, { hardware: 'prefer' }))
  await t.throwsAsync(record(encoder, 5), { code: 'ERR_TIMEOUT' })
  t.is(encoder.backend, 'jetson')
})

onVirtualJetson('a drain that never ends is ERR_TIMEOUT within the time-out', async (t) => {
  const encoder = await createEncoder(optionsFor(t, { delay: 2, faults: { drainNeverEnds: true } }))
  for (const frame of pictures(encoder, 4)) await encoder.encode(frame)
  const started = performance.now()
  await t.throwsAsync(encoder.flush(), { code: 'ERR_TIMEOUT' })
  t.true(performance.now() - started < 2500)
  await t.notThrowsAsync(encoder.close({ discard: true }))
})

onVirtualJetson("the 17th encoder of a process is refused with the reason: NVIDIA's library opens 16", async (t) => {
  const small = () => optionsFor(t, { codec: 'passthrough', stdoutMessages: false }, { hardware: 'require' })
  const encoders = await Promise.all(Array.from({ length: 16 }, () => createEncoder(small())))
  const error = await t.throwsAsync(createEncoder(small()), { instanceOf: V4l2EncoderError, code: 'ERR_BUSY' })
  t.is(error.rejected[0]?.code, 'ERR_BUSY')
  t.regex(error.message, /at most 16 devices in one process/)
  await Promise.all(encoders.map((encoder) => encoder.close()))
  const again = await createEncoder(small())
  await again.close()
})

onVirtualJetson('an ioctl that never returns is ERR_TIMEOUT, and other encoders go on', async (t) => {
  const stuck = await createEncoder(optionsFor(t, { faults: { hang: 'VIDIOC_QBUF', hangAfter: 12 } }))
  const other = await createEncoder(optionsFor(t, {}))
  await t.throwsAsync(record(stuck, 20), { code: 'ERR_TIMEOUT' })
  t.is((await record(other, 5)).chunks.length, 5)
  t.true(other.stats.hungDevices >= 1)
  await Promise.all([stuck.close(), other.close()])
})

onVirtualJetson('encode() after close() is ERR_CLOSED', async (t) => {
  const encoder = await createEncoder(optionsFor(t, {}))
  const [frame] = pictures(encoder, 1)
  await encoder.close()
  await t.throwsAsync(encoder.encode(frame!), { code: 'ERR_CLOSED' })
})

onVirtualJetson('frames that nobody awaits wait up to maxPendingFrames, then ERR_QUEUE_FULL', async (t) => {
  const encoder = await createEncoder(optionsFor(t, { latencyMs: 50 }, { maxPendingFrames: 2, queueDepth: 2 }))
  const results = await Promise.allSettled([...pictures(encoder, 12)].map((frame) => encoder.encode(frame)))
  const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
  t.true(refused.length > 0)
  t.true(refused.every(({ reason }) => (reason as V4l2EncoderError).code === 'ERR_QUEUE_FULL'))
  await encoder.close()
  t.is(encoder.stats.chunksOut, results.length - refused.length)
})

onVirtualJetson('isSupported() and listEncoders() say what createEncoder() would do', async (t) => {
  const { device, library } = virtualJetson(t)
  const yes = await isSupported({ codec: 'h265', ...SIZE, device, library }, { probe: true })
  t.true(yes.supported)
  t.is(yes.backend, 'jetson')
  const no = await isSupported({ codec: 'h265', ...SIZE, hardware: 'never' }, { probe: true })
  t.false(no.supported)
  t.true((await listEncoders()).some(({ backend, available }) => backend === 'software' && available))
})

onVirtualJetson('a signal gives up opening a device that never answers', async (t) => {
  const options = optionsFor(t, { faults: { hang: 'v4l2_open' } }, { timeout: 3000 })
  const started = performance.now()
  await t.throwsAsync(createEncoder({ ...options, signal: AbortSignal.timeout(100) }), {
    any: true,
    name: 'TimeoutError',
  })
  t.true(performance.now() - started < 1000)
  await sleep(1)
})

onVirtualJetson('a probe of a device that never answers ends within the time-out', async (t) => {
  const { supported, rejected } = await isSupported(optionsFor(t, { faults: { hang: 'VIDIOC_REQBUFS' } }), {
    probe: true,
  })
  t.false(supported)
  t.is(rejected[0]?.code, 'ERR_TIMEOUT')
})
