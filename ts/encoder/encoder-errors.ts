import type { NativeActive } from '../native/addon.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import type { OperationKind } from './work-queue.js'

/**
 * Nothing more is taken.
 *
 * @internal
 */
export function closedError(): V4l2EncoderError {
  return new V4l2EncoderError(
    ErrorCode.Closed,
    'The encoder is closed, or closing; it takes no more frames or requests.',
    {
      hint: 'Make a new one with createEncoder().',
    },
  )
}

/**
 * Too many frames wait.
 *
 * @internal
 */
export function queueFull(limit: number): V4l2EncoderError {
  return new V4l2EncoderError(
    ErrorCode.QueueFull,
    `${limit} frames already wait for the encoder, and no more may (maxPendingFrames).`,
    {
      hint: 'Await encode() before the next frame, or use tryEncode() and drop frames that it does not take.',
    },
  )
}

/**
 * Nothing was done with lent frames that others wait for.
 *
 * @internal
 */
export function waitsForLentFrames(
  kind: OperationKind,
  lent: number,
  { config: { timeout }, device }: NativeActive,
): V4l2EncoderError {
  const what = kind === 'acquisition' ? 'acquireFrame()' : 'encode()'
  const frames = lent === 1 ? '1 lent frame has the buffer' : `${lent} lent frames have the buffers`
  return new V4l2EncoderError(
    ErrorCode.Timeout,
    `${what} found no room within ${timeout} ms: ${frames} that it waits for.`,
    {
      hint: 'Call encode() or close() on lent frames before waiting for another frame, or raise queueDepth.',
      ...(device === null ? {} : { device }),
    },
  )
}

/**
 * What is logged of an encoder that the program has lost.
 *
 * @internal
 */
export const NOT_CLOSED =
  'An encoder was not closed, and nothing in the program refers to it any more, so it is closed now. Call encoder.close(), ' +
  'or declare it with "await using".'
