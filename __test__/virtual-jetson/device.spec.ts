import { closeSync } from 'node:fs'
import type { ExecutionContext } from 'ava'
import {
  controlByName,
  encodePayload,
  isLast,
  openDevice,
  Requests,
  V4L2_ENC_CMD,
  V4L2_EVENT,
} from '../../ts/device/index.js'
import type { Device, Queue } from '../../ts/device/index.js'
import type { V4l2EncoderError } from '../../ts/index.js'
import { assertGoodStream } from '../support/judge.js'
import { originals, range } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 640, height: 360 }
const FRAMES = 6
const source = originals(SIZE.width, SIZE.height)

async function open(t: ExecutionContext, config: VirtualConfig = {}, timeout = 5000): Promise<Device> {
  const { device: path, library } = virtualJetson(t, { codec: 'passthrough', ...config })
  const device = await openDevice(path, { library, timeout })
  t.teardown(() => device.close().catch(() => {}))
  return device
}

/** Row by row, because the device's rows are longer. */
function copyPicture(picture: Uint8Array, planes: readonly Uint8Array[], strides: readonly number[]): void {
  let from = 0
  for (const [plane, memory] of planes.entries()) {
    const [columns, rows] = plane === 0 ? [SIZE.width, SIZE.height] : [SIZE.width / 2, SIZE.height / 2]
    for (let row = 0; row < rows; row++, from += columns)
      memory.set(picture.subarray(from, from + columns), row * strides[plane]!)
  }
}

async function feed(queue: Queue, strides: readonly number[], sizes: readonly number[]): Promise<void> {
  for (let number = 0; number < FRAMES; number++) {
    const index = number < queue.count ? number : (await queue.dequeue())!.index
    copyPicture(source(number), queue.buffers[index]!.planes, strides)
    await queue.enqueue(index, { timestamp: 1_000_000 + number * 33_333, bytesUsed: sizes })
  }
}

/** Everything that is coded, until the end of the stream. */
async function drain(coded: Queue): Promise<{ chunks: Buffer[]; timestamps: number[] }> {
  const chunks: Buffer[] = []
  const timestamps: number[] = []
  for (;;) {
    const buffer = await coded.dequeue()
    if (!buffer || buffer.bytesUsed[0] === 0) break
    chunks.push(Buffer.from(buffer.planes[0]!))
    timestamps.push(buffer.timestamp)
    if (isLast(buffer)) break
    await coded.enqueue(buffer.index)
  }
  return { chunks, timestamps }
}

/** What any encoder on NVIDIA's library does, in its order. */
async function setUp(device: Device): Promise<{ raw: Queue; coded: Queue; strides: number[]; sizes: number[] }> {
  const { captureType, outputType } = device
  await device.setFormat({ type: captureType, code: 'H264', ...SIZE, planes: [{ sizeImage: 1 << 20 }] })
  const { planes } = await device.setFormat({ type: outputType, code: 'YM12', ...SIZE, planes: [{}, {}, {}] })
  await device.setControl('V4L2_CID_MPEG_VIDEO_BITRATE', 1_000_000)
  await device.setControl('mpeg_videoenc_insert_sps_pps_at_idr', true)
  const qps = encodePayload('qp-range', { minQpI: 10, maxQpI: 40, minQpP: 10, maxQpP: 40, minQpB: 10, maxQpB: 40 })
  await device.setControl('mpeg_videoenc_qp_range', qps)
  await device.setFrameInterval(outputType, { numerator: 1, denominator: 30 })
  const raw = await device.queue(outputType)
  const coded = await device.queue(captureType)
  for (const { index } of coded.buffers) await coded.enqueue(index)
  await raw.start()
  await coded.start()
  const strides = planes.map(({ bytesPerLine }) => bytesPerLine)
  const sizes = strides.map((stride, plane) => stride * (plane === 0 ? SIZE.height : SIZE.height / 2))
  return { raw, coded, strides, sizes }
}

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(`a whole encoder can be written on it: JetPack ${generation}`, async (t) => {
    const device = await open(t, { generation, codec: 'libav' })
    t.is(device.transport, 'nvidia')
    const { raw, coded, strides, sizes } = await setUp(device)
    const feeding = feed(raw, strides, sizes).then(() =>
      device.request(Requests.ENCODER_CMD, { cmd: V4L2_ENC_CMD.STOP }),
    )
    const { chunks, timestamps } = await drain(coded)
    await feeding
    t.deepEqual(
      timestamps,
      range(FRAMES).map((number) => 1_000_000 + number * 33_333),
    )
    await assertGoodStream(
      t,
      { stream: Buffer.concat(chunks), codec: 'h264', ...SIZE, stamps: range(FRAMES), source },
      28,
    )
  })
}

onVirtualJetson('what the device is, and what it codes, is told', async (t) => {
  const device = await open(t)
  t.is(device.capability.card, 'virtual Jetson encoder')
  const formats = await device.formats(device.captureType)
  t.deepEqual(
    formats.map(({ code }) => code),
    ['H264', 'H265'],
  )
})

onVirtualJetson('its controls are those that NVIDIA’s headers name, because the library lists none', async (t) => {
  const device = await open(t)
  const controls = await device.controls()
  const qps = controls.find(({ key }) => key === 'mpeg_videoenc_qp_range')
  t.deepEqual([qps?.type, qps?.id], ['compound', controlByName('V4L2_CID_MPEG_VIDEOENC_QP_RANGE', 'nvidia')?.id])
})

onVirtualJetson('a number where a struct belongs is refused before the library sees it', async (t) => {
  const device = await open(t)
  await t.throwsAsync(device.setControl('mpeg_videoenc_qp_range', 5), {
    code: 'ERR_CONTROL',
    message: /takes a Uint8Array of 4096 bytes/,
  })
  await t.throwsAsync(device.resetControl('video_bitrate'), { code: 'ERR_CONTROL', message: /reports no default/ })
  await t.throwsAsync(device.getControl('mpeg_videoenc_metadata'), { code: 'ERR_CONTROL', message: /cannot be read/ })
  const { id } = await device.control('mpeg_videoenc_qp_range')
  const asNumber = device.request(Requests.S_EXT_CTRLS, {
    which: 0x990000,
    count: 1,
    controls: [{ id, u: { value: 5 } }],
  })
  await t.throwsAsync(asNumber, { code: 'ERR_CONFIG', message: /address, which has to be given as a block/ })
})

onVirtualJetson('the end of the stream is an event', async (t) => {
  const device = await open(t, { eos: 'event' })
  const events = await device.events([{ type: V4L2_EVENT.EOS }])
  const { raw, coded, strides, sizes } = await setUp(device)
  const draining = drain(coded)
  await feed(raw, strides, sizes)
  await device.request(Requests.ENCODER_CMD, { cmd: V4L2_ENC_CMD.STOP })
  t.is((await draining).chunks.length, FRAMES)
  t.is((await events.next()).value?.type, V4L2_EVENT.EOS)
  await events.return?.()
})

onVirtualJetson('a buffer is exported by its descriptor', async (t) => {
  const device = await open(t)
  const { raw } = await setUp(device)
  const fd = await raw.export(0, 1)
  t.true(fd > 2)
  closeSync(fd)
})

onVirtualJetson('a call that never returns takes its device with it, and no other', async (t) => {
  const stuck = await open(t, { faults: { hang: 'VIDIOC_G_FMT' } }, 200)
  const error = await t.throwsAsync<V4l2EncoderError>(stuck.format(stuck.captureType))
  t.deepEqual(
    [error?.code, error?.message.startsWith('VIDIOC_G_FMT did not return within 200 ms')],
    ['ERR_TIMEOUT', true],
  )
  await t.throwsAsync(stuck.formats(stuck.captureType), { code: 'ERR_TIMEOUT' })
  await t.throwsAsync(stuck.close(), { code: 'ERR_TIMEOUT' })
  const other = await open(t)
  t.is((await other.formats(other.captureType)).length, 2)
})

onVirtualJetson('a library that is not there is told', async (t) => {
  const { device: path } = virtualJetson(t)
  await t.throwsAsync(openDevice(path, { library: '/nowhere/libnvv4l2.so' }), { code: 'ERR_LIBRARY_MISSING' })
  await t.throwsAsync(openDevice(path, { transport: 'kernel' }), {
    code: 'ERR_DEVICE',
    message: /does not answer as a V4L2/,
  })
})
