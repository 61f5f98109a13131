import { abortable } from '../shared/abort.js'
import { abortSignal, checkOptions, optional } from '../shared/check.js'
import { guardedUntilAnswered } from '../native/close-on-exit.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { NativeAddon } from '../native/addon.js'
import type { NativeCameraFormat, NativeCameraSize } from '../native/camera.js'

/** How to list cameras. */
export interface ListCamerasOptions {
  /** Ends the waiting with the signal's reason. */
  signal?: AbortSignal
}

/** A frame size of a camera, or a range of sizes. */
export interface CameraSize {
  /** Width in pixels; of a range, the largest. */
  width: number
  /** Height in pixels; of a range, the largest. */
  height: number
  /** Of a range of sizes: its smallest, and how far apart they are. */
  range?: {
    /** Smallest width. */
    minWidth: number
    /** Smallest height. */
    minHeight: number
    /** Widths are this far apart. */
    stepWidth: number
    /** Heights are this far apart. */
    stepHeight: number
  }
  /** Frames a second, highest first; empty where the driver does not report them. */
  framerates: readonly number[]
  /** Whether every rate between the two of `framerates` is possible. */
  anyFramerate: boolean
}

/** A format of a camera. */
export interface CameraFormat {
  /** V4L2's four-character code, such as `'YUYV'` or `'MJPG'`. */
  code: string
  /** What it is here, such as `'YUYV'`, `'NV12'` or `'MJPEG'`; null when it cannot be used. */
  name: string | null
  /** The driver's words for it. */
  description: string
  /** Its sizes; empty where the driver does not report them. */
  sizes: readonly CameraSize[]
}

/** A camera, or a node that looks like one and cannot be used. */
export interface CameraInfo {
  /** The device node. */
  device: string
  /** Its number for `openCamera({ camera: 0 })`; null when it cannot be used. */
  index: number | null
  /** What the device calls itself; null when it could not be asked. */
  name: string | null
  /** The kernel driver, such as `'uvcvideo'`. */
  driver: string | null
  /** Where it is attached, such as `'usb-0000:00:14.0-1'`. */
  bus: string | null
  /** Its formats. */
  formats: readonly CameraFormat[]
  /** Whether it can be used, as far as is known without starting it. */
  available: boolean
  /** Why it cannot be used, as one of {@link ErrorCode}. */
  code?: string
  /** Why it cannot be used, as a sentence. */
  message?: string
  /** What would help. */
  hint?: string
}

function sizeOf(size: NativeCameraSize): CameraSize {
  const { minWidth, minHeight, maxWidth, maxHeight, stepWidth, stepHeight, rates, isRange } = size
  const range = stepWidth > 0 || stepHeight > 0 ? { minWidth, minHeight, stepWidth, stepHeight } : undefined
  const framerates = isRange ? rates.toReversed() : rates
  return { width: maxWidth, height: maxHeight, ...(range && { range }), framerates, anyFramerate: isRange }
}

function formatOf({ code, name, description, sizes }: NativeCameraFormat): CameraFormat {
  return { code, name: name ?? null, description, sizes: sizes.map(sizeOf) }
}

/** @internal */
export async function listCamerasOn(loadAddon: () => NativeAddon, options: unknown): Promise<CameraInfo[]> {
  const { signal } = checkOptions(options, { signal: optional(abortSignal) }, 'listCameras()')
  signal?.throwIfAborted()
  const listing = guardedUntilAnswered(loadAddon(), (addon) => addon.listCameras())
  const { cameras, unusable } = await abortable(keepAliveWhile(listing), signal)
  const usable = cameras.map((camera, index): CameraInfo => {
    return { ...camera, index, formats: camera.formats.map(formatOf), available: true }
  })
  const others = unusable.map(({ device, code, message, hint }): CameraInfo => {
    const nothing = { index: null, name: null, driver: null, bus: null, formats: [], available: false }
    return { device: device!, ...nothing, code, message, ...(hint !== undefined && { hint }) }
  })
  return [...usable, ...others]
}
