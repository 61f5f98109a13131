import { describe } from '../shared/describe.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import { reading } from '../shared/reading.js'
import { argumentObject, list, text } from '../shared/arguments.js'
import { isMultiPlanar, isOfPictures } from './buffer-type.js'
import type { Channel } from './channel.js'
import { nonsense } from './failure.js'
import { fourcc, fourccText } from './formats.js'
import type { Given, ValueOf } from './layout.js'
import type { Request } from './requests.js'
import type { v4l2_format } from './structs/index.js'
import type { PixFormat, PlaneFormat } from './types.js'

/** A format to set: what is left out, the driver chooses, but the queue, which has to be named. */
export type PixFormatRequest = Pick<PixFormat, 'type'> &
  Partial<Omit<PixFormat, 'type' | 'planes'>> & {
    /** Sizes to ask for, such as a larger buffer for coded data. */
    planes?: readonly Partial<PlaneFormat>[]
  }

type Format = ValueOf<typeof v4l2_format>

/** `V4L2_PIX_FMT_PRIV_MAGIC`: without it the kernel drops every member of the single-planar struct behind it. */
const PRIV_MAGIC = 0xfeedcafe
/** `VIDEO_MAX_PLANES` */
const MOST_PLANES = 8

/** @internal */
export function checkPictures(type: number): void {
  if (isOfPictures(type)) return
  throw typeError(
    ErrorCode.Config,
    `Buffer type ${describe(type)} is not a queue of video frames.`,
    'Take device.captureType, device.outputType or one of V4L2_BUF_TYPE. Others are reached by device.request().',
  )
}

function codeOf({ fourcc: number, code }: PixFormatRequest): number | undefined {
  return number ?? (code === undefined ? undefined : fourcc(text(code, 'format.code')))
}

function givenOf(format: PixFormatRequest): Given<Format> {
  const { type, width, height, field, colorspace, flags } = format
  const planes = list(format.planes ?? [], 'format.planes').map(
    (plane) => argumentObject(plane, 'a plane of format.planes') as Partial<PlaneFormat>,
  )
  const { ycbcrEnc: ycbcr_enc, quantization, xferFunc: xfer_func } = format
  const common = { width, height, pixelformat: codeOf(format), field, colorspace, flags }
  const colorimetry = { ycbcr_enc, quantization, xfer_func }
  if (!isMultiPlanar(type)) {
    const [plane] = planes
    const pix = {
      ...common,
      ...colorimetry,
      priv: PRIV_MAGIC,
      bytesperline: plane?.bytesPerLine,
      sizeimage: plane?.sizeImage,
    }
    return { type, fmt: { pix } }
  }
  const plane_fmt = planes.map(({ bytesPerLine: bytesperline, sizeImage: sizeimage }) => ({ bytesperline, sizeimage }))
  return { type, fmt: { pix_mp: { ...common, ...colorimetry, plane_fmt, num_planes: planes.length } } }
}

function valueOf({ type, fmt: { pix, pix_mp } }: Format, device: string): PixFormat {
  if (!pix && !pix_mp) throw nonsense('VIDIOC_G_FMT', device, `a format of buffer type ${type}`)
  const planes = pix
    ? [{ bytesPerLine: pix.bytesperline, sizeImage: pix.sizeimage }]
    : pix_mp!.plane_fmt.slice(0, pix_mp!.num_planes).map(({ bytesperline, sizeimage }) => ({
        bytesPerLine: bytesperline,
        sizeImage: sizeimage,
      }))
  if (pix_mp && pix_mp.num_planes > MOST_PLANES)
    throw nonsense('VIDIOC_G_FMT', device, `${pix_mp.num_planes} planes, of which there are at most ${MOST_PLANES}`)
  const { width, height, pixelformat, field, colorspace, xfer_func, ycbcr_enc, quantization, flags } = (pix ?? pix_mp)!
  return {
    type,
    width,
    height,
    fourcc: pixelformat,
    code: fourccText(pixelformat),
    field,
    colorspace,
    xferFunc: xfer_func,
    ycbcrEnc: ycbcr_enc,
    quantization,
    flags,
    planes,
  }
}

/**
 * Gets, sets or tries a format of frames; the answer is the one in force.
 *
 * @internal
 */
export async function exchangeFormat(
  channel: Channel,
  request: Request<Format>,
  format: PixFormatRequest,
): Promise<PixFormat> {
  const given = reading('The format', ErrorCode.Config, () => {
    argumentObject(format, 'format')
    checkPictures(format.type)
    return givenOf(format)
  })
  return valueOf(await channel.request(request, given), channel.path)
}
