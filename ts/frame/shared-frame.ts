import type { DmabufFrame, DmabufPlane } from './frame.js'
import type { NativeError, NativeHandle } from '../native/error.js'
import type { NativeDmabuf, NativeCameraFrame } from '../native/camera.js'
import type { PreparedFrame } from './prepared-frame.js'
import { callRelease } from './release.js'
import type { FrameTarget } from './target.js'

/**
 * What every frame of a camera has.
 *
 * @internal
 */
export interface FrameFacts {
  timestamp: number
  duration: number
  width: number
  height: number
  metadata: { captureTime?: number; captureTimeUncertainty?: number }
}

/**
 * A camera's frame in the driver's own buffer. An encoder takes its memory as the addon knows it, with nothing to look up, and
 * holds it by itself. What has another format, other planes or another `release()`, because the program has changed it or made
 * another object of it, is a frame like any other.
 *
 * @internal
 */
export class SharedFrame implements DmabufFrame {
  readonly planes: readonly DmabufPlane[]
  readonly format: 'NV12' | 'I420'
  timestamp: number
  duration: number
  width: number
  height: number
  metadata: FrameFacts['metadata']
  readonly release: () => void
  /** What the addon knows it by. */
  readonly #handle: NativeHandle<NativeCameraFrame>
  readonly #given: NativeDmabuf
  readonly #release: () => void
  #claims = 0
  /** Those to release at the end of this turn: one microtask for all, as every one costs. */
  static #releasing: SharedFrame[] = []

  constructor(
    frame: NativeCameraFrame,
    dmabuf: NativeDmabuf,
    handle: NativeHandle<NativeCameraFrame>,
    facts: FrameFacts,
  ) {
    for (const plane of dmabuf.planes) Object.freeze(plane)
    this.planes = Object.freeze(dmabuf.planes)
    this.format = dmabuf.format as 'NV12' | 'I420'
    this.timestamp = facts.timestamp
    this.duration = facts.duration
    this.width = facts.width
    this.height = facts.height
    this.metadata = facts.metadata
    this.release = this.#release = () => frame.release()
    this.#handle = handle
    this.#given = dmabuf
  }

  /** The frame, where it still is what it was. */
  static unchanged(frame: object): SharedFrame | undefined {
    if (!(#given in frame)) return undefined
    const { planes, format } = frame.#given
    return frame.planes === planes && frame.format === format && frame.release === frame.#release ? frame : undefined
  }

  get handle(): NativeHandle<NativeCameraFrame> {
    return this.#handle
  }

  /** A call of `encode()` wants it. */
  claim(): void {
    this.#claims++
  }

  /** That call is over, and settles the frame next. */
  unclaim(): void {
    this.#claims--
  }

  /** Releases it soon, unless another call wants it then: what a program gives to several encoders at once, all of them get. */
  releaseSoon(): void {
    if (SharedFrame.#releasing.push(this) === 1) queueMicrotask(SharedFrame.#releaseAll)
  }

  static #releaseAll(this: void): void {
    for (const frame of SharedFrame.#releasing.splice(0)) if (frame.#claims === 0) frame.#release()
  }
}

/**
 * A camera's frame that the addon knows.
 *
 * @internal
 */
export class PreparedShared implements PreparedFrame {
  readonly timestamp: number
  readonly duration: number
  readonly #frame: SharedFrame

  constructor(frame: SharedFrame, timestamp: number, duration: number) {
    this.timestamp = timestamp
    this.duration = duration
    this.#frame = frame
  }

  get needsRoom(): boolean {
    return true
  }

  check(): void {}

  forQueue(): this {
    return this
  }

  hold(): undefined {
    this.#frame.claim()
  }

  submit({ addon, handle }: FrameTarget, keyFrame: boolean): number | NativeError {
    return addon.encodeCameraFrame(handle, this.#frame.handle, this.timestamp, this.duration, keyFrame)
  }

  settle(): void {
    this.#frame.unclaim()
    if (SharedFrame.unchanged(this.#frame)) this.#frame.releaseSoon()
    else callRelease(this.#frame)
  }

  withdraw(): void {
    this.#frame.unclaim()
  }
}
