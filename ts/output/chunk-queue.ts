// ts/output: what comes out: chunks, their readers, and loops and streams from frames to chunks.
import type { EncodedChunk } from './chunk.js'
import { deferred } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'

type Result = IteratorResult<EncodedChunk, undefined>

const DONE: Result = { done: true, value: undefined }

/**
 * Chunks on their way to one reader: those nobody has taken yet, or the calls of `next()` that nobody has answered yet.
 *
 * @internal
 */
export class ChunkQueue {
  #chunks: EncodedChunk[] = []
  #calls: Deferred<Result>[] = []
  #bytes = 0
  #end: { error?: unknown } | undefined
  #isEndReported = false
  /** What a good end is instead. */
  #failure: { error: unknown } | undefined

  get length(): number {
    return this.#chunks.length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Whether somebody waits for a chunk. */
  get isAwaited(): boolean {
    return this.#calls.length > 0
  }

  get ended(): boolean {
    return this.#end !== undefined
  }

  push(chunk: EncodedChunk): void {
    if (this.#end) return
    const call = this.#calls.shift()
    if (call) return call.resolve({ done: false, value: chunk })
    this.#chunks.push(chunk)
    this.#bytes += chunk.data.byteLength
  }

  next(): Promise<Result> {
    const chunk = this.#chunks.shift()
    if (chunk) {
      this.#bytes -= chunk.data.byteLength
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#end) return this.#answerEnd(this.#end)
    const call = deferred<Result>()
    this.#calls.push(call)
    return call.promise
  }

  /** What was pushed can still be read; then comes the end, or the error (once). */
  end(reason: { error?: unknown } = {}): void {
    this.#end ??= reason
    for (const call of this.#calls.splice(0)) call.resolve(this.#answerEnd(this.#end))
  }

  /** Ends with this error, unless it has an end already. */
  fail(error: unknown): void {
    if (!this.#isEndReported) this.#end = undefined
    this.end({ error })
  }

  /** Does not end, but makes a good end, unless it has one already, one with this error. */
  failAtEnd(error: unknown): void {
    this.#failure = { error }
  }

  /** Takes out the chunks that nobody has read. */
  takeUnread(): EncodedChunk[] {
    this.#bytes = 0
    return this.#chunks.splice(0)
  }

  #answerEnd(end: { error?: unknown }): Promise<Result> {
    const reason = this.#isEndReported || 'error' in end ? end : (this.#failure ?? end)
    this.#isEndReported = true
    if (!('error' in reason)) return Promise.resolve(DONE)
    this.#end = {}
    return Promise.reject(reason.error)
  }
}
