import { abortSignal, oneOf, optional, positiveInteger, withDefault } from '../shared/check.js'
import { onAbort } from '../shared/abort.js'
import type { Checks } from '../shared/check.js'
import { copyChunk } from './chunk.js'
import type { DecoderConfig, EncodedChunk } from './chunk.js'
import { ChunkReader } from './chunk-reader.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { fromElsewhere } from '../shared/own-error.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { closeWhenCollected } from '../shared/close-when-collected.js'

/** How one more reader reads. */
export interface SubscribeOptions {
  /**
   * `'key'` begins with a key frame, and asks the encoder for one; `'now'` begins with whatever comes next.
   * @default 'key'
   */
  start?: 'key' | 'now'
  /**
   * Unread chunks at most.
   * @default 256
   */
  limit?: number
  /**
   * What happens beyond the limit: `'drop-to-key'` drops the unread chunks and goes on with a key frame, `'error'` ends the
   * iteration with `ERR_QUEUE_FULL`.
   * @default 'drop-to-key'
   */
  whenFull?: 'drop-to-key' | 'error'
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal
}

/** An independent reader; it gets chunks from the moment it is made, and ends with the encoder or by `break`. */
export interface Subscription extends AsyncIterableIterator<EncodedChunk> {
  /** Chunks that this reader missed because it was slow. */
  readonly dropped: number
}

interface CheckedSubscribeOptions {
  start: 'key' | 'now'
  limit: number
  whenFull: 'drop-to-key' | 'error'
  signal: AbortSignal | undefined
}

/** @internal */
export const SUBSCRIBE_CHECKS: Checks<CheckedSubscribeOptions> = {
  start: withDefault(oneOf(['key', 'now']), 'key'),
  limit: withDefault(positiveInteger, 256),
  whenFull: withDefault(oneOf(['drop-to-key', 'error']), 'drop-to-key'),
  signal: optional(abortSignal),
}

/**
 * What a subscriber needs from the stream it reads.
 *
 * @internal
 */
export interface SubscriberEvents {
  requestKeyFrame: () => void
  leave: (subscriber: Subscriber) => void
}

/** What the program has of a subscriber, which can be lost without an end. */
class Face implements Subscription {
  readonly #subscriber: Subscriber

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber
    closeWhenCollected(this, subscriber)
  }

  get dropped(): number {
    return this.#subscriber.dropped
  }

  [INSPECT](...rest: InspectArguments): string {
    const { dropped } = this
    const { queue } = this.#subscriber.reader
    return printed('Subscription', { waiting: queue.length, dropped, state: queue.ended ? 'ended' : 'open' }, ...rest)
  }

  next(): Promise<IteratorResult<EncodedChunk, undefined>> {
    return this.#subscriber.reader.next()
  }

  return(): Promise<IteratorResult<EncodedChunk, undefined>> {
    return this.#subscriber.reader.return()
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

/** @internal */
export class Subscriber {
  readonly reader: ChunkReader
  readonly #options: CheckedSubscribeOptions
  #waitsForKey: boolean
  #needsConfig = true
  #dropped = 0

  constructor(options: CheckedSubscribeOptions, { requestKeyFrame, leave }: SubscriberEvents) {
    this.#options = options
    this.#waitsForKey = options.start === 'key'
    this.reader = new ChunkReader({
      // Requested here rather than when chunks were dropped: now the reader is there to take it.
      attach: () => {
        if (this.#waitsForKey && this.#dropped > 0) requestKeyFrame()
      },
      leave: () => {
        ignoreAbort()
        leave(this)
      },
    })
    const abort = () => this.reader.fail(options.signal?.reason)
    const ignoreAbort = onAbort(options.signal, abort)
    if (options.signal?.aborted) abort()
  }

  get dropped(): number {
    return this.#dropped
  }

  /** Offers a chunk that may be in other hands too; returns whether it was taken. */
  offer(chunk: EncodedChunk, shared: boolean, config: DecoderConfig | undefined): boolean {
    if (this.reader.queue.length >= this.#options.limit) this.#fallBehind()
    if (this.reader.queue.ended) return false
    if (this.#waitsForKey && chunk.type === 'delta') {
      if (this.#dropped > 0) this.#dropped++
      return false
    }
    this.#waitsForKey = false
    const own = shared ? copyChunk(chunk) : chunk
    this.reader.queue.push(this.#withConfig(own, config))
    return true
  }

  end(reason: { error?: unknown }): void {
    this.reader.queue.end(reason)
  }

  face(): Subscription {
    return new Face(this)
  }

  /** Ends a subscription that the program has lost, unless it still waits for a chunk. */
  closeIfUnused(): boolean {
    if (this.reader.queue.isAwaited) return false
    void this.reader.return()
    return true
  }

  #fallBehind(): void {
    if (this.#options.whenFull === 'error') {
      const { limit } = this.#options
      const message = `A subscriber left more than ${limit} chunks unread.`
      const hint = 'Read faster, raise the option limit, or choose whenFull: "drop-to-key".'
      return this.reader.queue.end({
        error: fromElsewhere(new V4l2EncoderError(ErrorCode.QueueFull, message, { hint })),
      })
    }
    this.#dropped += this.reader.queue.takeUnread().length
    this.#waitsForKey = true
    this.#needsConfig = true
  }

  /** The first key chunk after a beginning or a gap says how to decode, whatever this reader missed. */
  #withConfig(chunk: EncodedChunk, config: DecoderConfig | undefined): EncodedChunk {
    if (chunk.type === 'delta' || !this.#needsConfig) return chunk
    this.#needsConfig = false
    return config ? { ...chunk, decoderConfig: config } : chunk
  }
}
