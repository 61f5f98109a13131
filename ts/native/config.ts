import type { Codec } from '../shared/codec.js'

/** How the bit rate is held. */
export const BITRATE_MODES = ['constant', 'variable', 'quantizer'] as const

/** One of {@link BITRATE_MODES}. */
export type BitrateMode = (typeof BITRATE_MODES)[number]

/** Profiles of H.264 and H.265 by name. */
export const PROFILES = ['auto', 'constrained-baseline', 'baseline', 'main', 'high'] as const

/** One of {@link PROFILES}. */
export type ProfileName = (typeof PROFILES)[number]

/** What becomes of an encoder that has no control for what was asked for. */
export const ON_UNSUPPORTED = ['error', 'warn'] as const

/** One of {@link ON_UNSUPPORTED}. */
export type OnUnsupported = (typeof ON_UNSUPPORTED)[number]

/** How long an encoder searches. */
export const PRESETS = ['ultrafast', 'fast', 'medium', 'slow'] as const

/** One of {@link PRESETS}. */
export type Preset = (typeof PRESETS)[number]

/** What frames show, as WebCodecs has it. */
export const CONTENT_HINTS = ['motion', 'detail', 'text'] as const

/** One of {@link CONTENT_HINTS}. */
export type ContentHint = (typeof CONTENT_HINTS)[number]

/** Temporal layers, as WebRTC's scalable video coding names them. */
export const SCALABILITY_MODES = ['L1T1', 'L1T2', 'L1T3'] as const

/** One of {@link SCALABILITY_MODES}. */
export type ScalabilityMode = (typeof SCALABILITY_MODES)[number]

/** What an encoder favours. */
export const LATENCY_MODES = ['realtime', 'quality'] as const

/** One of {@link LATENCY_MODES}. */
export type LatencyMode = (typeof LATENCY_MODES)[number]

/** Whether hardware encodes. */
export const HARDWARE_CHOICES = ['prefer', 'require', 'never'] as const

/** One of {@link HARDWARE_CHOICES}. */
export type HardwareChoice = (typeof HARDWARE_CHOICES)[number]

/** How the units of a stream are put together. */
export const BITSTREAMS = ['annexb', 'length-prefixed'] as const

/** One of {@link BITSTREAMS}. */
export type Bitstream = (typeof BITSTREAMS)[number]

/** WebCodecs' names of what kernel and NVIDIA encoders can signal. */
export const MATRICES = ['smpte170m', 'bt709', 'bt2020-ncl'] as const

/** One of {@link MATRICES}. */
export type Matrix = (typeof MATRICES)[number]

/** What luma and chroma mean. */
export interface NativeColorSpace {
  matrix: Matrix
  /** Limited when left out. */
  fullRange?: boolean
}

export interface NativeCodecChoice {
  codec: Codec
  /** `constrained-baseline`, `baseline`, `main`, `high`; H.265: `main`. */
  profile?: string
  /** `3.1`, `5`, … */
  level?: string
  /** Of H.265: the High tier. */
  highTier?: boolean
}

/** A configuration whose names and types are checked; values and ranges are checked by the addon. */
export interface NativeConfig {
  codecs: NativeCodecChoice[]
  width: number
  height: number
  framerate: number
  adaptFramerate: boolean
  bitrate?: number
  bitrateMode?: BitrateMode
  keyFrameInterval?: number
  /** What else is asked for, by the names of the options; booleans are 0 and 1. */
  parameters: Record<string, number | string>
  onUnsupported: OnUnsupported
  /** Whether `setMetadata()` is going to be called. */
  metadata?: boolean
  latencyMode: LatencyMode
  hardware: HardwareChoice
  bitstream: Bitstream
  format: string
  /** Follows from the height when left out. */
  colorSpace?: NativeColorSpace
  /** Of a pixel; square when left out. */
  sampleAspectRatio?: { width: number; height: number }
  /** The only device that may encode, or devices to try before the others. */
  device?: string | string[]
  library?: string
  /** Where `/dev`, `/sys`, `/proc` and `/etc` are looked up; `/` when left out. For tests of detection. */
  root?: string
  queueDepth?: number
  /** Whether NVIDIA's library is asked to say when something is ready. */
  devicePoll?: boolean
  timeout: number
  logLevel: string
}

/** The configuration in force. */
export interface NativeResolvedConfig {
  codec: Codec
  /** RFC 6381. */
  codecString: string
  width: number
  height: number
  framerate: number
  bitrate: number
  bitrateMode: BitrateMode
  keyFrameInterval: number
  latencyMode: LatencyMode
  hardware: HardwareChoice
  bitstream: Bitstream
  format: string
  /** Left out when it follows from `latencyMode`. */
  queueDepth?: number
  timeout: number
}
