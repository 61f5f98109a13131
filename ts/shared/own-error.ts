import { handled } from './deferred.js'
import { V4l2EncoderError } from './errors.js'

/** Failures that more than one promise rejects with. */
const shared = new WeakSet<object>()

/**
 * Marks a failure that more than one promise rejects with: each caller gets its own error, with this one as its cause.
 *
 * @internal
 */
export function share<T>(failure: T): T {
  if (failure instanceof V4l2EncoderError) shared.add(failure)
  return failure
}

/** Failures that come up away from the call that rejects with them. */
const elsewhere = new WeakSet<object>()

/**
 * Marks a failure that comes up away from the call that rejects with it: the caller gets its own error.
 *
 * @internal
 */
export function fromElsewhere(failure: V4l2EncoderError): V4l2EncoderError {
  elsewhere.add(failure)
  return failure
}

/**
 * The failure as an error for one caller, whose stack leads to this call and, in a promise's reaction, to the `await` that gets it.
 * The failure itself is not changed. What is no failure of this package, such as the reason of a signal, stays as it is.
 *
 * @internal
 */
export function ownError(failure: unknown): unknown {
  if (!(failure instanceof V4l2EncoderError)) return failure
  const { code, message, hint, device, ioctl, errno, reason, control, rejected, lost, timestamp } = failure
  const cause = shared.has(failure) ? failure : failure.cause
  const facts = { hint, device, ioctl, errno, reason, control, rejected, lost, timestamp, cause }
  const own = new V4l2EncoderError(code, message, facts)
  Error.captureStackTrace(own, ownError)
  return own
}

/**
 * A failure that is shared, or comes from elsewhere, as an error for one caller; anything else as it is.
 *
 * @internal
 */
export function ownIfMarked(failure: unknown): unknown {
  const isMarked = failure instanceof V4l2EncoderError && (shared.has(failure) || elsewhere.has(failure))
  return isMarked ? ownError(failure) : failure
}

/**
 * The promise for one caller: it rejects with the caller's own error. V8 follows the reactions from here to the caller, where this
 * promise has only one: so the rejection is marked as handled only once the stack is taken. Nothing is captured on success.
 *
 * @internal
 */
export function forCaller<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  const own: Promise<T> = promise.catch((failure: unknown) => {
    const error = signal?.aborted && failure === signal.reason ? failure : ownError(failure)
    void handled(own)
    throw error
  })
  return own
}

/**
 * The same without marking the rejection as handled, for calls whose failures a program has to handle; also what was wrong about an
 * argument, deep inside of it, leads to the call.
 *
 * @internal
 */
export async function tracedToCaller<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (failure) {
    const error = ownError(failure)
    // Errors of checks are made for this call.
    if (error === failure && isOfCheck(failure)) Error.captureStackTrace(failure, tracedToCaller)
    throw error
  }
}

function isOfCheck(failure: unknown): failure is Error {
  return (failure instanceof TypeError || failure instanceof RangeError) && 'code' in failure
}
