import type { Codec } from '../shared/codec.js'

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
  bitrate?: number
  bitrateMode?: 'constant' | 'variable'
  keyFrameInterval?: number
  latencyMode: 'realtime' | 'quality'
  hardware: 'prefer' | 'require' | 'never'
  bitstream: 'annexb' | 'length-prefixed'
  format: string
  /** `smpte170m`, `bt709` or `bt2020-ncl`; follows from the height when left out. */
  matrix?: string
  fullRange?: boolean
  /** Of a pixel; square when left out. */
  sampleAspectRatio?: { width: number; height: number }
  /** The only device that may encode. */
  device?: string
  /** Devices to try before the others. */
  devices?: string[]
  library?: string
  /** Where `/dev`, `/sys`, `/proc` and `/etc` are looked up; `/` when left out. For tests of detection. */
  root?: string
  queueDepth?: number
  /** Whether NVIDIA's library is asked to say when something is ready. */
  devicePoll?: boolean
  timeoutMs: number
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
  bitrateMode: 'constant' | 'variable'
  keyFrameInterval: number
  latencyMode: 'realtime' | 'quality'
  hardware: 'prefer' | 'require' | 'never'
  bitstream: 'annexb' | 'length-prefixed'
  format: string
  /** Left out when it follows from `latencyMode`. */
  queueDepth?: number
  timeoutMs: number
}
