import { onAbort } from './abort.js'
import type { EncodedChunk } from './chunk.js'
import type { ChunkReader } from './chunk-reader.js'
import { handled } from './deferred.js'
import { ErrorCode, typeError } from './errors.js'
import { releaseFrame } from './frame.js'
import type { AnyFrame } from './frame.js'
import type { EncoderInput } from './options.js'
import { forEncoder } from './for-encoder.js'
import type { Adaptable } from './for-encoder.js'
import { LentFrame } from './lent-frame.js'

/** Chunks that may lie unread before no more frames are drawn from the source. */
const UNREAD_CHUNKS = 16

/** Anything that yields frames; a `ReadableStream` of them is one too. */
export type FrameSource = Iterable<AnyFrame> | AsyncIterable<AnyFrame>

/**
 * The part of an encoder that {@link encodeAll} drives.
 *
 * @internal
 */
export interface Pipe {
  input: () => Readonly<EncoderInput>
  primary: () => ChunkReader
  encode: (frame: AnyFrame, signal: AbortSignal) => Promise<void>
  flush: () => Promise<void>
}

type Unchecked = Partial<AsyncIterable<AnyFrame> & Iterable<AnyFrame>> | null | undefined

function iteratorOf(frames: unknown): AsyncIterator<AnyFrame> | Iterator<AnyFrame> {
  const source = (typeof frames === 'object' || typeof frames === 'function' ? frames : undefined) as Unchecked
  const iterator = source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.()
  if (iterator) return iterator
  const given = source
    ? 'an object that cannot be iterated'
    : frames === null
      ? 'null'
      : `a value of type ${typeof frames}`
  throw typeError(
    ErrorCode.Config,
    `encodeAll() takes what gives frames one after the other, but ${given} was given.`,
    'Give it a list, a generator or a stream of frames. A single frame goes into a list, or to encode().',
  )
}

/** A buffer of the device's that was drawn from a source is nobody else's to drop, if it was not encoded. */
function giveBack(frame: AnyFrame): void {
  if (frame instanceof LentFrame) frame.drop()
}

/** Draws frames and pushes them into the encoder, no faster than somebody reads. */
class Feeder {
  readonly #iterator: AsyncIterator<AnyFrame> | Iterator<AnyFrame>
  readonly #pipe: Pipe
  readonly #stop = new AbortController()
  #drawing = false
  #exhausted = false
  #resume: (() => void) | undefined

  constructor(frames: FrameSource, pipe: Pipe) {
    this.#iterator = iteratorOf(frames)
    this.#pipe = pipe
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted
  }

  async run(unread: () => number): Promise<void> {
    ;(this.#iterator as Adaptable)[forEncoder]?.(this.#pipe.input())
    for (;;) {
      while (unread() >= UNREAD_CHUNKS && !this.stopped) await this.#nextRead()
      if (this.stopped) return
      const frame = await this.#draw()
      if (frame === undefined) return
      if (this.stopped) {
        giveBack(frame)
        return releaseFrame(frame)
      }
      try {
        await this.#pipe.encode(frame, this.#stop.signal)
      } finally {
        giveBack(frame)
      }
    }
  }

  /** Somebody took a chunk. */
  wasRead(): void {
    this.#resume?.()
    this.#resume = undefined
  }

  /** Tells the source that no more frames are wanted; does not wait for one that is just being drawn. */
  async stop(): Promise<void> {
    this.#stop.abort()
    this.wasRead()
    if (this.#exhausted) return
    this.#exhausted = true
    const returned = handled(Promise.resolve(this.#iterator.return?.()))
    if (!this.#drawing) await returned
  }

  #nextRead(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  async #draw(): Promise<AnyFrame | undefined> {
    this.#drawing = true
    try {
      const result = await this.#iterator.next()
      if (!result.done) return result.value
      this.#exhausted = true
      return undefined
    } catch (error) {
      this.#exhausted = true
      throw error
    } finally {
      this.#drawing = false
    }
  }
}

/**
 * Ends the reader after the chunks of all frames that were taken: well, or with the first thing that went wrong. Rejects when
 * the flush does.
 *
 * @internal
 */
export async function endReader(pipe: Pipe, reader: ChunkReader, reason: { error?: unknown } = {}): Promise<void> {
  try {
    await pipe.flush()
    reader.queue.end(reason)
  } catch (error) {
    reader.queue.end('error' in reason ? reason : { error })
    throw error
  }
}

/** Feeds, and then ends the reader: with the source's error, if it had one. Where the feeder was stopped, nobody reads. */
async function feed(feeder: Feeder, pipe: Pipe, reader: ChunkReader): Promise<void> {
  let reason: { error?: unknown } = {}
  try {
    await feeder.run(() => reader.queue.length)
  } catch (error) {
    reason = { error }
  }
  if (!feeder.stopped) await endReader(pipe, reader, reason)
}

/** @internal */
export async function* encodeAll(
  frames: FrameSource,
  pipe: Pipe,
  signal?: AbortSignal,
): AsyncGenerator<EncodedChunk, void, void> {
  // First of all, as a source may be taken from here on: whatever goes wrong then, it has to be told.
  const feeder = new Feeder(frames, pipe)
  const reader = pipe.primary()
  let ignoreAbort = () => {}
  try {
    signal?.throwIfAborted()
    reader.attach()
    ignoreAbort = onAbort(signal, () => reader.fail(signal?.reason))
    void handled(feed(feeder, pipe, reader))
    for await (const chunk of reader) {
      feeder.wasRead()
      yield chunk
    }
  } finally {
    ignoreAbort()
    await feeder.stop()
  }
}
