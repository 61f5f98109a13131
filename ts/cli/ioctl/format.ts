import { V4L2_BUF_TYPE, V4L2_PIX_FMT_FLAG, V4L2_SLICED, V4L2_VBI } from '../../device/constants.js'
import { fourccText } from '../../device/formats.js'
import type { PixFormat, Rect } from '../../device/types.js'
import { colourLines } from './format-colours.js'
import { general, hex, shown } from './print.js'
import { bufferTypeText, colourSpaceText, encodingText, fieldText, flagsText } from './words.js'
import { rangeText, transferFunctionText } from './words.js'
import type { FlagName } from './words.js'

const PICTURE_FLAGS: readonly FlagName[] = [[V4L2_PIX_FMT_FLAG.PREMUL_ALPHA, 'premultiplied-alpha']]

/** An overlay as VIDIOC_G_FMT tells of it, in the kernel's names. */
export interface OverlayWindow {
  readonly w: Rect
  readonly field: number
  readonly chromakey: number
  readonly clipcount: number
  readonly global_alpha: number
  /** The rectangles that are left out, as far as they are known. */
  readonly clips?: readonly Rect[]
}

/** Raw lines of the vertical blanking interval, in the kernel's names. */
export interface VbiFormat {
  readonly sampling_rate: number
  readonly offset: number
  readonly samples_per_line: number
  readonly sample_format: number
  readonly start: readonly number[]
  readonly count: readonly number[]
  readonly flags: number
}

/** Data of the vertical blanking interval, in the kernel's names. */
export interface SlicedVbiFormat {
  readonly service_set: number
  readonly service_lines: readonly (readonly number[])[]
  readonly io_size: number
}

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
    `\tColorspace        : ${colourSpaceText(format.colorspace)}`,
    ...colourLines(format),
    `\tFlags             : ${flagsText(format.flags, PICTURE_FLAGS)}`,
  ]
}

function multiPlanarLines({ planes, flags, colorspace, xferFunc, ycbcrEnc, quantization }: PixFormat): string[] {
  return [
    `\tNumber of planes  : ${planes.length}`,
    `\tFlags             : ${flagsText(flags, PICTURE_FLAGS)}`,
    `\tColorspace        : ${colourSpaceText(colorspace)}`,
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

/** A format of pictures; `description` is what the device calls it in its list, if it is there. */
export function pixFormatLines(format: PixFormat, description?: string): string[] {
  return [
    `Format ${bufferTypeText(format.type)}:`,
    `\tWidth/Height      : ${format.width}/${format.height}`,
    `\tPixel Format      : ${named(format.code, description)}`,
    `\tField             : ${fieldText(format.field)}`,
    ...(isMultiPlanar(format.type) ? multiPlanarLines(format) : singlePlanarLines(format)),
  ]
}

/** A format of an overlay; drivers of today have no bitmaps. */
export function overlayFormatLines(type: number, window: OverlayWindow): string[] {
  const { w, field, chromakey, clipcount, global_alpha, clips = [] } = window
  const rectangles = clips.map(
    ({ width, height, left, top }, index) =>
      `\t\tClip ${String(index).padStart(2)}: ${width}x${height}@${left >>> 0}x${top >>> 0}`,
  )
  return [
    `Format ${bufferTypeText(type)}:`,
    `\tLeft/Top    : ${w.left}/${w.top}`,
    `\tWidth/Height: ${w.width}/${w.height}`,
    `\tField       : ${fieldText(field)}`,
    `\tChroma Key  : ${hex(chromakey)}`,
    `\tGlobal Alpha: 0x${global_alpha.toString(16).padStart(2, '0')}`,
    `\tClip Count  : ${clipcount}`,
    ...rectangles,
    '\tClip Bitmap : No',
  ]
}

const VBI_FLAGS: readonly FlagName[] = [
  [V4L2_VBI.UNSYNC, 'unsynchronized'],
  [V4L2_VBI.INTERLACED, 'interlaced'],
]

/** A format of raw lines of the vertical blanking interval. */
export function vbiFormatLines(type: number, vbi: VbiFormat): string[] {
  const { sampling_rate, offset, samples_per_line, sample_format, start, count, flags } = vbi
  return [
    `Format ${bufferTypeText(type)}:`,
    `\tSampling Rate   : ${sampling_rate} Hz`,
    `\tOffset          : ${offset} samples (${general(offset / sampling_rate)} secs after leading edge)`,
    `\tSamples per Line: ${samples_per_line}`,
    `\tSample Format   : '${fourccText(sample_format)}'`,
    `\tStart 1st Field : ${start[0]}`,
    `\tCount 1st Field : ${count[0]}`,
    `\tStart 2nd Field : ${start[1]}`,
    `\tCount 2nd Field : ${count[1]}`,
    ...(flags === 0 ? [] : [`\tFlags           : ${flagsText(flags, VBI_FLAGS)}`]),
  ]
}

const SERVICES: readonly FlagName[] = [
  [V4L2_SLICED.TELETEXT_B, 'teletext'],
  [V4L2_SLICED.VPS, 'vps'],
  [V4L2_SLICED.CAPTION_525, 'cc'],
  [V4L2_SLICED.WSS_625, 'wss'],
]

const service = (services: number | undefined): string => flagsText(services ?? 0, SERVICES)

/** A format of data of the vertical blanking interval. */
export function slicedVbiFormatLines(type: number, sliced: SlicedVbiFormat): string[] {
  const { service_set, service_lines, io_size } = sliced
  const lines = Array.from({ length: 24 }, (_, line) => {
    const [first, second] = service_lines.map((services) => service(services[line]))
    return `\tService Line ${String(line).padStart(2)}: ${(first ?? '').padStart(8)} / ${(second ?? '').padEnd(8)}`
  })
  return [
    `Format ${bufferTypeText(type)}:`,
    `\tService Set    : ${service(service_set)}`,
    ...lines,
    `\tI/O Size       : ${io_size}`,
  ]
}

/** A format of radio samples or of metadata. */
export function dataFormatLines(type: number, fourcc: number, bytes: number, description?: string): string[] {
  return [
    `Format ${bufferTypeText(type)}:`,
    `\tSample Format   : ${named(fourccText(fourcc), description)}`,
    `\tBuffer Size     : ${bytes}`,
  ]
}
