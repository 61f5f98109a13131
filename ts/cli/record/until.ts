import { deferred } from '../../shared/deferred.js'
import { releaseFrame } from '../../frame/prepare.js'
import type { AnyFrame } from '../../frame/prepare.js'

/** How much of the frames is wanted. */
export interface Limit {
  /** So many of them. */
  frames: number
  /** Those of so much time, by their own times. */
  seconds: number
  /** Their times are those of a clock, so that the time ends as well where no more frames come. */
  isTimed: boolean
}

/** What a frame needs from its time to here. */
const LATE_MS = 250
/** Clocks of cameras tremble: a frame that is early by so much of its duration is the one that belongs beyond the end. */
const EARLY = 0.1

function nothing(): void {}

/** Reports when the time is over, from the first frame on. */
class Clock {
  readonly #limit: Limit
  readonly #over = deferred<undefined>()
  #first: number | undefined
  #timer: NodeJS.Timeout | undefined

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** Resolves when the time is over and no frame has shown that. */
  get over(): Promise<undefined> {
    return this.#over.promise
  }

  /** Whether the frame comes after the time that is wanted. */
  isBeyond({ timestamp, duration = 0 }: AnyFrame): boolean {
    const { seconds, isTimed } = this.#limit
    if (this.#first === undefined) this.#begin(timestamp)
    const early = isTimed ? duration * EARLY : 1
    return timestamp - this.#first! >= seconds * 1e6 - early
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #begin(timestamp: number): void {
    const ms = this.#limit.seconds * 1000 + LATE_MS
    this.#first = timestamp
    // Node's timers count to 2^31−1.
    if (this.#limit.isTimed && ms < 0x7fff_ffff) this.#timer = setTimeout(() => this.#over.resolve(undefined), ms)
  }
}

/** The frames up to a number of them or to a time, or until the signal aborts. */
export async function* until(
  frames: AsyncIterable<AnyFrame>,
  limit: Limit,
  enough: AbortSignal,
): AsyncGenerator<AnyFrame> {
  const iterator = frames[Symbol.asyncIterator]()
  const clock = new Clock(limit)
  const stopped = deferred<undefined>()
  enough.addEventListener('abort', () => stopped.resolve(undefined), { once: true })
  try {
    for (let index = 0; index < limit.frames && !enough.aborted; index++) {
      const result = await Promise.race([iterator.next(), stopped.promise, clock.over])
      if (!result || result.done) return
      if (clock.isBeyond(result.value)) {
        releaseFrame(result.value)
        return
      }
      yield result.value
    }
  } finally {
    clock.stop()
    // Not awaited: a source that is waiting for more input does not answer.
    void iterator.return?.().catch(nothing)
  }
}
