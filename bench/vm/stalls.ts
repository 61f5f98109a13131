/**
 * How long JavaScript's thread is held by the encoder at most. vicodec codes inside the ioctl, for many times as long as copying a
 * frame takes: a thread that called it would be on the processor in the kernel for that time. Debian's kernel does not interrupt
 * that, so with two processors JavaScript's thread may have to wait for its turn; what it waited so, the kernel's scheduler counts,
 * and it is taken off.
 */
import { setImmediate } from 'node:timers/promises'
import { createEncoder } from '../../ts/index.js'
import { openSync, readSync } from 'node:fs'
import { figure, median } from '../report.js'
import { BYTES, HEIGHT, mappedRing, timed, WIDTH } from './machine.js'

const FRAMES = 120
/** Code that was never run is compiled first. */
const WARM_UP = 20

export async function stalls(): Promise<void> {
  const encoder = await createEncoder({
    codec: 'fwht',
    width: WIDTH,
    height: HEIGHT,
    format: 'NV12',
    hardware: 'require',
  })
  const watch = new Watch()
  const reading = (async () => {
    for await (const _ of encoder);
  })()
  const ring = mappedRing(BYTES)
  const picture = new Uint8Array(BYTES).fill(100)
  const copies: number[] = []
  for (let number = 0; number < WARM_UP + FRAMES; number++) {
    if (number === WARM_UP) {
      watch.forget()
      copies.length = 0
    }
    const frame = await encoder.acquireFrame()
    frame.timestamp = number * 33_333
    await encoder.encode(frame)
    copies.push(watch.apart(() => ring.copy(picture)))
  }
  await watch.end()
  await encoder.close()
  await reading
  const longest = Math.max(...copies)
  figure('copying a frame of 1280x720, median', median(copies), 'ms')
  figure('copying a frame of 1280x720, longest', longest, 'ms')
  figure('coding a frame, median', encoder.stats.latencyMs!.p50, 'ms')
  figure("JavaScript's event loop while frames are coded: turns", watch.turns, '')
  figure("JavaScript's event loop while frames are coded: longest turn", watch.longest, 'ms')
  figure('the same with waiting for a processor', watch.longestWaiting, 'ms')
  figure('longest turn to longest copy', watch.longest / longest, '×', { most: 1 })
}

/** Turns of the event loop, one after the other without a pause, and the longest of them. */
class Watch {
  turns = 0
  longest = 0
  /** The longest, with the time that the thread could have run and the processors did something else. */
  longestWaiting = 0
  #last = performance.now()
  #apart = 0
  #running = true
  readonly #done: Promise<void>

  constructor() {
    this.#done = this.#run()
  }

  /** Does something whose time does not count, and returns that time. */
  apart(work: () => void): number {
    const waited = waitedForProcessor()
    const whole = timed(work)
    const took = whole - (waitedForProcessor() - waited)
    this.#apart += took
    return took
  }

  /** What was is as if it had not been. */
  forget(): void {
    this.turns = this.longest = this.longestWaiting = 0
  }

  end(): Promise<void> {
    this.#running = false
    return this.#done
  }

  async #run(): Promise<void> {
    let before = waitedForProcessor()
    while (this.#running) {
      await setImmediate()
      const turn = performance.now() - this.#last - this.#apart
      const waited = waitedForProcessor()
      this.longest = Math.max(this.longest, turn - (waited - before))
      this.longestWaiting = Math.max(this.longestWaiting, turn)
      this.turns++
      this.#apart = 0
      before = waited
      this.#last = performance.now()
    }
  }
}

const SCHEDULING = openSync('/proc/self/schedstat', 'r')
const text = Buffer.alloc(80)

/** Milliseconds that this thread was ready to run and did not, since it began: the second number. */
function waitedForProcessor(): number {
  const length = readSync(SCHEDULING, text, 0, text.length, 0)
  return Number(text.toString('latin1', 0, length).split(' ')[1]) / 1e6
}
