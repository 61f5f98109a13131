import { V4L2_BUF_TYPE } from '../../../device/constants.js'
import { Requests } from '../../../device/requests.js'
import { query } from '../action.js'
import type { Action } from '../action.js'
import { metadataFormatLines } from '../format.js'
import type { InspectedDevice } from '../inspected-device.js'

const getFormat = (type: number) => async (inspected: InspectedDevice) => {
  const format = await inspected.device.request(Requests.G_FMT, { type })
  const { meta } = format.fmt
  const description = meta === undefined ? undefined : await inspected.describe(type, meta.dataformat)
  return { ...format, ...(description === undefined ? {} : { description }) }
}

type Metadata = Awaited<ReturnType<ReturnType<typeof getFormat>>>

function formatLines({ type, fmt: { meta }, description }: Metadata): string[] {
  return meta ? metadataFormatLines(type, meta.dataformat, meta.buffersize, description) : []
}

export const METADATA_ACTIONS: readonly Action[] = [
  ['get-fmt-meta', V4L2_BUF_TYPE.META_CAPTURE, 'The format of captured metadata'] as const,
  ['get-fmt-meta-out', V4L2_BUF_TYPE.META_OUTPUT, 'The format of metadata for output'] as const,
].map(([option, type, description]) => query({ option, isInAll: true, description }, getFormat(type), formatLines))
