/**
 * Width and height in pixels.
 *
 * @internal
 */
export interface Size {
  width: number
  height: number
}

/**
 * What is to be measured: every codec at every size.
 *
 * @internal
 */
export interface BenchPlan {
  /** As `createEncoder()` takes them, one each. */
  codecs: readonly string[]
  sizes: readonly Size[]
  /** Frames per second of the paced pass, and what the rate control reckons with. */
  framerate: number
  /** Bits per second; undefined leaves it to the encoder. */
  bitrate: number | undefined
  /** Frames of each pass and stream at most. */
  frames: number
  /** Seconds of each pass at most. */
  seconds: number
  /** Encoders at a time. */
  streams: number
  hardware: 'prefer' | 'require' | 'never'
  latencyMode: 'realtime' | 'quality'
  device: string | string[] | undefined
  library: string | undefined
}

/**
 * How many frames the paced pass gives to each stream.
 *
 * @internal
 */
export function pacedFrames({ frames, seconds, framerate }: BenchPlan): number {
  // The rate may be a fraction such as 30000/1001, whose product is a hair above a whole number.
  return Math.min(frames, Math.ceil(seconds * framerate - 1e-6))
}
