/**
 * What the probing process is to do, as JSON in its argument.
 *
 * @internal
 */
export interface ProbeRequest {
  /** Where the device's node lies. */
  device: string
  codec: string
  width: number
  height: number
  library?: string
  root?: string
  /** What the encoder may take for any one thing, in milliseconds. */
  timeoutMs: number
}

/**
 * What it answers, as JSON on descriptor 3: standard output is where NVIDIA's library prints.
 *
 * @internal
 */
export type ProbeAnswer = ProbeSuccess | ProbeFailure

/** @internal */
export interface ProbeSuccess {
  openMs: number
  /** Of each chunk, from its frame being given; in the order in which they came. */
  latenciesMs: number[]
  types: ('key' | 'delta')[]
  bytes: number
  framesIn: number
  framesLost: number
  /** What is wrong with the first chunk of which no decoder could make a picture. */
  flaw?: string
  /** Frames that the device holds back; null when it did not show. */
  pipelineDelay: number | null
}

/** @internal */
export interface ProbeFailure {
  code: string
  message: string
  hint?: string
  ioctl?: string
  errno?: string
}

/**
 * Frames a second that the pictures come at, as a camera gives them: latency depends on it.
 *
 * @internal
 */
export const PROBE_FRAMERATE = 30
/**
 * Frames at the start of a trial whose times say more about opening than about encoding: clocks rise, memory is touched for the first
 * time, and the first one waits for the encoder to start.
 *
 * @internal
 */
export const WARM_UP_FRAMES = 10
/**
 * Enough for a median after the warm-up, and for pictures that depend on others.
 *
 * @internal
 */
export const PROBE_FRAMES = 25
/** @internal */
export const ANSWER_DESCRIPTOR = 3
