import { V4l2EncoderError } from '../shared/errors.js'
import { frameTimes } from '../test-pattern/frame-times.js'
import { MediaTime } from '../output/media-time.js'
import type { MeasuredStream } from './measured-stream.js'
import type { PassRecord, Sample } from './pass-record.js'
import type { BenchPlan } from './plan.js'
import type { EncoderFacts, Failure, FrameCounts, PacedResult, StreamResult, TogetherResult } from './results.js'
import { distributionOf, rounded } from './statistics.js'

/**
 * A stream with what it did in each pass.
 *
 * @internal
 */
export interface StreamRecords {
  stream: MeasuredStream
  paced: PassRecord
  /** Undefined when the pass was not begun. */
  saturated: PassRecord | undefined
}

/** @internal */
export function failureOf(error: unknown): Failure {
  const { code = null, hint } = error as { code?: string; hint?: string }
  return {
    code,
    message: error instanceof Error ? error.message : String(error),
    ...(hint === undefined ? {} : { hint }),
    rejected: error instanceof V4l2EncoderError ? error.rejected : [],
  }
}

/**
 * How many frames at the start count as warm-up: those of the first second, but no more than a quarter of the pass.
 *
 * @internal
 */
export function warmUpOf(given: number, framerate: number): number {
  return Math.min(Math.ceil(framerate), Math.floor(given / 4))
}

function countsOf({ taken, samples, lost }: PassRecord): FrameCounts {
  return { frames: taken, chunks: samples.length, lost }
}

/** Frames that were refused or lost lie between the others and take their time as well. */
function mediaSeconds(samples: readonly Sample[], framerate: number): number {
  const media = new MediaTime()
  for (const { index } of samples) media.add(frameTimes(index, framerate).timestamp)
  return media.seconds(framerate)
}

function pacedResult(record: PassRecord, { encoder }: MeasuredStream, plan: BenchPlan): PacedResult {
  const { samples, given, refused } = record
  const { framerate, bitrate: asked = encoder.config.bitrate } = plan
  // The last frames that a device holds back wait for the flush, not for the device.
  const heldBack = encoder.stats.pipelineDelay ?? 0
  const warmUpFrames = warmUpOf(given, framerate)
  const steady = samples.filter(({ index }) => index >= warmUpFrames && index < given - heldBack)
  const latenciesMs = steady.map(({ latencyMs }) => rounded(latencyMs))
  const first = samples.find(({ index }) => index === 0)
  const bytes = samples.reduce((sum, sample) => sum + sample.bytes, 0)
  const reached = samples.length === 0 ? null : (bytes * 8) / mediaSeconds(samples, framerate)
  return {
    ...countsOf(record),
    refused,
    firstChunkMs: first ? rounded(first.latencyMs) : null,
    warmUpFrames,
    latencyMs: distributionOf(latenciesMs),
    latenciesMs,
    bytes,
    bitrateAsked: asked,
    bitrateReached: reached === null ? null : Math.round(reached),
    bitratePercent: reached === null ? null : rounded((100 * reached) / asked),
  }
}

/** Chunks a second from the first to the last, so that neither opening nor the first frame's way counts. */
function rateOf(samples: readonly Sample[]): number | null {
  const seconds = samples.length < 2 ? 0 : (samples.at(-1)!.at - samples[0]!.at) / 1000
  return seconds > 0 ? rounded((samples.length - 1) / seconds) : null
}

function factsOf({ encoder }: MeasuredStream): EncoderFacts {
  const { backend, device, rejected, warnings, config, stats } = encoder
  const { codecString, latencyMode } = config
  return { backend, device, codecString, latencyMode, pipelineDelay: stats.pipelineDelay, rejected, warnings }
}

/** @internal */
export function streamResult({ stream, paced, saturated }: StreamRecords, plan: BenchPlan): StreamResult {
  return {
    encoder: factsOf(stream),
    openMs: rounded(stream.openMs),
    paced: pacedResult(paced, stream, plan),
    saturated: saturated ? { ...countsOf(saturated), fps: rateOf(saturated.samples) } : null,
    failure: stream.failure === undefined ? null : failureOf(stream.failure),
  }
}

/**
 * Of the chunks of all streams, in the time that passed between the first and the last of any. The sum of the streams' own rates would
 * be more than the device gave where they did not all run for the whole time.
 */
function rateTogether(records: readonly StreamRecords[]): number | null {
  const samples = records.flatMap(({ saturated }) => saturated?.samples ?? [])
  return rateOf(samples.toSorted((a, b) => a.at - b.at))
}

/** Of the frames that all streams finished, because the process has one account of its processor time. */
function cpuOf(records: readonly StreamRecords[]): number | null {
  const samples = records.flatMap(({ saturated }) => saturated?.samples ?? [])
  if (samples.length < 2) return null
  const spent = samples.map(({ cpuUs }) => cpuUs).toSorted((a, b) => a - b)
  return rounded((spent.at(-1)! - spent[0]!) / 1000 / (samples.length - 1))
}

/** The largest of the values that are there. */
function worst(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? null : Math.max(...known)
}

/** @internal */
export function togetherResult(
  records: readonly StreamRecords[],
  streams: readonly StreamResult[],
  latenesses: readonly number[],
): TogetherResult {
  return {
    latencyMs: distributionOf(streams.flatMap(({ paced }) => paced.latenciesMs)),
    worstP95Ms: worst(streams.map(({ paced }) => paced.latencyMs?.p95)),
    worstFirstChunkMs: worst(streams.map(({ paced }) => paced.firstChunkMs)),
    fps: rateTogether(records),
    cpuMsPerFrame: cpuOf(records),
    latenessMs: distributionOf(latenesses.map(rounded)),
  }
}
