// ts/encoder: the encoder: its options, its session with the addon, and the order of what is asked of it.
import { abortSignal, boolean, optional, withDefault } from '../shared/check.js'
import type { Checks } from '../shared/check.js'
import type { FrameMetadata } from '../frame/metadata.js'
import type { FrameRegion } from '../frame/request.js'
import { RESTART_CHECK } from './update.js'
import type { UpdateOptions } from './update.js'

/** How one frame is encoded by `tryEncode()`. */
export interface TryEncodeOptions {
  /**
   * Makes a key frame of it.
   * @default false
   */
  keyFrame?: boolean
  /**
   * Empties the encoder first: all frames before it are out before it goes in, so that a key frame or a quantizer is of exactly this
   * frame, while controls of a device are of *some* next frame. The frames behind it wait meanwhile, which costs about the
   * latency of the encoder. On a device that holds frames back the stream is ended and a new one begun, which makes a key frame of it.
   * @default false
   */
  exact?: boolean
  /**
   * Its quantizer, of `bitrateMode: 'quantizer'`: 0 (finest) to 51 for H.264 and H.265, to 63 for VP8, VP9 and AV1. `ERR_CONFIG` in
   * another mode, `ERR_CONTROL` where the encoder has no control for it.
   * @default that of the encoder
   */
  quantizer?: number
  /**
   * Parts of it that are coded finer or coarser than the rest, at most 8; of an encoder that was created with `regionsOfInterest`.
   * @default none
   */
  regions?: readonly FrameRegion[]
  /**
   * What goes into the stream with it, each member before the frame's own; of an encoder that was created with `metadata`.
   * @default the frame's own `metadata`
   */
  metadata?: FrameMetadata
}

/** How one frame is encoded. */
export interface EncodeOptions extends TryEncodeOptions {
  /** Takes the frame back while it waits for room; once it is taken it has no effect. */
  signal?: AbortSignal
}

/** How to wait for something that cannot be taken back. */
export interface WaitOptions {
  /** Ends the waiting with the signal's reason; the task itself goes on. */
  signal?: AbortSignal
}

/** How `encodeAll()` works. */
export interface EncodeAllOptions {
  /** Ends the iteration with the signal's reason and draws no more frames. */
  signal?: AbortSignal
}

/** How to close. */
export interface CloseOptions extends WaitOptions {
  /**
   * Gives up what is not coded yet, which is then reported as lost.
   * @default false
   */
  discard?: boolean
}

/** @internal */
export const TRY_ENCODE_CHECKS: Checks<TryEncodeOptions> = {
  keyFrame: withDefault(boolean, false),
  exact: withDefault(boolean, false),
  // Checked with the frame.
  quantizer: (value) => value as number | undefined,
  regions: (value) => value as readonly FrameRegion[] | undefined,
  metadata: (value) => value as FrameMetadata | undefined,
}
/** @internal */
export const WAIT_CHECKS: Checks<WaitOptions> = { signal: optional(abortSignal) }
/** @internal */
export const ENCODE_CHECKS: Checks<EncodeOptions> = { ...TRY_ENCODE_CHECKS, ...WAIT_CHECKS }
/** @internal */
export const UPDATE_CHECKS: Checks<UpdateOptions> = { ...RESTART_CHECK, ...WAIT_CHECKS }
/** @internal */
export const CLOSE_CHECKS: Checks<CloseOptions> = { ...WAIT_CHECKS, discard: withDefault(boolean, false) }
