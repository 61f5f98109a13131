import type { ColorSpace } from '../encoder/options.js'
import { constantRate, isRgb, matrixOf } from './video-facts.js'
import type { VideoFacts } from './video-facts.js'

/**
 * What is requested of ffmpeg besides the input.
 *
 * @internal
 */
export interface FfmpegWish {
  width: number | undefined
  height: number | undefined
  framerate: number | undefined
  /** Undefined where they are not known beforehand. */
  facts: VideoFacts | undefined
  /** Whether frames that are marked as interlaced are looked for, which takes one frame's time; or that there are some is known. */
  interlaced: 'ignored' | 'possible' | 'seen'
}

/**
 * What comes out of ffmpeg that its Y4M does not say, and what the user should know of it.
 *
 * @internal
 */
export interface FfmpegPlan {
  filters: string[]
  framerate: number | undefined
  colorSpace: ColorSpace | undefined
  warnings: string[]
}

/** Frames that are not marked as interlaced pass through it as they are. */
const DEINTERLACE = 'bwdif=mode=send_frame:deint=interlaced'

/** SDR white is 203 cd/m² in HDR video (ITU-R BT.2408). */
function toSdr({ matrix, primaries, hdrTransfer }: VideoFacts): string[] {
  const missing = [...(matrix ? [] : ['colorspace=bt2020nc']), ...(primaries ? [] : ['color_primaries=bt2020'])]
  return [
    `setparams=${[...missing, `color_trc=${hdrTransfer}`].join(':')}`,
    'zscale=transfer=linear:npl=203',
    'format=gbrpf32le',
    'zscale=primaries=bt709',
    'tonemap=hable:desat=0',
    'zscale=transfer=bt709:matrix=bt709:range=limited',
    'format=yuv420p',
  ]
}

/** Frames of another shape get black bars; a difference below 2 % is not worth them. */
function fit(width: number, height: number, colors: string): string[] {
  const wide = `gt(dar,${width / height}*1.02)`
  const tall = `lt(dar,${width / height}/1.02)`
  const size = [
    `w='if(${tall},max(2,2*round(${height}*dar/2)),${width})'`,
    `h='if(${wide},max(2,2*round(${width}/dar/2)),${height})'`,
  ]
  return [`scale=${size.join(':')}${colors}`, `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, 'setsar=1']
}

const SCALE_MATRIX = { smpte170m: 'bt601', bt709: 'bt709', 'bt2020-ncl': 'bt2020' } as const

/**
 * What to say of frames that are repeated.
 *
 * @internal
 */
export function rateNote(average: number | undefined, rate: number, isComplete: boolean): string {
  const known = average === undefined ? '' : `, ${rounded(average)} a second on average`
  const lost = isComplete ? '' : ', and where they are closer than that, some are left out'
  return `The frames of the video come at varying intervals${known}; they are repeated to have ${rounded(rate)} a second${lost}.`
}

function rounded(rate: number): number {
  return Math.round(rate * 100) / 100
}

function colorsOf(facts: VideoFacts, { width, height }: FfmpegWish, warnings: string[]) {
  if (facts.canConvertHdr) {
    warnings.push('The video is HDR; its colors are converted to SDR (BT.709).')
    return { before: toSdr(facts), arguments: '', colorSpace: { matrix: 'bt709', fullRange: false } as const }
  }
  if (facts.hdrTransfer !== undefined) {
    warnings.push(
      'The video is HDR, and this ffmpeg cannot convert it (it has no zscale filter): its colors look pale in the stream.',
    )
  }
  const { matrix, from, isWrong } = matrixOf(facts, height ?? facts.height)
  if (isWrong) {
    warnings.push(
      `The colors of the video are in ${facts.matrix}, which is neither converted nor known to the stream: they look wrong in it.`,
    )
  }
  // Black bars have the black of the limited range.
  const fullRange = facts.fullRange && width === undefined && from === undefined
  const ranges = facts.fullRange && from !== 'auto' ? `:in_range=full:out_range=${fullRange ? 'full' : 'limited'}` : ''
  const matrices = from === undefined ? '' : `:in_color_matrix=${from}:out_color_matrix=${SCALE_MATRIX[matrix]}`
  const rgb = from === 'auto' ? ':out_range=limited' : ''
  return { before: [], arguments: `${matrices}${ranges}${rgb}`, colorSpace: { matrix, fullRange } }
}

/**
 * How ffmpeg gives the frames that were requested, with what the stream will say of them.
 *
 * @internal
 */
export function planFfmpeg(wish: FfmpegWish): FfmpegPlan {
  const { width, height, facts } = wish
  const warnings: string[] = []
  // It would convert what is red, green and blue.
  const filters = wish.interlaced !== 'ignored' && !(facts && isRgb(facts)) ? [DEINTERLACE] : []
  if (wish.interlaced === 'seen' || facts?.isInterlaced) {
    warnings.push('The video is interlaced; its frames are deinterlaced.')
  }
  const colors = facts && colorsOf(facts, wish, warnings)
  filters.push(...(colors?.before ?? []))
  if (width !== undefined && height !== undefined) filters.push(...fit(width, height, colors?.arguments ?? ''))
  else if (colors?.arguments) filters.push(`scale=${colors.arguments.slice(1)}`)
  if (width === undefined && facts && (facts.width % 2 === 1 || facts.height % 2 === 1)) {
    filters.push('crop=2*trunc(iw/2):2*trunc(ih/2):0:0')
    warnings.push(
      `The frames of the video are ${facts.width}x${facts.height}; encoders take even sizes, so the last row or column is cut off.`,
    )
  }
  const constant = wish.framerate === undefined && facts ? constantRate(facts) : undefined
  if (constant && !facts!.isInterlaced) {
    warnings.push(rateNote(facts!.averageRate, constant.rate, constant.isComplete))
  }
  const framerate = wish.framerate ?? constant?.rate
  return { filters, framerate, colorSpace: colors?.colorSpace, warnings }
}
