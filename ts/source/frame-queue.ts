import { deferred } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'

type Result<T> = IteratorResult<T, undefined>

const DONE = { done: true, value: undefined } as const

interface Options {
  /** How many may wait to be read. */
  limit: number
  whenFull: 'wait' | 'drop-oldest'
  /** There is room again after `push()` said that there is none. */
  onRoom: () => void
}

/**
 * Frames on their way to the one who reads them.
 *
 * @internal
 */
export class FrameQueue<T extends { release: () => void }> {
  readonly #options: Options
  readonly #frames: T[] = []
  readonly #calls: Deferred<Result<T>>[] = []
  #end: { error?: unknown } | undefined
  #isEndReported = false
  #dropped = 0

  constructor(options: Options) {
    this.#options = options
  }

  get dropped(): number {
    return this.#dropped
  }

  /** Whether there is room for one more. */
  push(frame: T): boolean {
    const { limit, whenFull } = this.#options
    if (this.#end) frame.release()
    else if (this.#calls.length > 0) this.#calls.shift()!.resolve({ done: false, value: frame })
    else this.#frames.push(frame)
    if (whenFull === 'wait') return this.#frames.length < limit
    if (this.#frames.length > limit) {
      this.#frames.shift()!.release()
      this.#dropped++
    }
    return true
  }

  next(): Promise<Result<T>> {
    const frame = this.#frames.shift()
    if (frame) {
      if (this.#frames.length < this.#options.limit) this.#options.onRoom()
      return Promise.resolve({ done: false, value: frame })
    }
    if (this.#end) return this.#answerEnd(this.#end)
    const call = deferred<Result<T>>()
    this.#calls.push(call)
    return call.promise
  }

  /** What was pushed can still be read; then comes the end, or the error (once). */
  end(reason: { error?: unknown } = {}): void {
    this.#end ??= reason
    for (const call of this.#calls.splice(0)) call.resolve(this.#answerEnd(this.#end))
  }

  /** Gives back what nobody has read, and ends; with an error even if another end was to come. */
  discard(reason: { error?: unknown } = {}): void {
    for (const frame of this.#frames.splice(0)) frame.release()
    if ('error' in reason && !this.#isEndReported) this.#end = undefined
    this.end(reason)
  }

  #answerEnd(end: { error?: unknown }): Promise<Result<T>> {
    this.#isEndReported = true
    if (!('error' in end)) return Promise.resolve(DONE)
    this.#end = {}
    return Promise.reject(end.error)
  }
}
