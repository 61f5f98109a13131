import type { PixelFormat } from '../frame/pixel-format.js'
import { drawStamp, greyStamp, stampGrid } from './stamp.js'

/** How far the pattern moves per frame; even, so that chroma moves with it. */
const STEP = 4
/** The background repeats after so many pixels. */
const PERIOD = 512
const BOX_LUMA = 200
const BOX_CHROMA: [u: number, v: number] = [90, 210]

interface Plane {
  offset: number
  /** Bytes of one row; rows are tight. */
  stride: number
  rows: number
  /** Bytes that stand for one pixel of the plane: 2 where U and V are interleaved. */
  unit: number
  /** 1 for luma, 2 for chroma. */
  scale: number
  /** What fills the box, one value per byte of a unit. */
  box: number[]
  /** A row of background that is a period longer than a row of the frame, per shade. */
  backgrounds: Uint8Array[]
}

/** A triangle wave: up and down between 0 and 1, without a jump for the codec to trip over. */
function wave(position: number, period: number): number {
  const phase = (position % period) / period
  return phase < 0.5 ? 2 * phase : 2 - 2 * phase
}

/** Gradients with a fine ripple, cheap to encode but not flat. */
function lumaAt(x: number, shade: number): number {
  return Math.round(48 + 100 * wave(x + shade * 16, PERIOD) + 12 * wave(x, 32) + 2 * shade)
}

function chromaAt(x: number, shade: number, which: number): number {
  return Math.round(96 + 56 * wave(x + shade * 16 + which * 128, PERIOD))
}

/** The rows of a frame take turns in so many shades, in bands. */
const SHADES = 16

function background(stride: number, unit: number, valueAt: (x: number, byte: number) => number): Uint8Array {
  return Uint8Array.from({ length: stride + PERIOD * unit }, (_, index) =>
    valueAt(Math.floor(index / unit), index % unit),
  )
}

function planesOf(format: PixelFormat, width: number, height: number): Plane[] {
  const shades = Array.from({ length: SHADES }, (_, shade) => shade)
  const half = { stride: width / 2, rows: height / 2, unit: 1, scale: 2 }
  const luma = { offset: 0, stride: width, rows: height, unit: 1, scale: 1, box: [BOX_LUMA] }
  const size = width * height
  const chroma = [0, 1].map((which) => ({
    ...half,
    offset: size + (which * size) / 4,
    box: [BOX_CHROMA[which]!],
    backgrounds: shades.map((shade) => background(half.stride, 1, (x) => chromaAt(2 * x, shade, which))),
  }))
  const interleaved = {
    ...half,
    offset: size,
    stride: width,
    unit: 2,
    box: BOX_CHROMA,
    backgrounds: shades.map((shade) => background(width, 2, (x, which) => chromaAt(2 * x, shade, which))),
  }
  const lumaPlane = { ...luma, backgrounds: shades.map((shade) => background(width, 1, (x) => lumaAt(x, shade))) }
  return [lumaPlane, ...(format === 'I420' ? chroma : [interleaved])]
}

/**
 * Draws a moving pattern: a background that scrolls, a box that bounces, and the frame's number as a stamp.
 *
 * @internal
 */
export class TestSource {
  readonly byteLength: number
  readonly #width: number
  readonly #height: number
  readonly #planes: Plane[]

  /** Width and height in pixels must be even, and at least 64. */
  constructor(width: number, height: number, format: PixelFormat = 'I420') {
    this.#width = width
    this.#height = height
    this.#planes = planesOf(format, width, height)
    this.byteLength = (width * height * 3) / 2
  }

  /** The frame of that number, in a new buffer or in `into`. */
  draw(frame: number, into = new Uint8Array(this.byteLength)): Uint8Array {
    for (const plane of this.#planes) {
      this.#drawBackground(into, plane, frame)
      this.#drawBox(into, plane, frame)
    }
    const grid = stampGrid(this.#width, this.#height)
    const chroma = this.#planes.slice(1)
    const below = chroma.map(({ offset, stride, unit }) => ({
      offset,
      stride,
      bytes: (grid.columns * grid.block * unit) / 2,
    }))
    drawStamp(into, this.#width, this.#height, frame)
    greyStamp(into, grid, below)
    return into
  }

  #drawBackground(into: Uint8Array, { offset, stride, rows, unit, scale, backgrounds }: Plane, frame: number): void {
    const shift = (((frame * STEP) / scale) % (PERIOD / scale)) * unit
    const bandRows = Math.max(1, Math.ceil(rows / SHADES))
    for (let y = 0; y < rows; y++) {
      const row = backgrounds[Math.floor(y / bandRows)]!
      into.set(row.subarray(shift, shift + stride), offset + y * stride)
    }
  }

  #drawBox(into: Uint8Array, { offset, stride, unit, scale, box }: Plane, frame: number): void {
    const size = 2 * Math.floor(Math.min(this.#width, this.#height) / 10)
    const left = bounce(frame * 6, this.#width - size) / scale
    const top = bounce(frame * 4, this.#height - size) / scale
    const line = Uint8Array.from({ length: (size / scale) * unit }, (_, index) => box[index % unit]!)
    for (let y = top; y < top + size / scale; y++) into.set(line, offset + y * stride + left * unit)
  }
}

/** Back and forth between 0 and `range`, which is even. */
function bounce(position: number, range: number): number {
  const phase = position % (2 * range)
  return phase <= range ? phase : 2 * range - phase
}
