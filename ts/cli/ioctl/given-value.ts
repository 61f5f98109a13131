import { V4L2_CTRL_TYPE } from '../../device/constants.js'
import type { ControlInfo, ControlValue } from '../../device/types.js'
import { usageError } from '../exit.js'
import { bitMask, longNumber, wholeNumber } from './parse.js'

const ELEMENT_BYTES: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4 }

/** An array whose elements are all the same, as v4l2-ctl sets it. */
function filled({ key, type, elems, elemSize }: ControlInfo, text: string): Uint8Array {
  const size = ELEMENT_BYTES[type]
  if (size === undefined)
    throw usageError(`The control ${key} is a structure, which cannot be set from the command line.`)
  const value = wholeNumber(text, key)
  if (value < 0 || value >= 2 ** (8 * size))
    throw usageError(`The control ${key} needs numbers from 0 to ${2 ** (8 * size) - 1}.`)
  const bytes = new Uint8Array(elems * elemSize)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at + size <= bytes.length; at += size) {
    if (size === 1) view.setUint8(at, value)
    else if (size === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
  }
  return bytes
}

function area({ key }: ControlInfo, text: string): Uint8Array {
  const match = /^(\d{1,9})x(\d{1,9})$/.exec(text)
  if (!match) throw usageError(`The control ${key} needs a width and a height, such as 640x480, not "${text}".`)
  return new Uint8Array(Uint32Array.of(Number(match[1]), Number(match[2])).buffer)
}

/** The value of a control as it is typed. */
export function givenValue(control: ControlInfo, text: string): ControlValue | boolean {
  const { type, key, dims, typeNumber } = control
  if (type === 'string') return text
  if (type === 'integer64' && dims.length === 0) return longNumber(text, key)
  if (typeNumber === V4L2_CTRL_TYPE.AREA) return area(control, text)
  if (dims.length > 0 || type === 'compound' || type in ELEMENT_BYTES) return filled(control, text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return type === 'bitmask' ? bitMask(text, key) : wholeNumber(text, key)
}
