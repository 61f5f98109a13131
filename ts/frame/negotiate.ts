import type { PixelFormat } from './pixel-format.js'

/** Where a plane lies in the device's buffers. */
export interface InputPlane {
  /** The number of the memory that it lies in: planes have one each, or share one. */
  memory: number
  /** Bytes from the start of that memory. */
  offset: number
  /** Bytes from one row to the next. */
  stride: number
}

/** How a device takes frames. */
export interface EncoderInput {
  /** The raw format that it is set to; frames of other formats are converted. */
  format: PixelFormat
  /** Width in pixels, padding included. */
  codedWidth: number
  /** Height in pixels, padding included. */
  codedHeight: number
  /** Where each plane lies. */
  planes: readonly InputPlane[]
  /** Bytes that each memory has at least. */
  memories: readonly number[]
  /**
   * What it reads where it is: `'same-layout'`, DMABUFs that are laid out like its own buffers; `'nvbufsurface'`, those of NVIDIA's
   * memory manager; or `'none'`.
   */
  dmabuf: 'none' | 'same-layout' | 'nvbufsurface'
  /** The raw formats that it may be set to for that; none on JetPack 4, which rejects frames in DMABUFs. */
  dmabufFormats: readonly PixelFormat[]
}

/**
 * The method of a source's iterator that is called before the first frame is drawn, for sources that have more than one form of frames.
 *
 * @internal
 */
export const forEncoder = Symbol('forEncoder')

/** @internal */
export interface Adaptable {
  [forEncoder]?: (input: Readonly<EncoderInput>) => void
}
