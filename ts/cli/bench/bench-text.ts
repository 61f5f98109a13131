import type { BenchResult, BenchRow, EncoderFacts, Failure, StreamResult, TogetherResult } from '../../bench/results.js'
import { alignedRows } from '../table.js'

const HEADINGS = ['CODEC', 'SIZE', 'STREAMS', 'ENCODER', 'P50', 'P95', 'P99', 'MAX', 'FIRST', 'FPS', 'CPU', 'BIT RATE']
const UNKNOWN = '-'

type Known = number | null | undefined

function fixed(value: Known, digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : UNKNOWN
}

/** Milliseconds, as finely as they mean something. */
function milliseconds(value: Known): string {
  return fixed(value, typeof value === 'number' && value < 10 ? 2 : 1)
}

function bitrateOf(streams: readonly StreamResult[]): string {
  const known = streams.map(({ paced }) => paced).filter((paced) => paced.bitrateReached !== null)
  if (known.length === 0) return UNKNOWN
  const sum = (of: (paced: StreamResult['paced']) => number) => known.reduce((total, paced) => total + of(paced), 0)
  const reached = sum(({ bitrateReached }) => bitrateReached!)
  return `${(reached / 1000).toFixed(0)}k (${((100 * reached) / sum(({ bitrateAsked }) => bitrateAsked)).toFixed(0)}%)`
}

function cellsOf({ codec, width, height, streamsAsked, streams, together }: BenchRow): string[] {
  const { length } = streams
  const latency = together?.latencyMs
  return [
    codec,
    `${width}x${height}`,
    length === streamsAsked ? String(length) : `${length} of ${streamsAsked}`,
    streams[0]?.encoder.backend ?? UNKNOWN,
    ...[latency?.p50, latency?.p95, latency?.p99, latency?.max, together?.worstFirstChunkMs].map(milliseconds),
    fixed(together?.fps, 1),
    milliseconds(together?.cpuMsPerFrame),
    bitrateOf(streams),
  ]
}

/** The sentence, which names everything that was tried, and each hint once. */
function linesOf({ message, hint, rejected }: Failure): string[] {
  const hints = [...rejected.map((one) => one.hint), hint].filter((one) => one !== undefined)
  return [message, ...new Set(hints)]
}

/** Which encoder it is, and everything that is not as it was requested. */
function encoderLines({ backend, device, codecString, rejected, warnings }: EncoderFacts): string[] {
  return [
    `${device === null ? backend : `${backend} on ${device}`}, ${codecString}`,
    ...rejected.map((one) => `not ${one.device ?? one.backend}: ${one.message}`),
    ...warnings.map(({ setting, message }) => (setting === undefined ? message : `${setting}: ${message}`)),
  ]
}

function problemsOf({ paced, saturated, failure }: StreamResult): string[] {
  const total = paced.frames + paced.refused
  const lost = paced.lost + (saturated?.lost ?? 0)
  return [
    ...(paced.refused > 0
      ? [`Frames rejected because the encoder was not ready for them: ${paced.refused} of ${total}.`]
      : []),
    ...(lost > 0 ? [`Frames lost: ${lost}.`] : []),
    ...(failure === null ? [] : linesOf(failure)),
  ]
}

/** A line of its own for each of several streams. */
function streamLine({ encoder, paced, saturated }: StreamResult, index: number): string {
  const { latencyMs: latency, bitratePercent } = paced
  const times = latency
    ? `p50 ${milliseconds(latency.p50)}, p95 ${milliseconds(latency.p95)}, max ${milliseconds(latency.max)} ms`
    : 'no latency'
  const rest = `${fixed(saturated?.fps, 1)} fps, ${fixed(bitratePercent, 0)}% of the bit rate`
  return `stream ${index + 1} (${encoder.device ?? encoder.backend}): ${times}, ${rest}`
}

/** Frames that are half an interval late are not those of a camera any more. */
function disturbances(together: TogetherResult | null, framerate: number): string[] {
  const late = together?.latenessMs
  if (!late || late.p99 < 500 / framerate) return []
  const what = `p99 ${milliseconds(late.p99)}, max ${milliseconds(late.max)} ms`
  return [`Frames were submitted late (${what}): this machine was busy with other things, which affects every figure.`]
}

function detailsOf({ streamsAsked, streams, refusal, together }: BenchRow, framerate: number): string[] {
  const several = streams.length > 1
  const partial = refusal !== null && streams.length > 0
  const [reason = '', ...more] = refusal === null ? [] : linesOf(refusal)
  return [
    ...(streams[0] ? encoderLines(streams[0].encoder) : []),
    ...(partial ? [`${streams.length} of ${streamsAsked} streams opened: ${reason}`, ...more] : []),
    ...(refusal !== null && !partial ? [reason, ...more] : []),
    ...streams.flatMap((stream, index) => [
      ...(several ? [streamLine(stream, index)] : []),
      ...problemsOf(stream).map((line) => (several ? `  ${line}` : line)),
    ]),
    ...(several && together?.worstP95Ms ? [`worst p95 ${milliseconds(together.worstP95Ms)} ms`] : []),
    ...disturbances(together, framerate),
  ]
}

/** What the columns are, in short. */
function legendOf({ framerate, latencyMode }: BenchResult): string[] {
  return [
    `P50 to MAX: ms from a frame to its chunk at ${Number(framerate.toFixed(2))} fps, after the warm-up; FIRST: the first one.`,
    `FPS: as fast as it goes (${latencyMode}); CPU: ms of this process per frame then, without a kernel driver's own threads.`,
    'BIT RATE: kbit/s at that rate, and what part of the target. Frames are drawn beforehand.',
  ]
}

/** One line for each codec and size, and below it which encoder ran and why; then what the columns are. */
export function tableLines(result: BenchResult): string[] {
  const [headings, ...rows] = alignedRows([HEADINGS, ...result.rows.map(cellsOf)])
  const details = result.rows.map((row) => detailsOf(row, result.framerate).map((line) => `  ${line}`))
  const explained = rows.flatMap((row, index) => [row, ...details[index]!])
  return [
    headings!,
    ...explained,
    ...(result.interrupted ? ['Interrupted: this is what was measured until then.'] : []),
    '',
    ...legendOf(result),
  ]
}
