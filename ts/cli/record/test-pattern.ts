import type { PixelFormat } from '../../frame/pixel-format.js'
import { countableRate } from '../../test-pattern/frame-times.js'
import { usageError } from '../exit.js'

/** The stamp in the test pattern needs room. */
const MIN_SIDE = 64

/** Rejects sizes that the test pattern cannot have. */
export function checkTestSize({ width, height }: { width: number; height: number }): void {
  if (width % 2 === 0 && height % 2 === 0 && Math.min(width, height) >= MIN_SIDE) return
  throw usageError(
    `The width and height of the test pattern must be even and at least ${MIN_SIDE}, not ${width}x${height}.`,
  )
}

/** Rejects formats that the test pattern is not drawn in. */
export function checkTestFormat(format: PixelFormat): void {
  if (format === 'I420' || format === 'NV12') return
  throw usageError(
    `The test pattern is I420 or NV12, not ${format}.`,
    'Leave out --format, or read raw frames with --input.',
  )
}

/** Rejects rates that no encoder can count on. */
export function checkTestRate(framerate: number): void {
  if (countableRate(framerate) === framerate) return
  throw usageError(`The option --fps is ${framerate}, but the test pattern has 1 to 240 frames per second.`)
}
