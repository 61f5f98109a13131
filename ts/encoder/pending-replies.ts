import { share } from '../shared/own-error.js'
import { deferred, handled } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'

/**
 * Requests to the addon that are answered by a `done` event with their number.
 *
 * @internal
 */
export class PendingReplies {
  readonly #open = new Map<number, Deferred>()
  #lastId = 0

  get pending(): number {
    return this.#open.size
  }

  /** Sends a request under a new number. Its rejections are the device's doing and therefore handled. */
  ask(send: (id: number) => void): Promise<void> {
    const id = ++this.#lastId
    const answer = deferred()
    this.#open.set(id, answer)
    try {
      send(id)
    } catch (error) {
      this.#open.delete(id)
      throw error
    }
    return handled(answer.promise)
  }

  settle(id: number, error: Error | undefined): void {
    const answer = this.#open.get(id)
    this.#open.delete(id)
    if (error) answer?.reject(error)
    else answer?.resolve()
  }

  rejectAll(error: Error): void {
    for (const id of this.#open.keys()) this.settle(id, share(error))
  }
}
