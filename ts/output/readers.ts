import { checkOptions } from '../shared/check.js'
import type { DecoderConfig, EncodedChunk } from './chunk.js'
import { ChunkQueue } from './chunk-queue.js'
import { ChunkReader } from './chunk-reader.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import type { Logger } from '../shared/log.js'
import { closeWhenCollected } from '../shared/close-when-collected.js'
import { SUBSCRIBE_CHECKS, Subscriber } from './subscription.js'
import type { Subscription } from './subscription.js'

/** Bytes that may lie unread for the primary reader. */
const KEPT_BYTES = 64 * 1024 * 1024

/**
 * Too many chunks wait.
 *
 * @internal
 */
export function unreadLimit(): V4l2EncoderError {
  return new V4l2EncoderError(ErrorCode.QueueFull, '64 MiB of encoded chunks are waiting to be read.', {
    hint: 'Read it with "for await (const chunk of encoder)", or only with encoder.subscribe().',
  })
}

/** From the first chunk on, in milliseconds. */
const UNREAD_MS = 2000

function nobodyHasRead(chunks: number): string {
  const waiting = chunks === 1 ? '1 encoded chunk is' : `${chunks} encoded chunks are`
  return `${waiting} waiting, and nothing has read this encoder for two seconds. Read it with "for await (const chunk of encoder)" or encoder.subscribe().`
}

/**
 * Hands each chunk to everybody who reads: one primary reader, for whom chunks are kept while it is away, and any number of
 * subscribers. When there have only ever been subscribers, nothing is kept. An iterator that the program has lost reads no more.
 *
 * @internal
 */
export class Readers {
  /** Counts what was published, read or not. */
  chunks = 0
  bytes = 0
  keyFrames = 0
  readonly #requestKeyFrame: () => void
  readonly #subscribers = new Set<Subscriber>()
  readonly #kept = new ChunkQueue()
  #primary: ChunkQueue | undefined
  #primaryEver = false
  #subscribedEver = false
  #published = false
  #warned = false
  /** Chunks went by that the primary reader did not get, so it must begin with a key frame. */
  #gap = false
  #decoderConfig: DecoderConfig | undefined
  #end: { error?: unknown } | undefined
  readonly #warn: (message: string) => void
  #unreadTimer: NodeJS.Timeout | undefined

  constructor(requestKeyFrame: () => void, warn: (message: string) => void) {
    this.#requestKeyFrame = requestKeyFrame
    this.#warn = warn
  }

  get decoderConfig(): DecoderConfig | undefined {
    return this.#decoderConfig
  }

  /** So much lies unread that taking more frames would only use up memory. */
  get full(): boolean {
    return (this.#primary ?? this.#kept).bytes >= KEPT_BYTES
  }

  /** Whether anybody reads. */
  get isRead(): boolean {
    return this.#primary !== undefined || this.#subscribers.size > 0
  }

  /** A frame is not taken because so much lies unread. */
  warnOnce(logger: Logger): void {
    if (!this.#warned) logger.log('warn', `tryEncode() takes no frames: ${unreadLimit().message}`)
    this.#warned = true
  }

  publish(chunk: EncodedChunk): void {
    this.#published = true
    this.chunks++
    this.bytes += chunk.data.byteLength
    if (chunk.type === 'key') this.keyFrames++
    this.#decoderConfig = chunk.decoderConfig ?? this.#decoderConfig
    if (this.#unreadTimer === undefined) this.#watchForReader()
    let shared = this.#offerToPrimary(chunk)
    for (const subscriber of this.#subscribers) {
      shared = subscriber.offer(chunk, shared, this.#decoderConfig) || shared
    }
  }

  /** Readers get what is queued, and then the end or the error. */
  end(reason: { error?: unknown } = {}): void {
    if (this.#end) return
    this.#end = reason
    clearTimeout(this.#unreadTimer)
    this.#primary?.end(reason)
    for (const subscriber of this.#subscribers) subscriber.end(reason)
    this.#subscribers.clear()
  }

  /** A reader that becomes the primary one with its first `next()`. */
  primary(): ChunkReader {
    // Nothing here knows the reader, so that a lost one can be distinguished from one that reads.
    const queue = new ChunkQueue()
    const events = {
      attach: () => this.#attach(queue),
      leave: (unread: EncodedChunk[]) => this.#detach(queue, unread),
    }
    const closeIfUnused = () => {
      this.#detach(queue, queue.takeUnread())
      return true
    }
    const reader = new ChunkReader(events, queue)
    closeWhenCollected(reader, { closeIfUnused })
    return reader
  }

  subscribe(options: unknown): Subscription {
    const checked = checkOptions(options, SUBSCRIBE_CHECKS, 'subscribe()')
    const subscriber = new Subscriber(checked, {
      requestKeyFrame: this.#requestKeyFrame,
      leave: (left) => this.#subscribers.delete(left),
    })
    if (checked.signal?.aborted) return subscriber.face()
    this.#subscribedEver = true
    if (this.#end) {
      subscriber.end(this.#end)
    } else {
      this.#subscribers.add(subscriber)
      if (this.#published && checked.start === 'key') this.#requestKeyFrame()
    }
    return subscriber.face()
  }

  /** A program that never reads its encoder gets one warning: its chunks only use up memory. */
  #watchForReader(): void {
    this.#unreadTimer = setTimeout(() => {
      const isRead = this.#primaryEver || this.#subscribedEver
      if (!isRead && !this.#end) this.#warn(nobodyHasRead(this.#kept.length))
    }, UNREAD_MS)
    this.#unreadTimer.unref()
  }

  #offerToPrimary(chunk: EncodedChunk): boolean {
    if (!this.#primary && this.#subscribedEver && !this.#primaryEver) this.#gap = true
    if (this.#gap && (!this.#primary || chunk.type === 'delta')) return false
    const afterGap = this.#gap
    this.#gap = false
    const queue = this.#primary ?? this.#kept
    queue.push(afterGap && this.#decoderConfig ? { ...chunk, decoderConfig: this.#decoderConfig } : chunk)
    return true
  }

  #attach(queue: ChunkQueue): void {
    if (this.#primary === queue) return
    if (this.#primary) {
      throw new V4l2EncoderError(
        ErrorCode.Busy,
        'This encoder already has a reader; only one loop at a time reads it directly.',
        {
          hint: 'Use encoder.subscribe() for more readers.',
        },
      )
    }
    this.#primary = queue
    this.#primaryEver = true
    for (const chunk of this.#kept.takeUnread()) queue.push(chunk)
    if (this.#end) queue.end(this.#end)
    else if (this.#gap) this.#requestKeyFrame()
  }

  #detach(queue: ChunkQueue, unread: EncodedChunk[]): void {
    if (this.#primary !== queue) return
    this.#primary = undefined
    for (const chunk of unread) this.#kept.push(chunk)
  }
}
