import { constants } from 'node:os'
import { V4L2_CTRL_FLAG, V4L2_CTRL_TYPE } from '../../../device/constants.js'
import type { ControlInfo, ControlValue } from '../../../device/types.js'
import { V4l2EncoderError } from '../../../errors.js'
import { suggestion } from '../../../nearest.js'
import { usageError } from '../../exit.js'
import { asking, telling } from '../action.js'
import type { Action } from '../action.js'
import { controlLines, controlValueLines } from '../controls.js'
import type { ControlWithValue } from '../controls.js'
import { assignments, longNumber, wholeNumber } from '../parse.js'
import type { Session } from '../session.js'

const CANNOT_BE_READ = V4L2_CTRL_FLAG.WRITE_ONLY | V4L2_CTRL_FLAG.DISABLED

async function withValue({ device }: Session, control: ControlInfo): Promise<ControlWithValue> {
  if (control.type === 'class' || control.type === 'button' || (control.flags & CANNOT_BE_READ) !== 0)
    return { control }
  try {
    return { control, value: await device.getControl(control.id) }
  } catch (error) {
    if (!(error instanceof V4l2EncoderError) || error.errno === undefined) throw error
    // NVIDIA's library tells hardly any value.
    if (device.through === 'nvidia') return { control, value: null }
    return { control, errno: constants.errno[error.errno as keyof typeof constants.errno] ?? 0 }
  }
}

async function listControls(session: Session): Promise<ControlWithValue[]> {
  const listed: ControlWithValue[] = []
  for (const control of await session.device.controls()) listed.push(await withValue(session, control))
  return listed
}

/** A control by the short name that v4l2-ctl gives it, or by its number. */
async function find({ device }: Session, reference: string): Promise<ControlInfo> {
  const controls = await device.controls()
  const number = /^\d/.test(reference) ? wholeNumber(reference, 'A control') : undefined
  const found = controls.find(({ id, key }) => id === number || key === reference)
  if (found) return found
  const keys = controls.filter(({ type }) => type !== 'class').map(({ key }) => key)
  throw usageError(`${device.path} has no control "${reference}". ${suggestion(reference, keys)}`)
}

interface Told {
  readonly control: ControlInfo
  readonly value: ControlValue
}

/** By classes, as v4l2-ctl asks for them. */
async function getControls(session: Session, text: string): Promise<Told[]> {
  const controls: ControlInfo[] = []
  for (const reference of text.split(',')) controls.push(await find(session, reference))
  const inOrder = controls.toSorted((a, b) => (a.id >>> 16) - (b.id >>> 16))
  const told: Told[] = []
  for (const control of inOrder) told.push({ control, value: await session.device.getControl(control.id) })
  return told
}

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
  if (!match)
    throw usageError(`The control ${key} needs a width and a height, such as 640x480, but "${text}" was given.`)
  return new Uint8Array(Uint32Array.of(Number(match[1]), Number(match[2])).buffer)
}

function parsed(control: ControlInfo, text: string): ControlValue {
  if (control.type === 'string') return text
  if (control.type === 'integer64' && control.dims.length === 0) return longNumber(text, control.key)
  if (control.typeNumber === V4L2_CTRL_TYPE.AREA) return area(control, text)
  if (control.dims.length > 0 || control.type === 'compound' || control.type in ELEMENT_BYTES)
    return filled(control, text)
  const number = wholeNumber(text, control.key)
  // v4l2-ctl shows bit masks as signed numbers.
  return control.type === 'bitmask' && number < 0 ? number >>> 0 : number
}

async function setControls(session: Session, text: string): Promise<Told[]> {
  const values: [ControlInfo, ControlValue][] = []
  for (const [reference, value] of assignments(text, 'set-ctrl')) {
    const control = await find(session, reference)
    values.push([control, parsed(control, value)])
  }
  const taken = await session.device.setControls(values.map(([{ id }, value]) => [id, value]))
  return values.map(([control], index) => ({ control, value: taken[index]! }))
}

async function resetControls(session: Session, text: string): Promise<Told[]> {
  const told: Told[] = []
  for (const reference of text.split(',')) {
    const control = await find(session, reference)
    told.push({ control, value: await session.device.resetControl(control.id) })
  }
  return told
}

export const SET_CONTROLS: readonly Action[] = [
  telling(
    { option: 'set-ctrl', alias: 'c', valueHint: 'name=value', description: 'Set controls, several between commas' },
    setControls,
    () => [],
  ),
  telling(
    { option: 'reset-ctrl', valueHint: 'names', description: 'Set controls to their defaults' },
    resetControls,
    () => [],
  ),
]

export const GET_CONTROLS: Action = telling(
  { option: 'get-ctrl', alias: 'C', valueHint: 'names', description: 'The values of controls, several between commas' },
  getControls,
  (told) => told.flatMap(({ control, value }) => controlValueLines(control, value)),
)

export const LIST_CONTROLS: readonly Action[] = [
  asking(
    { option: 'list-ctrls-menus', alias: 'L', isInAll: true, description: 'Every control, with the entries of menus' },
    listControls,
    (listed) => listed.flatMap((one) => controlLines(one, true)),
  ),
  asking({ option: 'list-ctrls', alias: 'l', description: 'Every control' }, listControls, (listed) =>
    listed.flatMap((one) => controlLines(one, false)),
  ),
]
