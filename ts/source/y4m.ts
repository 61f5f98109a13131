import { sourceError } from './error.js'

/** How a YUV4MPEG2 stream begins. */
export const MAGIC = 'YUV4MPEG2 '

/** What its header says about the pictures. */
export interface Y4mHeader {
  width: number
  height: number
  framerate: number | undefined
}

/** The colour spaces that are 8 bit 4:2:0; they differ only in where chroma is sampled. */
const I420_COLOURS = new Set(['420', '420jpeg', '420mpeg2', '420paldv'])

/** Top field first, bottom field first, and different from picture to picture. */
const INTERLACED = new Set(['t', 'b', 'm'])

function framerateOf(text: string | undefined): number | undefined {
  const [numerator, denominator] = (text ?? '').split(':').map(Number)
  const value = numerator! / denominator!
  return value > 0 && Number.isFinite(value) ? value : undefined
}

/**
 * Reads the header after its first word: `W1280 H720 F30:1 Ip C420jpeg …`. Throws `ERR_SOURCE` for pictures that cannot be encoded.
 *
 * @internal
 */
export function parseY4mHeader(line: string): Y4mHeader {
  const fields = new Map(line.split(' ').map((field) => [field[0], field.slice(1)]))
  const [width, height] = [Number(fields.get('W')), Number(fields.get('H'))]
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw sourceError(`The Y4M input has no picture size in its header: "${MAGIC}${line}".`)
  }
  const colours = fields.get('C') ?? '420'
  if (!I420_COLOURS.has(colours)) {
    throw sourceError(
      `The Y4M input has the colour space ${colours}; only 8 bit 4:2:0 (C420) can be encoded.`,
      'Convert it: ffmpeg -i INPUT.y4m -pix_fmt yuv420p OUTPUT.y4m',
    )
  }
  if (INTERLACED.has(fields.get('I') ?? 'p')) {
    throw sourceError(
      `The Y4M input is interlaced (I${fields.get('I')}); only progressive pictures can be encoded.`,
      'Convert it: ffmpeg -i INPUT.y4m -vf yadif OUTPUT.y4m',
    )
  }
  return { width, height, framerate: framerateOf(fields.get('F')) }
}
