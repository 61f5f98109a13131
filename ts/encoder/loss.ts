/** What `reportLoss()` did. */
export type LossReaction = 'key-frame' | 'intra-refresh' | 'none'

/**
 * What is to be done about losses that a receiver reports: at most one key frame for a burst of them.
 *
 * @internal
 */
export class Losses {
  readonly #requestKeyFrame: () => void
  /** Timestamp of the last key frame that came out, in microseconds. */
  #lastKey = -Infinity
  #isRequested = false

  constructor(requestKeyFrame: () => void) {
    this.#requestKeyFrame = requestKeyFrame
  }

  /** Takes note of a key frame that came out. */
  key(timestamp: number): void {
    this.#lastKey = timestamp
    this.#isRequested = false
  }

  report(timestamp: number, refreshes: boolean): LossReaction {
    if (timestamp < this.#lastKey || this.#isRequested) return 'none'
    // A refresh needs what came with the last key frame.
    if (refreshes && timestamp > this.#lastKey) return 'intra-refresh'
    this.#isRequested = true
    this.#requestKeyFrame()
    return 'key-frame'
  }
}
