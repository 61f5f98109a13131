/**
 * How long the frames last that chunks were made from. Their times say it, and the frame rate only where those do not: a camera that is
 * slower than it says makes fewer bits a second, and fewer frames.
 *
 * @internal
 */
export class MediaTime {
  #count = 0
  #first = Infinity
  #last = -Infinity

  /** A frame that was taken at this time, in microseconds. */
  add(timestamp: number): void {
    this.#count++
    this.#first = Math.min(this.#first, timestamp)
    this.#last = Math.max(this.#last, timestamp)
  }

  /** In seconds; the last frame lasts as long as the others do on average. */
  seconds(framerate: number): number {
    const span = this.#last - this.#first
    if (this.#count < 2 || span <= 0) return this.#count / framerate
    return (span / 1e6) * (this.#count / (this.#count - 1))
  }
}
