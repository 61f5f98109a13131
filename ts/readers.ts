import { checkOptions } from './check.js'
import type { DecoderConfig, EncodedChunk } from './chunk.js'
import { ChunkQueue } from './chunk-queue.js'
import { ChunkReader } from './chunk-reader.js'
import { ErrorCode, V4l2EncoderError } from './errors.js'
import { SUBSCRIBE_CHECKS, Subscriber } from './subscription.js'
import type { Subscription } from './subscription.js'

/** Bytes that may lie unread for the primary reader. */
const KEPT_BYTES = 64 * 1024 * 1024

/**
 * Hands each chunk to everybody who reads: one primary reader, for whom chunks are kept while it is away, and any number of
 * subscribers. When there have only ever been subscribers, nothing is kept.
 *
 * @internal
 */
export class Readers {
  readonly #requestKeyFrame: () => void
  readonly #subscribers = new Set<Subscriber>()
  readonly #kept = new ChunkQueue()
  #primary: ChunkReader | undefined
  #primaryEver = false
  #subscribedEver = false
  #published = false
  /** Chunks went by that the primary reader did not get, so it must begin with a key frame. */
  #gap = false
  #decoderConfig: DecoderConfig | undefined
  #end: { error?: unknown } | undefined

  constructor(requestKeyFrame: () => void) {
    this.#requestKeyFrame = requestKeyFrame
  }

  get decoderConfig(): DecoderConfig | undefined {
    return this.#decoderConfig
  }

  /** So much lies unread that taking more frames would only use up memory. */
  get full(): boolean {
    return (this.#primary?.queue ?? this.#kept).bytes >= KEPT_BYTES
  }

  publish(chunk: EncodedChunk): void {
    this.#published = true
    this.#decoderConfig = chunk.decoderConfig ?? this.#decoderConfig
    let shared = this.#offerToPrimary(chunk)
    for (const subscriber of this.#subscribers) {
      shared = subscriber.offer(chunk, shared, this.#decoderConfig) || shared
    }
  }

  /** Readers get what is queued, and then the end or the error. */
  end(reason: { error?: unknown } = {}): void {
    if (this.#end) return
    this.#end = reason
    this.#primary?.queue.end(reason)
    for (const subscriber of this.#subscribers) subscriber.end(reason)
    this.#subscribers.clear()
  }

  /** A reader that becomes the primary one with its first `next()`. */
  primary(): ChunkReader {
    const reader: ChunkReader = new ChunkReader({
      attach: () => this.#attach(reader),
      leave: (unread) => this.#detach(reader, unread),
    })
    return reader
  }

  subscribe(options: unknown): Subscription {
    const checked = checkOptions(options, SUBSCRIBE_CHECKS, 'subscribe()')
    const subscriber = new Subscriber(checked, {
      requestKeyFrame: this.#requestKeyFrame,
      leave: (left) => this.#subscribers.delete(left),
    })
    if (checked.signal?.aborted) return subscriber
    this.#subscribedEver = true
    if (this.#end) {
      subscriber.end(this.#end)
    } else {
      this.#subscribers.add(subscriber)
      if (this.#published && checked.start === 'key') this.#requestKeyFrame()
    }
    return subscriber
  }

  #offerToPrimary(chunk: EncodedChunk): boolean {
    if (!this.#primary && this.#subscribedEver && !this.#primaryEver) this.#gap = true
    if (this.#gap && (!this.#primary || chunk.type === 'delta')) return false
    const afterGap = this.#gap
    this.#gap = false
    const queue = this.#primary?.queue ?? this.#kept
    queue.push(afterGap && this.#decoderConfig ? { ...chunk, decoderConfig: this.#decoderConfig } : chunk)
    return true
  }

  #attach(reader: ChunkReader): void {
    if (this.#primary === reader) return
    if (this.#primary) {
      throw new V4l2EncoderError(
        ErrorCode.Busy,
        'This encoder already has a reader; only one loop at a time reads it directly.',
        {
          hint: 'Use encoder.subscribe() for more readers.',
        },
      )
    }
    this.#primary = reader
    this.#primaryEver = true
    for (const chunk of this.#kept.takeUnread()) reader.queue.push(chunk)
    if (this.#end) reader.queue.end(this.#end)
    else if (this.#gap) this.#requestKeyFrame()
  }

  #detach(reader: ChunkReader, unread: EncodedChunk[]): void {
    if (this.#primary !== reader) return
    this.#primary = undefined
    for (const chunk of unread) this.#kept.push(chunk)
  }
}
