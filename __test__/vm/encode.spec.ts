import { createEncoder } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/index.js'
import { assertGoodFwht, decodeByKernel, encoderNode, onKernel } from '../support/kernel.js'
import { INTERVAL_US, pad, pictures, range, record } from '../support/record.js'

const FRAMES = 12

const options = (more: Partial<EncoderOptions> = {}): EncoderOptions => ({
  codec: 'fwht',
  width: 640,
  height: 480,
  hardware: 'require',
  log: 'silent',
  ...more,
})

/** 360 and 1080 rows are padded to 368 and 1088, 642 columns to 656. */
const SIZES: [width: number, height: number][] = [
  [640, 360],
  [642, 480],
  [1280, 720],
  [1920, 1080],
]
for (const [index, [width, height]] of SIZES.entries()) {
  const format = index % 2 === 0 ? 'I420' : 'NV12'
  onKernel(`every picture comes out once, in order and as it was: ${width}x${height} from ${format}`, async (t) => {
    const encoder = await createEncoder(options({ width, height, format }))
    t.deepEqual([encoder.backend, encoder.device], ['v4l2', encoderNode()])
    const { chunks, stream } = await record(encoder, FRAMES, 0, index === 1 ? pad : undefined)
    await encoder.close()
    t.deepEqual(
      chunks.map(({ timestamp }) => timestamp),
      range(FRAMES).map((number) => number * INTERVAL_US),
    )
    const { framesIn, chunksOut, framesLost, inFlight, framesCopied } = encoder.stats
    t.deepEqual(
      { framesIn, chunksOut, framesLost, inFlight, framesCopied },
      {
        framesIn: FRAMES,
        chunksOut: FRAMES,
        framesLost: 0,
        inFlight: 0,
        framesCopied: FRAMES,
      },
    )
    await assertGoodFwht(t, { stream, width, height, stamps: range(FRAMES) })
  })
}

onKernel(
  'key frames come at the interval and when they are asked for, and the stream carries what a decoder needs',
  async (t) => {
    const encoder = await createEncoder(options({ keyFrameInterval: 6 }))
    const frames = [...pictures(encoder, 14)]
    for (const [index, frame] of frames.entries()) await encoder.encode(frame, { keyFrame: index === 9 })
    await encoder.close()
    const chunks = []
    for await (const chunk of encoder) chunks.push(chunk)
    const keys = chunks.flatMap(({ type }, index) => (type === 'key' ? [index] : []))
    // A new stream begins with the frame that was to be a key frame, and the interval counts from there.
    t.deepEqual(keys, [0, 6, 9])
    t.deepEqual(chunks[0]!.decoderConfig, { codec: 'fwht', codedWidth: 640, codedHeight: 480 })
    const stream = Buffer.concat(chunks.map(({ data }) => data))
    await assertGoodFwht(t, { stream, width: 640, height: 480, stamps: range(14) })
  },
)

onKernel('after a flush the same device goes on', async (t) => {
  const encoder = await createEncoder(options({ latencyMode: 'quality' }))
  const read: number[] = []
  const reading = (async () => {
    for await (const { timestamp } of encoder) read.push(timestamp / INTERVAL_US)
  })()
  for (const first of [0, 4, 8]) {
    for (const frame of pictures(encoder, 4, first)) await encoder.encode(frame)
    await encoder.flush()
    await new Promise(setImmediate)
    t.deepEqual(read, range(first + 4))
  }
  await encoder.close()
  await reading
})

onKernel('timestamps of any kind come back as they were', async (t) => {
  const encoder = await createEncoder(options())
  const stamps = [-5, -5, 0, 2 ** 53 - 1, 3]
  const [picture] = [...pictures(encoder, 1)]
  const frames = stamps.map((timestamp) => ({ ...picture!, timestamp, duration: 7 }))
  const seen = []
  for await (const { timestamp, duration } of encoder.encodeAll(frames)) seen.push([timestamp, duration])
  t.deepEqual(
    seen,
    stamps.map((timestamp) => [timestamp, 7]),
  )
  await encoder.close()
})

onKernel('settings tell what the driver made of them, and what it has no control for', async (t) => {
  const encoder = await createEncoder(options({ keyFrameInterval: 100 }))
  const known = Object.fromEntries(encoder.settings.map(({ name, ...setting }) => [name, setting]))
  t.deepEqual(known.keyFrameInterval, { requested: 100, actual: 16, source: 'readback' })
  t.like(known.bitrate, { actual: null, source: 'unsupported' })
  const warnings = encoder.warnings.map(({ code, setting }) => [code, setting])
  t.deepEqual(warnings, [
    ['ERR_CONTROL', 'bitrate'],
    ['ERR_CONTROL', 'keyFrameInterval'],
  ])
  await t.throwsAsync(encoder.setBitrate(1_000_000), { code: 'ERR_CONTROL' })
  await t.throwsAsync(encoder.setFramerate(15), { code: 'ERR_CONTROL' })
  for (const frame of pictures(encoder, 2)) await encoder.encode(frame)
  await encoder.close()
  t.is(encoder.stats.chunksOut, 2)
})

onKernel('RGB frames are converted and the stream says how', async (t) => {
  const encoder = await createEncoder(options({ format: 'RGB' }))
  const red = new Uint8Array(640 * 480 * 3)
  for (let pixel = 0; pixel < red.length; pixel += 3) red[pixel] = 255
  const stream = []
  for await (const { data } of encoder.encodeAll([{ data: red, timestamp: 0 }])) stream.push(data)
  await encoder.close()
  // The header's words 8 and 9: V4L2_YCBCR_ENC_601, V4L2_QUANTIZATION_LIM_RANGE.
  const header = Buffer.concat(stream)
  t.deepEqual([header.readUInt32BE(32), header.readUInt32BE(36)], [1, 2])
  const source = (): Uint8Array => {
    const picture = new Uint8Array(640 * 480 * 1.5).fill(81, 0, 640 * 480)
    return picture.fill(90, 640 * 480, 640 * 480 * 1.25).fill(240, 640 * 480 * 1.25)
  }
  let seen = 0
  await decodeByKernel({ stream: header, codec: 'fwht', width: 640, height: 480, stamps: [], source }, (picture) => {
    seen++
    const middle = [640 * 240 + 320, 640 * 480 + 320 * 120 + 160, 640 * 480 * 1.25 + 320 * 120 + 160]
    for (const [plane, wanted] of [81, 90, 240].entries()) t.true(Math.abs(picture[middle[plane]!]! - wanted) <= 3)
  })
  t.is(seen, 1)
})

onKernel('four encoders work side by side', async (t) => {
  const encoders = await Promise.all(range(4).map(() => createEncoder(options())))
  const streams = await Promise.all(encoders.map((encoder, index) => record(encoder, 8, index * 8)))
  for (const encoder of encoders) await encoder.close()
  for (const [index, { stream }] of streams.entries()) {
    const stamps = range(8, index * 8)
    await assertGoodFwht(t, { stream, width: 640, height: 480, stamps })
  }
})
