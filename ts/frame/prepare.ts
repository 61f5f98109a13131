import { describe } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { unreadable } from '../shared/reading.js'
import { prepareBytes } from './bytes.js'
import { prepareDmabuf } from './dmabuf.js'
import type { DmabufFrame, Frame } from './frame.js'
import { LentFrame, PreparedLent } from './lent-frame.js'
import type { PreparedFrame } from './prepared-frame.js'
import { callRelease } from './release.js'
import { PreparedShared, SharedFrame } from './shared-frame.js'

/** A frame to encode: in the program's memory, in DMABUFs, or in a buffer of the device. */
export type AnyFrame = Frame | DmabufFrame | LentFrame

/**
 * What a frame is measured against.
 *
 * @internal
 */
export interface FrameExpectation {
  width: number
  height: number
  format: string
}

function microseconds(value: unknown, name: string): number {
  if (typeof value !== 'number') {
    throw typeError(
      ErrorCode.Frame,
      `A frame's ${name} must be a number of microseconds, but ${describe(value)} was given.`,
      typeof value === 'bigint' ? 'Convert it: Number(value).' : undefined,
    )
  }
  const whole = Math.trunc(value) + 0
  if (Number.isSafeInteger(whole)) return whole
  throw rangeError(
    ErrorCode.Frame,
    `A frame's ${name} must be a finite number of microseconds within ±(2^53−1), but ${describe(value)} was given.`,
  )
}

function wrongSize(name: 'width' | 'height', given: unknown, expected: number): Error {
  return rangeError(
    ErrorCode.Frame,
    `The frame's ${name} is ${describe(given)}, but the encoder's is ${expected}, and frames are not scaled.`,
    `Scale the frame, or create an encoder of its ${name}.`,
  )
}

/**
 * Checks names and types of a frame; whether its length fits is for the addon to say. Every frame comes by here, and few streams
 * are long enough for V8 to optimise it, so it does little.
 *
 * @internal
 */
export function prepareFrame(frame: unknown, expected: FrameExpectation): PreparedFrame {
  try {
    return prepare(frame, expected)
  } catch (error) {
    throw unreadable('The frame', ErrorCode.Frame, error)
  }
}

function prepare(frame: unknown, expected: FrameExpectation): PreparedFrame {
  if (typeof frame !== 'object' || frame === null) {
    throw typeError(ErrorCode.Frame, `A frame must be an object { data, timestamp }, but ${describe(frame)} was given.`)
  }
  const given = frame as Record<keyof Frame | keyof DmabufFrame | 'keyFrame', unknown>
  if (given.keyFrame !== undefined) {
    throw typeError(
      ErrorCode.Frame,
      'keyFrame is no part of a frame, but an option of encode() and tryEncode(), and was given in the frame.',
      'Give it beside the frame: encode(frame, { keyFrame: true }).',
    )
  }
  const { release, width, height } = given
  if (release !== undefined && typeof release !== 'function') {
    throw typeError(ErrorCode.Frame, `A frame's release must be a function, but ${describe(release)} was given.`)
  }
  if (width !== undefined && width !== expected.width) throw wrongSize('width', width, expected.width)
  if (height !== undefined && height !== expected.height) throw wrongSize('height', height, expected.height)
  const timestamp = microseconds(given.timestamp, 'timestamp')
  const duration =
    given.duration === undefined || given.duration === null ? NaN : microseconds(given.duration, 'duration')
  const shared = SharedFrame.unchanged(frame)
  if (shared) return new PreparedShared(shared, timestamp, duration)
  if (LentFrame.isOne(frame)) return new PreparedLent(frame, timestamp, duration)
  const isDmabuf = given.data === undefined && given.planes !== undefined
  return (isDmabuf ? prepareDmabuf : prepareBytes)(given, expected.format, timestamp, duration)
}

/**
 * Gives back the memory of a frame that was never prepared, or was rejected before it was held.
 *
 * @internal
 */
export function releaseFrame(frame: unknown): void {
  const shared = typeof frame === 'object' && frame !== null ? SharedFrame.unchanged(frame) : undefined
  if (shared) shared.releaseSoon()
  else callRelease(frame)
}
