import { onAbort } from '../shared/abort.js'
import type { EncodedChunk } from './chunk.js'
import { handled } from '../shared/deferred.js'
import { describe } from '../shared/describe.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import { releaseFrame } from '../frame/prepare.js'
import type { AnyFrame } from '../frame/prepare.js'
import { forEncoder } from '../frame/negotiate.js'
import type { Adaptable } from '../frame/negotiate.js'
import { Intake } from './feed.js'
import type { Pipe } from './feed.js'
import { LentFrame } from '../frame/lent-frame.js'
import { reading } from '../shared/reading.js'

/** Unread chunks at which no more frames are drawn from the source. */
const UNREAD_CHUNKS = 16

/** Anything that yields frames; a `ReadableStream` of them is one too. */
export type FrameSource = Iterable<AnyFrame> | AsyncIterable<AnyFrame>

type Unchecked = Partial<AsyncIterable<AnyFrame> & Iterable<AnyFrame>> | null | undefined

function iteratorOf(frames: unknown): AsyncIterator<AnyFrame> | Iterator<AnyFrame> {
  const source = (typeof frames === 'object' || typeof frames === 'function' ? frames : undefined) as Unchecked
  const iterator = reading('The source of encodeAll()', ErrorCode.Config, () => {
    const made = source?.[Symbol.asyncIterator]?.() ?? source?.[Symbol.iterator]?.()
    return typeof made?.next === 'function' ? made : undefined
  })
  if (iterator) return iterator
  const nothing = frames === undefined || frames === null
  const given = nothing ? describe(frames) : `${describe(frames)} without an iterator`
  throw typeError(
    ErrorCode.Config,
    `encodeAll() takes an iterable of frames, but got ${given}.`,
    'Pass an array, a generator or a stream of frames. Pass a single frame to encode(), or in an array.',
  )
}

/** The result of `next()` of a source, which may be anything at run time. */
function stepOf(result: unknown): Partial<IteratorResult<AnyFrame>> {
  if (typeof result === 'object' && result !== null) return result
  throw typeError(
    ErrorCode.Config,
    `The source of encodeAll() returned ${describe(result)} from next(), which must return { done, value }.`,
    'A generator function returns such results by itself.',
  )
}

/** A buffer of the device's that was drawn from a source is for this loop to close, if it was not encoded. */
function giveBack(frame: AnyFrame): void {
  if (typeof frame === 'object' && frame !== null && LentFrame.isOne(frame)) frame.close()
}

/** Draws frames and pushes them into the encoder, no faster than somebody reads. */
class Feeder {
  readonly #iterator: AsyncIterator<AnyFrame> | Iterator<AnyFrame>
  readonly #intake: Intake
  readonly #stop = new AbortController()
  #drawing = false
  #exhausted = false
  #resume: (() => void) | undefined
  #stopping: Promise<void> | undefined

  constructor(frames: FrameSource, intake: Intake) {
    this.#iterator = iteratorOf(frames)
    this.#intake = intake
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted
  }

  async run(): Promise<void> {
    ;(this.#iterator as Adaptable)[forEncoder]?.(this.#intake.input)
    for (;;) {
      while (this.#intake.unread >= UNREAD_CHUNKS && !this.stopped) await this.#nextRead()
      if (this.stopped) return
      const drawn = await this.#draw()
      if (!drawn) return
      const { frame } = drawn
      if (this.stopped) {
        giveBack(frame)
        return releaseFrame(frame)
      }
      try {
        await this.#intake.encode(frame, this.#stop.signal)
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
  stop(): Promise<void> {
    return (this.#stopping ??= this.#tell())
  }

  async #tell(): Promise<void> {
    this.#stop.abort()
    this.wasRead()
    if (this.#exhausted) return
    this.#exhausted = true
    const iterator = this.#iterator
    const returned = handled(Promise.resolve(typeof iterator.return === 'function' ? iterator.return() : undefined))
    if (!this.#drawing) await returned
  }

  #nextRead(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  /** In an object, so that what is no frame is not taken for the end. */
  async #draw(): Promise<{ frame: AnyFrame } | undefined> {
    this.#drawing = true
    try {
      const { done, value } = stepOf(await this.#iterator.next())
      // A list may be of promises, as for any loop that awaits.
      if (!done) return { frame: await value }
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

/** Feeds, and then ends the reader: with the source's error, if it had one. Where the feeder was stopped, there is no reader. */
async function feed(feeder: Feeder, intake: Intake): Promise<void> {
  let reason: { error?: unknown } = {}
  try {
    await feeder.run()
  } catch (error) {
    reason = { error }
  }
  if (!feeder.stopped) await intake.end(reason)
}

/** @internal */
export async function* encodeAll(
  frames: FrameSource,
  pipe: Pipe,
  signal?: AbortSignal,
): AsyncGenerator<EncodedChunk, void, void> {
  // First of all, as a source may be taken from here on: whatever goes wrong then, the source has to hear of it.
  const intake = new Intake(pipe)
  const feeder = new Feeder(frames, intake)
  const { reader } = intake
  let ignoreAbort = () => {}
  try {
    signal?.throwIfAborted()
    const over = intake.attach()
    if (over) await over
    ignoreAbort = onAbort(signal, () => {
      reader.fail(signal?.reason)
      // Now, as the loop's body may be busy for long.
      void handled(feeder.stop())
    })
    void handled(feed(feeder, intake))
    for await (const chunk of reader) {
      feeder.wasRead()
      yield chunk
    }
  } finally {
    ignoreAbort()
    await feeder.stop()
  }
}
