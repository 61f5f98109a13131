import type { NativeError } from '../native/error.js'
import type { FrameTarget } from './target.js'

/**
 * A checked frame of any kind, which knows how the addon takes it and how its memory is given back. In one call of `encode()` it is
 * held, submitted until it is taken, and settled.
 *
 * @internal
 */
export interface PreparedFrame {
  /** Whether it waits for a buffer of the device. */
  readonly needsRoom: boolean
  /** Throws where the addon would reject it: a frame that waits is checked early. */
  check: (target: FrameTarget) => void
  /** What waits in its place. */
  forQueue: (target: FrameTarget) => PreparedFrame
  /** From here on its memory is the encoder's. Returns what went wrong with that, which is no reason to stop. */
  hold: () => Error | undefined
  /** The addon's answer: a `TRY_…` number, or what is wrong with the frame. */
  submit: (target: FrameTarget, keyFrame: boolean) => number | NativeError
  /** The call is over. Gives the memory back, now or when the device has read it. */
  settle: () => void
  /** Ends the hold without `release()`: the frame was not taken and is the caller's as before. */
  withdraw: () => void
}

/**
 * A frame with something that the addon is given right before it: all but `submit()` is that of the frame.
 *
 * @internal
 */
export abstract class PreparedAround implements PreparedFrame {
  #frame: PreparedFrame

  constructor(frame: PreparedFrame) {
    this.#frame = frame
  }

  get needsRoom(): boolean {
    return this.#frame.needsRoom
  }

  check(target: FrameTarget): void {
    this.#frame.check(target)
  }

  forQueue(target: FrameTarget): this {
    this.#frame = this.#frame.forQueue(target)
    return this
  }

  hold(): Error | undefined {
    return this.#frame.hold()
  }

  /** Gives the addon what goes with the frame, and then the frame itself by `submitFrame()`. */
  abstract submit(target: FrameTarget, keyFrame: boolean): number | NativeError

  protected submitFrame(target: FrameTarget, keyFrame: boolean): number | NativeError {
    return this.#frame.submit(target, keyFrame)
  }

  settle(): void {
    this.#frame.settle()
  }

  withdraw(): void {
    this.#frame.withdraw()
  }
}
