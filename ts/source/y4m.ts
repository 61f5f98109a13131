import type { ColorSpace, SampleAspectRatio } from '../encoder/options.js'
import { sourceError } from './error.js'

/** How a YUV4MPEG2 stream begins. */
export const SIGNATURE = 'YUV4MPEG2'

/** What its header says about the frames. */
export interface Y4mHeader {
  width: number
  height: number
  framerate: number | undefined
  /** Only where the values use the full range: the format has no word for the matrix. */
  colorSpace: ColorSpace | undefined
  /** Left out where pixels are square, or their shape is not known. */
  sampleAspectRatio: SampleAspectRatio | undefined
}

/** The color spaces that are 8 bit 4:2:0; they differ only in where chroma is sampled. */
const I420_COLORS = new Set(['420', '420jpeg', '420mpeg2', '420paldv'])

const INTERLACED = new Map([
  ['t', 'top field first'],
  ['b', 'bottom field first'],
  ['m', 'mixed with progressive frames'],
])

/** From this height on players take unlabelled frames for BT.709. */
const HD_ROWS = 720

/** Larger numbers do not fit into a stream's description. */
const MAX_ASPECT = 0xffff

/**
 * The matrix that players suppose of frames that do not say it.
 *
 * @internal
 */
export function supposedMatrix(height: number): ColorSpace['matrix'] {
  return height < HD_ROWS ? 'smpte170m' : 'bt709'
}

/**
 * A ratio as a stream can say it; undefined for square pixels and what is no ratio.
 *
 * @internal
 */
export function aspectRatio(text: string | undefined): SampleAspectRatio | undefined {
  const [, first, second] = /^(\d+):(\d+)$/.exec(text ?? '') ?? []
  let [width, height] = [Number(first), Number(second)]
  if (!(width > 0 && height > 0) || width === height) return undefined
  const divisor = greatestCommonDivisor(width, height)
  ;[width, height] = [width / divisor, height / divisor]
  const shrink = Math.max(1, Math.max(width, height) / MAX_ASPECT)
  return { width: Math.max(1, Math.round(width / shrink)), height: Math.max(1, Math.round(height / shrink)) }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

function framerateOf(text: string | undefined): number | undefined {
  const [, numerator, denominator = '1'] = /^(\d+(?:\.\d+)?)(?::(\d+))?$/.exec(text ?? '') ?? []
  const value = Number(numerator) / Number(denominator)
  return value > 0 && Number.isFinite(value) ? value : undefined
}

function sizeOf(text: string | undefined): number {
  return /^\d+$/.test(text ?? '') ? Number(text) : 0
}

/** Why a color space is none that can be encoded. */
function depictColors(colors: string): string {
  const depth = /p(\d+)$/i.exec(colors)?.[1]
  if (depth !== undefined) return `${depth} bits a sample`
  if (/^mono/i.test(colors)) return 'gray without chroma'
  if (/alpha/i.test(colors)) return 'with an alpha channel'
  return 'not 4:2:0'
}

function checkColors(colors: string): void {
  if (I420_COLORS.has(colors.toLowerCase())) return
  throw sourceError(
    `The Y4M input has the color space ${colors} (${depictColors(colors)}); only 8 bit 4:2:0 (C420) can be encoded.`,
    'Convert it: ffmpeg -i INPUT.y4m -pix_fmt yuv420p OUTPUT.y4m',
  )
}

/** What of a source's frames another command line would change. */
type Fault = 'interlaced' | 'rateless'

const faults = new WeakMap<object, Fault>()

/**
 * What an error says of frames that can be had otherwise, if it does.
 *
 * @internal
 */
export function faultOf(error: unknown): Fault | undefined {
  return typeof error === 'object' && error !== null ? faults.get(error) : undefined
}

/**
 * The error of frames that have no rate, and whose times a pipe does not carry.
 *
 * @internal
 */
export function ratelessError(): Error {
  const error = sourceError('The frames come without a rate.', 'Ask for one with the option framerate (--fps).')
  faults.set(error, 'rateless')
  return error
}

function checkInterlacing(fields: string): void {
  const order = INTERLACED.get(fields.toLowerCase())
  if (order === undefined) return
  const error = sourceError(
    `The Y4M input is interlaced (I${fields}: ${order}); only progressive frames can be encoded.`,
    'Have ffmpeg deinterlace it: ffmpeg -i INPUT.y4m -vf bwdif=mode=send_frame OUTPUT.y4m; in a pipe, add -vf bwdif=mode=send_frame to the program that writes it.',
  )
  faults.set(error, 'interlaced')
  throw error
}

/**
 * Reads the header after its first word: `W1280 H720 F30:1 Ip C420jpeg …`. Throws `ERR_SOURCE` for frames that cannot be encoded.
 *
 * @internal
 */
export function parseY4mHeader(line: string): Y4mHeader {
  const words = line.split(/[ \t\r]+/).filter((word) => word !== '')
  const fields = new Map(words.map((word) => [word[0], word.slice(1)]))
  // Comments, of which some have a meaning.
  const comments = new Map(words.filter((word) => word[0] === 'X').map((word) => splitComment(word.slice(1))))
  const [width, height] = [sizeOf(fields.get('W')), sizeOf(fields.get('H'))]
  if (!(width > 0 && height > 0)) {
    throw sourceError(`The Y4M input has no frame size in its header: "${SIGNATURE} ${words.join(' ')}".`)
  }
  // mjpegtools had the color space in a comment before it had a word for it.
  checkColors(fields.get('C') ?? comments.get('YSCSS') ?? '420')
  checkInterlacing(fields.get('I') ?? 'p')
  const fullRange = comments.get('COLORRANGE')?.toUpperCase() === 'FULL'
  return {
    width,
    height,
    framerate: framerateOf(fields.get('F')),
    colorSpace: fullRange ? { matrix: supposedMatrix(height), fullRange } : undefined,
    sampleAspectRatio: aspectRatio(fields.get('A')),
  }
}

function splitComment(comment: string): [name: string, value: string] {
  const at = comment.indexOf('=')
  return at < 0 ? [comment, ''] : [comment.slice(0, at), comment.slice(at + 1)]
}
