import { V4L2_FBUF_CAP, V4L2_FBUF_FLAG, V4L2_JPEG_MARKER } from '../../device/constants.js'
import { fourccText } from '../../device/formats.js'
import { zeroEnded } from '../../device/c-string.js'
import { hex, shown } from './print.js'
import { colourSpaceText } from './words.js'
import type { FlagName } from './words.js'

/** The memory of an overlay as VIDIOC_G_FBUF tells of it, in the kernel's names. */
export interface Framebuffer {
  readonly capability: number
  readonly flags: number
  readonly fmt: {
    readonly width: number
    readonly height: number
    readonly pixelformat: number
    readonly bytesperline: number
    readonly sizeimage: number
    readonly colorspace: number
    readonly priv: number
  }
}

const CAPABILITIES: readonly FlagName[] = [
  [V4L2_FBUF_CAP.EXTERNOVERLAY, 'Extern Overlay'],
  [V4L2_FBUF_CAP.CHROMAKEY, 'Chromakey'],
  [V4L2_FBUF_CAP.SRC_CHROMAKEY, 'Source Chromakey'],
  [V4L2_FBUF_CAP.GLOBAL_ALPHA, 'Global Alpha'],
  [V4L2_FBUF_CAP.LOCAL_ALPHA, 'Local Alpha'],
  [V4L2_FBUF_CAP.LOCAL_INV_ALPHA, 'Local Inverted Alpha'],
  [V4L2_FBUF_CAP.LIST_CLIPPING, 'Clipping List'],
  [V4L2_FBUF_CAP.BITMAP_CLIPPING, 'Clipping Bitmap'],
]

const FLAGS: readonly FlagName[] = [
  [V4L2_FBUF_FLAG.PRIMARY, 'Primary Graphics Surface'],
  [V4L2_FBUF_FLAG.OVERLAY, 'Overlay Matches Capture/Output Size'],
  [V4L2_FBUF_FLAG.CHROMAKEY, 'Chromakey'],
  [V4L2_FBUF_FLAG.SRC_CHROMAKEY, 'Source Chromakey'],
  [V4L2_FBUF_FLAG.GLOBAL_ALPHA, 'Global Alpha'],
  [V4L2_FBUF_FLAG.LOCAL_ALPHA, 'Local Alpha'],
  [V4L2_FBUF_FLAG.LOCAL_INV_ALPHA, 'Local Inverted Alpha'],
]

/** The first name behind the label, each further one on a line of its own. */
function nameLines(label: string, value: number, names: readonly FlagName[]): string[] {
  const [first = '', ...others] = names.filter(([flag]) => (value & flag) !== 0).map(([, name]) => name)
  return [`\t${label.padEnd(14)}: ${first}`, ...others.map((name) => `\t\t\t${name}`)]
}

/** What `--get-fbuf` prints, but the address of the memory. */
export function framebufferLines({ capability, flags, fmt }: Framebuffer): string[] {
  const isExternal = (capability & V4L2_FBUF_CAP.EXTERNOVERLAY) !== 0
  const memory = [
    `\tBytes per Line: ${fmt.bytesperline}`,
    `\tSize image    : ${fmt.sizeimage}`,
    `\tColorspace    : ${colourSpaceText(fmt.colorspace)}`,
    ...(fmt.priv === 0 ? [] : [`\tCustom Info   : ${fmt.priv.toString(16).padStart(8, '0')}`]),
  ]
  return [
    'Framebuffer Format:',
    ...nameLines('Capability', capability, CAPABILITIES),
    ...nameLines('Flags', flags, FLAGS),
    `\tWidth         : ${fmt.width}`,
    `\tHeight        : ${fmt.height}`,
    `\tPixel Format  : '${fourccText(fmt.pixelformat)}'`,
    ...(isExternal ? [] : memory),
  ]
}

/** JPEG compression as old drivers tell of it, in the kernel's names. */
export interface JpegCompression {
  readonly quality: number
  readonly APPn: number
  readonly APP_len: number
  readonly APP_data: Uint8Array
  readonly COM_len: number
  readonly COM_data: Uint8Array
  readonly jpeg_markers: number
}

const MARKERS: readonly FlagName[] = [
  [V4L2_JPEG_MARKER.DHT, 'Define Huffman Tables'],
  [V4L2_JPEG_MARKER.DQT, 'Define Quantization Tables'],
  [V4L2_JPEG_MARKER.DRI, 'Define Restart Interval'],
  [V4L2_JPEG_MARKER.COM, 'Define Comment'],
  [V4L2_JPEG_MARKER.APP, 'Define APP segment'],
]

/** What `--get-jpeg-comp` prints. */
export function jpegCompressionLines(jpeg: JpegCompression): string[] {
  const { quality, APPn, APP_len, APP_data, COM_len, COM_data, jpeg_markers } = jpeg
  return [
    'JPEG compression:',
    `\tQuality: ${quality}`,
    ...(COM_len === 0 ? [] : [`\tComment: '${shown(zeroEnded(COM_data))}'`]),
    ...(APP_len === 0 ? [] : [`\tAPP${(APPn >>> 0).toString(16)}   : '${shown(zeroEnded(APP_data))}'`]),
    `\tMarkers: ${hex(jpeg_markers)}`,
    ...MARKERS.filter(([flag]) => (jpeg_markers & flag) !== 0).map(([, name]) => `\t\t${name}`),
  ]
}
