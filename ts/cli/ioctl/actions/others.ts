import { V4L2_BUF_TYPE } from '../../../device/constants.js'
import { Requests } from '../../../device/requests.js'
import { asking } from '../action.js'
import type { Action } from '../action.js'
import { dataFormatLines, overlayFormatLines, slicedVbiFormatLines, vbiFormatLines } from '../format.js'
import { framebufferLines, jpegCompressionLines } from '../overlay.js'
import type { Session } from '../session.js'

const askFormat = (type: number) => async (session: Session) => {
  const format = await session.device.request(Requests.G_FMT, { type })
  const { sdr, meta } = format.fmt
  const code = sdr?.pixelformat ?? meta?.dataformat
  const description = code === undefined ? undefined : await session.describe(type, code)
  return { ...format, ...(description === undefined ? {} : { description }) }
}

type Asked = Awaited<ReturnType<ReturnType<typeof askFormat>>>

function formatLines({ type, fmt: { win, vbi, sliced, sdr, meta }, description }: Asked): string[] {
  if (win) return overlayFormatLines(type, { ...win, clips: [] })
  if (vbi) return vbiFormatLines(type, vbi)
  if (sliced) return slicedVbiFormatLines(type, sliced)
  if (sdr) return dataFormatLines(type, sdr.pixelformat, sdr.buffersize, description)
  return meta ? dataFormatLines(type, meta.dataformat, meta.buffersize, description) : []
}

export const OVERLAY_ACTIONS: readonly Action[] = [
  asking(
    { option: 'get-fmt-overlay', isInAll: true, description: 'The format of the overlay' },
    (session) => askFormat(session.overlayType)(session),
    formatLines,
  ),
  asking(
    { option: 'get-fbuf', isInAll: true, description: 'The memory of the overlay' },
    ({ device }) => device.request(Requests.G_FBUF, {}),
    framebufferLines,
  ),
]

export const DATA_FORMAT_ACTIONS: readonly Action[] = [
  ['get-fmt-sliced-vbi', V4L2_BUF_TYPE.SLICED_VBI_CAPTURE, 'Which data of the blanking interval come'] as const,
  ['get-fmt-sliced-vbi-out', V4L2_BUF_TYPE.SLICED_VBI_OUTPUT, 'Which data of the blanking interval go'] as const,
  ['get-fmt-vbi', V4L2_BUF_TYPE.VBI_CAPTURE, 'Which lines of the blanking interval come'] as const,
  ['get-fmt-vbi-out', V4L2_BUF_TYPE.VBI_OUTPUT, 'Which lines of the blanking interval go'] as const,
  ['get-fmt-sdr', V4L2_BUF_TYPE.SDR_CAPTURE, 'The format of radio samples'] as const,
  ['get-fmt-sdr-out', V4L2_BUF_TYPE.SDR_OUTPUT, 'The format of radio samples to send'] as const,
  ['get-fmt-meta', V4L2_BUF_TYPE.META_CAPTURE, 'The format of metadata'] as const,
  ['get-fmt-meta-out', V4L2_BUF_TYPE.META_OUTPUT, 'The format of metadata to give'] as const,
].map(([option, type, description]) => asking({ option, isInAll: true, description }, askFormat(type), formatLines))

export const JPEG_ACTION: Action = asking(
  { option: 'get-jpeg-comp', isInAll: true, description: 'JPEG compression, of drivers of old' },
  ({ device }) => device.request(Requests.G_JPEGCOMP, {}),
  jpegCompressionLines,
)
