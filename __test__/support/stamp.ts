/** How far a block's average may be from black or white before it counts as unreadable. */
const BLACKEST_WHITE = 160
const WHITEST_BLACK = 90
const BITS = 32

/**
 * Reads the number out of a decoded picture's luma; null when it cannot be read. It is written without the code that draws
 * stamps, so that a mistake there does not hide itself.
 */
export function readStamp(luma: Uint8Array, width: number, height: number, stride = width): number | null {
  const block = Math.max(8, 2 * Math.floor(Math.min(width, height) / 72))
  const columns = Math.min(BITS, Math.floor(width / block))
  const bytes = [0, 0, 0, 0]
  for (let index = 0; index < BITS; index++) {
    const left = (index % columns) * block
    const top = Math.floor(index / columns) * block
    const brightness = averageOf(luma, stride, left + 2, top + 2, block - 4)
    if (brightness > WHITEST_BLACK && brightness < BLACKEST_WHITE) return null
    bytes[index >> 3] = (bytes[index >> 3]! << 1) | (brightness >= BLACKEST_WHITE ? 1 : 0)
  }
  const [high, middle, low, check] = bytes as [number, number, number, number]
  return (high ^ middle ^ low ^ check) === 0xa5 ? (high << 16) | (middle << 8) | low : null
}

/** Of a square; its edge is left out by the caller, because coding blurs it. */
function averageOf(luma: Uint8Array, stride: number, left: number, top: number, size: number): number {
  let sum = 0
  for (let y = top; y < top + size; y++) {
    for (let x = left; x < left + size; x++) sum += luma[y * stride + x]!
  }
  return sum / (size * size)
}
