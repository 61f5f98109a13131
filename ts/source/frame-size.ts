import type { PixelFormat } from '../frame/pixel-format.js'
import { frameShape } from '../frame/plane-layout.js'
import type { FrameShape } from '../frame/plane-layout.js'

/** More than any encoder takes, and few enough to be allocated: 16384x16384 of four bytes each. */
const MAX_BYTES = 2 ** 30

interface FrameSize {
  format: PixelFormat
  width: number
  height: number
}

/**
 * How frames lie in memory; `tooLarge` makes the error for those that are too large, so that no memory is allocated for what one slip of
 * the finger asks for.
 *
 * @internal
 */
export function sizedShape(
  { format, width, height }: FrameSize,
  strides: readonly number[] | undefined,
  tooLarge: (message: string, hint: string) => Error,
): FrameShape {
  const shape = frameShape(format, width, height, strides)
  if (shape.byteLength <= MAX_BYTES) return shape
  throw tooLarge(
    `A frame of ${width}x${height} in ${format} takes ${shape.byteLength} bytes, and at most ${MAX_BYTES} (1 GiB) are allowed.`,
    'Check the size, and the stride if there is one.',
  )
}
