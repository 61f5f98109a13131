/**
 * A chunk that came.
 *
 * @internal
 */
export interface Sample {
  /** The number of its frame in the pass, from 0. */
  index: number
  /** From its frame's being given. */
  latencyMs: number
  bytes: number
  /** When it came, by `performance.now()`. */
  at: number
  /** Processor time of the process so far, in microseconds. */
  cpuUs: number
}

/**
 * What one stream did in one pass.
 *
 * @internal
 */
export class PassRecord {
  /** Frames that were given, taken or not. */
  given = 0
  taken = 0
  refused = 0
  readonly samples: Sample[] = []

  add(index: number, givenAt: number, bytes: number): void {
    const at = performance.now()
    const { user, system } = process.cpuUsage()
    this.samples.push({ index, latencyMs: at - givenAt, bytes, at, cpuUs: user + system })
  }

  get lost(): number {
    return this.taken - this.samples.length
  }
}
