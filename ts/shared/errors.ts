import type { BackendName } from './backend.js'
import type { Codec } from './codec.js'

/**
 * The `code` of every error this package makes, one per situation a caller can act on.
 *
 * @example
 * ```ts
 * import { createEncoder, ErrorCode, V4l2EncoderError } from 'v4l2-encoder'
 *
 * try {
 *   await createEncoder({ codec: 'h265' })
 * } catch (error) {
 *   if (!(error instanceof V4l2EncoderError) || error.code !== ErrorCode.NoEncoder) throw error
 *   for (const tried of error.rejected) console.error(tried.device, tried.message)
 * }
 * ```
 */
export const ErrorCode = {
  /** No device and no software encoder can do what was asked; `error.rejected` lists what was tried. */
  NoEncoder: 'ERR_NO_ENCODER',
  /** The device node does not exist. */
  DeviceNotFound: 'ERR_DEVICE_NOT_FOUND',
  /** The user may not open the device. */
  Permission: 'ERR_PERMISSION',
  /** The device is there, but it does not encode video. */
  NotAnEncoder: 'ERR_NOT_AN_ENCODER',
  /** The device is there, but it is not a camera, or has no usable format. */
  NotACamera: 'ERR_NOT_A_CAMERA',
  /** NVIDIA's V4L2 library could not be loaded. */
  LibraryMissing: 'ERR_LIBRARY_MISSING',
  /** The device does not know this codec or profile. */
  CodecUnsupported: 'ERR_CODEC_UNSUPPORTED',
  /** An option is unknown, of the wrong type or out of range. */
  Config: 'ERR_CONFIG',
  /** A frame is malformed, or the device failed on it. */
  Frame: 'ERR_FRAME',
  /** The device rejected a setting. */
  Control: 'ERR_CONTROL',
  /** A request to the device failed; see `ioctl` and `errno`. */
  Device: 'ERR_DEVICE',
  /** The device, or the source of frames, did not answer within the time-out. */
  Timeout: 'ERR_TIMEOUT',
  /** The device went away while it was in use. */
  DeviceLost: 'ERR_DEVICE_LOST',
  /** A camera delivers another format than it was set to. */
  FormatChanged: 'ERR_FORMAT_CHANGED',
  /** Too many frames wait, or too many chunks lie unread. */
  QueueFull: 'ERR_QUEUE_FULL',
  /** Something that serves one at a time is taken. */
  Busy: 'ERR_BUSY',
  /** The encoder is closed. */
  Closed: 'ERR_CLOSED',
  /** The source of frames failed: a program, a file, or its content. */
  Source: 'ERR_SOURCE',
  /** The native part of this package could not be loaded. */
  NativeLoad: 'ERR_NATIVE_LOAD',
} as const

/** One of the values of {@link ErrorCode}. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** One encoder that was tried and did not do. */
export interface RejectedEncoder {
  /** Which kind of encoder it is. */
  backend: BackendName
  /** The device node, or null where there is none. */
  device: string | null
  /** The codec that it was tried for. A device that encodes nothing at all is listed once, with the first codec that was requested. */
  codec: Codec
  /** Why, as one of {@link ErrorCode}. */
  code: ErrorCode
  /** Why, as a sentence. */
  message: string
  /** What would help. */
  hint?: string
  /** The request that failed, such as `VIDIOC_REQBUFS`. */
  ioctl?: string
  /** The name of its error number, such as `ENOMEM`. */
  errno?: string
  /** Codecs that were not requested and that can be encoded here instead, such as `['h264']`. */
  alternatives?: readonly string[]
}

/** What an error can say beyond its message. */
interface ErrorFacts {
  hint?: string
  device?: string
  ioctl?: string
  errno?: string
  reason?: string
  control?: string
  rejected?: readonly RejectedEncoder[]
  lost?: readonly number[]
  timestamp?: number
  cause?: unknown
}

/**
 * Without the properties that are there but undefined, which would clutter a printed error.
 *
 * @internal
 */
export function defined<T extends object>(facts: T): Partial<T> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Partial<T>
}

/** Everything that goes wrong while opening or using an encoder or a source of frames, except wrong arguments ({@link ArgumentError}). */
export class V4l2EncoderError extends Error {
  /** What happened, as one of {@link ErrorCode}. */
  readonly code: ErrorCode
  /** What helps, as a sentence. */
  declare readonly hint?: string
  /** The device node concerned. */
  declare readonly device?: string
  /** The request that failed, such as `VIDIOC_REQBUFS`. */
  declare readonly ioctl?: string
  /** The name of its error number, such as `EBUSY`. */
  declare readonly errno?: string
  /** What that number means, in the system's words, such as `Device or resource busy`; of `v4l2-encoder/device`. */
  declare readonly reason?: string
  /** The control that was rejected, by its name in `v4l2-ctl`; of `v4l2-encoder/device`. */
  declare readonly control?: string
  /** Where no encoder could be opened: everything that was tried, in order; empty otherwise. */
  declare readonly rejected: readonly RejectedEncoder[]
  /** After a fatal error: the timestamps, in microseconds, of accepted frames that will never come; empty otherwise. */
  declare readonly lost: readonly number[]
  /** The timestamp, in microseconds, of the one frame concerned. */
  declare readonly timestamp?: number

  /** @internal */
  constructor(code: ErrorCode, message: string, { rejected = [], lost = [], cause, ...facts }: ErrorFacts = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'V4l2EncoderError'
    this.code = code
    // Empty lists can be read, but are not printed.
    for (const [name, value] of Object.entries({ rejected, lost })) {
      Object.defineProperty(this, name, { value, enumerable: value.length > 0, configurable: true })
    }
    Object.assign(this, defined(facts))
  }
}

/** A wrong argument: a TypeError (name or type) or a RangeError (value) that also carries a code and a hint. */
export type ArgumentError = (TypeError | RangeError) & {
  /** `'ERR_CONFIG'` for options, `'ERR_FRAME'` for frames. */
  readonly code: ErrorCode
  /** What helps, as a sentence. */
  readonly hint?: string
}

/** @internal */
export function typeError(code: ErrorCode, message: string, hint?: string): ArgumentError {
  return Object.assign(new TypeError(message), hint === undefined ? { code } : { code, hint })
}

/** @internal */
export function rangeError(code: ErrorCode, message: string, hint?: string): ArgumentError {
  return Object.assign(new RangeError(message), hint === undefined ? { code } : { code, hint })
}
