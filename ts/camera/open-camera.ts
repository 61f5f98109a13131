import {
  abortSignal,
  checkOptions,
  number,
  oneOf,
  optional,
  positiveInteger,
  string,
  withDefault,
} from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import { logOption } from '../shared/log-option.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { Logger } from '../shared/log.js'
import type { LogOption } from '../shared/log.js'
import type { NativeAddon } from '../native/addon.js'
import { Camera } from './camera.js'
import type { NativeCameraOptions } from '../native/camera.js'

/** How a camera is opened. */
export interface CameraOptions {
  /**
   * Which camera: its `index` in `listCameras()`, its device node (`'/dev/video0'`), or a part of its name.
   * @default 0
   */
  camera?: number | string
  /**
   * Width in pixels; even. Frames are not scaled: the camera must support it.
   * @default that of the size next to 1280x720 which reaches the rate
   */
  width?: number
  /**
   * Height in pixels; even.
   * @default see `width`
   */
  height?: number
  /**
   * Frames per second to request; the actual rate is `camera.config.framerate`.
   * @default 30
   */
  framerate?: number
  /**
   * How the pixels of frames lie. The camera's frames are converted to it, once, unless it is the camera's own format.
   * @default 'NV12'
   */
  format?: 'NV12' | 'I420'
  /**
   * The only format to take from the camera, by its name in `listCameras()`, such as `'YUYV'` or `'MJPEG'`.
   * @default the cheapest one that supports size and rate
   */
  cameraFormat?: string
  /**
   * Buffers of the driver, 4 to 32. All but two can be in frames that are not released yet.
   * @default 6
   */
  buffers?: number
  /**
   * Frames that may wait to be read, 1 to 8; then the oldest is dropped.
   * @default 2
   */
  limit?: number
  /**
   * Milliseconds that the camera has to open, and between two frames that can be used; damaged ones do not count.
   * @default 5000
   */
  timeout?: number
  /**
   * Where warnings about the camera go.
   * @default the level of `V4L2_ENCODER_LOG`, or `'warn'`, to standard error
   */
  log?: LogOption
  /** Ends the opening, or the iteration, with the signal's reason, and closes the camera. */
  signal?: AbortSignal
}

const which: Check<number | string> = (value, name) => {
  if (typeof value === 'string' && value !== '') return string(value, name)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 32) return value
  throw typeError(
    ErrorCode.Config,
    `The option ${name} must be a camera's index, its device node or a part of its name.`,
    'listCameras() shows which cameras there are.',
  )
}

interface Checked {
  camera: number | string
  width: number | undefined
  height: number | undefined
  framerate: number | undefined
  format: string
  cameraFormat: string | undefined
  buffers: number
  limit: number
  timeout: number
  log: LogOption | undefined
  signal: AbortSignal | undefined
}

const CHECKS: Checks<Checked> & Record<keyof CameraOptions, unknown> = {
  camera: withDefault(which, 0),
  width: optional(positiveInteger),
  height: optional(positiveInteger),
  framerate: optional(number),
  format: withDefault(oneOf(['NV12', 'I420']), 'NV12'),
  cameraFormat: optional(string),
  buffers: withDefault(positiveInteger, 6),
  limit: withDefault(positiveInteger, 2),
  timeout: withDefault(positiveInteger, 5000),
  log: optional(logOption),
  signal: optional(abortSignal),
}

/** A path is what has a slash; names of cameras have none. */
function deviceOf(camera: number | string): Pick<NativeCameraOptions, 'index' | 'path' | 'name'> {
  if (typeof camera === 'number') return { index: camera }
  return camera.includes('/') ? { path: camera } : { name: camera }
}

/** @internal */
export async function openCameraOn(loadAddon: () => NativeAddon, options: unknown): Promise<Camera> {
  const checked = checkOptions(options, CHECKS, 'openCamera()')
  const { camera, width, height, framerate, cameraFormat, format, buffers, limit, timeout, log, signal } = checked
  if ((width === undefined) !== (height === undefined)) {
    throw rangeError(ErrorCode.Config, 'The options width and height of openCamera() go together.')
  }
  const native: NativeCameraOptions = {
    ...deviceOf(camera),
    ...(width !== undefined && { width, height: height! }),
    ...(framerate !== undefined && { framerate }),
    ...(cameraFormat !== undefined && { nativeFormat: cameraFormat }),
    format,
    buffers,
    keep: limit,
    timeout,
  }
  signal?.throwIfAborted()
  return Camera.open(loadAddon(), native, signal, Logger.from(log))
}
