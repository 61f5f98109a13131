import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'

/** @internal */
export function sourceError(message: string, hint?: string, cause?: unknown): V4l2EncoderError {
  return new V4l2EncoderError(ErrorCode.Source, message, hint === undefined ? { cause } : { hint, cause })
}
