import { TestSource } from '../test-pattern/testsrc.js'

const MOST_PICTURES = 16
/** Beyond it large frames get a shorter ring: 4K ones take 12 MB each. */
const MOST_BYTES = 64 << 20
/** With fewer, every second frame would be the same. */
const LEAST_PICTURES = 3

/**
 * Frames of the moving pattern in I420, drawn beforehand, so that they cost nothing while an encoder is measured. They are played
 * forwards and backwards in turn: a jump from the last to the first would be a new scene for the encoder.
 *
 * @internal
 */
export class FrameRing {
  readonly #frames: readonly Uint8Array[]

  /** Width and height in pixels must be even, and at least 64. */
  constructor(width: number, height: number) {
    const source = new TestSource(width, height)
    const affordable = Math.floor(MOST_BYTES / source.byteLength)
    const count = Math.max(LEAST_PICTURES, Math.min(MOST_PICTURES, affordable))
    this.#frames = Array.from({ length: count }, (_, index) => source.draw(index))
  }

  get length(): number {
    return this.#frames.length
  }

  /** The frame at that place (from 0) of the endless sequence; do not write to it. */
  at(index: number): Uint8Array {
    const last = this.#frames.length - 1
    const phase = index % (2 * last)
    return this.#frames[phase <= last ? phase : 2 * last - phase]!
  }
}
