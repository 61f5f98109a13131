import { Codec, parseCodecs } from '../codec.js'
import { usageError } from './exit.js'
import { codecOfName } from './output-name.js'

/** What the options say about the encoder. */
export interface EncoderChoice {
  codec: string[]
  hardware: 'prefer' | 'require' | 'never'
}

/** The options that say it. */
export interface EncoderFlags {
  codec: string | undefined
  h264: boolean | undefined
  h265: boolean | undefined
  softwareEncoder: boolean | undefined
  hardwareEncoder: boolean | undefined
}

function codecOf({ codec, h264, h265 }: EncoderFlags, output: string | undefined): string[] {
  const chosen = [...(codec === undefined ? [] : [codec]), ...(h264 ? [Codec.H264] : []), ...(h265 ? [Codec.H265] : [])]
  if (chosen.length > 1)
    throw usageError(
      'Only one of --codec, --h264 and --h265 can be given.',
      'For an order of preference write --codec h265,h264.',
    )
  if (chosen[0] !== undefined) return chosen[0].split(',')
  return [codecOfName(output) ?? Codec.H264]
}

/** Puts the flags together, and refuses those that contradict each other with the reason. */
export function chooseEncoder(flags: EncoderFlags, output: string | undefined): EncoderChoice {
  const codec = codecOf(flags, output)
  const codecs = new Set(parseCodecs(codec).map((choice) => choice.codec))
  const { softwareEncoder, hardwareEncoder } = flags
  if (softwareEncoder && hardwareEncoder)
    throw usageError('--software-encoder and --hardware-encoder exclude each other.')
  if (softwareEncoder && !codecs.has(Codec.H264)) {
    const name = [...codecs].join(' or ').toUpperCase()
    throw usageError(
      `The built-in software encoder codes H.264 only, so ${name} cannot be encoded with --software-encoder.`,
      'Leave out --software-encoder to use the hardware, or choose --h264 --software-encoder.',
    )
  }
  return { codec, hardware: softwareEncoder ? 'never' : hardwareEncoder ? 'require' : 'prefer' }
}
