/** Whether memory stays flat over many frames. */
import { createEncoder } from '../ts/index.js'
import { device } from './device.js'
import { figure } from './report.js'

const SIZE = { width: 320, height: 240 }
const FRAMES = 20_000
const WARM_UP = 4000
const SAMPLE_EVERY = 500

export async function memory(): Promise<void> {
  const encoder = await createEncoder({ codec: 'h264', ...SIZE, ...device({}), hardware: 'require' })
  const reading = (async () => {
    for await (const _ of encoder);
  })()
  const data = new Uint8Array((SIZE.width * SIZE.height * 3) / 2)
  const samples: [frame: number, kibibytes: number][] = []
  for (let frame = 0; frame < FRAMES; frame++) {
    await encoder.encode({ data, timestamp: frame * 33_333 })
    if (frame < WARM_UP || frame % SAMPLE_EVERY !== 0) continue
    // What is garbage only waits for its time.
    globalThis.gc?.()
    samples.push([frame, process.memoryUsage.rss() / 1024])
  }
  await encoder.close()
  await reading
  // Less than a byte a frame could not hide a leak of even one object.
  figure('RSS over 16,000 frames at 320x240, slope', slope(samples) * 1024, 'B/frame', { most: 64 })
  figure('RSS at the end', samples.at(-1)![1] / 1024, 'MiB')
}

/** Least squares. */
function slope(samples: readonly [number, number][]): number {
  const mean = (index: 0 | 1) => samples.reduce((sum, sample) => sum + sample[index], 0) / samples.length
  const [x, y] = [mean(0), mean(1)]
  const covariance = samples.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return covariance / samples.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
}
