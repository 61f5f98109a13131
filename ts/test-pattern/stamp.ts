/** The stamp is a row of blocks, white for 1: 24 bits of the frame's number and 8 of a check, highest first. */
const BITS = 32
const BLACK = 16
const WHITE = 235
const NEUTRAL = 128
const SMALLEST_BLOCK = 8
/** Blocks of this part of the frame's height look the same at every size. */
const BLOCKS_PER_HEIGHT = 36

/** Any constant does; without one, a black frame would be a valid stamp of frame 0. */
const CHECK_SEED = 0xa5

/**
 * Where the blocks lie: from the top left, in as many rows as it takes.
 *
 * @internal
 */
export interface StampGrid {
  /** Width and height of one block in pixels; even. */
  block: number
  columns: number
  rows: number
}

/** @internal */
export function stampGrid(width: number, height: number): StampGrid {
  const block = Math.max(SMALLEST_BLOCK, 2 * Math.floor(Math.min(width, height) / BLOCKS_PER_HEIGHT / 2))
  const columns = Math.min(BITS, Math.floor(width / block))
  return { block, columns, rows: Math.ceil(BITS / columns) }
}

/**
 * The 32 bits that stand for a frame's number.
 *
 * @internal
 */
export function stampBits(frame: number): number {
  const number = frame & 0xff_ffff
  const check = (number >> 16) ^ ((number >> 8) & 0xff) ^ (number & 0xff) ^ CHECK_SEED
  return ((number << 8) | check) >>> 0
}

/**
 * Draws the stamp into a tight 4:2:0 frame: blocks into Y, grey into the chroma below them.
 *
 * @internal
 */
export function drawStamp(pixels: Uint8Array, width: number, height: number, frame: number): void {
  const { block, columns, rows } = stampGrid(width, height)
  const bits = stampBits(frame)
  for (let index = 0; index < columns * rows; index++) {
    const value = index < BITS && (bits >>> (BITS - 1 - index)) & 1 ? WHITE : BLACK
    const left = (index % columns) * block
    const top = Math.floor(index / columns) * block
    for (let y = top; y < top + block; y++) pixels.fill(value, y * width + left, y * width + left + block)
  }
}

/**
 * Greys the chroma below the stamp; `planes` are offset and bytes per row of each, `bytes` of each row lie below it.
 *
 * @internal
 */
export function greyStamp(
  pixels: Uint8Array,
  { block, rows }: StampGrid,
  planes: { offset: number; stride: number; bytes: number }[],
): void {
  for (const { offset, stride, bytes } of planes) {
    for (let y = 0; y < (rows * block) / 2; y++) {
      pixels.fill(NEUTRAL, offset + y * stride, offset + y * stride + bytes)
    }
  }
}
