import { V4L2_COLORSPACE, V4L2_QUANTIZATION, V4L2_XFER_FUNC, V4L2_YCBCR_ENC } from '../../device/constants.js'
import type { PixFormat } from '../../device/types.js'
import { encodingText, rangeText, transferFunctionText } from './words.js'

/** What a default stands for is defined by the kernel's headers (V4L2_MAP_…_DEFAULT). */
const TRANSFER_FUNCTIONS: Readonly<Record<number, number>> = {
  [V4L2_COLORSPACE.OPRGB]: V4L2_XFER_FUNC.OPRGB,
  [V4L2_COLORSPACE.SMPTE240M]: V4L2_XFER_FUNC.SMPTE240M,
  [V4L2_COLORSPACE.DCI_P3]: V4L2_XFER_FUNC.DCI_P3,
  [V4L2_COLORSPACE.RAW]: V4L2_XFER_FUNC.NONE,
  [V4L2_COLORSPACE.SRGB]: V4L2_XFER_FUNC.SRGB,
  [V4L2_COLORSPACE.JPEG]: V4L2_XFER_FUNC.SRGB,
}

const ENCODINGS: Readonly<Record<number, number>> = {
  [V4L2_COLORSPACE.REC709]: V4L2_YCBCR_ENC['709'],
  [V4L2_COLORSPACE.DCI_P3]: V4L2_YCBCR_ENC['709'],
  [V4L2_COLORSPACE.BT2020]: V4L2_YCBCR_ENC.BT2020,
  [V4L2_COLORSPACE.SMPTE240M]: V4L2_YCBCR_ENC.SMPTE240M,
}

/** The formats that v4l2-ctl 1.22 takes for YUV; any other is RGB to it, coded ones too. */
const YUV = new Set(
  (
    'UV8 |YVU9|YV12|YUYV|YYUV|YVYU|UYVY|VYUY|422P|411P|Y41P|Y444|YUVO|YUVP|YUV4|AYUV|XYUV|VUYA|VUYX|YUV9|YU12|HI24|HM12|M420|' +
    'NV12|NV21|NV16|NV61|NV24|NV42|NM12|NM21|NM16|NM61|TM12|VM12|YM12|YM21|YM16|YM61|YM24|YM42|S920|S501|S505|S508|CITV|KONI'
  ).split('|'),
)

function mapped(text: (value: number) => string, value: number, isDefault: boolean, meaning: number): string {
  return isDefault ? `${text(value)} (maps to ${text(meaning)})` : text(value)
}

/** The three lines below the color space of a single-planar format, each with what a default stands for. */
export function colorLines({ code, colorspace, xferFunc, ycbcrEnc, quantization }: PixFormat): string[] {
  const transfer = TRANSFER_FUNCTIONS[colorspace] ?? V4L2_XFER_FUNC['709']
  const encoding = ENCODINGS[colorspace] ?? V4L2_YCBCR_ENC['601']
  const isFull = !YUV.has(code) || colorspace === V4L2_COLORSPACE.JPEG
  const range = isFull ? V4L2_QUANTIZATION.FULL_RANGE : V4L2_QUANTIZATION.LIM_RANGE
  return [
    `\tTransfer Function : ${mapped(transferFunctionText, xferFunc, xferFunc === V4L2_XFER_FUNC.DEFAULT, transfer)}`,
    `\tYCbCr/HSV Encoding: ${mapped(encodingText, ycbcrEnc, ycbcrEnc === V4L2_YCBCR_ENC.DEFAULT, encoding)}`,
    `\tQuantization      : ${mapped(rangeText, quantization, quantization === V4L2_QUANTIZATION.DEFAULT, range)}`,
  ]
}
