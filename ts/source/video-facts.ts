import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { supposedMatrix } from './y4m.js'
import type { ColorSpace } from '../encoder/options.js'

/**
 * What a video file says about its frames and what a pipe of Y4M does not carry.
 *
 * @internal
 */
export interface VideoFacts {
  /** As they are stored, before a rotation. */
  width: number
  height: number
  /** ffmpeg's name of the pixel format. */
  pixelFormat: string
  fullRange: boolean
  /** ffmpeg's name of the matrix; undefined where the file does not say it. */
  matrix: string | undefined
  /** ffmpeg's name of the transfer of HDR video, PQ or HLG; undefined for any other. */
  hdrTransfer: string | undefined
  /** ffmpeg's name of the primaries; undefined where the file does not say them. */
  primaries: string | undefined
  isInterlaced: boolean
  /** Frames per second over the whole file; undefined where that is not known. */
  averageRate: number | undefined
  /** The lowest rate at which each frame has a place, which ffmpeg repeats frames to. */
  baseRate: number | undefined
  /** When the first frames are shown, in seconds, for files that have no rate. */
  times: readonly number[]
  /** Whether ffmpeg can convert HDR. */
  canConvertHdr: boolean
  /** How long the video takes, in seconds; undefined where the file does not say it. */
  duration: number | undefined
}

const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67'])
const FIELD_ORDERS = new Set(['tt', 'bb', 'tb', 'bt'])
const STREAM_ENTRIES = [
  'width',
  'height',
  'pix_fmt',
  'color_range',
  'color_space',
  'color_transfer',
  'color_primaries',
  'field_order',
  'r_frame_rate',
  'avg_frame_rate',
  'duration',
].join()
/** Some files say it in their frames only. */
const FIRST_FRAME = [
  '-read_intervals',
  '%+#1',
  '-show_entries',
  `stream=${STREAM_ENTRIES}:format=duration:frame=interlaced_frame`,
]
/** So many show how regular a file's frames come. */
const LOOKED_AT_PACKETS = 600
const PROBE_MS = 5000
/** Encoders count on at most so many frames a second. */
const MAX_FRAMERATE = 240
/** Repeating frames up to this rate costs little. */
const CHEAP_FRAMERATE = 61

const run = promisify(execFile)

type Stream = Record<string, string | number | undefined>

interface Probed {
  streams?: Stream[]
  format?: { duration?: string }
  frames?: { interlaced_frame?: number }[]
  packets?: { pts_time?: string }[]
}

async function ffprobe(input: string, signal: AbortSignal | undefined, ...args: string[]): Promise<Probed> {
  const all = ['-v', 'error', '-select_streams', 'V:0', '-of', 'json', ...args, '-i', input]
  const { stdout } = await run('ffprobe', all, { timeout: PROBE_MS, maxBuffer: 1 << 24, signal })
  return JSON.parse(stdout) as Probed
}

function rateOf(fraction: unknown): number | undefined {
  const [numerator, denominator] = String(fraction).split('/').map(Number)
  const rate = numerator! / denominator!
  return rate > 0 && Number.isFinite(rate) ? rate : undefined
}

function secondsOf(text: unknown): number | undefined {
  const seconds = Number(text)
  return seconds > 0 && Number.isFinite(seconds) ? seconds : undefined
}

function known(name: unknown): string | undefined {
  return typeof name === 'string' && !['unknown', 'unspecified', 'reserved', ''].includes(name) ? name : undefined
}

/**
 * Whether ffmpeg would repeat frames to a rate that is far from that of the frames, as times in milliseconds or of 90 kHz make it.
 *
 * @internal
 */
export function needsRate({ averageRate, baseRate }: Pick<VideoFacts, 'averageRate' | 'baseRate'>): boolean {
  if (baseRate === undefined || baseRate <= CHEAP_FRAMERATE) return false
  if (averageRate === undefined) return baseRate > MAX_FRAMERATE
  return baseRate > MAX_FRAMERATE ? averageRate < 0.9 * baseRate : averageRate < baseRate / 1.9
}

async function hdrFilters(signal: AbortSignal | undefined): Promise<boolean> {
  const { stdout } = await run('ffmpeg', ['-hide_banner', '-filters'], { timeout: PROBE_MS, signal })
  return /\szscale\s/.test(stdout) && /\stonemap\s/.test(stdout)
}

/**
 * Probes with ffprobe a file or URL. Undefined where that is not installed or has nothing to say: ffmpeg then says what is wrong, or
 * the frames are what they seem to be.
 *
 * @internal
 */
export async function probeVideo(input: string, signal: AbortSignal | undefined): Promise<VideoFacts | undefined> {
  try {
    const { streams, format, frames = [] } = await ffprobe(input, signal, ...FIRST_FRAME)
    const stream = streams?.[0]
    if (!stream) return undefined
    const pixelFormat = known(stream.pix_fmt) ?? ''
    const transfer = known(stream.color_transfer)
    const facts = {
      width: Number(stream.width),
      height: Number(stream.height),
      pixelFormat,
      fullRange: stream.color_range === 'pc' || pixelFormat.startsWith('yuvj'),
      matrix: known(stream.color_space),
      hdrTransfer: HDR_TRANSFERS.has(transfer ?? '') ? transfer : undefined,
      primaries: known(stream.color_primaries),
      isInterlaced: FIELD_ORDERS.has(String(stream.field_order)) || frames[0]?.interlaced_frame === 1,
      averageRate: rateOf(stream.avg_frame_rate),
      baseRate: rateOf(stream.r_frame_rate),
      // Matroska has it of the file only.
      duration: secondsOf(stream.duration) ?? secondsOf(format?.duration),
    }
    const times = needsRate(facts) ? await firstTimes(input, signal) : []
    return { ...facts, times, canConvertHdr: facts.hdrTransfer !== undefined && (await hdrFilters(signal)) }
  } catch {
    signal?.throwIfAborted()
    return undefined
  }
}

/**
 * The duration that ffmpeg prints of an input, in seconds; undefined for `N/A`.
 *
 * @internal
 */
export function printedDuration(text: string): number | undefined {
  const [, hours, minutes, seconds] = /^ *Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)/m.exec(text) ?? []
  return secondsOf(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds))
}

/**
 * The duration of a file or URL in seconds, for machines that have ffmpeg without ffprobe.
 *
 * @internal
 */
export async function durationByFfmpeg(input: string, signal: AbortSignal | undefined): Promise<number | undefined> {
  try {
    // It prints what the input is, and then fails, as it has no output.
    await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', input], { timeout: PROBE_MS, signal })
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    return printedDuration(String((error as { stderr?: unknown }).stderr))
  }
}

async function firstTimes(input: string, signal: AbortSignal | undefined): Promise<number[]> {
  const interval = ['-read_intervals', `%+#${LOOKED_AT_PACKETS}`]
  const { packets = [] } = await ffprobe(input, signal, ...interval, '-show_entries', 'packet=pts_time')
  const times = packets.map(({ pts_time: time }) => Number(time)).filter((time) => Number.isFinite(time))
  return times.toSorted((a, b) => a - b)
}

const DEFAULT_FRAMERATE = 30
const USUAL_RATES = [10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240]

/** Whether no two frames are nearest to the same place of a constant rate. */
function hasPlaceForEach(times: readonly number[], rate: number): boolean {
  const places = times.map((time) => Math.round((time - times[0]!) * rate))
  return places.every((place, index) => index === 0 || place > places[index - 1]!)
}

/** A rate that frames of varying intervals are repeated to. */
interface ConstantRate {
  rate: number
  /** Whether every frame is shown; some may be too close to each other. */
  isComplete: boolean
}

/**
 * The lowest constant rate at which every frame is shown, for a file without one; undefined where ffmpeg's own choice is good.
 *
 * @internal
 */
export function constantRate(facts: VideoFacts): ConstantRate | undefined {
  const { times, averageRate, baseRate, isInterlaced } = facts
  // ffmpeg counts their fields, too.
  if (isInterlaced && averageRate !== undefined && Math.round(baseRate! / averageRate) === 2) {
    return { rate: averageRate, isComplete: true }
  }
  if (!needsRate(facts)) return undefined
  const [first, last] = [times[0], times.at(-1)]
  const measured = times.length > 1 && last! > first! ? (times.length - 1) / (last! - first!) : undefined
  // Slow motion, in a file that does not say its average.
  if (averageRate === undefined && measured !== undefined && measured > 0.9 * baseRate!) return undefined
  const average = averageRate ?? measured ?? DEFAULT_FRAMERATE
  const usual = USUAL_RATES.filter((rate) => rate > average * 0.99)
  const fit = [...(average <= MAX_FRAMERATE ? [average] : []), ...usual].find((rate) => hasPlaceForEach(times, rate))
  return { rate: fit ?? usual.find((rate) => rate >= 60) ?? MAX_FRAMERATE, isComplete: fit !== undefined }
}

/** ffmpeg's names of the matrices that a stream can be labelled with. */
const MATRICES: Record<string, ColorSpace['matrix']> = {
  smpte170m: 'smpte170m',
  bt470bg: 'smpte170m',
  bt709: 'bt709',
  bt2020nc: 'bt2020-ncl',
  // Not the same, but ffmpeg decodes it so as well.
  bt2020c: 'bt2020-ncl',
}

/** The matrices that ffmpeg's scale filter converts from. */
const CONVERTIBLE = new Set(['fcc', 'smpte240m'])

/**
 * Whether frames are red, green and blue rather than luma and chroma.
 *
 * @internal
 */
export function isRgb({ pixelFormat, matrix }: VideoFacts): boolean {
  return matrix === 'gbr' || /^(?:gbr|0?rgb|0?bgr|[ab]gr|argb|abgr|pal8|bayer|x2rgb|x2bgr|mono)/.test(pixelFormat)
}

/**
 * The matrix that a file's frames have after ffmpeg, and how it gets there.
 *
 * @internal
 */
export function matrixOf(
  facts: VideoFacts,
  height: number,
): { matrix: ColorSpace['matrix']; from?: string; isWrong?: boolean } {
  const carried = MATRICES[facts.matrix ?? '']
  if (carried) return { matrix: carried }
  if (isRgb(facts)) return { matrix: supposedMatrix(height), from: 'auto' }
  if (CONVERTIBLE.has(facts.matrix ?? '')) return { matrix: supposedMatrix(height), from: facts.matrix! }
  return { matrix: supposedMatrix(facts.height), isWrong: facts.matrix !== undefined }
}
