import { V4L2_CTRL_TYPE } from '../../device/constants.js'
import type { ControlInfo } from '../../device/types.js'

/** How an element is read, and how many characters wide it is shown. */
interface Element {
  readonly bytes: number
  readonly width: number
  readonly read: (view: DataView, at: number) => number
}

const ELEMENTS: Readonly<Record<number, Element>> = {
  [V4L2_CTRL_TYPE.U8]: { bytes: 1, width: 4, read: (view, at) => view.getUint8(at) },
  [V4L2_CTRL_TYPE.U16]: { bytes: 2, width: 6, read: (view, at) => view.getUint16(at, true) },
  [V4L2_CTRL_TYPE.U32]: { bytes: 4, width: 10, read: (view, at) => view.getUint32(at, true) },
}

/** Which row a line is: the number in every dimension but the last one. */
function position(row: number, dims: readonly number[]): string {
  const outer = dims.slice(0, -1)
  const numbers = outer.map((size, dimension) => {
    const rows = outer.slice(dimension + 1).reduce((product, inner) => product * inner, 1)
    return Math.floor(row / rows) % size
  })
  return numbers.map((number) => `[${number}]`).join('')
}

/** An array as v4l2-ctl shows it: a line for each row of its last dimension. */
export function arrayLines({ key, typeNumber, elems, dims }: ControlInfo, bytes: Uint8Array): string[] {
  const columns = dims.at(-1) ?? 0
  const element = ELEMENTS[typeNumber]
  if (columns === 0) return []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.ceil(elems / columns) }, (_, row) => {
    const numbers = Array.from({ length: columns }, (_unused, column) => {
      const at = (row * columns + column) * (element?.bytes ?? 0)
      return element && at + element.bytes <= bytes.length ? String(element.read(view, at)).padStart(element.width) : ''
    })
    return `${key}${position(row, dims)}: ${numbers.filter((number) => number !== '').join(', ')}`
  })
}
