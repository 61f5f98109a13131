import {
  V4L2_BUF_TYPE,
  V4L2_COLORSPACE,
  V4L2_FIELD,
  V4L2_HSV_ENC,
  V4L2_QUANTIZATION,
  V4L2_XFER_FUNC,
  V4L2_YCBCR_ENC,
} from '../../device/constants.js'
import { hex } from './print.js'

/** A bit, or several, and what it is called. */
export type FlagName = readonly [flag: number, name: string]

/** The names of the bits that are set, and the number of those without a name, between commas. */
export function flagsText(value: number, names: readonly FlagName[]): string {
  const set = names.filter(([flag]) => (value & flag) !== 0)
  const rest = (value & ~names.reduce((known, [flag]) => known | flag, 0)) >>> 0
  return [...set.map(([, name]) => name), ...(rest === 0 ? [] : [hex(rest)])].join(', ')
}

type Words = Readonly<Record<number, string>>

function word(words: Words, value: number): string {
  return words[value] ?? `Unknown (${hex(value)})`
}

const BUFFER_TYPES: Words = {
  [V4L2_BUF_TYPE.VIDEO_CAPTURE]: 'Video Capture',
  [V4L2_BUF_TYPE.VIDEO_CAPTURE_MPLANE]: 'Video Capture Multiplanar',
  [V4L2_BUF_TYPE.VIDEO_OUTPUT]: 'Video Output',
  [V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE]: 'Video Output Multiplanar',
  [V4L2_BUF_TYPE.VIDEO_OVERLAY]: 'Video Overlay',
  [V4L2_BUF_TYPE.VBI_CAPTURE]: 'VBI Capture',
  [V4L2_BUF_TYPE.VBI_OUTPUT]: 'VBI Output',
  [V4L2_BUF_TYPE.SLICED_VBI_CAPTURE]: 'Sliced VBI Capture',
  [V4L2_BUF_TYPE.SLICED_VBI_OUTPUT]: 'Sliced VBI Output',
  [V4L2_BUF_TYPE.VIDEO_OUTPUT_OVERLAY]: 'Video Output Overlay',
  [V4L2_BUF_TYPE.SDR_CAPTURE]: 'SDR Capture',
  [V4L2_BUF_TYPE.SDR_OUTPUT]: 'SDR Output',
  [V4L2_BUF_TYPE.META_CAPTURE]: 'Metadata Capture',
  [V4L2_BUF_TYPE.META_OUTPUT]: 'Metadata Output',
}

const FIELDS: Words = {
  [V4L2_FIELD.ANY]: 'Any',
  [V4L2_FIELD.NONE]: 'None',
  [V4L2_FIELD.TOP]: 'Top',
  [V4L2_FIELD.BOTTOM]: 'Bottom',
  [V4L2_FIELD.INTERLACED]: 'Interlaced',
  [V4L2_FIELD.SEQ_TB]: 'Sequential Top-Bottom',
  [V4L2_FIELD.SEQ_BT]: 'Sequential Bottom-Top',
  [V4L2_FIELD.ALTERNATE]: 'Alternating',
  [V4L2_FIELD.INTERLACED_TB]: 'Interlaced Top-Bottom',
  [V4L2_FIELD.INTERLACED_BT]: 'Interlaced Bottom-Top',
}

const COLOR_SPACES: Words = {
  [V4L2_COLORSPACE.DEFAULT]: 'Default',
  [V4L2_COLORSPACE.SMPTE170M]: 'SMPTE 170M',
  [V4L2_COLORSPACE.SMPTE240M]: 'SMPTE 240M',
  [V4L2_COLORSPACE.REC709]: 'Rec. 709',
  [V4L2_COLORSPACE.BT878]: 'Broken Bt878',
  [V4L2_COLORSPACE['470_SYSTEM_M']]: '470 System M',
  [V4L2_COLORSPACE['470_SYSTEM_BG']]: '470 System BG',
  [V4L2_COLORSPACE.JPEG]: 'JPEG',
  [V4L2_COLORSPACE.SRGB]: 'sRGB',
  [V4L2_COLORSPACE.OPRGB]: 'opRGB',
  [V4L2_COLORSPACE.DCI_P3]: 'DCI-P3',
  [V4L2_COLORSPACE.BT2020]: 'BT.2020',
  [V4L2_COLORSPACE.RAW]: 'Raw',
}

const TRANSFER_FUNCTIONS: Words = {
  [V4L2_XFER_FUNC.DEFAULT]: 'Default',
  [V4L2_XFER_FUNC['709']]: 'Rec. 709',
  [V4L2_XFER_FUNC.SRGB]: 'sRGB',
  [V4L2_XFER_FUNC.OPRGB]: 'opRGB',
  [V4L2_XFER_FUNC.DCI_P3]: 'DCI-P3',
  [V4L2_XFER_FUNC.SMPTE2084]: 'SMPTE 2084',
  [V4L2_XFER_FUNC.SMPTE240M]: 'SMPTE 240M',
  [V4L2_XFER_FUNC.NONE]: 'None',
}

const ENCODINGS: Words = {
  [V4L2_YCBCR_ENC.DEFAULT]: 'Default',
  [V4L2_YCBCR_ENC['601']]: 'ITU-R 601',
  [V4L2_YCBCR_ENC['709']]: 'Rec. 709',
  [V4L2_YCBCR_ENC.XV601]: 'xvYCC 601',
  [V4L2_YCBCR_ENC.XV709]: 'xvYCC 709',
  [V4L2_YCBCR_ENC.BT2020]: 'BT.2020',
  [V4L2_YCBCR_ENC.BT2020_CONST_LUM]: 'BT.2020 Constant Luminance',
  [V4L2_YCBCR_ENC.SMPTE240M]: 'SMPTE 240M',
  [V4L2_HSV_ENC['180']]: 'HSV with Hue 0-179',
  [V4L2_HSV_ENC['256']]: 'HSV with Hue 0-255',
}

const RANGES: Words = {
  [V4L2_QUANTIZATION.DEFAULT]: 'Default',
  [V4L2_QUANTIZATION.FULL_RANGE]: 'Full Range',
  [V4L2_QUANTIZATION.LIM_RANGE]: 'Limited Range',
}

export const bufferTypeText = (type: number): string => word(BUFFER_TYPES, type)
export const fieldText = (value: number): string => word(FIELDS, value)
export const colorSpaceText = (value: number): string => word(COLOR_SPACES, value)
export const transferFunctionText = (value: number): string => word(TRANSFER_FUNCTIONS, value)
export const encodingText = (value: number): string => word(ENCODINGS, value)
export const rangeText = (value: number): string => word(RANGES, value)
