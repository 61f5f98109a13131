// What the native addon offers of cameras; see `ts/native/addon.ts`.

import type { NativeColorSpace } from './config.js'
import type { NativeError, NativeHandle, NativeFailure } from './error.js'

/** One size of a camera's format (steps of 0), or a range of sizes. */
export interface NativeCameraSize {
  minWidth: number
  minHeight: number
  maxWidth: number
  maxHeight: number
  stepWidth: number
  stepHeight: number
  /** Frames a second: highest first, or of a range the lowest and the highest. */
  rates: number[]
  isRange: boolean
}

export interface NativeCameraFormat {
  code: string
  /** Left out when it cannot be used. */
  name?: string
  description: string
  sizes: NativeCameraSize[]
}

export interface NativeCameraInfo {
  device: string
  name: string
  driver: string
  bus: string
  formats: NativeCameraFormat[]
}

export interface NativeCameraListing {
  cameras: NativeCameraInfo[]
  /** Nodes that are no cameras for us, each with its `device`. */
  unusable: NativeError[]
}

/** Options whose names and types are checked. Of `path`, `name` and `index` the first that is there counts. */
export interface NativeCameraOptions {
  index?: number
  path?: string
  name?: string
  width?: number
  height?: number
  framerate?: number
  nativeFormat?: string
  format: string
  buffers: number
  keep: number
  timeout: number
  /** Where `/dev` is looked up; `/` when left out. */
  root?: string
}

export interface NativeCameraSettings {
  device: string
  name: string
  driver: string
  bus: string
  width: number
  height: number
  framerate: number
  /** Microseconds between two frames. */
  duration: number
  nativeFormat: string
  format: 'NV12' | 'I420'
  colorSpace: NativeColorSpace
  buffers: number
  /** Whether raw frames are exported. */
  dmabuf: boolean
  /** Whether a frame is two fields, put together by the driver or by the addon. */
  interlaced: boolean
}

export interface NativeControl {
  name: string
  label: string
  kind: 'integer' | 'boolean' | 'menu' | 'integer-menu' | 'button' | 'bitmask'
  minimum: number
  maximum: number
  step: number
  defaultValue: number
  value?: number
  menu: { value: number; name: string }[]
  readOnly: boolean
  inactive: boolean
}

export interface NativeDmabuf {
  format: string
  planes: { fd: number; offset: number; stride: number }[]
  /** Left out where the addon has no share in the memory. */
  frame?: NativeHandle<NativeCameraFrame>
}

/** A buffer of a camera's on loan. Collecting it gives it back. */
export interface NativeCameraFrame {
  /** Microseconds. */
  timestamp(): number
  /** Microseconds since 1970, UTC; NaN where it is not known. */
  captureTime(): number
  /** By how many microseconds the capture time may be wrong, either way. */
  captureTimeUncertainty(): number
  /** Converts it on another thread and gives the buffer back to the driver. */
  convert(): Promise<ArrayBuffer | NativeError>
  /** The buffer itself, until `release`; undefined or null where there is none. */
  dmabuf(): NativeDmabuf | null | undefined
  /** Gives back the buffer and `memory`, which `convert` returned and which is detached. */
  release(memory?: ArrayBuffer): void
}

/** Counters of a camera; `captured = delivered + dropped`, and at most as many more as may wait. */
export interface CameraStats {
  /** Whole frames that the driver delivered. */
  captured: number
  /** Frames that were read. */
  delivered: number
  /** Frames that newer ones replaced, because they were not read in time. */
  dropped: number
  /** Damaged frames, which are left out: the driver marked them, they were cut short, or could not be decoded. */
  errors: number
  /** JPEG frames that are delivered although up to a quarter of them is missing; that part looks like what is above it. */
  repaired: number
  /** Frames that the driver did not deliver at all, as gaps in its sequence numbers show. */
  missed: number
  /** Frames that were converted into `data`. */
  converted: number
  /** Frames that went on as DMABUFs, without a copy. */
  dmabuf: number
}

export interface NativeCamera {
  settings(): NativeCameraSettings
  /** The oldest frame that waits; null when none does; why the camera ended, once it has and none waits any more. */
  take(): NativeCameraFrame | NativeError | null
  stats(): CameraStats
  controls(): Promise<NativeControl[] | NativeFailure>
  setControl(name: string, value: number): Promise<number | NativeFailure>
  /** Resolves when the device is closed. May be called more than once. */
  close(): Promise<void>
  /** Releases a camera that is closed; its settings and counters stay. */
  release(): void
}
