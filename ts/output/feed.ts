import type { ChunkReader } from './chunk-reader.js'
import { handled } from '../shared/deferred.js'
import { ErrorCode } from '../shared/errors.js'
import type { AnyFrame } from '../frame/prepare.js'
import type { EncoderInput } from '../frame/negotiate.js'

/**
 * The part of an encoder that {@link Intake} drives.
 *
 * @internal
 */
export interface Pipe {
  input: () => Readonly<EncoderInput>
  primary: () => ChunkReader
  encode: (frame: AnyFrame, signal: AbortSignal) => Promise<void>
  flush: () => Promise<void>
}

function isClosed(error: unknown): boolean {
  return (error as { code?: unknown } | null | undefined)?.code === ErrorCode.Closed
}

/**
 * Frames on their way into an encoder, and the one reader of their chunks: what ends the one ends the other.
 *
 * @internal
 */
export class Intake {
  readonly reader: ChunkReader
  readonly #pipe: Pipe
  #hasTaken = false

  constructor(pipe: Pipe) {
    this.#pipe = pipe
    this.reader = pipe.primary()
  }

  /** Chunks that nobody has read. */
  get unread(): number {
    return this.reader.queue.length
  }

  get input(): Readonly<EncoderInput> {
    return this.#pipe.input()
  }

  /** Throws where the encoder has another reader. Where it is over, the promise rejects with how it ended. */
  attach(): Promise<void> | undefined {
    this.reader.attach()
    if (!this.reader.queue.ended) return undefined
    // What lies unread is for a caller that only reads.
    void handled(this.reader.return())
    return this.#pipe.flush()
  }

  async encode(frame: AnyFrame, signal: AbortSignal): Promise<void> {
    await this.#pipe.encode(frame, signal)
    this.#hasTaken = true
  }

  /**
   * Ends the reader after the chunks of all frames that were taken: well, or with the first thing that went wrong. Rejects when
   * the flush does, which an encoder that closes rejects: it encodes what it has all the same, so the end is for it to make. Of a
   * reader that got frames in before, being closed is a good end.
   */
  async end(reason: { error?: unknown } = {}): Promise<void> {
    const { queue } = this.reader
    try {
      await this.#pipe.flush()
      queue.end(reason)
    } catch (error) {
      const first = 'error' in reason ? reason.error : error
      if (!isClosed(error)) queue.end({ error: first })
      else if (!this.#hasTaken || !isClosed(first)) queue.failAtEnd(first)
      throw error
    }
  }
}
