import type { V4l2EncoderError } from '../shared/errors.js'
import type { Channel, Reply } from './channel.js'
import { V4L2_CTRL_FLAG, V4L2_CTRL_TYPE } from './constants.js'
import { keyOf } from './controls/find.js'
import { failure, isNonsense, nonsense } from './failure.js'
import type { ValueOf } from './layout.js'
import { Requests } from './requests.js'
import type { v4l2_query_ext_ctrl } from './structs/index.js'
import type { ControlInfo, ControlType, MenuItem } from './types.js'

type Queried = ValueOf<typeof v4l2_query_ext_ctrl>

/** More than any driver has. */
const MOST_CONTROLS = 4096
const MOST_MENU_ITEMS = 4096
const MOST_DIMENSIONS = 4
/** Of a control's whole value. */
const MOST_BYTES = 64 * 1024 * 1024

const TYPES: Readonly<Record<number, ControlType>> = {
  [V4L2_CTRL_TYPE.INTEGER]: 'integer',
  [V4L2_CTRL_TYPE.BOOLEAN]: 'boolean',
  [V4L2_CTRL_TYPE.MENU]: 'menu',
  [V4L2_CTRL_TYPE.BUTTON]: 'button',
  [V4L2_CTRL_TYPE.INTEGER64]: 'integer64',
  [V4L2_CTRL_TYPE.CTRL_CLASS]: 'class',
  [V4L2_CTRL_TYPE.STRING]: 'string',
  [V4L2_CTRL_TYPE.BITMASK]: 'bitmask',
  [V4L2_CTRL_TYPE.INTEGER_MENU]: 'integer-menu',
  [V4L2_CTRL_TYPE.U8]: 'u8',
  [V4L2_CTRL_TYPE.U16]: 'u16',
  [V4L2_CTRL_TYPE.U32]: 'u32',
}

/** @internal */
export function typeOf(typeNumber: number): ControlType {
  return TYPES[typeNumber] ?? 'compound'
}

function infoOf(queried: Queried, device: string): ControlInfo {
  const { id, type, name, minimum, maximum, step, default_value, flags, elem_size, elems, nr_of_dims, dims } = queried
  if (nr_of_dims > MOST_DIMENSIONS) throw nonsense('VIDIOC_QUERY_EXT_CTRL', device, `${nr_of_dims} dimensions`)
  const most = dims.slice(0, nr_of_dims).reduce((product, dimension) => product * dimension, 1)
  const isDynamic = (flags & V4L2_CTRL_FLAG.DYNAMIC_ARRAY) !== 0
  if (nr_of_dims > 0 && (isDynamic ? elems > most : elems !== most))
    throw nonsense(
      'VIDIOC_QUERY_EXT_CTRL',
      device,
      `${elems} elements of an array of ${dims.slice(0, nr_of_dims).join('x')}`,
    )
  if (elem_size * Math.max(isDynamic ? most : elems, 1) > MOST_BYTES)
    throw nonsense('VIDIOC_QUERY_EXT_CTRL', device, `a value of ${elems} times ${elem_size} bytes`)
  return {
    id,
    name,
    key: keyOf(name),
    type: typeOf(type),
    typeNumber: type,
    minimum,
    maximum,
    step,
    default: default_value,
    flags,
    elemSize: elem_size,
    elems,
    dims: dims.slice(0, nr_of_dims),
  }
}

async function menuOf(channel: Channel, { id, type, minimum, maximum }: ControlInfo): Promise<MenuItem[]> {
  if (minimum < 0n || maximum - minimum > MOST_MENU_ITEMS)
    throw nonsense('VIDIOC_QUERY_EXT_CTRL', channel.path, `a menu from ${minimum} to ${maximum}`)
  const items: MenuItem[] = []
  for (let index = Number(minimum); index <= Number(maximum); index++) {
    const { value, errno } = await channel.attempt(Requests.QUERYMENU, { id, index })
    // A menu may have gaps.
    if (errno !== undefined) continue
    items.push(type === 'menu' ? { index, name: value.u.name! } : { index, value: value.u.value! })
  }
  return items
}

async function described(channel: Channel, queried: Queried): Promise<ControlInfo> {
  const info = infoOf(queried, channel.path)
  const hasMenu = info.type === 'menu' || info.type === 'integer-menu'
  return hasMenu ? { ...info, menu: await menuOf(channel, info) } : info
}

/**
 * Describes one control; undefined of one that the device does not have.
 *
 * @internal
 */
export async function describeControl(channel: Channel, id: number): Promise<ControlInfo | undefined> {
  const reply = await channel.attempt(Requests.QUERY_EXT_CTRL, { id })
  if (isMissing(reply)) return undefined
  if (reply.errno !== undefined) throw failure('VIDIOC_QUERY_EXT_CTRL', channel.path, reply.errno, reply.reason)
  return described(channel, reply.value)
}

function isMissing({ errno }: Reply<unknown>): boolean {
  return errno === 'EINVAL' || errno === 'ENOTTY'
}

/**
 * A control that the driver describes by nonsense.
 *
 * @internal
 */
export interface BadControl {
  readonly id: number
  readonly name: string
  readonly error: V4l2EncoderError
}

/** @internal */
export function isBad(control: ControlInfo | BadControl): control is BadControl {
  return 'error' in control
}

async function describedOrBad(channel: Channel, queried: Queried): Promise<ControlInfo | BadControl> {
  try {
    return await described(channel, queried)
  } catch (error) {
    if (isNonsense(error)) return { id: queried.id, name: queried.name, error }
    throw error
  }
}

/**
 * Describes every control and class of controls, in the driver's order; those that it describes by nonsense are there as well.
 *
 * @internal
 */
export async function* eachControl(channel: Channel): AsyncGenerator<ControlInfo | BadControl> {
  const next = (V4L2_CTRL_FLAG.NEXT_CTRL | V4L2_CTRL_FLAG.NEXT_COMPOUND) >>> 0
  for (let last = 0, count = 0; count < MOST_CONTROLS; count++) {
    const reply = await channel.attempt(Requests.QUERY_EXT_CTRL, { id: (next | last) >>> 0 })
    if (isMissing(reply)) return
    if (reply.errno !== undefined) throw failure('VIDIOC_QUERY_EXT_CTRL', channel.path, reply.errno, reply.reason)
    const { id } = reply.value
    // A driver that goes backwards would never end.
    if (id <= last) throw nonsense('VIDIOC_QUERY_EXT_CTRL', channel.path, `control ${id} after ${last}`)
    last = id
    yield await describedOrBad(channel, reply.value)
  }
  throw nonsense('VIDIOC_QUERY_EXT_CTRL', channel.path, `more than ${MOST_CONTROLS} controls`)
}
