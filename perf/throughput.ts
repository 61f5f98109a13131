/** Frames in flight: a device of 10 ms latency, fed in parallel and one by one. */
import { createEncoder } from '../ts/index.js'
import type { Encoder } from '../ts/index.js'
import { device } from './device.js'
import { figure } from './report.js'

const SIZE = { width: 1280, height: 720 }
const FRAMES = 300
const data = new Uint8Array((SIZE.width * SIZE.height * 3) / 2)

export async function throughput(): Promise<void> {
  const inParallel = await rate(async (encoder) => {
    for (let frame = 0; frame < FRAMES; frame++) await encoder.encode({ data, timestamp: frame * 16_667 })
    await encoder.flush()
  })
  const oneByOne = await rate(async (encoder) => {
    const chunks = encoder[Symbol.asyncIterator]()
    for (let frame = 0; frame < FRAMES; frame++) {
      await encoder.encode({ data, timestamp: frame * 16_667 })
      await chunks.next()
    }
  })
  figure('10 ms device, one frame in, one chunk out', oneByOne, 'fps')
  figure("10 ms device, latencyMode 'quality'", inParallel, 'fps')
  figure('10 ms device, ratio', inParallel / oneByOne, '×', { least: 2 })
}

async function rate(work: (encoder: Encoder) => Promise<void>): Promise<number> {
  const encoder = await createEncoder({
    codec: 'h264',
    ...SIZE,
    ...device({ latencyMs: 10 }),
    hardware: 'require',
    latencyMode: 'quality',
  })
  const start = performance.now()
  await work(encoder)
  const seconds = (performance.now() - start) / 1000
  await encoder.close({ discard: true })
  return FRAMES / seconds
}
