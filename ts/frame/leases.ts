import { releaseFrame } from './frame.js'
import type { Surface } from './surface.js'

const TOKENS = 2 ** 32

/**
 * The frames whose memory a device reads, by the number that the addon gives back.
 *
 * @internal
 */
export class Leases {
  readonly #frames = new Map<number, { frame: unknown; surface: Surface | undefined }>()
  #last = 0

  get size(): number {
    return this.#frames.size
  }

  /** Takes note of a frame, and of the surface of ours that it is in. */
  next(frame: unknown, surface: Surface | undefined): number {
    this.#last = (this.#last + 1) % TOKENS
    this.#frames.set(this.#last, { frame, surface })
    return this.#last
  }

  /** The frame was not taken after all. */
  forget(token: number): void {
    this.#frames.delete(token)
  }

  /** The device has let go of the frame. */
  release(token: number): void {
    const lease = this.#frames.get(token)
    this.#frames.delete(token)
    // First, so that the frame's release() may write the next picture.
    lease?.surface?.giveBack()
    releaseFrame(lease?.frame)
  }
}
