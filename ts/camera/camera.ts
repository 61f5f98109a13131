// ts/camera: lists, opens and reads V4L2 cameras.
import { abortable, onAbort } from '../shared/abort.js'
import { boolean, checkOptions, optional } from '../shared/check.js'
import { deferred, handled } from '../shared/deferred.js'
import { cut, describe } from '../shared/describe.js'
import type { Deferred } from '../shared/deferred.js'
import { ErrorCode, rangeError, typeError, V4l2EncoderError } from '../shared/errors.js'
import { fromNative } from '../native/to-error.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { closeOnExit, guardedUntilAnswered } from '../native/close-on-exit.js'
import type { DmabufFrame, Frame } from '../frame/frame.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { NativeAddon } from '../native/addon.js'
import type { NativeError } from '../native/error.js'
import type { ColorSpace } from '../encoder/options.js'
import type { Logger } from '../shared/log.js'
import { forEncoder } from '../frame/negotiate.js'
import type { Adaptable } from '../frame/negotiate.js'
import type { CameraControl } from './control.js'
import type {
  CameraStats,
  NativeCamera,
  NativeCameraOptions,
  NativeCameraSettings,
  NativeCameraFrame,
} from '../native/camera.js'
import type { FrameMetadata } from '../frame/metadata.js'
import { SharedFrame } from '../frame/shared-frame.js'
import type { FrameFacts } from '../frame/shared-frame.js'

/** A camera's frames, in the form in which `createEncoder()` takes it. */
export interface CameraConfig {
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /** Frames per second, as the driver reports. */
  framerate: number
  /** How the pixels lie. */
  format: 'NV12' | 'I420'
  /** What their numbers mean. */
  colorSpace: ColorSpace
}

/** When a frame was taken. */
export interface CaptureMetadata extends FrameMetadata {
  /** Microseconds since 1970, UTC; left out where the system has no time. */
  captureTime?: number
  /** By how many microseconds that may be wrong, either way, as far as the system's clock is right. */
  captureTimeUncertainty?: number
}

/** A frame of a camera in memory that is used again after `release()`, which detaches `data`. */
export interface CameraFrame extends Frame {
  /** The pixels, tight: plane after plane, row after row. */
  data: Uint8Array<ArrayBuffer>
  /** Microseconds by the driver's clock, which is the system's monotonic one with nearly every driver. */
  timestamp: number
  /** Microseconds between two frames. */
  duration: number
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /**
   * When the frame was taken, in UTC: `timestamp` with what lay between the monotonic clock and the system's time when the frame came,
   * and how exact that is. It is as right as the system's clock, and means what the driver's timestamp means: mostly the end of
   * the transfer from the sensor. Where the driver's clock is another one, it is the middle of the interval before.
   */
  metadata: CaptureMetadata
  /** Gives the memory back; more calls do nothing. The encoder calls it. */
  release: () => void
}

/** A frame of a camera in the driver's own buffer. While it is not released, the camera has one buffer less. */
export interface CameraDmabufFrame extends DmabufFrame {
  /** Microseconds, as in {@link CameraFrame}. */
  timestamp: number
  /** Microseconds between two frames. */
  duration: number
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /** When the frame was taken, as in {@link CameraFrame}. */
  metadata: CaptureMetadata
  /**
   * Gives the buffer back to the driver, or to an encoder that has taken the frame, which gives it back when it has read it;
   * more calls do nothing. `encode()` and `tryEncode()` call it, soon after they have taken the frame: so several encoders can be
   * given it at once, as by `Promise.all()`.
   */
  release: () => void
}

/** How frames are read. */
export interface CameraFramesOptions {
  /**
   * Whether frames come as DMABUFs, without a copy, where `format` is the camera's own format (`camera.dmabuf`). Where it does not,
   * they come converted all the same.
   * @default in `encoder.encodeAll(camera.frames())` true where the encoder's device reads such memory, else false
   */
  dmabuf?: boolean
}

const INTERLACED =
  'the video is interlaced, so moving edges look like combs. Choose a progressive standard or timing, or deinterlace on playback.'

/** A frame and what is known about it once it is taken. */
type Taken = NativeCameraFrame | NativeError | null

function isFrame(taken: Taken): taken is NativeCameraFrame {
  return taken !== null && !('code' in taken)
}

/**
 * A camera that runs, made by `openCamera()`. Its newest frames wait to be read; older ones are dropped and counted. It is read by
 * one loop at a time, and goes on running when a loop ends, until `close()`.
 *
 * While no loop waits for a frame, it does not keep the process alive, and it is closed when the process exits.
 */
export class Camera {
  readonly #native: NativeCamera
  readonly #settings: NativeCameraSettings
  readonly #forget: () => void
  readonly #ignoreAbort: () => void
  #news: Deferred | undefined
  #isRead = false
  #delivered = 0
  #closing: Promise<void> | undefined
  #reason: { error: unknown } | undefined

  private constructor(addon: NativeAddon, native: NativeCamera, signal: AbortSignal | undefined) {
    this.#native = native
    this.#settings = native.settings()
    this.#forget = closeOnExit(addon)
    this.#ignoreAbort = onAbort(signal, () => {
      this.#reason ??= { error: signal?.reason }
      void handled(this.close())
    })
  }

  /** @internal */
  static async open(
    addon: NativeAddon,
    options: NativeCameraOptions,
    signal: AbortSignal | undefined,
    logger: Logger,
  ): Promise<Camera> {
    // The camera reports its first frames before there is an object, which checks for them anyway.
    let onEvent = (_ended: boolean) => {}
    const open = () => addon.openCamera(options, (error) => onEvent(Boolean(error)))
    const opening = guardedUntilAnswered(addon, open)
    const opened = await keepAliveWhile(abortable(opening, signal)).catch((error: unknown) => {
      // Nobody wants it any more.
      void handled(opening.then((late) => ('error' in late ? undefined : late.close().finally(() => late.release()))))
      throw error
    })
    if ('error' in opened) throw fromNative(opened.error)
    const camera = new Camera(addon, opened, signal)
    onEvent = (ended) => {
      if (ended) camera.#onClosed()
      camera.#wake()
    }
    if (camera.interlaced) logger.log('warn', `${camera.name} (${camera.device}): ${INTERLACED}`)
    return camera
  }

  /** The device node. */
  get device(): string {
    return this.#settings.device
  }

  /** What the device calls itself. */
  get name(): string {
    return this.#settings.name
  }

  /** The kernel driver, such as `'uvcvideo'`. */
  get driver(): string {
    return this.#settings.driver
  }

  /** The camera's own format, such as `'YUYV'` or `'MJPEG'`, before any conversion. */
  get cameraFormat(): string {
    return this.#settings.nativeFormat
  }

  /** Whether frames can come as DMABUFs: `format` is the camera's own format, and its driver exports its memory. */
  get dmabuf(): boolean {
    return this.#settings.dmabuf && this.#settings.nativeFormat === this.#settings.format
  }

  /**
   * Whether each frame is two fields that were taken one after the other, as in analogue video, so that moving edges look like combs. The
   * fields are woven row by row; nothing is deinterlaced.
   */
  get interlaced(): boolean {
    return this.#settings.interlaced
  }

  /** The frames as they are, for `createEncoder({ codec: 'h264', ...camera.config })`. */
  get config(): Readonly<CameraConfig> {
    const { width, height, framerate, format, colorSpace } = this.#settings
    return { width, height, framerate, format, colorSpace: { ...colorSpace } }
  }

  /** Counters as of now. */
  get stats(): CameraStats {
    return this.#native.stats()
  }

  /** Lists what can be set, such as exposure and gain, with the values as of now. */
  async controls(): Promise<CameraControl[]> {
    const controls = await keepAliveWhile(this.#native.controls())
    if ('error' in controls) throw fromNative(controls.error)
    return controls.map(({ value, defaultValue, kind, ...control }) => ({
      ...control,
      type: kind,
      default: defaultValue,
      value: value ?? null,
    }))
  }

  /**
   * Sets a control by its name and resolves with the value that the driver took. Rejects with `ERR_CONTROL` (a RangeError) for a
   * control that the camera does not have or a value that it cannot take; the device is not asked then.
   */
  async setControl(name: string, value: number | boolean): Promise<number> {
    if (typeof name !== 'string') {
      throw typeError(ErrorCode.Control, `A control's name must be a string, but is ${describe(name)}.`)
    }
    const number = typeof value === 'boolean' ? Number(value) : value
    if (!Number.isSafeInteger(number)) {
      throw rangeError(
        ErrorCode.Control,
        `The control ${cut(name)} takes whole numbers, true or false, not ${describe(value)}.`,
      )
    }
    const answer = await keepAliveWhile(this.#native.setControl(name, number))
    if (typeof answer === 'object') throw fromNative(answer.error)
    return answer
  }

  /**
   * Reads the frames. The loop ends when the camera is closed, and throws what it failed with: `ERR_DEVICE_LOST` when it was
   * unplugged, `ERR_FORMAT_CHANGED`, `ERR_TIMEOUT` when no frame that can be used comes in time, `ERR_DEVICE`, or the reason of the
   * `signal`; `ERR_BUSY` while another loop reads.
   */
  frames(options?: CameraFramesOptions & { dmabuf?: false }): AsyncIterableIterator<CameraFrame>
  frames(options: CameraFramesOptions): AsyncIterableIterator<CameraFrame | CameraDmabufFrame>
  frames(options: CameraFramesOptions = {}): AsyncIterableIterator<CameraFrame | CameraDmabufFrame> {
    const { dmabuf } = checkOptions(options, { dmabuf: optional(boolean) }, 'frames()')
    let shared = dmabuf ?? false
    if (this.#isRead) throw new V4l2EncoderError(ErrorCode.Busy, 'One loop reads this camera already.')
    this.#isRead = true
    let over = false
    const end = (): IteratorReturnResult<undefined> => {
      if (!over) this.#isRead = false
      over = true
      return { done: true, value: undefined }
    }
    const iterator: AsyncIterableIterator<CameraFrame | CameraDmabufFrame> & Adaptable = {
      [forEncoder]: ({ dmabuf: accepted, dmabufFormats }) => {
        shared = dmabuf ?? (accepted === 'same-layout' && dmabufFormats.includes(this.config.format))
      },
      next: async () => {
        if (over) return end()
        try {
          const frame = await keepAliveWhile(this.#next(shared && this.dmabuf, () => over))
          if (!frame) return end()
          this.#delivered++
          return { done: false, value: frame }
        } catch (error) {
          end()
          throw error
        }
      },
      return: async () => {
        const result = end()
        this.#wake()
        return result
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  /** Reads the frames, as `frames()` does. */
  [Symbol.asyncIterator](): AsyncIterableIterator<CameraFrame> {
    return this.frames()
  }

  /** What `console.log()` prints: nothing is asked of the device, so it also works after the end. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const { device, name, driver, cameraFormat, config } = this
    const state = this.#closing ? 'closed' : 'open'
    return printed(
      'Camera',
      { device, name, driver, cameraFormat, ...config, state, delivered: this.#delivered },
      ...rest,
    )
  }

  /** Stops the camera and lets the device go. A loop that reads ends. Frames stay valid until they are released. */
  close(): Promise<void> {
    return (this.#closing ??= keepAliveWhile(this.#close()))
  }

  /** Closes at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#ignoreAbort()
    try {
      await this.#native.close()
    } finally {
      this.#native.release()
      this.#forget()
      this.#wake()
    }
  }

  /** The device is closed, by this program or otherwise. */
  #onClosed(): void {
    this.#ignoreAbort()
    this.#forget()
  }

  #wake(): void {
    this.#news?.resolve()
    this.#news = undefined
  }

  /** The next frame, or none when the camera was closed or the loop is over. */
  async #next(dmabuf: boolean, isOver: () => boolean): Promise<CameraFrame | CameraDmabufFrame | undefined> {
    for (;;) {
      if (isOver()) return undefined
      if (this.#closing) return this.#ended()
      const taken = this.#native.take()
      if (isFrame(taken)) {
        const frame = (dmabuf && this.#shared(taken)) || (await this.#converted(taken))
        if (frame && isOver()) frame.release()
        else if (frame) return frame
      } else if (taken) {
        await this.close()
        throw fromNative(taken)
      } else {
        await (this.#news ??= deferred()).promise
      }
    }
  }

  #ended(): undefined {
    if (!this.#reason) return undefined
    throw this.#reason.error
  }

  /** What every frame has. */
  #facts(frame: NativeCameraFrame): FrameFacts {
    const { duration, width, height } = this.#settings
    const captureTime = frame.captureTime()
    const captureTimeUncertainty = frame.captureTimeUncertainty()
    const metadata = Number.isNaN(captureTime) ? {} : { captureTime, captureTimeUncertainty }
    return { timestamp: frame.timestamp(), duration, width, height, metadata }
  }

  #shared(frame: NativeCameraFrame): CameraDmabufFrame | undefined {
    const shared = frame.dmabuf()
    if (!shared) return undefined
    const facts = this.#facts(frame)
    if (shared.frame) return new SharedFrame(frame, shared, shared.frame, facts)
    const format = shared.format as CameraConfig['format']
    return { planes: shared.planes, format, ...facts, release: () => frame.release() }
  }

  /** Undefined for a damaged frame, which is counted. */
  async #converted(frame: NativeCameraFrame): Promise<CameraFrame | undefined> {
    const memory = await frame.convert()
    if ('code' in memory) {
      if (memory.code === ErrorCode.Frame) return undefined
      await this.close()
      throw fromNative(memory)
    }
    let held: ArrayBuffer | undefined = memory
    const release = () => {
      if (held) frame.release(held)
      held = undefined
    }
    const { format } = this.#settings
    return { data: new Uint8Array(memory), format, ...this.#facts(frame), release }
  }
}
