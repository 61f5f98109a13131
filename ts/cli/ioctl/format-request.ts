import { V4L2_BUF_TYPE, V4L2_COLORSPACE, V4L2_FIELD, V4L2_HSV_ENC, V4L2_PIX_FMT_FLAG } from '../../device/constants.js'
import { V4L2_QUANTIZATION, V4L2_XFER_FUNC, V4L2_YCBCR_ENC } from '../../device/constants.js'
import { formatByCode, fourcc } from '../../device/formats.js'
import type { PixFormatRequest } from '../../device/pix-format.js'
import type { PixFormat } from '../../device/types.js'
import { usageError } from '../exit.js'
import { assignments, oneWord, wholeNumber } from './parse.js'
import { ifAnswered } from './inspected-device.js'
import type { InspectedDevice } from './inspected-device.js'

type Words = Readonly<Record<string, number>>

const FIELDS: Words = {
  any: V4L2_FIELD.ANY,
  none: V4L2_FIELD.NONE,
  top: V4L2_FIELD.TOP,
  bottom: V4L2_FIELD.BOTTOM,
  interlaced: V4L2_FIELD.INTERLACED,
  seq_tb: V4L2_FIELD.SEQ_TB,
  seq_bt: V4L2_FIELD.SEQ_BT,
  alternate: V4L2_FIELD.ALTERNATE,
  interlaced_tb: V4L2_FIELD.INTERLACED_TB,
  interlaced_bt: V4L2_FIELD.INTERLACED_BT,
}

const COLOR_SPACES: Words = {
  smpte170m: V4L2_COLORSPACE.SMPTE170M,
  smpte240m: V4L2_COLORSPACE.SMPTE240M,
  rec709: V4L2_COLORSPACE.REC709,
  '470m': V4L2_COLORSPACE['470_SYSTEM_M'],
  '470bg': V4L2_COLORSPACE['470_SYSTEM_BG'],
  jpeg: V4L2_COLORSPACE.JPEG,
  srgb: V4L2_COLORSPACE.SRGB,
  oprgb: V4L2_COLORSPACE.OPRGB,
  bt2020: V4L2_COLORSPACE.BT2020,
  dcip3: V4L2_COLORSPACE.DCI_P3,
}

const TRANSFER_FUNCTIONS: Words = {
  default: V4L2_XFER_FUNC.DEFAULT,
  smpte240m: V4L2_XFER_FUNC.SMPTE240M,
  rec709: V4L2_XFER_FUNC['709'],
  srgb: V4L2_XFER_FUNC.SRGB,
  oprgb: V4L2_XFER_FUNC.OPRGB,
  dcip3: V4L2_XFER_FUNC.DCI_P3,
  smpte2084: V4L2_XFER_FUNC.SMPTE2084,
  none: V4L2_XFER_FUNC.NONE,
}

const ENCODINGS: Words = {
  default: V4L2_YCBCR_ENC.DEFAULT,
  '601': V4L2_YCBCR_ENC['601'],
  '709': V4L2_YCBCR_ENC['709'],
  xv601: V4L2_YCBCR_ENC.XV601,
  xv709: V4L2_YCBCR_ENC.XV709,
  bt2020: V4L2_YCBCR_ENC.BT2020,
  bt2020c: V4L2_YCBCR_ENC.BT2020_CONST_LUM,
  smpte240m: V4L2_YCBCR_ENC.SMPTE240M,
}

const HUES: Words = { default: V4L2_YCBCR_ENC.DEFAULT, '180': V4L2_HSV_ENC['180'], '256': V4L2_HSV_ENC['256'] }

const RANGES: Words = {
  default: V4L2_QUANTIZATION.DEFAULT,
  'full-range': V4L2_QUANTIZATION.FULL_RANGE,
  'lim-range': V4L2_QUANTIZATION.LIM_RANGE,
}

const PARTS = ['width', 'height', 'pixelformat', 'field', 'colorspace', 'xfer', 'ycbcr', 'hsv', 'quantization']
const PLANE_PARTS = ['bytesperline', 'sizeimage']

/** The largest number that is the place of a format in the list rather than a code. */
const LAST_INDEX = 255

/** A code, or the place of a format in the list of the queue. */
async function codeOf(inspected: InspectedDevice, type: number, text: string): Promise<number> {
  const formats = await inspected.formats(type)
  const index = /^\d{1,3}$/.test(text) ? Number(text) : undefined
  const code = index === undefined || index > LAST_INDEX ? fourcc(text) : formats[index]?.fourcc
  if (code !== undefined && formats.some((format) => format.fourcc === code)) return code
  const known = formats.map((format) => format.code).join(', ')
  throw usageError(`${inspected.device.path} has no format "${text}" there. It has ${known || 'none'}.`)
}

const COLOR_PARTS: Readonly<Record<string, readonly [keyof PixFormat, Words]>> = {
  field: ['field', FIELDS],
  colorspace: ['colorspace', COLOR_SPACES],
  xfer: ['xferFunc', TRANSFER_FUNCTIONS],
  ycbcr: ['ycbcrEnc', ENCODINGS],
  hsv: ['ycbcrEnc', HUES],
  quantization: ['quantization', RANGES],
}

/** What the parts but those of planes say. */
async function common(
  inspected: InspectedDevice,
  type: number,
  parts: readonly (readonly [string, string])[],
): Promise<Partial<PixFormat>> {
  const format: Record<string, number> = {}
  for (const [name, value] of parts) {
    const [member, words] = (Object.hasOwn(COLOR_PARTS, name) ? COLOR_PARTS[name] : undefined) ?? []
    if (name === 'pixelformat') format.fourcc = await codeOf(inspected, type, value)
    else if (words) format[member!] = oneWord(words, value, name)
    else format[name] = wholeNumber(value, name)
  }
  return format
}

/** NVIDIA's library reports no format before one is set. */
function noFormat(type: number): PixFormat {
  const colors = { colorspace: 0, xferFunc: 0, ycbcrEnc: 0, quantization: 0 }
  return { type, width: 0, height: 0, fourcc: 0, code: '', field: 0, flags: 0, planes: [], ...colors }
}

/** As many planes as the format has there, and for coded data as many bytes as raw frames have, which is enough. */
function firstPlanes({ width = 0, height = 0, fourcc: code = 0 }: Partial<PixFormat>): PixFormat['planes'] {
  const format = formatByCode(code, 'nvidia')
  const sizeImage = format?.isCoded ? Math.ceil((width * height * 3) / 2) : 0
  return Array.from({ length: format?.planes ?? 1 }, () => ({ bytesPerLine: 0, sizeImage }))
}

/** Those of planes may come once for each. */
function planesOf(
  parts: readonly (readonly [string, string])[],
  current: Pick<PixFormat, 'planes'>,
): PixFormatRequest['planes'] {
  const numbers = (name: string) => parts.filter(([part]) => part === name).map(([, value]) => wholeNumber(value, name))
  const [lines, sizes] = PLANE_PARTS.map(numbers) as [number[], number[]]
  const count = Math.max(current.planes.length, lines.length, sizes.length)
  return Array.from({ length: count }, (_, plane) => ({
    // A stride that is not requested is the driver's to choose, as it fits the new width.
    bytesPerLine: lines[plane] ?? 0,
    sizeImage: sizes[plane] ?? current.planes[plane]?.sizeImage ?? 0,
  }))
}

/** Of an output the colors are set; of a capture they are requested by a flag. */
function isOutput(type: number): boolean {
  return type === V4L2_BUF_TYPE.VIDEO_OUTPUT || type === V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE
}

const COLORS = new Set(['colorspace', 'xfer', 'ycbcr', 'hsv', 'quantization'])

/** The format in force with what `width=…,height=…,pixelformat=…` changes about it, as v4l2-ctl requests it. */
export async function changedFormat(
  inspected: InspectedDevice,
  type: number,
  text: string,
  option: string,
): Promise<PixFormatRequest> {
  const isPremultiplied = text.split(',').includes('premul-alpha')
  const rest = text.split(',').filter((part) => part !== 'premul-alpha')
  const parts = rest.length > 0 ? assignments(rest.join(','), option, [...PARTS, ...PLANE_PARTS]) : []
  const answer = inspected.device.format(type)
  const current = (inspected.device.transport === 'nvidia' ? await ifAnswered(answer) : await answer) ?? noFormat(type)
  const changes = await common(
    inspected,
    type,
    parts.filter(([name]) => !PLANE_PARTS.includes(name)),
  )
  const asksColors = !isOutput(type) && parts.some(([name]) => COLORS.has(name))
  const flags = isPremultiplied ? V4L2_PIX_FMT_FLAG.PREMUL_ALPHA : current.flags
  const { code: _, ...without } = current
  return {
    ...without,
    ...changes,
    flags: flags | (asksColors ? V4L2_PIX_FMT_FLAG.SET_CSC : 0),
    planes: planesOf(parts, current.planes.length > 0 ? current : { planes: firstPlanes(changes) }) ?? [],
  }
}
