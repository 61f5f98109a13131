import type { LentFrame } from './lent-frame.js'

/**
 * The lent frames of a session that the program still has. One that it forgot gives its buffer back when it is collected, so nothing
 * here keeps it.
 *
 * @internal
 */
export class LentFrames {
  #frames: WeakRef<LentFrame>[] = []

  add(frame: LentFrame): LentFrame {
    this.#forget()
    this.#frames.push(new WeakRef(frame))
    return frame
  }

  get count(): number {
    this.#forget()
    return this.#frames.length
  }

  #forget(): void {
    this.#frames = this.#frames.filter((frame) => frame.deref()?.holdsBuffer)
  }
}
