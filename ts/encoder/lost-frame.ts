import type { CheckedOptions } from './check-options.js'
import { fromNative } from '../native/to-error.js'
import type { V4l2EncoderError } from '../shared/errors.js'
import type { NativeError } from '../native/error.js'

/**
 * Reports a frame that will not come.
 *
 * @internal
 */
export function reportLost(native: NativeError, { onFrameLost, logger }: CheckedOptions): void {
  const error = fromNative(native)
  if (!onFrameLost) return logger.log('warn', `The frame at ${native.timestamp} µs is lost: ${error.message}`)
  // Outside of the event, so that an exception of the listener is the program's and not the encoder's.
  queueMicrotask(() => onFrameLost(error as V4l2EncoderError))
}
