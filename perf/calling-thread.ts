/**
 * What a frame costs the thread that hands it over, beside one memcpy of the same bytes into the same kind of mapping.
 * Both are timed alternately in one process, on the same source pictures.
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createEncoder } from '../ts/index.js'
import { device } from './device.js'
import { figure, median } from './report.js'

interface MappedRing {
  copy(data: Uint8Array): void
}
interface Baseline {
  MappedRing: new (bytes: number, count: number) => MappedRing
}

const WIDTH = 1920
const HEIGHT = 1080
const BYTES = (WIDTH * HEIGHT * 3) / 2
const FRAMES = 1500
/**
 * The encoder mostly turns between two buffers here: the next frame comes before the session has taken the last one back.
 * More of them would be colder, and make the baseline slower than it need be.
 */
const BUFFERS = 2

export async function callingThread(): Promise<void> {
  await compare('tight rows', 64, 1.1)
  await compare('padded rows (2048 for 1920)', 256, 1.25)
}

async function compare(name: string, alignment: number, most: number): Promise<void> {
  const baseline = createRequire(import.meta.url)(
    join(import.meta.dirname, '../.cache/bench-baseline.node'),
  ) as Baseline
  const ring = new baseline.MappedRing(BYTES, BUFFERS)
  const sources = Array.from({ length: 4 }, (_, index) => new Uint8Array(BYTES).fill(index * 50))
  const encoder = await createEncoder({
    codec: 'h264',
    width: WIDTH,
    height: HEIGHT,
    ...device({ alignment }),
    hardware: 'require',
  })
  encoder.subscribe({ start: 'now' })
  const ours: number[] = []
  const theirs: number[] = []
  for (let frame = 0; frame < FRAMES; frame++) {
    const data = sources[frame % sources.length]!
    theirs.push(timed(() => ring.copy(data)))
    ours.push(await oneFrame(encoder, data, frame))
  }
  await encoder.close()
  figure(`1920x1080 I420, ${name}: memcpy, median`, median(theirs), 'ms')
  figure(`1920x1080 I420, ${name}: tryEncode(), median`, median(ours), 'ms')
  figure(`1920x1080 I420, ${name}: ratio`, median(ours) / median(theirs), '×', { most })
}

/** The time of the call that took the frame; those that found no room are not counted. */
async function oneFrame(
  encoder: Awaited<ReturnType<typeof createEncoder>>,
  data: Uint8Array,
  frame: number,
): Promise<number> {
  for (;;) {
    let isTaken = false
    const time = timed(() => (isTaken = encoder.tryEncode({ data, timestamp: frame * 16_667 })))
    if (isTaken) return time
    await setImmediate()
  }
}

function timed(work: () => void): number {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start) / 1e6
}
