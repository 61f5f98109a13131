import type { PixelFormat } from '../../frame/pixel-format.js'
import { countableRate } from '../../test-pattern/frame-times.js'
import { usageError } from '../exit.js'

/** The test picture's stamp needs room. */
const SMALLEST = 64

/** Refuses sizes that the test picture cannot have. */
export function checkTestPicture({ width, height }: { width: number; height: number }): void {
  if (width % 2 === 0 && height % 2 === 0 && Math.min(width, height) >= SMALLEST) return
  throw usageError(`The test picture's width and height must be even and at least ${SMALLEST}, not ${width}x${height}.`)
}

/** Refuses formats that the test picture is not drawn in. */
export function checkTestFormat(format: PixelFormat): void {
  if (format === 'I420' || format === 'NV12') return
  throw usageError(
    `The test picture comes as I420 or NV12, not as ${format}.`,
    'Leave out --format, or give raw pictures with --input.',
  )
}

/** Refuses rates that no encoder can count on. */
export function checkTestRate(framerate: number): void {
  if (countableRate(framerate) === framerate) return
  throw usageError(`The option --fps is ${framerate}, but the test picture comes at 1 to 240 frames a second.`)
}
