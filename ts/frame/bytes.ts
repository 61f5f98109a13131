// ts/frame: what is encoded: frames of each kind, how they are checked, submitted and given back.
import { types } from 'node:util'
import { bytesOf, isGone } from '../shared/bytes-of.js'
import { describe, isList } from '../shared/describe.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import type { NativeError } from '../native/error.js'
import { fromNative } from '../native/to-error.js'
import type { Frame, PlaneLayout } from './frame.js'
import { formatOf } from './pixel-format.js'
import type { PixelFormat } from './pixel-format.js'
import { layoutNumbers, planesOf } from './plane-layout.js'
import type { PreparedFrame } from './prepared-frame.js'
import { callRelease } from './release.js'
import type { FrameTarget } from './target.js'

/**
 * A frame in the caller's memory, which the addon copies when it takes it.
 *
 * @internal
 */
export class PreparedBytes implements PreparedFrame {
  readonly data: Uint8Array
  readonly format: PixelFormat
  readonly layout: Uint32Array | null
  readonly timestamp: number
  readonly duration: number
  /** Whose `release()` is called. */
  readonly #frame: object

  /** One object and no other for each frame, as there are many. A `duration` of NaN is none. */
  constructor(
    frame: object,
    data: Uint8Array,
    format: PixelFormat,
    layout: Uint32Array | null,
    timestamp: number,
    duration: number,
  ) {
    this.data = data
    this.format = format
    this.layout = layout
    this.timestamp = timestamp
    this.duration = duration
    this.#frame = frame
  }

  get needsRoom(): boolean {
    return true
  }

  check(target: FrameTarget): void {
    const error = target.session.checkFrame(this.data.byteLength, target.formatOrNull(this.format), this.layout)
    if (error) throw fromNative(error)
  }

  forQueue(): this {
    return this
  }

  hold(): undefined {}

  submit(target: FrameTarget, keyFrame: boolean): number | NativeError {
    const { data, format, layout, timestamp, duration } = this
    if (data.byteLength === 0 && isGone(data.buffer)) throw gone()
    return target.session.tryEncode(data, target.formatOrNull(format), layout, timestamp, duration, keyFrame)
  }

  settle(): void {
    callRelease(this.#frame)
  }

  withdraw(): void {}
}

/**
 * Checks what a frame in the caller's memory has besides its times.
 *
 * @internal
 */
export function prepareBytes(
  frame: Partial<Record<keyof Frame, unknown>>,
  expectedFormat: string,
  timestamp: number,
  duration: number,
): PreparedBytes {
  const format = formatOf(frame.format, expectedFormat)
  const data = pixelsOf(frame.data)
  return new PreparedBytes(frame, data, format, layoutOf(frame.layout, format), timestamp, duration)
}

function pixelsOf(data: unknown): Uint8Array {
  const bytes = bytesOf(data)
  if (bytes) return bytes
  if (types.isAnyArrayBuffer(data) || ArrayBuffer.isView(data)) throw gone()
  throw typeError(
    ErrorCode.Frame,
    `A frame's data must be an ArrayBuffer, a SharedArrayBuffer or a view of one, such as a Uint8Array, but ${describe(data)} was given.`,
  )
}

function gone(): Error {
  return typeError(
    ErrorCode.Frame,
    "The buffer of this frame's data is detached: it was transferred to another thread or place before it was encoded.",
    'Encode the frame before transferring its buffer, or transfer a copy.',
  )
}

function layoutOf(value: unknown, format: PixelFormat): Uint32Array | null {
  if (value === undefined || value === null) return null
  const planes = planesOf(format)
  if (!isList(value) || value.length !== planes) {
    throw typeError(
      ErrorCode.Frame,
      `The layout of an ${format} frame must be a list of ${planes} planes, each { offset, stride } in bytes.`,
    )
  }
  return layoutNumbers(value as Partial<PlaneLayout>[])
}
