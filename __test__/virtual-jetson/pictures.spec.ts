import { createEncoder } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/options.js'
import { assertGoodStream } from '../support/judge.js'
import { INTERVAL_US, originals, range, record } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

interface Case {
  codec: 'h264' | 'h265'
  size: [width: number, height: number]
  format?: 'I420' | 'NV12'
  device?: VirtualConfig
  options?: Partial<EncoderOptions>
}

const CASES: Case[] = [
  { codec: 'h264', size: [64, 64], device: { generation: 6, alignment: 256, delay: 0 } },
  { codec: 'h264', size: [322, 242], format: 'NV12', device: { generation: 5, alignment: 64, delay: 1 } },
  { codec: 'h264', size: [640, 480], device: { generation: 4, alignment: 128, delay: 2 } },
  { codec: 'h264', size: [1280, 720], format: 'NV12', device: { generation: 6, alignment: 128, delay: 3 } },
  { codec: 'h264', size: [1920, 1080], device: { generation: 5, alignment: 256, delay: 1, bytesPerLineZero: true } },
  { codec: 'h265', size: [144, 144], device: { generation: 6, alignment: 64, delay: 1 } },
  { codec: 'h265', size: [322, 242], device: { generation: 4, alignment: 256, delay: 0 } },
  { codec: 'h265', size: [640, 480], format: 'NV12', device: { generation: 5, alignment: 128, delay: 3 } },
  { codec: 'h265', size: [1280, 720], device: { generation: 6, alignment: 64, delay: 2, eos: 'epipe' } },
  {
    codec: 'h265',
    size: [1920, 1080],
    format: 'NV12',
    device: { generation: 4, alignment: 64, delay: 0, eos: 'lastFlag' },
  },
  { codec: 'h264', size: [640, 480], device: { dmaBufSyncFails: true, delay: 1, eos: 'event' } },
  { codec: 'h264', size: [640, 480], device: { syncFails: true, latencyMs: 5 }, options: { latencyMode: 'quality' } },
]

for (const { codec, size, format = 'I420', device = {}, options = {} } of CASES) {
  const [width, height] = size
  const title = `${codec} at ${width}x${height} from ${format} on ${JSON.stringify({ ...device, ...options })}`
  onVirtualJetson(`every picture comes out once, in order and as it was: ${title}`, async (t) => {
    const { device: node, library } = virtualJetson(t, device)
    const bitrate = Math.max(1_000_000, width * height * 8)
    const encoder = await createEncoder({
      codec,
      width,
      height,
      format,
      bitrate,
      device: node,
      library,
      hardware: 'require',
      ...options,
    })
    t.is(encoder.backend, 'jetson')
    const { chunks, stream } = await record(encoder, 12)
    await encoder.close()
    t.deepEqual(
      chunks.map(({ timestamp }) => timestamp),
      range(12).map((index) => index * INTERVAL_US),
    )
    t.is(chunks[0]!.type, 'key')
    t.is(encoder.stats.framesLost, 0)
    await assertGoodStream(t, { stream, codec, width, height, stamps: range(12), source: originals(width, height) })
  })
}

onVirtualJetson('a padded layout gives the same picture as a tight one', async (t) => {
  const [width, height] = [322, 242]
  const { device, library } = virtualJetson(t)
  const encoder = await createEncoder({
    codec: 'h264',
    width,
    height,
    bitrate: 1_000_000,
    device,
    library,
    hardware: 'require',
  })
  const picture = originals(width, height)
  function* padded() {
    for (const stamp of range(6)) yield { ...padFrame(picture(stamp), width, height), timestamp: stamp }
  }
  const parts: Uint8Array[] = []
  for await (const { data } of encoder.encodeAll(padded())) parts.push(data)
  await encoder.close()
  await assertGoodStream(t, {
    stream: Buffer.concat(parts),
    codec: 'h264',
    width,
    height,
    stamps: range(6),
    source: picture,
  })
})

/** The same picture with 14 bytes after each row and 100 before each plane. */
function padFrame(tight: Uint8Array, width: number, height: number) {
  const planes = [
    { columns: width, rows: height },
    { columns: width / 2, rows: height / 2 },
    { columns: width / 2, rows: height / 2 },
  ]
  const parts: Uint8Array[] = []
  const layout: { offset: number; stride: number }[] = []
  let from = 0
  let offset = 0
  for (const { columns, rows } of planes) {
    parts.push(new Uint8Array(100))
    layout.push({ offset: offset + 100, stride: columns + 14 })
    for (let row = 0; row < rows; row++, from += columns)
      parts.push(tight.subarray(from, from + columns), new Uint8Array(14))
    offset += 100 + rows * (columns + 14)
  }
  return { data: Buffer.concat(parts), layout }
}
