import type { RejectedEncoder } from '../shared/errors.js'

/** A failure as plain data; `kind` says which JavaScript error class it becomes. */
export interface NativeError {
  /** `type` → TypeError, `range` → RangeError (wrong arguments), `error` → Error (everything else). */
  kind: 'type' | 'range' | 'error'
  code: string
  message: string
  hint?: string
  /** The device node concerned. */
  device?: string
  /** The request that failed (`VIDIOC_REQBUFS`) and its errno's name (`EBUSY`). */
  ioctl?: string
  errno?: string
  /** One level of cause, as a sentence. */
  cause?: string
  /** `ERR_NO_ENCODER`: everything that was tried. */
  rejected?: NativeRejection[]
  /** After a fatal error: the timestamps of accepted frames that will never come. */
  lost?: number[]
  /** Of one lost frame. */
  timestamp?: number
}

export type NativeRejection = RejectedEncoder

/** A check that failed before anything was opened. */
export interface NativeFailure {
  error: NativeError
}

/**
 * What the addon knows one of its objects by, for a call of which there is one for every frame: finding what is behind an object of
 * a class costs more than the call itself.
 */
export interface NativeHandle<Of> {
  readonly of?: Of
}
