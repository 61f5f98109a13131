import type { ReadableStream, WritableStream, WritableStreamDefaultController } from 'node:stream/web'
import { onAbort } from '../shared/abort.js'
import type { EncodedChunk } from './chunk.js'
import { handled } from '../shared/deferred.js'
import type { AnyFrame } from '../frame/prepare.js'
import { Intake } from './feed.js'
import type { Pipe } from './feed.js'

/** Chunks that may lie unread before the writable side takes no more frames. */
const UNREAD_CHUNKS = 16

/** A pair of Web Streams, for `frames.pipeThrough(encoder.transform())`. */
export interface EncoderTransform {
  /** Takes frames; closing it flushes the encoder and ends the readable side. */
  writable: WritableStream<AnyFrame>
  /** Gives chunks. */
  readable: ReadableStream<EncodedChunk>
}

/** The typings of Node 20 lack the signal. */
type Controller = WritableStreamDefaultController & { signal: AbortSignal }

/** @internal */
export function encoderTransform(pipe: Pipe): EncoderTransform {
  const intake = new Intake(pipe)
  const { reader } = intake
  let input: Controller | undefined
  let resume = () => {}
  const nextRead = () => new Promise<void>((resolve) => (resume = resolve))

  // The global ones, which Node.js loads when they are first used: most programs never do.
  const writable = new globalThis.WritableStream<AnyFrame>({
    start: (controller) => {
      input = controller as Controller
      onAbort(input.signal, () => resume())
    },
    write: async (frame) => {
      try {
        await intake.encode(frame, input!.signal)
      } catch (error) {
        // It ends this side by itself, and the other one would wait for chunks for ever.
        if (!input!.signal.aborted) void handled(intake.end({ error }))
        throw error
      }
      while (intake.unread >= UNREAD_CHUNKS && !input!.signal.aborted) await nextRead()
    },
    close: () => intake.end(),
    abort: (reason) => reader.fail(reason),
  })

  const readable = new globalThis.ReadableStream<EncodedChunk>(
    {
      start: async () => {
        try {
          await intake.attach()
        } catch (error) {
          input?.error(error)
          throw error
        }
      },
      pull: async (controller) => {
        try {
          const { done, value } = await reader.next()
          resume()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          input?.error(error)
          throw error
        }
      },
      cancel: async (reason) => {
        input?.error(reason)
        resume()
        await reader.return()
      },
    },
    { highWaterMark: 1 },
  )
  return { writable, readable }
}
