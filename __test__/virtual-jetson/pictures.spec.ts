import { createEncoder } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { assertGoodStream } from '../support/judge.js'
import { pairwise } from '../support/pairwise.js'
import { INTERVAL_US, originals, pad, range, record } from '../support/record.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const FRAMES = 12
/** Decoding and comparing 4K pictures takes its time. */
const FRAMES_4K = 5

/** The pairs that the boards and callers make up. */
const MATRIX = pairwise({
  size: ['smallest', '322x242', '640x480', '1280x720', '1920x1080', '3840x2160'],
  delay: [0, 1, 2, 3],
  alignment: [64, 128, 256],
  generation: [4, 5, 6],
  codec: ['h264', 'h265'],
  format: ['I420', 'NV12'],
  rows: ['tight', 'padded'],
} as const)

/** Oddities of boards, one at a time. */
const ODDITIES: { device: VirtualConfig; options?: Partial<EncoderOptions> }[] = [
  { device: { bytesPerLineZero: true, chromaFullHeight: true } },
  { device: { bytesPerLineZero: true, generation: 4 } },
  { device: { dmaBufSyncFails: true, delay: 1, eos: 'event' } },
  { device: { syncFails: true, latencyMs: 5 }, options: { latencyMode: 'quality' } },
  { device: { delay: 2, eos: 'epipe' } },
  { device: { delay: 1, eos: 'lastFlag' } },
  { device: { latencyMs: 10, delay: 1 }, options: { devicePoll: true } },
  { device: { latencyMs: 10 }, options: { queueDepth: 1 } },
]

interface Case {
  codec: 'h264' | 'h265'
  width: number
  height: number
  format: 'I420' | 'NV12'
  isPadded?: boolean
  device: VirtualConfig
  options?: Partial<EncoderOptions>
}

for (const { size, codec, format, rows, ...device } of MATRIX) {
  // NVIDIA's encoder takes H.265 from 144x144 up.
  const smallest = codec === 'h264' ? '64x64' : '144x144'
  const [width, height] = (size === 'smallest' ? smallest : size).split('x').map(Number) as [number, number]
  specify({ codec, width, height, format, isPadded: rows === 'padded', device })
}
for (const { device, options } of ODDITIES)
  specify({ codec: 'h264', width: 640, height: 480, format: 'I420', device, ...(options && { options }) })

function specify({ codec, width, height, format, isPadded = false, device, options }: Case): void {
  const rows = isPadded ? ' with padded rows' : ''
  const title = `${codec} at ${width}x${height} from ${format}${rows} on ${JSON.stringify({ ...device, ...options })}`
  const count = width * height > 4_000_000 ? FRAMES_4K : FRAMES
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
      // Pictures are judged here, not deadlines: x265 at 4K on a busy machine may need longer than the default.
      timeout: 60_000,
      ...options,
    })
    t.is(encoder.backend, 'jetson')
    const { chunks, stream } = await record(encoder, count, 0, isPadded ? pad : undefined)
    await encoder.close()
    t.deepEqual(
      chunks.map(({ timestamp }) => timestamp),
      range(count).map((index) => index * INTERVAL_US),
    )
    t.is(chunks[0]!.type, 'key')
    t.is(encoder.stats.framesLost, 0)
    await assertGoodStream(t, { stream, codec, width, height, stamps: range(count), source: originals(width, height) })
  })
}
