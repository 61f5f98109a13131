const TOKENS = 2 ** 32

/**
 * Memory that a device reads.
 *
 * @internal
 */
export interface Leased {
  /** The device no longer needs it. */
  giveBack: () => void
}

/**
 * The memory that a device reads, by the number that the addon reports when the device no longer needs it.
 *
 * @internal
 */
export class Leases {
  readonly #leased = new Map<number, Leased>()
  #last = 0

  get size(): number {
    return this.#leased.size
  }

  /** A number for the next frame. */
  next(): number {
    this.#last = (this.#last + 1) % TOKENS
    return this.#last
  }

  /** The frame of this number was taken. */
  add(token: number, leased: Leased): void {
    this.#leased.set(token, leased)
  }

  /** The device no longer needs the frame of this number. */
  release(token: number): void {
    const leased = this.#leased.get(token)
    this.#leased.delete(token)
    leased?.giveBack()
  }
}
