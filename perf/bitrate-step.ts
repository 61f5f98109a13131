/** A step of the bit rate down and up again, as the stream shows it: on the software encoder, and on the virtual Jetson. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEncoder } from '../ts/index.js'
import type { EncoderOptions } from '../ts/index.js'

const WIDTH = 1280
const HEIGHT = 720
const RATE = 30
/** Bits per second, and for how many seconds of frames. */
export const STEPS = [
  { bitrate: 4_000_000, seconds: 3 },
  { bitrate: 1_000_000, seconds: 3.5 },
  { bitrate: 4_000_000, seconds: 3.5 },
] as const

export interface Measured {
  /** Seconds from the first frame, and the bytes of its chunk. */
  chunks: readonly { seconds: number; bytes: number }[]
  /** Of each step after the first: the mean from 1.0 to 3.0 s after it, as a part of the rate that was asked for. */
  settled: readonly number[]
}

/** A gradient that moves, under noise that costs bits at every rate. */
function frames(): Uint8Array[] {
  return Array.from({ length: 24 }, (_, number) => {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
    let random = number * 7919 + 1
    for (let place = 0; place < WIDTH * HEIGHT; place++) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff
      data[place] = (((place % WIDTH) + number * 3) & 0xff) / 2 + ((random >> 16) & 15)
    }
    return data
  })
}

export async function measureStep(options: Partial<EncoderOptions>): Promise<Measured> {
  const [{ bitrate }] = STEPS
  const encoder = await createEncoder({
    codec: 'h264',
    width: WIDTH,
    height: HEIGHT,
    framerate: RATE,
    bitrate,
    keyFrameInterval: 60,
    log: 'error',
    ...options,
  })
  const pictures = frames()
  const chunks: { seconds: number; bytes: number }[] = []
  const reading = (async () => {
    for await (const { timestamp, data } of encoder) chunks.push({ seconds: timestamp / 1e6, bytes: data.byteLength })
  })()
  let number = 0
  for (const step of STEPS) {
    await encoder.update({ bitrate: step.bitrate })
    for (const end = number + step.seconds * RATE; number < end; number++) {
      await encoder.encode({ data: pictures[number % pictures.length]!, timestamp: Math.round((number * 1e6) / RATE) })
    }
  }
  await encoder.close()
  await reading
  let since = 0
  const settled = STEPS.map((step) => {
    const inside = chunks.filter(({ seconds }) => seconds >= since + 1 && seconds < since + 3)
    since += step.seconds
    return inside.reduce((bits, { bytes }) => bits + bytes * 8, 0) / 2 / step.bitrate
  })
  return { chunks, settled: settled.slice(1) }
}

/** The encoders that the step is measured on. */
export async function onEach(
  measured: (name: string, options: Partial<EncoderOptions>) => Promise<void>,
): Promise<void> {
  await measured('software, H.264', { hardware: 'never' })
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-step-'))
  try {
    const device = join(folder, 'v4l2-nvenc')
    writeFileSync(device, JSON.stringify({ stdoutMessages: false }))
    const library = join(import.meta.dirname, '../.cache/virtual-jetson/libnvv4l2.so')
    for (const codec of ['h264', 'h265'] as const) {
      const name = `virtual Jetson, ${codec === 'h264' ? 'H.264' : 'H.265'}`
      await measured(name, { codec, device, library, hardware: 'require' })
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
