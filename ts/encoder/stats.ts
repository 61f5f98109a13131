import type { StagesStats } from '../output/stages.js'

/** Milliseconds from a frame being taken to its chunk, over the last 512 chunks. */
export interface LatencyStats {
  /** Of the newest chunk. */
  last: number
  /** Half of the chunks came within this time. */
  p50: number
  /** 95 of 100 chunks came within this time. */
  p95: number
  /** 99 of 100 chunks came within this time. */
  p99: number
  /** The longest. */
  max: number
}

/** Counters of an encoder; at every moment `framesIn = chunksOut + framesLost + inFlight`. */
export interface EncoderStats {
  /** Frames that were taken. */
  framesIn: number
  /** Of `framesIn`: copied into a buffer of the device's own. */
  framesCopied: number
  /** Of `framesIn`: written by the program into a buffer that `acquireFrame()` lent. */
  framesLent: number
  /** Of `framesIn`: read by the device where they were, in DMABUFs. */
  framesImported: number
  /** Frames whose chunk has come. */
  chunksOut: number
  /** Frames that were taken and will not come. */
  framesLost: number
  /** Frames that were taken and may still come. */
  inFlight: number
  /** Coded bytes. */
  bytesOut: number
  /** Key frames among the chunks. */
  keyFrames: number
  /** Frames that the device holds back until more follow; null until it is known. */
  pipelineDelay: number | null
  /** How long frames take; null before the first chunk. */
  latencyMs: LatencyStats | null
  /** Where that time goes. */
  stages: StagesStats
  /** Devices of this process that never returned from a call; each keeps a thread waiting. */
  hungDevices: number
}
