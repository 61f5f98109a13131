// ts/cli/record: the command `record`: encodes a source of frames into a file or to standard output.
import { parseCodecs } from '../../encoder/codec.js'
import { Codec } from '../../shared/codec.js'
import { ASK_THE_DOCTOR } from '../../native/to-error.js'
import { V4l2EncoderError } from '../../shared/errors.js'
import type { RejectedEncoder } from '../../shared/errors.js'
import { usageError } from '../exit.js'
import type { RecordOptions } from './options.js'
import { codecOfName, namedH264 } from './output-name.js'

/** What the options say about the encoder. */
export interface EncoderChoice {
  codec: string[]
  hardware: 'prefer' | 'require' | 'never'
}

/** The options that say it. */
export type EncoderFlags = Pick<RecordOptions, 'codec' | 'h264' | 'h265' | 'softwareEncoder' | 'hardwareEncoder'>

function codecOf({ codec, h264, h265 }: EncoderFlags, output: string | undefined): string[] {
  if (h264) return [Codec.H264]
  if (h265) return [Codec.H265]
  return codec?.split(',') ?? [codecOfName(output) ?? Codec.H264]
}

/** Combines the options, and rejects a codec that the software encoder does not have. */
export function chooseEncoder(flags: EncoderFlags, output: string | undefined): EncoderChoice {
  const codec = codecOf(flags, output)
  const codecs = new Set(parseCodecs(codec).map((choice) => choice.codec))
  const { softwareEncoder, hardwareEncoder } = flags
  if (softwareEncoder && !codecs.has(Codec.H264)) {
    const name = [...codecs].join(' or ').toUpperCase()
    throw usageError(
      `The built-in software encoder encodes H.264 only, so ${name} cannot be encoded with --software-encoder.`,
      'Leave out --software-encoder to use the hardware, or choose --h264 --software-encoder.',
    )
  }
  return { codec, hardware: softwareEncoder ? 'never' : hardwareEncoder ? 'require' : 'prefer' }
}

/** What `--device` says: one name allows this device only, several are an order of preference. */
export function chooseDevice(text: string | undefined): string | string[] | undefined {
  if (text === undefined) return undefined
  const devices = text.split(',')
  if (devices.includes('')) {
    throw usageError(
      'The option --device needs a device node, or several with a comma between them.',
      'Write for example --device /dev/video11.',
    )
  }
  return devices.length === 1 ? devices[0]! : devices
}

/** How to get H.264, which the software encoder has, in place of the codec that the options or the name of the output say. */
function h264Hint({ codec, h265 }: EncoderFlags, output: string): string {
  const option = h265 ? '--h265' : codec === undefined ? undefined : `--codec ${codec}`
  if (codecOfName(output) === undefined) return `Write --h264${option ? ` in place of ${option}` : ''} for H.264.`
  return `Name the output ${namedH264(output)}${option ? ` and leave out ${option}` : ''} for H.264.`
}

/** The error with the hint that fits the command line, where another codec would be encoded here: a list of codecs is not for it. */
export function withFittingHint(error: unknown, flags: EncoderFlags, output: string): unknown {
  const allowsH264 = ({ alternatives }: RejectedEncoder) => alternatives?.includes('h264') ?? false
  if (!(error instanceof V4l2EncoderError) || !error.rejected.some(allowsH264)) return error
  const hint = h264Hint(flags, output)
  const rejected = error.rejected.map((one) => (allowsH264(one) ? { ...one, hint } : one))
  return new V4l2EncoderError(error.code, error.message, { rejected, hint: `${hint} ${ASK_THE_DOCTOR}`, cause: error })
}
