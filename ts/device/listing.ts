import type { Channel } from './channel.js'
import { V4L2_FRMIVAL_TYPE, V4L2_FRMSIZE_TYPE } from './constants.js'
import { failure, nonsense } from './failure.js'
import { fourccText } from './formats.js'
import type { Given } from './layout.js'
import type { Request } from './requests.js'
import { Requests } from './requests.js'
import type { FormatDescription, FrameInterval, FrameSize } from './types.js'

/** More than any driver has of anything. */
const MOST = 4096

/** Ends of a list: there is no further entry, or none at all. */
const ENDS = new Set(['EINVAL', 'ENOTTY', 'ENODATA'])

/**
 * Asks for one entry after the other until the driver has no more, or the last one. A driver that never comes to an end is an error.
 *
 * @internal
 */
export async function enumerate<T>(
  channel: Channel,
  request: Request<T>,
  given: (index: number) => Given<NoInfer<T>>,
  isLast: (entry: NoInfer<T>) => boolean = () => false,
): Promise<T[]> {
  const found: T[] = []
  while (found.length < MOST) {
    const reply = await channel.attempt(request, given(found.length))
    if (reply.errno === undefined) {
      found.push(reply.value)
      if (isLast(reply.value)) return found
    } else if (ENDS.has(reply.errno)) return found
    else throw failure(request.name, channel.path, reply.errno, reply.reason)
  }
  throw nonsense(request.name, channel.path, `a list that never comes to an end (more than ${MOST} entries)`)
}

/** @internal */
export async function listFormats(channel: Channel, type: number): Promise<FormatDescription[]> {
  const found = await enumerate(channel, Requests.ENUM_FMT, (index) => ({ index, type }))
  return found.map(({ pixelformat, index, flags, description }) => ({
    index,
    type,
    flags,
    description,
    fourcc: pixelformat,
    code: fourccText(pixelformat),
  }))
}

/** @internal */
export async function listFrameSizes(channel: Channel, fourcc: number): Promise<FrameSize[]> {
  const given = (index: number) => ({ index, pixel_format: fourcc })
  const isRange = ({ type }: { type: number }) => type !== V4L2_FRMSIZE_TYPE.DISCRETE
  const sizes = await enumerate(channel, Requests.ENUM_FRAMESIZES, given, isRange)
  return sizes.map(({ type, u: { discrete, stepwise } }) => {
    if (discrete) return { type: 'discrete', ...discrete }
    const { min_width, max_width, step_width, min_height, max_height, step_height } = stepwise!
    return {
      type: type === V4L2_FRMSIZE_TYPE.CONTINUOUS ? 'continuous' : 'stepwise',
      minWidth: min_width,
      maxWidth: max_width,
      stepWidth: step_width,
      minHeight: min_height,
      maxHeight: max_height,
      stepHeight: step_height,
    }
  })
}

/** @internal */
export async function listFrameIntervals(
  channel: Channel,
  fourcc: number,
  width: number,
  height: number,
): Promise<FrameInterval[]> {
  const given = (index: number) => ({ index, pixel_format: fourcc, width, height })
  const isRange = ({ type }: { type: number }) => type !== V4L2_FRMIVAL_TYPE.DISCRETE
  const intervals = await enumerate(channel, Requests.ENUM_FRAMEINTERVALS, given, isRange)
  return intervals.map(({ type, u: { discrete, stepwise } }) =>
    discrete
      ? { type: 'discrete', interval: discrete }
      : { type: type === V4L2_FRMIVAL_TYPE.CONTINUOUS ? 'continuous' : 'stepwise', ...stepwise! },
  )
}
