import { V4L2_BUF_TYPE } from '../../../device/constants.js'
import { fourcc, fourccText } from '../../../device/formats.js'
import type { FormatDescription, FrameInterval, FrameSize, PixFormat } from '../../../device/types.js'
import { usageError } from '../../exit.js'
import { query, command } from '../action.js'
import type { Action } from '../action.js'
import { pixFormatLines } from '../format.js'
import { changedFormat } from '../format-request.js'
import { formatListLines, frameIntervalLine, frameSizeLine } from '../listing.js'
import type { FormatWithSizes } from '../listing.js'
import { assignments, wholeNumber } from '../parse.js'
import type { InspectedDevice } from '../inspected-device.js'

type TypeOf = (inspected: InspectedDevice) => number

const capture: TypeOf = (inspected) => inspected.captureType
const output: TypeOf = (inspected) => inspected.outputType

/** A format, and what the device calls it. */
interface NamedFormat {
  readonly format: PixFormat
  readonly description?: string
}

async function named(inspected: InspectedDevice, format: PixFormat): Promise<NamedFormat> {
  const description = await inspected.describe(format.type, format.fourcc)
  return { format, ...(description === undefined ? {} : { description }) }
}

const printed = ({ format, description }: NamedFormat): string[] => pixFormatLines(format, description)

const askFormat = (typeOf: TypeOf) => async (inspected: InspectedDevice) =>
  named(inspected, await inspected.device.format(typeOf(inspected)))

const changeFormat = (typeOf: TypeOf, option: string, how: 'setFormat' | 'tryFormat') => {
  return async (inspected: InspectedDevice, value: string) => {
    const wanted = await changedFormat(inspected, typeOf(inspected), value, option)
    return named(inspected, await inspected.device[how](wanted))
  }
}

export const SET_FORMATS: readonly Action[] = [
  { option: 'set-fmt-video', alias: 'v', typeOf: capture, how: 'setFormat', what: 'Set the capture format' } as const,
  {
    option: 'try-fmt-video',
    typeOf: capture,
    how: 'tryFormat',
    what: 'Try a capture format without setting it',
  } as const,
  { option: 'set-fmt-video-out', alias: 'x', typeOf: output, how: 'setFormat', what: 'Set the output format' } as const,
  {
    option: 'try-fmt-video-out',
    typeOf: output,
    how: 'tryFormat',
    what: 'Try an output format without setting it',
  } as const,
].map(({ typeOf, how, what, ...names }) =>
  command({ ...names, valueHint: 'format', description: what }, changeFormat(typeOf, names.option, how), (answer) =>
    how === 'tryFormat' ? printed(answer) : [],
  ),
)

export const GET_FORMATS: readonly Action[] = [
  query(
    { option: 'get-fmt-video', alias: 'V', isInAll: true, description: 'The capture format' },
    askFormat(capture),
    printed,
  ),
  query(
    { option: 'get-fmt-video-out', alias: 'X', isInAll: true, description: 'The output format' },
    askFormat(output),
    printed,
  ),
]

interface Listed {
  readonly type: number
  readonly formats: FormatWithSizes[]
}

const listFormats =
  (typeOf: TypeOf) =>
  async (inspected: InspectedDevice): Promise<Listed> => {
    const type = typeOf(inspected)
    const formats = await inspected.formats(type)
    return { type, formats: formats.map((format) => ({ format })) }
  }

async function withSizes({ device }: InspectedDevice, format: FormatDescription): Promise<FormatWithSizes> {
  const sizes: { size: FrameSize; intervals: FrameInterval[] }[] = []
  for (const size of await device.frameSizes(format.fourcc)) {
    const isOne = size.type === 'discrete'
    sizes.push({ size, intervals: isOne ? await device.frameIntervals(format.fourcc, size.width, size.height) : [] })
  }
  return { format, sizes }
}

const listExtended =
  (typeOf: TypeOf) =>
  async (inspected: InspectedDevice): Promise<Listed> => {
    const type = typeOf(inspected)
    const formats: FormatWithSizes[] = []
    for (const format of await inspected.formats(type)) formats.push(await withSizes(inspected, format))
    return { type, formats }
  }

const listed = ({ type, formats }: Listed): string[] => formatListLines(type, formats)

/** A four-character code that the device knows. */
async function knownCode(inspected: InspectedDevice, code: string, option: string): Promise<number> {
  const formats = [...(await inspected.formats(capture(inspected))), ...(await inspected.formats(output(inspected)))]
  const number = fourcc(code)
  if (formats.some((format) => format.fourcc === number)) return number
  const codes = [...new Set(formats.map((format) => format.code))].join(', ')
  throw usageError(
    `--${option} has no format "${fourccText(number)}": ${inspected.device.path} knows ${codes || 'none'}.`,
  )
}

async function listIntervals(inspected: InspectedDevice, value: string): Promise<FrameInterval[]> {
  const given = new Map(assignments(value, 'list-frameintervals', ['width', 'height', 'pixelformat']))
  const [width, height] = ['width', 'height'].map((name) =>
    wholeNumber(given.get(name) ?? '', `--list-frameintervals ${name}`),
  )
  const code = await knownCode(inspected, given.get('pixelformat') ?? '', 'list-frameintervals')
  return inspected.device.frameIntervals(code, width!, height!)
}

export const LIST_FORMATS: readonly Action[] = [
  query({ option: 'list-formats', description: 'The capture formats' }, listFormats(capture), listed),
  query(
    { option: 'list-formats-ext', description: 'The capture formats with sizes and frame intervals' },
    listExtended(capture),
    listed,
  ),
  command(
    { option: 'list-framesizes', valueHint: 'code', description: 'The sizes of a format' },
    async (inspected, value) => inspected.device.frameSizes(await knownCode(inspected, value, 'list-framesizes')),
    (sizes) => ['ioctl: VIDIOC_ENUM_FRAMESIZES', ...sizes.map((size) => frameSizeLine(size))],
  ),
  command(
    {
      option: 'list-frameintervals',
      valueHint: 'format',
      description: 'The frame intervals of a size',
    },
    listIntervals,
    (intervals) => ['ioctl: VIDIOC_ENUM_FRAMEINTERVALS', ...intervals.map((interval) => frameIntervalLine(interval))],
  ),
  query({ option: 'list-formats-out', description: 'The output formats' }, listFormats(output), listed),
  query(
    { option: 'list-formats-out-ext', description: 'The output formats with sizes and frame intervals' },
    listExtended(output),
    listed,
  ),
  ...[
    ['list-formats-meta', V4L2_BUF_TYPE.META_CAPTURE, 'The formats of captured metadata'] as const,
    ['list-formats-meta-out', V4L2_BUF_TYPE.META_OUTPUT, 'The formats of metadata for output'] as const,
  ].map(([option, type, description]) =>
    query(
      { option, description },
      listFormats(() => type),
      listed,
    ),
  ),
]
