import { existsSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEncoder } from '../../ts/index.js'
import type { EncodedChunk, V4l2EncoderError } from '../../ts/index.js'
import { encoderNode, onKernel } from '../support/kernel.js'
import { pictures, range } from '../support/record.js'

const DRIVER = '/sys/bus/platform/drivers/vicodec'

async function unbind(): Promise<void> {
  writeFileSync(`${DRIVER}/unbind`, 'vicodec.0')
  while (existsSync('/dev/video0')) await sleep(10)
}

async function bind(): Promise<void> {
  writeFileSync(`${DRIVER}/bind`, 'vicodec.0')
  while (!existsSync('/dev/video0')) await sleep(10)
}

onKernel('a device that is taken away while it codes is lost, and every frame is accounted for', async (t) => {
  const lostOneByOne: number[] = []
  const encoder = await createEncoder({
    codec: 'fwht',
    width: 1280,
    height: 720,
    hardware: 'require',
    latencyMode: 'quality',
    log: 'silent',
    onFrameLost: ({ timestamp }) => void lostOneByOne.push(timestamp!),
  })
  const chunks: EncodedChunk[] = []
  const reading = (async () => {
    for await (const chunk of encoder) chunks.push(chunk)
  })()
  const accepted: number[] = []
  const [picture] = [...pictures(encoder, 1)]
  let unbound: Promise<void> | undefined
  const error = (await (async () => {
    try {
      for (let timestamp = 0; timestamp < 500; timestamp++) {
        await encoder.encode({ ...picture!, timestamp })
        accepted.push(timestamp)
        if (timestamp === 5) unbound = unbind()
      }
    } catch (failure) {
      return failure
    }
    return undefined
  })()) as V4l2EncoderError
  await unbound
  t.is(error.code, 'ERR_DEVICE_LOST')
  await t.throwsAsync(reading, { code: 'ERR_DEVICE_LOST' })
  await t.throwsAsync(encoder.closed, { code: 'ERR_DEVICE_LOST' })
  const told = [...chunks.map(({ timestamp }) => timestamp), ...lostOneByOne, ...error.lost]
  t.deepEqual(
    told.toSorted((a, b) => a - b),
    accepted,
    'each frame was delivered or reported lost, once',
  )
  const { framesIn, chunksOut, framesLost, inFlight } = encoder.stats
  t.deepEqual([framesIn, inFlight], [chunksOut + framesLost, 0])
  await encoder.close()
  await bind()
})

onKernel('after the device is back, a new encoder works', async (t) => {
  const encoder = await createEncoder({ codec: 'fwht', width: 640, height: 480, hardware: 'require', log: 'silent' })
  t.is(encoder.device, encoderNode())
  for (const frame of pictures(encoder, 3)) await encoder.encode(frame)
  await encoder.close()
  t.is(encoder.stats.chunksOut, 3)
})

onKernel('frames in ordinary files and closed descriptors are no DMABUFs, and the stream goes on', async (t) => {
  const encoder = await createEncoder({ codec: 'fwht', width: 640, height: 480, hardware: 'require', log: 'silent' })
  let released = 0
  const release = (): void => void released++
  const planes = (fd: number) => [0, 1, 2].map((plane) => ({ fd, offset: plane === 0 ? 0 : 640 * 480, stride: 640 }))
  await t.throwsAsync(encoder.encode({ planes: planes(987), timestamp: 0, release }), {
    instanceOf: RangeError,
    code: 'ERR_FRAME',
    message: /Descriptor 987 of plane 0 of the frame is no DMABUF: EBADF/,
  })
  await t.throwsAsync(encoder.encode({ planes: planes(0), timestamp: 0, release }), { code: 'ERR_FRAME' })
  t.is(released, 2)
  for (const frame of pictures(encoder, 3)) await encoder.encode(frame)
  await encoder.close()
  t.is(encoder.stats.chunksOut, 3)
})

onKernel('a process may end with frames in the device, and the next one finds it as it was', async (t) => {
  for (const _ of range(3)) {
    const encoder = await createEncoder({ codec: 'fwht', width: 640, height: 480, hardware: 'require', log: 'silent' })
    const [picture] = [...pictures(encoder, 1)]
    for (const timestamp of range(4)) encoder.tryEncode({ ...picture!, timestamp })
    await encoder.close({ discard: true })
  }
  t.pass()
})
