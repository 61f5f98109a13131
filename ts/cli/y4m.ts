import type { ByteReader } from './byte-reader.js'
import { CommandError, ExitStatus } from './exit.js'

const MAGIC = 'YUV4MPEG2 '
const LONGEST_HEADER = 1024

/** What a YUV4MPEG2 file says about its pictures. */
export interface Y4mHeader {
  width: number
  height: number
  framerate: number | undefined
}

export async function isY4m(reader: ByteReader): Promise<boolean> {
  return Buffer.from(await reader.peek(MAGIC.length)).toString('latin1') === MAGIC
}

function malformed(message: string, hint?: string): CommandError {
  return new CommandError(ExitStatus.File, message, hint)
}

/** The colour spaces that are 8 bit 4:2:0; they differ only in where chroma is sampled. */
const I420_COLOURS = new Set(['420', '420jpeg', '420mpeg2', '420paldv'])

function framerateOf(text: string | undefined): number | undefined {
  const [numerator, denominator] = (text ?? '').split(':').map(Number)
  const value = numerator! / denominator!
  return value > 0 && Number.isFinite(value) ? value : undefined
}

/** Reads the header: `YUV4MPEG2 W1280 H720 F30:1 C420jpeg …`. */
export async function readY4mHeader(reader: ByteReader): Promise<Y4mHeader> {
  const line = await reader.line(LONGEST_HEADER)
  if (line === undefined) throw malformed('The .y4m input ends within its header.')
  const fields = new Map(
    line
      .split(' ')
      .slice(1)
      .map((field) => [field[0], field.slice(1)]),
  )
  const [width, height] = [Number(fields.get('W')), Number(fields.get('H'))]
  if (!(width > 0 && height > 0)) throw malformed(`The .y4m input has no picture size in its header: "${line}".`)
  const colours = fields.get('C') ?? '420'
  if (!I420_COLOURS.has(colours)) {
    throw malformed(
      `The .y4m input has the colour space ${colours}; only 8 bit 4:2:0 (C420) can be encoded.`,
      'Convert it: ffmpeg -i INPUT.y4m -pix_fmt yuv420p OUTPUT.y4m',
    )
  }
  return { width, height, framerate: framerateOf(fields.get('F')) }
}

/** Reads up to the next picture's pixels; false at the end of the input. */
export async function readY4mFrameHeader(reader: ByteReader): Promise<boolean> {
  if ((await reader.peek(1)).length === 0) return false
  const line = await reader.line(LONGEST_HEADER)
  if (line?.startsWith('FRAME')) return true
  throw malformed('The .y4m input is damaged: a picture does not begin with "FRAME".')
}
