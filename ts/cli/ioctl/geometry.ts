import { V4L2_BUF_TYPE, V4L2_CAP_TIMEPERFRAME, V4L2_MODE, V4L2_SEL_FLAG, V4L2_SEL_TGT } from '../../device/constants.js'
import type { Fraction, Rect, Selection, StreamParm } from '../../device/types.js'
import { fixed, hex } from './print.js'
import { bufferTypeText, flagsText } from './words.js'
import type { FlagName } from './words.js'

/** The targets of selections in the order in which v4l2-ctl queries them, with the words that it takes. */
export const SELECTION_TARGETS: readonly (readonly [target: number, name: string])[] = [
  [V4L2_SEL_TGT.CROP, 'crop'],
  [V4L2_SEL_TGT.CROP_DEFAULT, 'crop_default'],
  [V4L2_SEL_TGT.CROP_BOUNDS, 'crop_bounds'],
  [V4L2_SEL_TGT.COMPOSE, 'compose'],
  [V4L2_SEL_TGT.COMPOSE_DEFAULT, 'compose_default'],
  [V4L2_SEL_TGT.COMPOSE_BOUNDS, 'compose_bounds'],
  [V4L2_SEL_TGT.COMPOSE_PADDED, 'compose_padded'],
  [V4L2_SEL_TGT.NATIVE_SIZE, 'native_size'],
]

/** What the driver may change about a rectangle, with the words that v4l2-ctl takes. */
export const SELECTION_FLAGS: readonly FlagName[] = [
  [V4L2_SEL_FLAG.GE, 'ge'],
  [V4L2_SEL_FLAG.LE, 'le'],
  [V4L2_SEL_FLAG.KEEP_CONFIG, 'keep-config'],
]

function rectangle({ left, top, width, height }: Rect): string {
  return `Left ${left}, Top ${top}, Width ${width | 0}, Height ${height | 0}`
}

/** What `--get-selection` prints. */
export function selectionLine({ type, target, flags, rect }: Selection): string {
  const name = SELECTION_TARGETS.find(([known]) => known === target)?.[1] ?? `Unknown (${hex(target)})`
  return `Selection ${bufferTypeText(type)}: ${name}, ${rectangle(rect)}, Flags: ${flagsText(flags, SELECTION_FLAGS)}`
}

/** What VIDIOC_CROPCAP reports, in the kernel's names. */
export interface CropCapability {
  readonly type: number
  readonly bounds: Rect
  readonly defrect: Rect
  readonly pixelaspect: Fraction
}

/** What `--get-cropcap` prints. */
export function cropCapabilityLines({ type, bounds, defrect, pixelaspect }: CropCapability): string[] {
  return [
    `Crop Capability ${bufferTypeText(type)}:`,
    `\tBounds      : ${rectangle(bounds)}`,
    `\tDefault     : ${rectangle(defrect)}`,
    `\tPixel Aspect: ${pixelaspect.numerator}/${pixelaspect.denominator}`,
  ]
}

/** What `--get-crop` prints. */
export function cropLine(rect: Rect): string {
  return `Crop: ${rectangle(rect)}`
}

/** What `--get-parm` and `--get-output-parm` print. */
export function streamParmLines({ type, capability, mode, timePerFrame, buffers }: StreamParm): string[] {
  const isOutput = type === V4L2_BUF_TYPE.VIDEO_OUTPUT
  const { numerator, denominator } = timePerFrame
  const isValid = numerator !== 0 && denominator !== 0
  const rate = isValid ? fixed(denominator / numerator, 3) : 'invalid'
  return [
    `Streaming Parameters ${bufferTypeText(type)}:`,
    ...(capability & V4L2_CAP_TIMEPERFRAME ? ['\tCapabilities     : timeperframe'] : []),
    ...(mode & V4L2_MODE.HIGHQUALITY ? [`\t${isOutput ? 'Output mode ' : 'Capture mode'}     : high quality`] : []),
    `\tFrames per second: ${rate} (${denominator}/${numerator})`,
    `\t${isOutput ? 'Write buffers   ' : 'Read buffers    '} : ${buffers}`,
  ]
}

/** What `--set-parm` prints of the interval that the driver chose. */
export function frameRateSetLine({ numerator, denominator }: Fraction): string {
  if (numerator === 0 || denominator === 0) return 'Invalid frame rate'
  return `Frame rate set to ${fixed(denominator / numerator, 3)} fps`
}
