import type { DmabufPlane } from '../frame.js'
import type { NativeHandle } from '../native.js'
import type { CameraConfig, CameraDmabufFrame } from './camera.js'
import type { NativeDmabuf, NativePicture } from './native.js'

/**
 * A camera's picture in the driver's own buffer. An encoder takes its memory as the addon knows it, with nothing to look up, and
 * gives it back to the driver from its own thread. What says something else, because the program has changed it or made another
 * object of it, is a frame like any other.
 *
 * @internal
 */
export class SharedFrame implements CameraDmabufFrame {
  readonly planes: readonly DmabufPlane[]
  readonly format: CameraConfig['format']
  timestamp: number
  duration: number
  width: number
  height: number
  readonly release: () => void
  readonly #picture: NativePicture
  readonly #dmabuf: NativeDmabuf
  readonly #release: () => void
  #waiting = 0

  constructor(
    picture: NativePicture,
    dmabuf: NativeDmabuf,
    facts: { timestamp: number; duration: number; width: number; height: number },
  ) {
    this.planes = dmabuf.planes
    this.format = dmabuf.format as CameraConfig['format']
    this.timestamp = facts.timestamp
    this.duration = facts.duration
    this.width = facts.width
    this.height = facts.height
    this.release = this.#release = () => picture.release()
    this.#picture = picture
    this.#dmabuf = dmabuf
  }

  /** The frame, where it still is what it was. */
  static untouched(frame: object): SharedFrame | undefined {
    if (!(#dmabuf in frame)) return undefined
    const { planes, format } = frame.#dmabuf
    return frame.planes === planes && frame.format === format && frame.release === frame.#release ? frame : undefined
  }

  /** What the addon knows it by. */
  get picture(): NativeHandle<NativePicture> {
    return this.#dmabuf.picture
  }

  /** Calls of `encode()` that wait with it: while one does, another encoder that has read it must not give it back. */
  get waiting(): number {
    return this.#waiting
  }

  beginWaiting(): void {
    // Another encoder may have it already.
    this.#picture.hold()
    this.#waiting++
  }

  endWaiting(): void {
    this.#waiting--
  }
}
