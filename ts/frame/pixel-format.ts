import { cut, describe } from '../shared/describe.js'
import { suggestion } from '../shared/did-you-mean.js'
import { ErrorCode, typeError } from '../shared/errors.js'

/** The names of the pixel formats. */
export const PIXEL_FORMATS = ['I420', 'NV12', 'RGB', 'BGR', 'RGBA', 'BGRA', 'YUYV', 'UYVY', 'YV12', 'NV21'] as const

/**
 * How pixels lie in a frame, 8 bits a component. Encoders take 4:2:0, so `'I420'` (Y, U, V) and `'NV12'` (Y, then U and V interleaved) go
 * in as they are; `'YV12'` and `'NV21'` (V before U), `'YUYV'` and `'UYVY'` (4:2:2 in one plane), `'RGB'`, `'BGR'`, `'RGBA'` and `'BGRA'` (bytes
 * in this order; alpha is ignored) are converted while they are copied.
 */
export type PixelFormat = (typeof PIXEL_FORMATS)[number]

/**
 * The format of a frame: `expected`, unless it names its own.
 *
 * @internal
 */
export function formatOf(value: unknown, expected: string): PixelFormat {
  if (value === undefined) return expected as PixelFormat
  const known = PIXEL_FORMATS.find((one) => one === value)
  if (known) return known
  throw typeError(
    ErrorCode.Frame,
    typeof value === 'string'
      ? `The pixel format ${cut(value)} is not known. ${suggestion(value, PIXEL_FORMATS)}`
      : `A frame's format must be a string, but ${describe(value)} was given.`,
    `Known are ${PIXEL_FORMATS.join(', ')}.`,
  )
}
