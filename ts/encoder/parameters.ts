import { boolean, number, oneOf, optional } from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import { CONTENT_HINTS, PRESETS, SCALABILITY_MODES } from '../native/config.js'
import type { ContentHint, Preset, ScalabilityMode } from '../native/config.js'

/**
 * What may be asked of an encoder besides size, rates and codec. An encoder that has no control for one of them is not used
 * (`ERR_CONTROL` in `encoder.rejected`), or warns, by the option `onUnsupported`. `encoder.settings` has what became of each.
 */
export interface EncoderParameters {
  /**
   * Bits per second that are not exceeded for longer than the buffer of `bufferMs` lasts, at least `bitrate`: of
   * `bitrateMode: 'variable'`, which it implies.
   * @default 1.2 times the bit rate
   */
  maxBitrate?: number
  /**
   * The buffer that a decoder is supposed to have, in milliseconds of the bit rate, 1 to 60000: how far the sizes of frames may
   * deviate from the mean. Two frames are little, a second is much.
   * @default two frames in `latencyMode: 'realtime'`, a second in `'quality'`, where the encoder has a control for it
   */
  bufferMs?: number
  /**
   * The quantizer of all frames, of `bitrateMode: 'quantizer'`, which it implies: 0 (finest) to 51 for H.264 and H.265, to 63 for
   * VP8, VP9 and AV1.
   * @default 28
   */
  quantizer?: number
  /**
   * The finest quantizer that the rate control may use.
   * @default chosen by the encoder
   */
  minQuantizer?: number
  /**
   * The coarsest quantizer that the rate control may use: what it cannot save with it goes beyond the bit rate.
   * @default chosen by the encoder
   */
  maxQuantizer?: number
  /**
   * The finest quantizer of key frames.
   * @default `minQuantizer`
   */
  minKeyQuantizer?: number
  /**
   * The coarsest quantizer of key frames.
   * @default `maxQuantizer`
   */
  maxKeyQuantizer?: number
  /**
   * Frames from one intra frame to the next: between key frames they stop errors, and decoding cannot begin with them.
   * @default as many as `keyFrameInterval`
   */
  intraFrameInterval?: number
  /**
   * Frames in which the whole frame is refreshed by intra blocks, a part with each frame, 2 to 10000: errors end without the burst
   * of a key frame.
   * @default no intra refresh
   */
  intraRefreshPeriod?: number
  /**
   * The same, by rows of macroblocks that each frame refreshes.
   * @default no intra refresh
   */
  intraRefreshRows?: number
  /**
   * Slices of each frame, 1 to 256.
   * @default one; in software one for each thread
   */
  sliceCount?: number
  /**
   * Bytes of a slice at most, 256 to 1000000, so that each fits into a packet.
   * @default no limit
   */
  sliceBytes?: number
  /**
   * How long the encoder searches for a better result.
   * @default 'ultrafast' in `latencyMode: 'realtime'`, 'medium' in `'quality'`, where the encoder has a control for it
   */
  preset?: Preset
  /**
   * What the frames show, as WebCodecs has it: `'text'` is for screens. A hint that an encoder does not take is no reason not to use
   * it: it is `'unsupported'` in `encoder.settings`.
   * @default motion
   */
  contentHint?: ContentHint
  /**
   * Begins each chunk with an access unit delimiter, which MPEG-TS and HLS want.
   * @default false
   */
  accessUnitDelimiters?: boolean
  /**
   * Temporal layers: in `'L1T2'` each second frame, in `'L1T3'` three of four, can be dropped by a receiver or a server.
   * @default 'L1T1'
   */
  scalabilityMode?: ScalabilityMode
  /**
   * Frames that a frame may refer to, 1 to 16.
   * @default 1 in `latencyMode: 'realtime'`, where the encoder has a control for it
   */
  referenceFrames?: number
  /**
   * Whether frames may have `regions`, which are coded finer or coarser than the rest: a device has to be set up for them.
   * @default false
   */
  regionsOfInterest?: boolean
  /**
   * Whether the device is asked about each chunk, for `chunk.quantizer`. What the question costs on a board has not been measured.
   * @default false
   */
  chunkStatistics?: boolean
}

/** @internal */
export const PARAMETER_CHECKS: { [K in keyof Required<EncoderParameters>]: Check<EncoderParameters[K]> } = {
  maxBitrate: optional(number),
  bufferMs: optional(number),
  quantizer: optional(number),
  minQuantizer: optional(number),
  maxQuantizer: optional(number),
  minKeyQuantizer: optional(number),
  maxKeyQuantizer: optional(number),
  intraFrameInterval: optional(number),
  intraRefreshPeriod: optional(number),
  intraRefreshRows: optional(number),
  sliceCount: optional(number),
  sliceBytes: optional(number),
  preset: optional(oneOf(PRESETS)),
  contentHint: optional(oneOf(CONTENT_HINTS)),
  accessUnitDelimiters: optional(boolean),
  scalabilityMode: optional(oneOf(SCALABILITY_MODES)),
  referenceFrames: optional(number),
  regionsOfInterest: optional(boolean),
  chunkStatistics: optional(boolean),
} satisfies Checks<EncoderParameters>

/**
 * Checked options in two parts: parameters as the addon takes them, and the rest.
 *
 * @internal
 */
export function splitParameters<T extends EncoderParameters>(
  checked: T,
): { parameters: Record<string, number | string>; rest: Omit<T, keyof EncoderParameters> } {
  const parameters: Record<string, number | string> = {}
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(checked)) {
    if (!Object.hasOwn(PARAMETER_CHECKS, name)) rest[name] = value
    else if (value !== undefined) parameters[name] = typeof value === 'boolean' ? Number(value) : value
  }
  return { parameters, rest: rest as Omit<T, keyof EncoderParameters> }
}
