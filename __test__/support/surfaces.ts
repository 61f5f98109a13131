import { fstatSync, readdirSync, readlinkSync, writeSync } from 'node:fs'
import { allocateSurface } from '../../ts/index.js'
import type { Surface, SurfaceOptions } from '../../ts/frame/surface.js'
import { TestSource } from '../../ts/test-pattern/testsrc.js'

/** A block of the virtual Jetson's block-linear memory, in bytes and rows; see `crates/virtual-jetson/src/memory/tiles.rs`. */
const BLOCK = { width: 64, height: 8 }

/** The planes of a tight picture, each with the bytes of its rows. */
export function tightPlanes(picture: Uint8Array, width: number, height: number, format: string) {
  const luma = { row: width, data: picture.subarray(0, width * height) }
  const rest = picture.subarray(width * height)
  if (format === 'NV12') return [luma, { row: width, data: rest }]
  const half = rest.length / 2
  return [luma, { row: width / 2, data: rest.subarray(0, half) }, { row: width / 2, data: rest.subarray(half) }]
}

/** Copies rows to where a plane has them. */
export function writeRows(target: Uint8Array, stride: number, { row, data }: { row: number; data: Uint8Array }): void {
  for (let from = 0, to = 0; from < data.length; from += row, to += stride)
    target.set(data.subarray(from, from + row), to)
}

/** Draws the test picture of that number into a surface: by the processor, or as other hardware would, behind its back. */
export function draw(surface: Surface, number: number): void {
  const { width, height, format, layout, planes } = surface
  const picture = new TestSource(width, height, format as 'NV12').draw(number)
  const tight = tightPlanes(picture, width, height, format)
  if (layout === 'pitch') {
    const mapped = surface.map()
    tight.forEach((plane, index) => writeRows(mapped[index]!, planes[index]!.stride, plane))
    return surface.unmap()
  }
  const { size } = fstatSync(surface.fd)
  tight.forEach((plane, index) => {
    const { offset, stride } = planes[index]!
    const rows = new Uint8Array((planes[index + 1]?.offset ?? size) - offset)
    writeRows(rows, stride, plane)
    writeSync(surface.fd, inBlocks(rows, stride), 0, rows.length, offset)
  })
}

function inBlocks(rows: Uint8Array, stride: number): Uint8Array {
  const blocks = new Uint8Array(rows.length)
  let to = 0
  for (let top = 0; top < rows.length / stride; top += BLOCK.height) {
    for (let left = 0; left < stride; left += BLOCK.width) {
      for (let row = top; row < top + BLOCK.height; row++, to += BLOCK.width)
        blocks.set(rows.subarray(row * stride + left, row * stride + left + BLOCK.width), to)
    }
  }
  return blocks
}

/** Surfaces of this process, of whoever made them. */
export function surfacesAlive(): number {
  const target = (name: string) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`)
    } catch {
      return ''
    }
  }
  return readdirSync('/proc/self/fd').filter((name) => target(name).includes('virtual-jetson-surface')).length
}

/** A few surfaces that go round: one is taken, given to an encoder, and comes back when it is released. */
export class SurfacePool {
  readonly #free: Surface[]
  readonly #all: readonly Surface[]
  readonly #waiting: ((surface: Surface) => void)[] = []
  released = 0

  private constructor(surfaces: Surface[]) {
    this.#free = [...surfaces]
    this.#all = surfaces
  }

  static async of(count: number, options: SurfaceOptions): Promise<SurfacePool> {
    const surfaces = await Promise.all(Array.from({ length: count }, () => allocateSurface(options)))
    return new SurfacePool(surfaces)
  }

  take(): Promise<Surface> {
    const surface = this.#free.pop()
    if (surface) return Promise.resolve(surface)
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
    })
  }

  giveBack(surface: Surface): void {
    this.released++
    const next = this.#waiting.shift()
    if (next) next(surface)
    else this.#free.push(surface)
  }

  close(): void {
    this.#all.forEach((surface) => surface.close())
  }
}
