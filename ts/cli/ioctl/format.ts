import { V4L2_BUF_TYPE, V4L2_PIX_FMT_FLAG } from '../../device/constants.js'
import { fourccText } from '../../device/formats.js'
import type { PixFormat } from '../../device/types.js'
import { colorLines } from './format-colors.js'
import { shown } from './print.js'
import { bufferTypeText, colorSpaceText, encodingText, fieldText, flagsText } from './words.js'
import { rangeText, transferFunctionText } from './words.js'
import type { FlagName } from './words.js'

const PICTURE_FLAGS: readonly FlagName[] = [[V4L2_PIX_FMT_FLAG.PREMUL_ALPHA, 'premultiplied-alpha']]

function isMultiPlanar(type: number): boolean {
  return type === V4L2_BUF_TYPE.VIDEO_CAPTURE_MPLANE || type === V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE
}

/** The code and, where the device lists the format, what it calls it. */
function named(code: string, description: string | undefined): string {
  return description === undefined ? `'${code}'` : `'${code}' (${shown(description)})`
}

function singlePlanarLines(format: PixFormat): string[] {
  const [plane] = format.planes
  return [
    `\tBytes per Line    : ${plane?.bytesPerLine ?? 0}`,
    `\tSize Image        : ${plane?.sizeImage ?? 0}`,
    `\tColorspace        : ${colorSpaceText(format.colorspace)}`,
    ...colorLines(format),
    `\tFlags             : ${flagsText(format.flags, PICTURE_FLAGS)}`,
  ]
}

function multiPlanarLines({ planes, flags, colorspace, xferFunc, ycbcrEnc, quantization }: PixFormat): string[] {
  return [
    `\tNumber of planes  : ${planes.length}`,
    `\tFlags             : ${flagsText(flags, PICTURE_FLAGS)}`,
    `\tColorspace        : ${colorSpaceText(colorspace)}`,
    `\tTransfer Function : ${transferFunctionText(xferFunc)}`,
    `\tYCbCr/HSV Encoding: ${encodingText(ycbcrEnc)}`,
    `\tQuantization      : ${rangeText(quantization)}`,
    ...planes.flatMap(({ bytesPerLine, sizeImage }, index) => [
      `\tPlane ${index}           :`,
      `\t   Bytes per Line : ${bytesPerLine}`,
      `\t   Size Image     : ${sizeImage}`,
    ]),
  ]
}

/** A format of frames; `description` is what the device calls it in its list, if it is there. */
export function pixFormatLines(format: PixFormat, description?: string): string[] {
  return [
    `Format ${bufferTypeText(format.type)}:`,
    `\tWidth/Height      : ${format.width}/${format.height}`,
    `\tPixel Format      : ${named(format.code, description)}`,
    `\tField             : ${fieldText(format.field)}`,
    ...(isMultiPlanar(format.type) ? multiPlanarLines(format) : singlePlanarLines(format)),
  ]
}

/** A format of metadata. */
export function metadataFormatLines(type: number, fourcc: number, bytes: number, description?: string): string[] {
  return [
    `Format ${bufferTypeText(type)}:`,
    `\tSample Format   : ${named(fourccText(fourcc), description)}`,
    `\tBuffer Size     : ${bytes}`,
  ]
}
