import type { EncodedChunk } from './chunk.js'
import { ownIfMarked } from '../shared/own-error.js'
import { ChunkQueue } from './chunk-queue.js'

/**
 * What a reader reports to its feeder; `attach` rejects by throwing.
 *
 * @internal
 */
export interface ReaderEvents {
  attach: () => void
  leave: (unread: EncodedChunk[]) => void
}

/**
 * One async iteration over chunks.
 *
 * @internal
 */
export class ChunkReader implements AsyncIterableIterator<EncodedChunk> {
  readonly queue: ChunkQueue
  readonly #events: ReaderEvents
  #over = false

  constructor(events: ReaderEvents, queue = new ChunkQueue()) {
    this.#events = events
    this.queue = queue
  }

  /** What the first `next()` does by itself; throws when the source rejects it. */
  attach(): void {
    if (!this.#over) this.#events.attach()
  }

  async next(): Promise<IteratorResult<EncodedChunk, undefined>> {
    this.attach()
    let over = true
    try {
      const result = await this.queue.next()
      over = result.done === true
      return result
    } catch (error) {
      throw ownIfMarked(error)
    } finally {
      if (over) this.#leave()
    }
  }

  return(): Promise<IteratorResult<EncodedChunk, undefined>> {
    this.#leave()
    return this.queue.next()
  }

  /** Ends at once, with this error, even if a good end was to come. */
  fail(error: unknown): void {
    this.#leave(() => this.queue.fail(error))
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #leave(end = () => this.queue.end()): void {
    if (this.#over) return
    this.#over = true
    this.#events.leave(this.queue.takeUnread())
    end()
  }
}
