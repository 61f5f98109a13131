import { setTimeout as sleep } from 'node:timers/promises'
import { createEncoder, V4l2EncoderError } from '../../ts/index.js'
import type { Encoder } from '../../ts/encoder/encoder.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { assertGoodStream } from '../support/judge.js'
import { originals, pictures, range, record } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig, VirtualJetson } from '../support/virtual-jetson.js'
import type { ExecutionContext } from 'ava'

const SIZE = { width: 320, height: 240 }

async function open(
  t: ExecutionContext,
  config: VirtualConfig = {},
  options: Partial<EncoderOptions> = {},
): Promise<{ encoder: Encoder; virtual: VirtualJetson }> {
  const virtual = virtualJetson(t, config)
  const { device, library } = virtual
  const encoder = await createEncoder({
    codec: 'h264',
    ...SIZE,
    device,
    library,
    hardware: 'require',
    log: 'error',
    bitrate: 1_000_000,
    ...options,
  })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return { encoder, virtual }
}

onVirtualJetson('the log says which encoder runs, in exactly these words', async (t) => {
  const lines: string[] = []
  const { encoder, virtual } = await open(t, {}, { log: ({ message }) => lines.push(message), bitrate: 2_000_000 })
  const words = [
    'V4L2 device opened successfully: ',
    `V4L2 H264 encoder initialized: 320x240 @ 30fps, target_bps=2000000 using device ${virtual.device}`,
    'Using V4L2 HW encoder for H264 (Jetson)',
  ]
  t.true(
    lines.some((line) => line.startsWith(words[0]!)),
    lines.join('\n'),
  )
  for (const line of words.slice(1)) t.true(lines.includes(line), lines.join('\n'))
  await encoder.close()
})

onVirtualJetson('a level that does not hold is raised, with a warning, and the stream says so', async (t) => {
  const { encoder } = await open(
    t,
    { stdoutMessages: false },
    { codec: 'avc1.42e01f', width: 1920, height: 1080, log: 'silent' },
  )
  t.is(encoder.config.codecString, 'avc1.42e028')
  t.regex(
    encoder.warnings.map(({ message }) => message).join(),
    /^The level 3\.1 was requested, but 4 is used: .* 8160 macroblocks of 3600\)\.$/,
  )
  const { chunks } = await record(encoder, 1)
  t.regex(chunks[0]!.decoderConfig!.codec, /^avc1\.42..28$/)
  const level = encoder.settings.find(({ name }) => name === 'level')
  t.deepEqual(level, { name: 'level', requested: '3.1', actual: '4', source: 'bitstream' })
})

onVirtualJetson('settings claim nothing that nobody can tell', async (t) => {
  const { encoder } = await open(t, { stdoutMessages: false })
  for (const { name, actual, source } of encoder.settings) {
    t.is(actual === null, source === 'requested' || source === 'unsupported', name)
  }
  t.is(encoder.settings.find(({ name }) => name === 'keyFrameInterval')!.actual, null)
  t.deepEqual(encoder.warnings, [])
})

onVirtualJetson('flush() delivers what the device holds back, and encoding goes on with a key frame', async (t) => {
  const { encoder } = await open(t, { delay: 2 })
  const first = await record(encoder, 5)
  const second = await record(encoder, 5, 5)
  t.is(first.chunks.length, 5)
  t.is(second.chunks[0]!.type, 'key')
  const stream = Buffer.concat([first.stream, second.stream])
  await assertGoodStream(t, { stream, codec: 'h264', ...SIZE, stamps: range(10), source: originals(320, 240) })
})

onVirtualJetson('a slow device is not taken for one that holds frames back', async (t) => {
  const { encoder } = await open(t, { codec: 'passthrough', latencyMs: 30, pipelineDepth: 1 })
  const { chunks } = await record(encoder, 30)
  t.is(encoder.stats.pipelineDelay, 0)
  t.true(encoder.stats.latencyMs!.p50 < 120, `${encoder.stats.latencyMs!.p50} ms for a frame of 30 ms`)
  const [next] = (await record(encoder, 1, 30)).chunks
  t.deepEqual([chunks[0]?.type, next?.type], ['key', 'delta'])
})

onVirtualJetson('a change between a flush and the next frame keeps nobody waiting', async (t) => {
  const { encoder } = await open(t, { codec: 'passthrough', delay: 2 })
  for (let round = 0; round < 10; round++) {
    await record(encoder, 4, round * 4)
    void encoder.setBitrate(900_000)
  }
  t.is((await record(encoder, 1, 40)).chunks.length, 1)
})

onVirtualJetson('devicePoll lets the library say when a chunk is ready, with far fewer requests', async (t) => {
  const requests = async (devicePoll: boolean) => {
    let count = 0
    const log = {
      level: 'debug' as const,
      write: ({ message }: { message: string }) => void (count += Number(message.includes('VIDIOC_DQBUF'))),
    }
    const { encoder } = await open(t, { latencyMs: 150 }, { devicePoll, log })
    const { chunks } = await record(encoder, 5)
    t.is(chunks.length, 5)
    await encoder.close()
    return count
  }
  const looking = await requests(false)
  const polling = await requests(true)
  t.true(polling * 2 < looking, `${polling} requests by polling, ${looking} by looking`)
})

onVirtualJetson('two flushes at once both resolve', async (t) => {
  const { encoder } = await open(t, { delay: 1 })
  for (const frame of pictures(encoder, 3)) await encoder.encode(frame)
  await t.notThrowsAsync(Promise.all([encoder.flush(), encoder.flush()]))
  t.is(encoder.stats.chunksOut, 3)
})

onVirtualJetson('close() with frames in flight delivers them, and readers end', async (t) => {
  const { encoder } = await open(t, { delay: 2, latencyMs: 20 })
  for (const frame of pictures(encoder, 4)) await encoder.encode(frame)
  await encoder.close()
  let count = 0
  for await (const _ of encoder) count++
  t.is(count, 4)
  await encoder.closed
})

onVirtualJetson('close({ discard: true }) reports what is in flight as lost', async (t) => {
  const lost: number[] = []
  const { encoder } = await open(t, { latencyMs: 200 }, { onFrameLost: ({ timestamp }) => lost.push(timestamp!) })
  for (const frame of pictures(encoder, 2)) await encoder.encode(frame)
  await encoder.close({ discard: true })
  await sleep(10)
  const { framesIn, chunksOut, framesLost, inFlight } = encoder.stats
  t.is(framesIn, chunksOut + framesLost + inFlight)
  t.is(lost.length, framesLost)
  t.is(inFlight, 0)
})

onVirtualJetson('negative, repeated and backward timestamps come back as they were', async (t) => {
  const { encoder } = await open(t)
  const given = [-5, -5, 0, 100, 7, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]
  const data = originals(320, 240)(0)
  const got: number[] = []
  for await (const { timestamp } of encoder.encodeAll(given.map((time) => ({ data, timestamp: time }))))
    got.push(timestamp)
  t.deepEqual(got, given)
})

onVirtualJetson('durations come back, and none where there was none', async (t) => {
  const { encoder } = await open(t)
  const data = originals(320, 240)(0)
  const got: (number | undefined)[] = []
  const frames = [
    { data, timestamp: 0, duration: 40 },
    { data, timestamp: 1 },
  ]
  for await (const { duration } of encoder.encodeAll(frames)) got.push(duration)
  t.deepEqual(got, [40, undefined])
})

onVirtualJetson('chunks are plain, transferable and begin at offset 0', async (t) => {
  const { encoder } = await open(t)
  const { chunks } = await record(encoder, 2)
  for (const { data } of chunks) {
    t.is(Object.getPrototypeOf(data), Uint8Array.prototype)
    t.is(data.byteOffset, 0)
    t.is(data.byteLength, data.buffer.byteLength)
    t.notThrows(() => structuredClone(data, { transfer: [data.buffer] }))
  }
})

onVirtualJetson('requestKeyFrame() and { keyFrame: true } give key frames', async (t) => {
  const { encoder } = await open(t)
  const frames = [...pictures(encoder, 6)]
  for (const [index, frame] of frames.entries()) {
    if (index === 2) encoder.requestKeyFrame()
    await encoder.encode(frame, { keyFrame: index === 4 })
  }
  await encoder.close()
  const types: string[] = []
  for await (const { type } of encoder) types.push(type)
  t.deepEqual(types, ['key', 'delta', 'key', 'delta', 'key', 'delta'])
})

onVirtualJetson('bit rate and frame rate can be changed while encoding; nonsense is refused', async (t) => {
  const { encoder } = await open(t)
  await encoder.encode([...pictures(encoder, 1)][0]!)
  await encoder.setBitrate(500_000)
  await encoder.setFramerate(15)
  t.is(encoder.config.bitrate, 500_000)
  t.is(encoder.config.framerate, 15)
  await t.throwsAsync(encoder.setBitrate(-1), { instanceOf: RangeError, code: 'ERR_CONFIG' })
  await t.throwsAsync(encoder.setFramerate(0), { instanceOf: RangeError, code: 'ERR_CONFIG' })
})

onVirtualJetson(
  'decoderConfig names the codec as it is in the stream, and has a description with bitstream "length-prefixed"',
  async (t) => {
    const { encoder } = await open(t, {}, { bitstream: 'length-prefixed', codec: 'avc1.4d401f' })
    const { chunks } = await record(encoder, 2)
    t.regex(encoder.decoderConfig!.codec, /^avc1\.4d/)
    t.true(encoder.decoderConfig!.description!.byteLength > 8)
    t.is(chunks[0]!.decoderConfig?.codec, encoder.decoderConfig!.codec)
    const length = new DataView(chunks[1]!.data.buffer).getUint32(0)
    t.true(length > 0 && length <= chunks[1]!.data.byteLength - 4)
  },
)

onVirtualJetson('with delay 2 and two frames pushed, idle seconds are no error', async (t) => {
  const { encoder } = await open(t, { delay: 2 }, { timeout: 1000 })
  for (const frame of pictures(encoder, 2)) await encoder.encode(frame)
  await sleep(3000)
  t.is(encoder.stats.chunksOut, 0)
  const { chunks } = await record(encoder, 1, 2)
  t.is(chunks.length, 3)
})

onVirtualJetson('four 1280x720 streams at once in one process', async (t) => {
  const size = { width: 1280, height: 720 }
  const codecs = ['h264', 'h265', 'h264', 'h265'] as const
  const all = await Promise.all(
    codecs.map((codec) => open(t, { delay: 1, latencyMs: 2 }, { codec, ...size, bitrate: 6_000_000 })),
  )
  const streams = await Promise.all(all.map(({ encoder }) => record(encoder, 8)))
  const source = originals(size.width, size.height)
  for (const [index, { stream }] of streams.entries())
    await assertGoodStream(t, { stream, codec: codecs[index]!, ...size, stamps: range(8), source })
})

onVirtualJetson('a lost frame is reported by its timestamp, and the stream goes on', async (t) => {
  const lost: V4l2EncoderError[] = []
  const { encoder } = await open(
    t,
    { faults: { loseFrame: 2 } },
    { onFrameLost: (error) => lost.push(error), timeout: 1000 },
  )
  const { chunks } = await record(encoder, 6)
  t.is(chunks.length, 5)
  t.is(lost.length, 1)
  t.is(lost[0]!.timestamp, 2 * 33_333)
})

onVirtualJetson('a device that dies ends everything with its error, which lists what was lost', async (t) => {
  const { encoder } = await open(t, { faults: { dieAfterFrames: 3 } }, { timeout: 1000 })
  const error = await t.throwsAsync(record(encoder, 10), { instanceOf: V4l2EncoderError })
  t.true(error.lost.length > 0)
  await t.throwsAsync(encoder.closed)
  await t.notThrowsAsync(encoder.close())
  const { framesIn, chunksOut, framesLost, inFlight } = encoder.stats
  t.is(framesIn, chunksOut + framesLost + inFlight)
})
