import { MetadataSource } from './metadata.js'
import type { MetadataOptions } from './metadata.js'
import { prepareFrame } from './prepare.js'
import type { FrameExpectation } from './prepare.js'
import type { PreparedFrame } from './prepared-frame.js'
import { withRequest } from './request.js'
import type { FrameRequest } from './request.js'

/** What `encode()` was given beside a frame. */
interface Given extends FrameRequest {
  metadata?: unknown
}

/**
 * Frames of one encoder as they come in, with what goes along with them.
 *
 * @internal
 */
export class FrameIntake {
  readonly #metadata: MetadataSource
  readonly #expected: () => FrameExpectation

  constructor(metadata: Required<MetadataOptions> | undefined, expected: () => FrameExpectation) {
    this.#expected = expected
    this.#metadata = new MetadataSource(metadata)
  }

  /** Throws for what is wrong with the frame or what was given beside it. */
  prepare(frame: unknown, given: Given | undefined): PreparedFrame {
    const prepared = this.#metadata.attach(prepareFrame(frame, this.#expected()), frame, given?.metadata)
    return given === undefined ? prepared : withRequest(prepared, given)
  }
}
