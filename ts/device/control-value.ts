import { bytesOf } from '../shared/bytes-of.js'
import { describe } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError, V4l2EncoderError } from '../shared/errors.js'
import { V4L2_CTRL_FLAG } from './constants.js'
import type { Given, ValueOf } from './layout.js'
import { shown } from './sanitize.js'
import type { v4l2_ext_control } from './structs/index.js'
import type { ControlInfo, ControlValue } from './types.js'
import { zeroEnded } from './c-string.js'

/** A control as it goes to the driver. */
export type ExtControl = ValueOf<typeof v4l2_ext_control>

function wrongType({ key }: ControlInfo, wanted: string, value: unknown): Error {
  return typeError(ErrorCode.Control, `The control ${key} takes ${wanted}, but ${describe(value)} was given.`)
}

function outOfRange({ key }: ControlInfo, wanted: string, value: unknown): Error {
  return rangeError(ErrorCode.Control, `The control ${key} takes ${wanted}, but ${describe(value)} was given.`)
}

function range({ minimum, maximum }: ControlInfo): string {
  return `from ${minimum} to ${maximum}`
}

/**
 * Whether the value is memory of its own, and not in the control's struct.
 *
 * @internal
 */
export function isPayload({ flags, type, dims }: ControlInfo): boolean {
  return (flags & V4L2_CTRL_FLAG.HAS_PAYLOAD) !== 0 || type === 'string' || dims.length > 0 || type === 'compound'
}

function integer(info: ControlInfo, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(info, 'a whole number', value)
  if (BigInt(value) < info.minimum || BigInt(value) > info.maximum)
    throw outOfRange(info, `whole numbers ${range(info)}`, value)
  return value
}

function menuItem(info: ControlInfo, value: unknown): number {
  const index = integer(info, value)
  const items = info.menu ?? []
  if (items.some((item) => item.index === index)) return index
  if (items.length === 0)
    throw rangeError(ErrorCode.Control, `The control ${info.key} has an empty menu, and takes no value.`)
  const names = items.map((item) => `${item.index} (${shown(item.name ?? String(item.value))})`)
  throw outOfRange(info, `one of ${names.join(', ')}`, value)
}

/** Bits above the 31st are not a sign here. */
function bitmask(info: ControlInfo, value: unknown): number {
  const mask = BigInt.asUintN(32, info.maximum)
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(info, 'a number of bits', value)
  if (value < 0 || value > 0xffff_ffff || (BigInt(value) & ~mask) !== 0n)
    throw outOfRange(info, `bits of 0x${mask.toString(16)}`, value)
  return value | 0
}

function number(info: ControlInfo, value: unknown): number {
  switch (info.type) {
    case 'boolean':
      if (value === true || value === false || value === 0 || value === 1) return Number(value)
      throw wrongType(info, 'true or false', value)
    case 'menu':
    case 'integer-menu':
      return menuItem(info, value)
    case 'bitmask':
      return bitmask(info, value)
    case 'button':
      return 1
    default:
      return integer(info, value)
  }
}

function text(info: ControlInfo, value: unknown): Uint8Array {
  if (typeof value !== 'string') throw wrongType(info, 'a text', value)
  const bytes = new TextEncoder().encode(value)
  if (BigInt(bytes.length) < info.minimum || BigInt(bytes.length) > info.maximum)
    throw outOfRange(info, `texts of ${info.minimum} to ${info.maximum} bytes`, value)
  const padded = new Uint8Array(info.elemSize)
  padded.set(bytes)
  return padded
}

function long(info: ControlInfo, value: unknown): bigint {
  if (typeof value !== 'bigint') throw wrongType(info, 'a bigint', value)
  if (value < info.minimum || value > info.maximum) throw outOfRange(info, `bigints ${range(info)}`, value)
  return value
}

/** Bytes of a control that is given by its address. */
function payloadBytes({ elemSize, elems }: ControlInfo): number {
  return elemSize * Math.max(elems, 1)
}

/** Of an array that changes its length: one element, and as many as there may be. */
function payloadLengths(info: ControlInfo): [least: number, most: number] {
  const bytes = payloadBytes(info)
  if (!(info.flags & V4L2_CTRL_FLAG.DYNAMIC_ARRAY)) return [bytes, bytes]
  return [info.elemSize, info.dims.reduce((product, dimension) => product * dimension, info.elemSize)]
}

function payload(info: ControlInfo, value: unknown): Uint8Array {
  if (info.type === 'string' && info.dims.length === 0) return text(info, value)
  const [wanted, most] = payloadLengths(info)
  const lengths = most > wanted ? `${wanted} to ${most} bytes, ${wanted} for each element` : `${wanted} bytes`
  const bytes = bytesOf(value)
  if (!bytes) throw wrongType(info, `a Uint8Array of ${lengths}`, value)
  if (bytes.length === wanted || (bytes.length > 0 && bytes.length <= most && bytes.length % wanted === 0)) return bytes
  throw rangeError(
    ErrorCode.Control,
    `The control ${info.key} takes a Uint8Array of ${lengths}, but one of ${bytes.length} was given.`,
  )
}

/**
 * A control that is to be set, once its value is found to be one that it can take.
 *
 * @internal
 */
export function toSet(info: ControlInfo, value: ControlValue | boolean): Given<ExtControl> {
  const { id, key, flags, type } = info
  if (flags & V4L2_CTRL_FLAG.READ_ONLY)
    throw new V4l2EncoderError(ErrorCode.Control, `The control ${key} can only be read.`)
  if (type === 'class')
    throw typeError(ErrorCode.Control, `${shown(info.name)} is a class of controls, and has no value.`)
  if (isPayload(info)) {
    const ptr = payload(info, value)
    return { id, size: ptr.length, u: { ptr } }
  }
  return type === 'integer64' ? { id, u: { value64: long(info, value) } } : { id, u: { value: number(info, value) } }
}

/**
 * A control that is to be read.
 *
 * @internal
 */
export function toGet(info: ControlInfo): Given<ExtControl> {
  if (!isPayload(info)) return { id: info.id }
  const size = payloadBytes(info)
  return { id: info.id, size, u: { ptr: new Uint8Array(size) } }
}

/**
 * What was read.
 *
 * @internal
 */
export function valueOf(info: ControlInfo, { u, size }: ExtControl): ControlValue {
  if (!isPayload(info)) {
    if (info.type === 'integer64') return u.value64!
    return info.type === 'bitmask' ? u.value! >>> 0 : u.value!
  }
  const bytes = u.ptr!
  if (info.type !== 'string' || info.dims.length > 0) return size > 0 ? bytes.subarray(0, size) : bytes
  return zeroEnded(bytes)
}
