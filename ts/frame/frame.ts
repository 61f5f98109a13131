import type { FrameMetadata } from './metadata.js'
import type { PixelFormat } from './pixel-format.js'

/** Where one plane lies in a frame's data, as in WebCodecs. */
export interface PlaneLayout {
  /** Bytes from the start of the data to the plane's first row. */
  offset: number
  /** Bytes from one row to the next. */
  stride: number
}

/** One frame to encode. */
export interface Frame {
  /** The bytes of the pixels, in a buffer or in any view of one; they have been read when the promise of `encode()` resolves. */
  data: ArrayBufferView | ArrayBuffer | SharedArrayBuffer
  /** Microseconds, within ±(2^53−1); fractions are cut off. It comes back on the chunk as it is. */
  timestamp: number
  /** Microseconds; comes back on the chunk. */
  duration?: number
  /**
   * How the pixels lie.
   * @default the encoder's `format`
   */
  format?: PixelFormat
  /** Width in pixels; if set, it must be the encoder's. */
  width?: number
  /** Height in pixels; if set, it must be the encoder's. */
  height?: number
  /**
   * One entry per plane.
   * @default tight: plane after plane, row after row
   */
  layout?: readonly PlaneLayout[]
  /**
   * What goes into the stream with it, of an encoder that was created with `metadata`; others leave it unread.
   * @default none
   */
  metadata?: FrameMetadata
  /**
   * Gives the frame's memory back to its owner. The encoder calls it without arguments, exactly once for each call of
   * `encode()` with this frame, as soon as it no longer needs the memory: at the latest when the promise settles, also when that
   * rejects for whatever reason. `tryEncode()` calls it when it returns true, and not when it returns false or throws: the frame
   * is then still the caller's. `encodeAll()` calls it for every frame that it drew; `transform()` for every one that
   * reaches it, but not for those that a Web Stream throws away because it is aborted.
   * A frame in DMABUFs that was taken is released when the device no longer reads it, which may be after `encode()` resolved.
   * It is called synchronously and must not wait; what it throws is an uncaught exception of the program, and the encoder goes on.
   */
  release?: () => void
}

/** One plane of a frame in a DMABUF. */
export interface DmabufPlane {
  /** An open descriptor, which stays the caller's; planes may share one. It must stay open until the frame's `release()`. */
  fd: number
  /** Bytes from the start of the DMABUF to the plane's first row. */
  offset: number
  /** Bytes from one row to the next. */
  stride: number
}

/** A surface of `allocateSurface()`, as a frame refers to it. */
export interface FrameSurface {
  /** The descriptor by which NVIDIA's library knows it. */
  readonly fd: number
  /** Where each plane lies. */
  readonly planes: readonly DmabufPlane[]
  /** What another process needs besides the descriptor. */
  mapParams(): Uint8Array
}

/**
 * One frame to encode that is in DMABUFs: of a camera, a decoder, or a surface of NVIDIA's. Where the device reads such memory
 * itself, nothing is copied; where it cannot, or not in this layout (see `encoder.input`), the frame is copied like any
 * other, and the log says why, once. `encoder.stats` counts both. A memfd or file is copied as well. One that another process
 * makes smaller meanwhile is `ERR_FRAME`; a memfd that is sealed against that (`F_SEAL_SHRINK`) is read with less work.
 *
 * Where `encoder.input.dmabuf` is `'nvbufsurface'`, on a Jetson, the memory must be a surface of NVIDIA's: of `allocateSurface()`, or one
 * that other code in this process made with NvBufSurface. The surface itself says where its planes lie. Anything else is `ERR_FRAME`.
 *
 * @example
 * ```ts
 * import type { DmabufFrame, Encoder } from 'v4l2-encoder'
 *
 * // A surface of another process, whose descriptor came over a Unix socket, with what NvBufSurfaceGetMapParams gave there.
 * async function encodeForeign(encoder: Encoder, fd: number, mapParams: Uint8Array, timestamp: number, release: () => void) {
 *   const planes = [{ fd, offset: 0, stride: 2048 }, { fd, offset: 2048 * 1088, stride: 2048 }]
 *   const frame: DmabufFrame = { planes, format: 'NV12', surface: { mapParams }, timestamp, release }
 *   await encoder.encode(frame)
 * }
 * ```
 */
export interface DmabufFrame extends Omit<Frame, 'data' | 'layout'> {
  /** One entry for each plane of the format. */
  planes: readonly DmabufPlane[]
  /**
   * The surface that the planes are in: one of `allocateSurface()`, whose `toFrame()` sets it, or `{ mapParams }` for one of another
   * process: the bytes that `surface.mapParams()` or NvBufSurfaceGetMapParams gave there. The encoder imports it once and keeps it
   * for the frames that follow.
   * @default the one of this process that NVIDIA's library knows by the descriptor
   */
  surface?: FrameSurface | { mapParams: ArrayBufferView | ArrayBuffer }
}
