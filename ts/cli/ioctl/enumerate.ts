import type { Device } from '../../device/device.js'
import type { Given } from '../../device/layout.js'
import type { Request } from '../../device/requests.js'
import { V4l2EncoderError } from '../../errors.js'
import { ifAnswered } from './session.js'

/** More than any driver has of anything. */
const MOST = 4096

/** One entry after the other until there is no further one; a driver that never comes to an end is an error. */
export async function enumerateOf<T extends { index: number }>(device: Device, request: Request<T>): Promise<T[]> {
  const found: T[] = []
  while (found.length < MOST) {
    const entry = await ifAnswered(device.request(request, { index: found.length } as Given<T>))
    if (!entry) return found
    found.push(entry)
  }
  throw new V4l2EncoderError('ERR_DEVICE', `${request.name} on ${device.path} never comes to an end.`, {
    device: device.path,
    ioctl: request.name,
  })
}
