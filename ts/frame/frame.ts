import { types } from 'node:util'
import { bytesOf, isGone } from '../shared/bytes-of.js'
import { PIXEL_FORMATS } from './pixel-format.js'
import { SharedFrame } from './shared-frame.js'
import { cut, describe, isList } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { LentFrame } from './lent-frame.js'
import { suggestion } from '../shared/did-you-mean.js'
import { planesOf } from './plane-layout.js'
import type { PixelFormat } from './pixel-format.js'
import { unreadable } from '../shared/reading.js'
import { Surface } from './surface.js'

/** Where one plane lies in a frame's data, as in WebCodecs. */
export interface PlaneLayout {
  /** Bytes from the start of the data to the plane's first row. */
  offset: number
  /** Bytes from one row to the next. */
  stride: number
}

/** One picture to encode. */
export interface Frame {
  /** The bytes of the pixels, in a buffer or in any view of one; they have been read when the promise of `encode()` resolves. */
  data: ArrayBufferView | ArrayBuffer | SharedArrayBuffer
  /** Microseconds, within ±(2^53−1); fractions are cut off. It comes back on the chunk as it is. */
  timestamp: number
  /** Microseconds; comes back on the chunk. */
  duration?: number
  /**
   * How the pixels lie.
   * @default the encoder's `format`
   */
  format?: PixelFormat
  /** Width in pixels; when given it must be the encoder's. */
  width?: number
  /** Height in pixels; when given it must be the encoder's. */
  height?: number
  /**
   * One entry per plane.
   * @default tight: plane after plane, row after row
   */
  layout?: readonly PlaneLayout[]
  /**
   * Gives the frame's memory back to whoever lent it. The encoder calls it without arguments, exactly once for each call of
   * `encode()` with this frame, as soon as it no longer needs the memory: at the latest when the promise settles, also when that
   * rejects for whatever reason. `tryEncode()` calls it when it returns true, and not when it returns false or throws: the frame
   * is then still the caller's. `encodeAll()` calls it for every frame that it drew; `transform()` for every one that
   * reaches it, but not for those that a Web Stream throws away because it is aborted.
   * A frame in DMABUFs that was taken is released when the device has let go of it, which may be after `encode()` resolved.
   * It is called synchronously and must not wait; what it throws is an uncaught exception of the program, and the encoder goes on.
   */
  release?: () => void
}

/** One plane of a picture in a DMABUF. */
export interface DmabufPlane {
  /** An open descriptor, which stays the caller's; planes may share one. It must stay open until the frame's `release()`. */
  fd: number
  /** Bytes from the start of the DMABUF to the plane's first row. */
  offset: number
  /** Bytes from one row to the next. */
  stride: number
}

/**
 * One picture to encode that is in DMABUFs: of a camera, a decoder, or a surface of NVIDIA's. Where the device reads such memory
 * itself, nothing is copied; where it cannot, or not in this layout (see `encoder.input`), the picture is copied like any
 * other, and the log says why, once. `encoder.stats` counts both. A memfd or file is copied as well. One that another process
 * makes smaller meanwhile is `ERR_FRAME`; a memfd that is sealed against that (`F_SEAL_SHRINK`) is read with less work.
 *
 * Where `encoder.input.imports` is `'surfaces'`, on a Jetson, the memory must be a surface of NVIDIA's: of `allocateSurface()`, or one
 * that other code in this process made with NvBufSurface. The surface itself says where its planes lie. Anything else is `ERR_FRAME`.
 *
 * @example
 * ```ts
 * import type { DmabufFrame, Encoder } from 'v4l2-encoder'
 *
 * // A surface of another process, whose descriptor came over a Unix socket, with what NvBufSurfaceGetMapParams gave there.
 * async function encodeForeign(encoder: Encoder, fd: number, mapParams: Uint8Array, timestamp: number, release: () => void) {
 *   const planes = [{ fd, offset: 0, stride: 2048 }, { fd, offset: 2048 * 1088, stride: 2048 }]
 *   const frame: DmabufFrame = { planes, format: 'NV12', surface: { mapParams }, timestamp, release }
 *   await encoder.encode(frame)
 * }
 * ```
 */
export interface DmabufFrame extends Omit<Frame, 'data' | 'layout'> {
  /** One entry for each plane of the format. */
  planes: readonly DmabufPlane[]
  /**
   * The surface that the planes are in: one of `allocateSurface()`, whose `toFrame()` sets it, or `{ mapParams }` for one of another
   * process: the bytes that `surface.mapParams()` or NvBufSurfaceGetMapParams gave there. The encoder imports it once and keeps it
   * for the frames that follow.
   * @default the one of this process that NVIDIA's library knows by the descriptor
   */
  surface?: Surface | { mapParams: ArrayBufferView | ArrayBuffer }
}

/** A picture to encode: in the program's memory, in DMABUFs, or in a buffer of the device's own. */
export type AnyFrame = Frame | DmabufFrame | LentFrame

/**
 * What every frame has.
 *
 * @internal
 */
export interface PreparedStamp {
  timestamp: number
  /** NaN when there is none. */
  duration: number
}

/**
 * A frame of the caller's bytes as the addon takes it.
 *
 * @internal
 */
export interface PreparedBytes extends PreparedStamp {
  kind: 'bytes'
  data: Uint8Array
  format: string
  layout: Uint32Array | null
}

/**
 * A frame in DMABUFs as the addon takes it.
 *
 * @internal
 */
export interface PreparedDmabuf extends PreparedStamp {
  kind: 'dmabuf'
  descriptors: Int32Array
  format: string
  layout: Uint32Array
  /** One of ours. */
  surface: Surface | undefined
  /** Of another process's. */
  mapParams: Uint8Array | null
}

/**
 * A frame in a lent buffer as the addon takes it.
 *
 * @internal
 */
export interface PreparedLent extends PreparedStamp {
  kind: 'lent'
  lent: LentFrame
}

/**
 * A camera's frame that the addon knows.
 *
 * @internal
 */
export interface PreparedPicture extends PreparedStamp {
  kind: 'picture'
  shared: SharedFrame
}

/** @internal */
export type PreparedFrame = PreparedBytes | PreparedDmabuf | PreparedLent | PreparedPicture

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

const LARGEST_UINT32 = 0xffff_ffff
const LARGEST_INT32 = 0x7fff_ffff

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

/** @internal */
export function assertAttached(buffer: ArrayBufferLike): void {
  if (isGone(buffer)) throw gone()
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

function formatOf(value: unknown, expected: string): string {
  if (value === undefined) return expected
  if (PIXEL_FORMATS.some((one) => one === value)) return value as string
  throw typeError(
    ErrorCode.Frame,
    typeof value === 'string'
      ? `The pixel format ${cut(value)} is not known. ${suggestion(value, PIXEL_FORMATS)}`
      : `A frame's format must be a string, but ${describe(value)} was given.`,
    `Known are ${PIXEL_FORMATS.join(', ')}.`,
  )
}

function wrongSize(name: 'width' | 'height', given: unknown, expected: number): Error {
  return rangeError(
    ErrorCode.Frame,
    `The frame's ${name} is ${describe(given)}, but the encoder's is ${expected}, and pictures are not scaled.`,
    `Scale the picture, or make an encoder of its ${name}.`,
  )
}

function layoutOf(value: unknown, format: string): Uint32Array | null {
  if (value === undefined || value === null) return null
  const planes = planesOf(format as PixelFormat)
  if (!isList(value) || value.length !== planes) {
    throw typeError(
      ErrorCode.Frame,
      `The layout of an ${format} frame must be a list of ${planes} planes, each { offset, stride } in bytes.`,
    )
  }
  return placesOf(value as Partial<PlaneLayout>[])
}

function placesOf(planes: readonly (Partial<PlaneLayout> | null)[]): Uint32Array {
  const places = new Uint32Array(2 * planes.length)
  for (let index = 0; index < places.length; index++) {
    const plane = planes[index >> 1]
    const value = index % 2 === 0 ? plane?.offset : plane?.stride
    if (!isWhole(value, LARGEST_UINT32)) {
      throw typeError(
        ErrorCode.Frame,
        `Offsets and strides of a layout must be whole numbers from 0 to 2^32−1, not ${describe(value)}.`,
      )
    }
    places[index] = value
  }
  return places
}

function isWhole(value: number | undefined, most: number): value is number {
  return Number.isInteger(value) && value! >= 0 && value! <= most
}

function dmabufsOf(value: unknown, format: string): { descriptors: Int32Array; layout: Uint32Array } {
  const planes = planesOf(format as PixelFormat)
  if (!isList(value) || value.length !== planes) {
    throw typeError(
      ErrorCode.Frame,
      `The planes of an ${format} frame must be a list of ${planes}, each { fd, offset, stride }.`,
    )
  }
  const descriptors = new Int32Array(planes)
  for (let index = 0; index < planes; index++) {
    const fd = (value[index] as Partial<DmabufPlane> | null)?.fd
    if (!isWhole(fd, LARGEST_INT32)) {
      throw typeError(ErrorCode.Frame, `The fd of a plane must be an open descriptor, not ${describe(fd)}.`)
    }
    descriptors[index] = fd
  }
  return { descriptors, layout: placesOf(value as Partial<PlaneLayout>[]) }
}

function surfaceOf(value: unknown): { surface: Surface | undefined; mapParams: Uint8Array | null } {
  if (value === undefined || value === null) return { surface: undefined, mapParams: null }
  const object = typeof value === 'object' ? value : {}
  if (Surface.isOne(object)) {
    object.assertOpen()
    return { surface: object, mapParams: null }
  }
  const { mapParams } = object as { mapParams?: unknown }
  const bytes = bytesOf(mapParams)
  if (bytes) return { surface: undefined, mapParams: bytes }
  throw typeError(
    ErrorCode.Frame,
    "A frame's surface must be one of allocateSurface(), or { mapParams } with bytes, such as a Uint8Array.",
    'Leave it out for a surface that other code in this process made.',
  )
}

/** Surfaces can be of ten bits, and encoders here cannot. */
function assertEightBits(format: unknown): void {
  if (format !== 'P010') return
  throw rangeError(
    ErrorCode.Frame,
    'The frame is P010, but encoders are set to 8 bits in this version and take I420 and NV12.',
    "Allocate the surface as 'NV12', or have NVIDIA's library convert the picture into one.",
  )
}

function isReleasable(frame: Partial<Frame> | null | undefined): frame is Required<Pick<Frame, 'release'>> {
  try {
    return typeof frame?.release === 'function'
  } catch {
    // What cannot be read was refused as a frame, with the reason.
    return false
  }
}

/**
 * Tells whoever lent the frame's memory that it is no longer needed.
 *
 * @internal
 */
export function releaseFrame(frame: unknown): void {
  const lent = frame as Partial<Frame> | null | undefined
  if (!isReleasable(lent)) return
  const shared = SharedFrame.untouched(lent)
  if (shared) return shared.letGo()
  try {
    lent.release()
  } catch (error) {
    // As with any listener of Node's: its exception is the program's, not the encoder's.
    queueMicrotask(() => {
      throw error
    })
  }
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
  const shared = SharedFrame.untouched(frame)
  if (shared) return { kind: 'picture', shared, timestamp, duration }
  if (LentFrame.isOne(frame)) return { kind: 'lent', lent: frame, timestamp, duration }
  if (given.data === undefined && given.planes !== undefined) return prepareDmabuf(given, expected, timestamp, duration)
  const format = formatOf(given.format, expected.format)
  const data = pixelsOf(given.data)
  return { kind: 'bytes', data, format, layout: layoutOf(given.layout, format), timestamp, duration }
}

function prepareDmabuf(
  frame: Record<keyof DmabufFrame, unknown>,
  expected: FrameExpectation,
  timestamp: number,
  duration: number,
): PreparedDmabuf {
  assertEightBits(frame.format)
  const format = formatOf(frame.format, expected.format)
  const { descriptors, layout } = dmabufsOf(frame.planes, format)
  const { surface, mapParams } = surfaceOf(frame.surface)
  return { kind: 'dmabuf', descriptors, layout, format, surface, mapParams, timestamp, duration }
}
