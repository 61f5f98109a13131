// What the native addon offers, as data and events. The addon holds no policy: promises, queues and errors as
// JavaScript knows them are made on this side, and a failure arrives as a `NativeError`, never as a throw.

import type { BackendName } from '../shared/backend.js'
import type { Codec } from '../shared/codec.js'
import type { ErrorCode } from '../shared/errors.js'
import type { NativeCamera, NativeCameraListing, NativeCameraOptions, NativeCameraFrame } from './camera.js'
import type { NativeAnswer, NativeDevice, NativeDeviceOptions } from './device.js'
import type { NativeConfig, NativeResolvedConfig } from './config.js'
import type { NativeError, NativeHandle, NativeFailure, NativeRejection } from './error.js'
import type { NativeSurface, NativeSurfaceOptions } from './surface.js'

export type { NativeCodecChoice, NativeConfig, NativeResolvedConfig } from './config.js'

export interface NativeSetting {
  name: string
  requested: string | number
  actual: string | number | null
  source: 'readback' | 'bitstream' | 'requested' | 'unsupported'
}

/** What became of one setting of a change. */
export interface NativeChange {
  setting: NativeSetting
  effect: 'applied' | 'needs-restart' | 'restarted'
  /** What the device said to it. */
  error?: NativeError
}

export interface NativeWarning {
  code: string
  message: string
  setting?: string
}

export interface NativeDecoderConfig {
  codec: string
  codedWidth: number
  codedHeight: number
  /** avcC or hvcC, for the length-prefixed form only. */
  description?: Uint8Array
}

export interface NativeInputPlane {
  /** The number of the memory that the plane lies in. */
  memory: number
  offset: number
  stride: number
}

/** How the device's own buffers are laid out, and what it takes besides them. */
export interface NativeInput {
  format: string
  codedWidth: number
  codedHeight: number
  planes: NativeInputPlane[]
  /** Bytes that each memory has at least. */
  memories: number[]
  dmabuf: 'none' | 'same-layout' | 'nvbufsurface'
  dmabufFormats: string[]
}

/** Which encoder runs. */
export interface NativeActive {
  backend: BackendName
  device: string | null
  rejected: NativeRejection[]
  config: NativeResolvedConfig
  settings: NativeSetting[]
  warnings: NativeWarning[]
  input: NativeInput
}

/** What went into the stream with a frame. */
export interface NativeChunkMetadata {
  captureTime?: number
  captureTimeUncertainty?: number
  frameId?: number
  userData?: Uint8Array<ArrayBuffer>
}

/** When what happened to a frame, in microseconds of the monotonic clock. */
export interface NativeChunkTiming {
  capture?: number
  taken: number
  deviceIn: number
  deviceOut: number
}

export interface NativeChunk {
  type: 'chunk'
  data: Uint8Array<ArrayBuffer>
  key: boolean
  timestamp: number
  duration?: number
  /** On a key chunk, when it differs from the last one. */
  decoderConfig?: NativeDecoderConfig
  metadata?: NativeChunkMetadata
  timing?: NativeChunkTiming
  quantizer?: number
}

export type NativeEvent =
  /** First event of a session whose encoder runs. */
  | { type: 'opened'; active: NativeActive }
  /** The first event of a session that found no encoder; only `over` follows. */
  | { type: 'failed'; error: NativeError }
  /** Something of it has changed, or another backend took over; frames go on. */
  | { type: 'active'; active: NativeActive }
  /** After `tryEncode` answered {@link TRY_FULL}: there is room again. */
  | { type: 'room' }
  | NativeChunk
  /** One accepted frame will not come; the stream goes on. */
  | { type: 'lost'; error: NativeError }
  /** Answer to tune by its id, where it was not rejected. */
  | { type: 'tuned'; id: number; changes: NativeChange[] }
  /** Answer to flush, tune or close by its id; only `over` follows the answer to close. */
  | { type: 'done'; id: number; error?: NativeError }
  /** The memory of the frame that was given with this token is the caller's again. */
  | { type: 'released'; token: number }
  /** The device is now known to hold back this many frames until more follow. */
  | { type: 'held'; frames: number }
  /** The session is over; `error.lost` lists what will never come. Only answers and `over` can follow. */
  | { type: 'fatal'; error: NativeError }
  /** The last event: the device is closed, or given up. The addon has released `onEvent`, and keeps nothing but the counters. */
  | { type: 'over' }
  | { type: 'log'; level: 'error' | 'warn' | 'info' | 'debug'; message: string }

export const TRY_TAKEN = 0
/** No free buffer; a `room` event follows when there is one. */
export const TRY_FULL = 1
/** The session is closing, closed or has failed. */
export const TRY_CLOSED = 2

export interface NativeStats {
  framesIn: number
  /** Of these: copied by us, written by the caller into a lent buffer, or read by the device where they were. */
  framesCopied: number
  framesLent: number
  framesImported: number
  chunksOut: number
  framesLost: number
  inFlight: number
  bytesOut: number
  keyFrames: number
  /** Frames the device holds back until more follow; null until it is known. */
  pipelineDelay: number | null
  /** From the frame being taken to its chunk, over the last 512 chunks; null before the first. */
  latencyMs: { last: number; p50: number; p95: number; p99: number; max: number } | null
  /** Sessions of this process whose device never returned from a call. */
  hungDevices: number
}

export interface NativeLentPlane {
  /** The number of the memory that the plane lies in. */
  memory: number
  offset: number
  stride: number
  /** From the first row's start to the last row's end. */
  length: number
}

/** The addon's hold on a lent buffer. */
export interface NativeLease {
  /** Gives the buffer back without a frame and detaches `memories`, which are its arrays. */
  giveBack(memories: ArrayBuffer[]): void
}

/** A buffer of the device's own. */
export interface NativeLentFrame {
  lease: NativeLease
  format: string
  planes: NativeLentPlane[]
  memories: ArrayBuffer[]
}

/** Changes of a running encoder; what is left out stays. */
export interface NativeTuning {
  /** Bits per second. */
  bitrate?: number
  /** Frames per second. */
  framerate?: number
  /** In frames. */
  keyFrameInterval?: number
  /** Of the frames from now on; with `height`. */
  width?: number
  height?: number
  parameters: Record<string, number | string>
}

export interface NativeSession {
  /**
   * Whether a frame of so many bytes is acceptable; `format` is null for the encoder's own, and `layout` holds offset and
   * stride of each plane.
   */
  checkFrame(byteLength: number, format: string | null, layout: Uint32Array | null): NativeError | null
  /**
   * What goes into the stream with the next frame that is taken, in whichever way. Numbers are whole, and NaN where there is none.
   */
  setMetadata(
    captureTime: number,
    captureTimeUncertainty: number,
    frameId: number,
    userData: Uint8Array | null,
  ): NativeError | null
  /**
   * What is requested of the next frame that is taken, in whichever way: NaN is no quantizer, and each region is five numbers: x, y,
   * width, height and offset.
   */
  setRequest(exact: boolean, quantizer: number, regions: Int32Array | null): NativeError | null
  /**
   * Copies the frame into the device's buffer and queues it, or says why not (a `TRY_…` number).
   * `duration` is NaN when there is none. Timestamps are whole microseconds.
   */
  tryEncode(
    data: Uint8Array,
    format: string | null,
    layout: Uint32Array | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError
  /**
   * The same for a frame in DMABUFs: a descriptor for each plane, and offset and stride of each. Where the frame was taken, a
   * `released` event with `token` gives its memory back. `mapParams` is of a surface of another process.
   */
  tryEncodeDmabuf(
    descriptors: Int32Array,
    layout: Uint32Array,
    format: string | null,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
    token: number,
    mapParams: Uint8Array | null,
  ): number | NativeError
  /** What `NativeAddon.encodeCameraFrame()` knows the session by. */
  handle(): NativeHandle<NativeSession>
  /** Lends a buffer of the device's own, or says why not (a `TRY_…` number). */
  lend(): NativeLentFrame | number | NativeError
  /** How many buffers are lent; those that were collected are not. */
  lent(): number
  /** Encodes a lent buffer and detaches `memories`, which are its arrays. */
  encodeLent(
    lease: NativeLease,
    memories: ArrayBuffer[],
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError
  flush(id: number): void
  /** With `restart` the device may be opened again; for another size it always is. */
  tune(id: number, tuning: NativeTuning, restart: boolean): void
  /** Drains and closes, or with `discard` reports what is in flight lost. May be called more than once. */
  close(id: number, discard: boolean): void
  stats(): NativeStats
}

/** Frame sizes that a device encodes with a codec, in pixels. */
export interface NativeCodecSizes {
  codec: Codec
  minWidth: number
  minHeight: number
  maxWidth: number
  maxHeight: number
}

export interface NativeEncoderInfo {
  backend: BackendName
  device: string | null
  /** What the device calls itself, or what we know it as. */
  name: string
  /** Of kernel encoders. */
  driver?: string
  bus?: string
  codecs: Codec[]
  /** Of kernel encoders that report them. */
  sizes?: NativeCodecSizes[]
  /** Raw formats by their four characters; of kernel encoders. */
  formats?: string[]
  available: boolean
  code?: ErrorCode
  message?: string
  hint?: string
}

export interface NativeSupport {
  supported: boolean
  backend?: BackendName
  /** Null for software, and where nothing was found. */
  device: string | null
  config?: NativeResolvedConfig
  rejected: NativeRejection[]
}

/** A pair of sockets for the output of a program. What is not closed is when it is collected. */
export interface NativeChannel {
  /** The descriptor to write to, which is not inherited unless it is given to a program; -1 once it is closed. */
  readonly writer: number
  closeWriter(): void
  /** Reads what is there, without waiting: how many bytes it was, 0 at the end, -1 where there is nothing yet. */
  read(memory: Uint8Array): number
  /** `onReadable` is called on this thread, once after each `arm()`: when there is something to read, or the end. */
  watch(onReadable: () => void): void
  arm(): void
  /** Hands out the descriptor to read, which is then not closed here; not after `watch()`. */
  takeReader(): number
  close(): void
}

export interface NativeAddon {
  /** The addon's version; it must equal the package's. */
  version(): string
  /**
   * Checks the configuration (a {@link NativeFailure} when it is wrong) and starts opening an encoder on a thread of its own.
   * `onEvent` is called on this thread, in order, and does not keep the process alive.
   */
  open(config: NativeConfig, onEvent: (event: NativeEvent) => void): NativeSession | NativeFailure
  /**
   * As `NativeSession.tryEncode()`, for a camera's frame whose `dmabuf()` was asked for. Where it was taken, the encoder holds it as
   * well, until it has read it, without an event.
   */
  encodeCameraFrame(
    session: NativeHandle<NativeSession>,
    frame: NativeHandle<NativeCameraFrame>,
    timestamp: number,
    duration: number,
    keyFrame: boolean,
  ): number | NativeError
  /** Discovery without opening NVIDIA's device, unless `probe`. */
  listEncoders(options: { probe: boolean; library?: string; root?: string }): Promise<NativeEncoderInfo[]>
  /** Whether `open` would find an encoder; with `probe` by opening one and closing it again. */
  isSupported(config: NativeConfig, probe: boolean): Promise<NativeSupport | NativeFailure>
  /** Allocates a surface of NVIDIA's memory manager. */
  allocateSurface(options: NativeSurfaceOptions): Promise<NativeSurface | NativeFailure>
  /** Looks at every camera without starting it. */
  listCameras(root?: string): Promise<NativeCameraListing>
  /**
   * Opens and starts a camera on a thread of its own. `onEvent` is called on this thread for each frame, at last with the error
   * that ended the camera, and does not keep the process alive.
   */
  openCamera(
    options: NativeCameraOptions,
    onEvent: (error: NativeError | null | undefined) => void,
  ): Promise<NativeCamera | NativeFailure>
  /**
   * Opens a device for requests as bytes, on a thread of its own. `onAnswer` is called on this thread, first with the opening's (id
   * 0), and does not keep the process alive.
   */
  openDevice(options: NativeDeviceOptions, onAnswer: (answer: NativeAnswer) => void): NativeDevice | NativeFailure
  /** How many sessions, cameras and devices of this thread the addon has not released; for tests. */
  countOpen(): { sessions: number; cameras: number; devices: number }
  /** What to do where this user may not open the device. */
  permissionHint(device: string): string
  /** Whether a thread runs that this one has started, or one of these, and that may be inside a device's library. */
  isBusy(): boolean
  /** Closes every session, camera and device of this thread, and waits for its other threads; returns when they are closed or the time is over. For process exit. */
  closeAllNow(timeoutMs: number): void
  /**
   * For a program whose standard output carries a stream: duplicates descriptor 1, points 1 at 2 for the rest of the process, so
   * that what NVIDIA's library prints goes to standard error, and returns the duplicate (which is not inherited). To be called
   * before anything is opened; a second call returns the same descriptor.
   */
  claimStdout(): number
  /** Two connected sockets, of which a program writes to one, and this process reads the other. */
  openChannel(): NativeChannel
}
