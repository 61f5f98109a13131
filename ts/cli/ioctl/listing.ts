import { V4L2_FMT_FLAG } from '../../device/constants.js'
import type { FormatDescription, Fraction, FrameInterval, FrameSize } from '../../device/types.js'
import { fixed, shown } from './print.js'
import { bufferTypeText, flagsText } from './words.js'
import type { FlagName } from './words.js'

const HSV = new Set(['HSV3', 'HSV4'])

function flagNames(code: string): readonly FlagName[] {
  return [
    [V4L2_FMT_FLAG.COMPRESSED, 'compressed'],
    [V4L2_FMT_FLAG.EMULATED, 'emulated'],
    [V4L2_FMT_FLAG.CONTINUOUS_BYTESTREAM, 'continuous-bytestream'],
    [V4L2_FMT_FLAG.DYN_RESOLUTION, 'dyn-resolution'],
    [V4L2_FMT_FLAG.ENC_CAP_FRAME_INTERVAL, 'enc-cap-frame-interval'],
    [V4L2_FMT_FLAG.CSC_COLORSPACE, 'csc-colorspace'],
    [V4L2_FMT_FLAG.CSC_YCBCR_ENC, HSV.has(code) ? 'csc-hsv' : 'csc-ycbcr'],
    [V4L2_FMT_FLAG.CSC_QUANTIZATION, 'csc-quantization'],
    [V4L2_FMT_FLAG.CSC_XFER_FUNC, 'csc-xfer-func'],
  ]
}

/** One line of a list of formats. */
export function formatLine({ index, code, description, flags }: FormatDescription): string {
  const text = flags === 0 ? shown(description) : `${shown(description)}, ${flagsText(flags, flagNames(code))}`
  return `\t[${index}]: '${code}' (${text})`
}

/** A size; the list of formats has it further in than the list of sizes. */
export function frameSizeLine(size: FrameSize, indent = ''): string {
  if (size.type === 'discrete') return `${indent}\tSize: Discrete ${size.width}x${size.height}`
  const range = `${size.minWidth}x${size.minHeight} - ${size.maxWidth}x${size.maxHeight}`
  if (size.type === 'continuous') return `${indent}\tSize: Continuous ${range}`
  return `${indent}\tSize: Stepwise ${range} with step ${size.stepWidth}/${size.stepHeight}`
}

const seconds = ({ numerator, denominator }: Fraction): string => `${fixed(numerator / denominator, 3)}s`
const rate = ({ numerator, denominator }: Fraction): string => fixed(denominator / numerator, 3)

/** A frame interval. */
export function frameIntervalLine(interval: FrameInterval, indent = ''): string {
  if (interval.type === 'discrete') {
    return `${indent}\tInterval: Discrete ${seconds(interval.interval)} (${rate(interval.interval)} fps)`
  }
  const { min, max, step } = interval
  const rates = `(${rate(max)}-${rate(min)} fps)`
  if (interval.type === 'continuous') {
    return `${indent}\tInterval: Continuous ${seconds(min)} - ${seconds(max)} ${rates}`
  }
  return `${indent}\tInterval: Stepwise ${seconds(min)} - ${seconds(max)} with step ${seconds(step)} ${rates}`
}

/** A size with the frame intervals that it comes in. */
export interface SizeWithIntervals {
  readonly size: FrameSize
  readonly intervals: readonly FrameInterval[]
}

/** A format, with its sizes where they are requested. */
export interface FormatWithSizes {
  readonly format: FormatDescription
  readonly sizes?: readonly SizeWithIntervals[]
}

/** What `--list-formats` prints of a queue, and `--list-formats-ext` where the formats come with their sizes. */
export function formatListLines(type: number, formats: readonly FormatWithSizes[]): string[] {
  return [
    'ioctl: VIDIOC_ENUM_FMT',
    `\tType: ${bufferTypeText(type)}`,
    '',
    ...formats.flatMap(({ format, sizes = [] }) => [
      formatLine(format),
      ...sizes.flatMap(({ size, intervals }) => [
        frameSizeLine(size, '\t'),
        ...intervals.map((interval) => frameIntervalLine(interval, '\t\t')),
      ]),
    ]),
  ]
}
