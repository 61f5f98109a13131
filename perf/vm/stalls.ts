/**
 * How long JavaScript's thread is held while frames are coded. vicodec codes inside the ioctl, for many times as long as copying a
 * frame takes, so a thread that called it would stand still for that time.
 *
 * For each frame the longest turn of the event loop is noted. In an emulated machine most of it is JavaScript, which takes ten times
 * as long there beside a copy as it would on a board. So it is noted for the smallest pictures that vicodec takes as well, with which
 * JavaScript does the same, in turns with the large ones: what these add is the device's, and must not be more than a copy of one.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createEncoder } from '../../ts/index.js'
import { figure, median, quantile } from '../report.js'
import { BYTES, HEIGHT, mappedRing, timed, WIDTH } from './machine.js'

const FRAMES = 80
/** Code that was never run is compiled first. */
const WARM_UP = 20
/** `MIN_WIDTH` and `MIN_HEIGHT` of the driver, and what is compared with it. */
const SIZES = [
  { width: 640, height: 360 },
  { width: WIDTH, height: HEIGHT },
]
/** Milliseconds in which also a large picture is coded. */
const INTERVAL = 250

export async function stalls(): Promise<void> {
  const copy = median(copiesOfAFrame())
  const [small, large] = (await longestTurns()) as [number[], number[]]
  figure('copying a frame of 1280x720: median', copy, 'ms')
  figure('longest turn in the time of a frame of 640x360: median', median(small), 'ms')
  figure('longest turn in the time of a frame of 1280x720: median', median(large), 'ms')
  figure('longest turn in the time of a frame of 1280x720: 95 of 100', quantile(large, 0.95), 'ms')
  figure('what the larger picture adds, to a copy of it', (median(large) - median(small)) / copy, '×', { most: 1 })
}

function copiesOfAFrame(): number[] {
  const [ring, picture] = [mappedRing(BYTES), new Uint8Array(BYTES).fill(100)]
  return Array.from({ length: 400 }, () => timed(() => ring.copy(picture)))
}

/** The longest turn, in milliseconds, in the time of each frame of each size. */
async function longestTurns(): Promise<number[][]> {
  const options = { codec: 'fwht', format: 'NV12', hardware: 'require' } as const
  const encoders = await Promise.all(SIZES.map((size) => createEncoder({ ...options, ...size })))
  for (const encoder of encoders) encoder.subscribe({ start: 'now' })
  const longest: number[][] = SIZES.map(() => [])
  const watch = new Watch()
  for (let number = 0; number < WARM_UP + FRAMES; number++) {
    for (const [index, encoder] of encoders.entries()) {
      watch.forget()
      const frame = await encoder.acquireFrame()
      frame.timestamp = number * 33_333
      await encoder.encode(frame)
      await sleep(INTERVAL)
      if (number >= WARM_UP) longest[index]!.push(watch.longest)
    }
  }
  watch.end()
  await Promise.all(encoders.map((encoder) => encoder.close()))
  return longest
}

/** Turns of the event loop, one after the other without a pause. */
class Watch {
  #start = performance.now()
  #longest = 0
  #running = true

  constructor() {
    setImmediate(this.#turn)
  }

  /** The longest turn since the last `forget()`, in milliseconds. */
  get longest(): number {
    return this.#longest
  }

  forget(): void {
    this.#longest = 0
  }

  end(): void {
    this.#running = false
  }

  readonly #turn = (): void => {
    const now = performance.now()
    this.#longest = Math.max(this.#longest, now - this.#start)
    this.#start = now
    if (this.#running) setImmediate(this.#turn)
  }
}
