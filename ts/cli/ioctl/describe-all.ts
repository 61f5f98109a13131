import { V4L2_CTRL_FLAG } from '../../device/constants.js'
import type { Device } from '../../device/device.js'
import { Requests } from '../../device/requests.js'
import type { ControlInfo } from '../../device/types.js'
import { ErrorCode, V4l2EncoderError } from '../../errors.js'
import { isNotHere } from './refusal.js'

/** A control that the driver describes as none can be. */
export interface BadControl {
  readonly id: number
  readonly name: string
  readonly error: V4l2EncoderError
}

/** Controls in the driver's order. */
export type Described = readonly (ControlInfo | BadControl)[]

export function isBad(control: ControlInfo | BadControl): control is BadControl {
  return 'error' in control
}

/** More than any driver has. */
const MOST = 4096

function isNonsense(error: unknown): error is V4l2EncoderError {
  return error instanceof V4l2EncoderError && error.code === ErrorCode.Device && error.errno === undefined
}

async function next(device: Device, last: number): Promise<{ id: number; name: string } | undefined> {
  const following = (V4L2_CTRL_FLAG.NEXT_CTRL | V4L2_CTRL_FLAG.NEXT_COMPOUND | last) >>> 0
  try {
    return await device.request(Requests.QUERY_EXT_CTRL, { id: following })
  } catch (error) {
    if (isNotHere(error)) return undefined
    throw error
  }
}

async function describe(device: Device, id: number, name: string): Promise<ControlInfo | BadControl> {
  try {
    return await device.control(id)
  } catch (error) {
    if (isNonsense(error)) return { id, name, error }
    throw error
  }
}

async function oneByOne(device: Device, nonsense: V4l2EncoderError): Promise<Described> {
  const found: (ControlInfo | BadControl)[] = []
  for (let last = 0; found.length < MOST;) {
    const following = await next(device, last)
    if (!following) return found
    if (following.id <= last) throw nonsense
    last = following.id
    found.push(await describe(device, following.id, following.name))
  }
  throw nonsense
}

/** Every control and class of controls. Of a driver that describes some by nonsense the others are there as well. */
export async function describeAll(device: Device): Promise<Described> {
  try {
    return await device.controls()
  } catch (error) {
    if (!isNonsense(error)) throw error
    return oneByOne(device, error)
  }
}
