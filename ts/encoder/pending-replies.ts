import { share } from '../shared/own-error.js'
import { deferred, handled } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'

/**
 * Requests to the addon that are answered by a `done` or `tuned` event with their number.
 *
 * @internal
 */
export class PendingReplies {
  readonly #open = new Map<number, Deferred<unknown>>()
  #lastId = 0

  get pending(): number {
    return this.#open.size
  }

  /** Sends a request under a new number. Its rejections are the device's doing and therefore handled. */
  ask<T = void>(send: (id: number) => void): Promise<T> {
    const id = ++this.#lastId
    const answer = deferred<T>()
    this.#open.set(id, answer as Deferred<unknown>)
    try {
      send(id)
    } catch (error) {
      this.#open.delete(id)
      throw error
    }
    return handled(answer.promise)
  }

  settle(id: number, error: Error | undefined, value?: unknown): void {
    const answer = this.#open.get(id)
    this.#open.delete(id)
    if (error) answer?.reject(error)
    else answer?.resolve(value)
  }

  rejectAll(error: Error): void {
    for (const id of this.#open.keys()) this.settle(id, share(error))
  }
}
