import { onAbort } from './abort.js'
import { deferred } from './deferred.js'

/**
 * One thing to do in its turn. `run` returns `'full'` when the device has no room yet, and is then called again; a thrown error
 * rejects the operation alone.
 *
 * @internal
 */
export interface Operation<T> {
  run: () => { value: T | PromiseLike<T> } | 'full'
  /** Counts towards the limit of waiting frames. */
  isFrame: boolean
  signal?: AbortSignal | undefined
  /** Called once, when it has run or will not run; it may add operations. */
  onSettled?: () => void
}

interface Waiting {
  attempt: () => boolean
  reject: (reason: unknown) => void
  isFrame: boolean
}

/**
 * Everything that must reach the device in the order it was asked for: frames, and what stands between them. Each operation
 * is tried at once when none is before it, so an uncrowded `encode()` has read its frame when it returns.
 *
 * @internal
 */
export class Operations {
  readonly #waiting: Waiting[] = []
  #blocked = false

  get length(): number {
    return this.#waiting.length
  }

  get frames(): number {
    return this.#waiting.filter(({ isFrame }) => isFrame).length
  }

  add<T>(operation: Operation<T>): Promise<T> {
    if (this.#waiting.length === 0 && !this.#blocked) {
      const done = this.#runNow(operation)
      if (done) return done
      this.#blocked = true
    }
    return this.#enqueue(operation)
  }

  /** Undefined where there is no room. Most frames go this way, so it does little. */
  #runNow<T>({ run, onSettled }: Operation<T>): Promise<T> | undefined {
    let result: { value: T | PromiseLike<T> } | 'full'
    try {
      result = run()
    } catch (error) {
      onSettled?.()
      return Promise.reject(error)
    }
    if (result === 'full') return undefined
    onSettled?.()
    return Promise.resolve(result.value)
  }

  #enqueue<T>({ run, isFrame, signal, onSettled }: Operation<T>): Promise<T> {
    const { promise, resolve, reject } = deferred<T>()
    const settle = (finish: () => void) => {
      ignoreAbort()
      finish()
      onSettled?.()
      return true
    }
    const waiting: Waiting = {
      isFrame,
      attempt: () => {
        try {
          const result = run()
          return result === 'full' ? false : settle(() => resolve(result.value))
        } catch (error) {
          return settle(() => reject(error))
        }
      },
      reject: (reason) => settle(() => reject(reason)),
    }
    const ignoreAbort = onAbort(signal, () => {
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
      waiting.reject(signal?.reason)
      this.room()
    })
    this.#waiting.push(waiting)
    this.#work()
    return promise
  }

  /** The device has room again. */
  room(): void {
    this.#blocked = false
    this.#work()
  }

  rejectAll(reason: unknown): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(reason)
  }

  #work(): void {
    while (!this.#blocked && this.#waiting.length > 0) {
      // Out of the queue first: what is told of the end of one may add another.
      const first = this.#waiting.shift()!
      if (first.attempt()) continue
      this.#waiting.unshift(first)
      this.#blocked = true
    }
  }
}
