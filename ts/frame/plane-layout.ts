import { describe } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import type { PlaneLayout } from './frame.js'
import type { PixelFormat } from './pixel-format.js'

interface PlaneShape {
  /** Pixels of the frame that one sample covers, across and down; both round up at the edge. */
  across: number
  down: number
  /** Bytes of one sample. */
  bytes: number
}

const LUMA: PlaneShape = { across: 1, down: 1, bytes: 1 }
const CHROMA: PlaneShape = { across: 2, down: 2, bytes: 1 }
const packed = (bytes: number): PlaneShape[] => [{ across: 1, down: 1, bytes }]
/** Two pixels share their chroma. */
const PAIRS: PlaneShape[] = [{ across: 2, down: 1, bytes: 4 }]

/** The planes of every pixel format. */
const PLANES: Record<PixelFormat, readonly PlaneShape[]> = {
  I420: [LUMA, CHROMA, CHROMA],
  YV12: [LUMA, CHROMA, CHROMA],
  NV12: [LUMA, { ...CHROMA, bytes: 2 }],
  NV21: [LUMA, { ...CHROMA, bytes: 2 }],
  RGB: packed(3),
  BGR: packed(3),
  RGBA: packed(4),
  BGRA: packed(4),
  YUYV: PAIRS,
  UYVY: PAIRS,
}

/**
 * How many planes a pixel format has.
 *
 * @internal
 */
export function planesOf(format: PixelFormat): number {
  return PLANES[format].length
}

/**
 * How a frame lies in memory.
 *
 * @internal
 */
export interface FrameShape {
  byteLength: number
  /** Where each plane begins, and from row to row. */
  layout: PlaneLayout[]
  /** Whether there is nothing between rows and planes, so that a frame needs no layout. */
  tight: boolean
}

/**
 * The shape of a frame; `strides` are the bytes from row to row of each plane, tight when left out.
 *
 * @internal
 */
export function frameShape(
  format: PixelFormat,
  width: number,
  height: number,
  strides?: readonly number[],
): FrameShape {
  let byteLength = 0
  let tight = true
  const layout = PLANES[format].map(({ across, down, bytes }, index) => {
    const row = Math.ceil(width / across) * bytes
    const stride = strides?.[index] ?? row
    tight &&= stride === row
    const offset = byteLength
    byteLength += stride * Math.ceil(height / down)
    return { offset, stride }
  })
  return { byteLength, layout, tight }
}

/**
 * The strides of all planes from that of the first; throws `ERR_CONFIG` where rows do not fit in or chroma cannot have its part.
 *
 * @internal
 */
export function stridesOf(format: PixelFormat, width: number, stride: number): number[] {
  const planes = PLANES[format]
  const perPixel = ({ across, bytes }: PlaneShape) => bytes / across
  const min = Math.ceil(width / planes[0]!.across) * planes[0]!.bytes
  const strides = planes.map((plane) => (stride * perPixel(plane)) / perPixel(planes[0]!))
  if (stride >= min && strides.every(Number.isInteger)) return strides
  throw rangeError(
    ErrorCode.Config,
    `The option stride must be at least ${min} bytes for ${format} frames of ${width} pixels a row${planes.length > 1 ? ', and even' : ''}, but ${stride} was given.`,
  )
}

const MAX_UINT32 = 0xffff_ffff

/**
 * Offset and stride of each plane, as the addon takes them.
 *
 * @internal
 */
export function layoutNumbers(planes: readonly (Partial<PlaneLayout> | null)[]): Uint32Array {
  const places = new Uint32Array(2 * planes.length)
  for (let index = 0; index < places.length; index++) {
    const plane = planes[index >> 1]
    const value = index % 2 === 0 ? plane?.offset : plane?.stride
    if (!isWhole(value, MAX_UINT32)) {
      throw typeError(
        ErrorCode.Frame,
        `Offsets and strides of a layout must be whole numbers from 0 to 2^32−1, not ${describe(value)}.`,
      )
    }
    places[index] = value
  }
  return places
}

/** @internal */
export function isWhole(value: number | undefined, max: number): value is number {
  return Number.isInteger(value) && value! >= 0 && value! <= max
}
