import { fstatSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { basename, extname } from 'node:path'
import { Codec } from '../../shared/codec.js'
import { pathOf } from '../../source/open-source.js'
import { usageError } from '../exit.js'
import { isNamedAsRawFrames } from './pixel-format.js'

/** What the end of an output's name says about the stream in it. */
const CODECS: Record<string, Codec> = {
  '.h264': Codec.H264,
  '.264': Codec.H264,
  '.avc': Codec.H264,
  '.h265': Codec.H265,
  '.265': Codec.H265,
  '.hevc': Codec.H265,
  '.av1': Codec.AV1,
  '.obu': Codec.AV1,
  '.vp8': Codec.VP8,
  '.vp9': Codec.VP9,
  '.fwht': Codec.FWHT,
}

/** What an elementary stream is not: players would fail on it. */
const CONTAINERS =
  /\.(mp4|m4v|mkv|mk3d|mov|webm|avi|ts|m2ts|mts|flv|f4v|ivf|mpg|mpeg|vob|ogg|ogv|3gp|3g2|wmv|asf|mxf|nut|gif)$/i

/** The codec that an output's name stands for, if it does. */
export function codecOfName(output: string | undefined): Codec | undefined {
  return CODECS[extname(output ?? '').toLowerCase()]
}

/** The output's name, with the ending that stands for H.264. */
export function namedH264(output: string): string {
  return `${output.slice(0, output.length - extname(output).length)}.h264`
}

/** Rejects names of files that an elementary stream does not belong in: such a file is a video file or the input. */
export function checkOutputName(output: string | undefined): void {
  if (output === undefined || output === '-') return
  const what = isNamedAsRawFrames(output) ? 'a file of raw frames' : CONTAINERS.test(output) ? 'a container' : undefined
  if (what === undefined) return
  throw usageError(
    `The output ${output} has a name like ${what}, but what is written is an elementary stream.`,
    `Name it ${namedH264(output)}, for example; "ffmpeg -framerate 30 -i clip.h264 -c copy clip.mp4" makes an MP4 of one. ` +
      `If ${output} is meant to be read, write --input ${output}.`,
  )
}

/** What a path or descriptor is, if it is there. */
function statsOf(file: string | number): BigIntStats | undefined {
  try {
    return typeof file === 'number' ? fstatSync(file, { bigint: true }) : statSync(file, { bigint: true })
  } catch {
    return undefined
  }
}

/** The file that an input is read from, by its path or descriptor. */
function fileOfInput(source: string): string | number | undefined {
  if (source === '-') return 0
  if (source === 'testsrc') return undefined
  return /^file:(?!\/\/)/i.test(source) ? source.slice('file:'.length) : pathOf(source)
}

/** Rejects an output that is the input, also by another name: it would be empty before the first frame is read. */
export function rejectSameFile(source: string, output: string): void {
  const file = fileOfInput(source)
  const from = file === undefined ? undefined : statsOf(file)
  const to = statsOf(output === '-' ? 1 : output)
  // Terminals and the like hold nothing that could be lost, and a socket goes both ways.
  if (!from || !to || to.isCharacterDevice() || to.isSocket()) return
  if (from.dev !== to.dev || from.ino !== to.ino) return
  throw usageError(
    `The output ${output} and the input ${source} are the same file, which would be lost.`,
    'Give the output another name, such as clip.h264; the input is what follows --input.',
  )
}

/** The warning where the stream is not what the name of its file says. */
export function otherCodecWarning(output: string, codec: Codec): string | undefined {
  const named = codecOfName(output)
  if (named === undefined || named === codec) return undefined
  const [encoded, expected] = [codec, named].map((one) => one.toUpperCase())
  const name = basename(output, extname(output))
  return (
    `warn: The stream in ${output} is ${encoded}, although its name says ${expected}, and players may go by the name. ` +
    `Rename it to ${name}.${codec}.`
  )
}
