import type { PixelFormat } from '../frame/pixel-format.js'
import { frameShape } from '../frame/plane-layout.js'
import type { FrameShape } from '../frame/plane-layout.js'

/** More than any encoder takes, and few enough to be allocated: 16384x16384 of four bytes each. */
const MOST_BYTES = 2 ** 30

interface Picture {
  format: PixelFormat
  width: number
  height: number
}

/**
 * How pictures lie in memory; `refuse` makes the error for those that are too large, so that nobody allocates what one slip of
 * the finger asks for.
 *
 * @internal
 */
export function sizedShape(
  { format, width, height }: Picture,
  strides: readonly number[] | undefined,
  refuse: (message: string, hint: string) => Error,
): FrameShape {
  const shape = frameShape(format, width, height, strides)
  if (shape.byteLength <= MOST_BYTES) return shape
  throw refuse(
    `A picture of ${width}x${height} in ${format} takes ${shape.byteLength} bytes, and at most ${MOST_BYTES} (1 GiB) are allowed.`,
    'Check the size, and the stride if there is one.',
  )
}
