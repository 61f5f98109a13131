import type { BackendName } from '../shared/backend.js'
import type { RejectedEncoder } from '../shared/errors.js'
import type { EncoderWarning } from '../encoder/options.js'
import type { Distribution } from './statistics.js'

/**
 * Why something did not work.
 *
 * @internal
 */
export interface Failure {
  /** One of the codes of errors, or null of an error that has none. */
  code: string | null
  /** As a sentence. */
  message: string
  /** What would help. */
  hint?: string
  /** Everything that was tried, in order. */
  rejected: readonly RejectedEncoder[]
}

/**
 * Which encoder ran, why, and what it did not take.
 *
 * @internal
 */
export interface EncoderFacts {
  backend: BackendName
  /** The device node, or null for the software encoder. */
  device: string | null
  /** The codec string of RFC 6381. */
  codecString: string
  /** `'realtime'` or `'quality'`. */
  latencyMode: string
  /** Frames that it holds back until more follow; null where that is not known. */
  pipelineDelay: number | null
  /** What was tried before it. */
  rejected: readonly RejectedEncoder[]
  /** Settings that it rejected or changed. */
  warnings: readonly EncoderWarning[]
}

/**
 * Where frames have gone; `frames = chunks + lost`.
 *
 * @internal
 */
export interface FrameCounts {
  /** That the encoder took. */
  frames: number
  /** That came out. */
  chunks: number
  /** That will never come out. */
  lost: number
}

/**
 * Frames that came at the frame rate, as those of a live camera.
 *
 * @internal
 */
export interface PacedResult extends FrameCounts {
  /** Frames that came while as many as may wait in `encode()` did: the encoder is too slow for the rate. */
  refused: number
  /** From the very first frame's being given to its chunk, in milliseconds; null when it did not come. */
  firstChunkMs: number | null
  /** The first frames, which are not in `latencyMs`. */
  warmUpFrames: number
  /** From a frame's being given to its chunk in JavaScript; null when there is none after the warm-up. */
  latencyMs: Distribution | null
  /** The values of `latencyMs`, in the order of the frames. */
  latenciesMs: readonly number[]
  /** Of all chunks. */
  bytes: number
  /** Bits per second that were requested. */
  bitrateAsked: number
  /** Bits per second that came: bits of all chunks, by the time that as many frames last; null without chunks. */
  bitrateReached: number | null
  /** The reached one in percent of the asked one. */
  bitratePercent: number | null
}

/**
 * Frames that were given as fast as the encoder took them.
 *
 * @internal
 */
export interface SaturatedResult extends FrameCounts {
  /** Frames a second, from the first chunk to the last; null of fewer than two. */
  fps: number | null
}

/**
 * What one stream did.
 *
 * @internal
 */
export interface StreamResult {
  encoder: EncoderFacts
  /** How long `createEncoder()` took, in milliseconds. */
  openMs: number
  paced: PacedResult
  /** Null when it was not begun. */
  saturated: SaturatedResult | null
  /** What the first lost frame was lost by, or what ended the stream. */
  failure: Failure | null
}

/**
 * What the streams of a row did together.
 *
 * @internal
 */
export interface TogetherResult {
  /** Of the frames of all streams; null when no stream has any after its warm-up. */
  latencyMs: Distribution | null
  /** The largest p95 of a stream. */
  worstP95Ms: number | null
  /** The longest wait for a stream's first chunk. */
  worstFirstChunkMs: number | null
  /** Chunks of all streams a second, saturated: from the first chunk of any to the last of any, the first not counted. */
  fps: number | null
  /**
   * Processor time of this process for a frame, saturated, in milliseconds. What a kernel driver does in threads of its own, and what the
   * device does, is not in it; copying a frame to the device is.
   */
  cpuMsPerFrame: number | null
  /**
   * How much later than at their beat the frames of the paced pass were given: what this machine had else to do, which is in no latency but
   * disturbs all of them. Null when none was given.
   */
  latenessMs: Distribution | null
}

/**
 * One codec at one size.
 *
 * @internal
 */
export interface BenchRow {
  /** As it was requested. */
  codec: string
  /** In pixels. */
  width: number
  /** In pixels. */
  height: number
  streamsAsked: number
  /** Those that opened. */
  streams: readonly StreamResult[]
  /** Why there are not as many streams as were requested. */
  refusal: Failure | null
  /** Null when no stream opened. */
  together: TogetherResult | null
}

/**
 * Everything that was measured, and on what.
 *
 * @internal
 */
export interface BenchResult {
  /** Of this package. */
  version: string
  /** When it began: ISO 8601, in UTC. */
  date: string
  /** Version of Node.js. */
  node: string
  /** Such as `'linux arm64'`. */
  platform: string
  /** Processors that the system shows. */
  processors: number
  framerate: number
  latencyMode: string
  rows: readonly BenchRow[]
  /** Whether it was ended before everything was measured. */
  interrupted: boolean
}
