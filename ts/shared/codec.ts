/**
 * The codecs by name; which of them can be had depends on the board.
 *
 * @example
 * ```ts
 * import { Codec, createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: [Codec.H265, Codec.H264] })
 * ```
 */
export const Codec = {
  /** H.264, also known as AVC; Constrained Baseline unless a codec string says otherwise. */
  H264: 'h264',
  /** H.265, also known as HEVC; Main profile. */
  H265: 'h265',
  /** AV1, Main profile. */
  AV1: 'av1',
  /** VP8, by kernel encoders. */
  VP8: 'vp8',
  /** VP9, profile 0, by kernel encoders. */
  VP9: 'vp9',
  /** FWHT, the codec of the kernel's virtual encoder vicodec: for tests without hardware. */
  FWHT: 'fwht',
} as const

/** One of the values of {@link Codec}. */
export type Codec = (typeof Codec)[keyof typeof Codec]
