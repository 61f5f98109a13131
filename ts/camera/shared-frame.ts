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
  readonly #dmabuf: NativeDmabuf
  readonly #release: () => void

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
    this.#dmabuf = dmabuf
  }

  /** What the addon knows it by, where the frame still is what it was. */
  static pictureOf(frame: object): NativeHandle<NativePicture> | undefined {
    if (!(#dmabuf in frame)) return undefined
    const { planes, format, picture } = frame.#dmabuf
    return frame.planes === planes && frame.format === format && frame.release === frame.#release ? picture : undefined
  }
}
