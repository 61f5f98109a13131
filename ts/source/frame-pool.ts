/** Frames that may lie unused; more are for the garbage collector. */
const KEPT = 8

/**
 * Memory for frames of one size, used again when it is given back.
 *
 * @internal
 */
export class FramePool {
  readonly #byteLength: number
  readonly #free: Uint8Array<ArrayBuffer>[] = []

  constructor(byteLength: number) {
    this.#byteLength = byteLength
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#free.pop() ?? new Uint8Array(this.#byteLength)
  }

  giveBack(memory: Uint8Array<ArrayBuffer>): void {
    // A buffer that was transferred elsewhere has no bytes any more.
    if (memory.byteLength === this.#byteLength && this.#free.length < KEPT) this.#free.push(memory)
  }
}
