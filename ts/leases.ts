import { releaseFrame } from './frame.js'

const TOKENS = 2 ** 32

/**
 * The frames whose memory a device reads, by the number that the addon gives back.
 *
 * @internal
 */
export class Leases {
  readonly #frames = new Map<number, unknown>()
  #last = 0

  /** Takes note of a frame. */
  next(frame: unknown): number {
    this.#last = (this.#last + 1) % TOKENS
    this.#frames.set(this.#last, frame)
    return this.#last
  }

  /** The frame was not taken after all. */
  forget(token: number): void {
    this.#frames.delete(token)
  }

  /** The device has let go of the frame. */
  release(token: number): void {
    const frame = this.#frames.get(token)
    this.#frames.delete(token)
    releaseFrame(frame)
  }
}
