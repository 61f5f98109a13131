import { abortSignal, boolean, checkOptions, optional, string, withDefault } from '../shared/check.js'
import type { Checks } from '../shared/check.js'
import { Codec } from '../shared/codec.js'
import type { MetadataOptions } from '../frame/metadata.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import type { V4l2EncoderError } from '../shared/errors.js'
import { Logger } from '../shared/log.js'
import type { NativeCodecChoice, NativeConfig, ProfileName } from '../native/config.js'
import { ENCODER_CHECKS } from './options.js'
import { splitParameters } from './parameters.js'

/** What the checks give: options with their defaults. */
type Checked = { [K in keyof typeof ENCODER_CHECKS]: ReturnType<(typeof ENCODER_CHECKS)[K]> }

/**
 * Options whose names and types are right: the part that goes to the addon, and the part that stays here.
 *
 * @internal
 */
export interface CheckedOptions {
  native: NativeConfig
  logger: Logger
  maxPendingFrames: number
  signal: AbortSignal | undefined
  onFrameLost: ((error: V4l2EncoderError) => void) | undefined
  /** What goes into the stream by itself; undefined where nothing does. */
  metadata: Required<MetadataOptions> | undefined
}

/** Leaves out what is undefined, so that the addon sees absent properties only. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T
}

function noBitstreamOfAv1(): Error {
  return typeError(
    ErrorCode.Config,
    'The option bitstream applies to H.264 and H.265 only: AV1 is always a low-overhead OBU stream.',
    'Leave the option bitstream out.',
  )
}

/** A codec with the profile and the level that are options of their own. */
function refined(choice: NativeCodecChoice, wanted: { profile: ProfileName; level: string }): NativeCodecChoice {
  const refinement: Pick<NativeCodecChoice, 'profile' | 'level'> = {}
  for (const name of ['profile', 'level'] as const) {
    if (wanted[name] === 'auto') continue
    if (choice[name] !== undefined && choice[name] !== wanted[name]) {
      throw typeError(
        ErrorCode.Config,
        `The option codec names the ${name} ${choice[name]}, but the option ${name} is ${wanted[name]}.`,
        `Name it once: leave the option ${name} out, or write the codec without it.`,
      )
    }
    refinement[name] = wanted[name]
  }
  return { ...choice, ...refinement }
}

/** @internal */
export function checkEncoderOptions(options: unknown, owner: string): CheckedOptions {
  const checked: Checked = checkOptions<Checked>(options, ENCODER_CHECKS, owner)
  const { codec, profile, level, bitstream, log, maxPendingFrames, signal, onFrameLost, metadata, ...others } = checked
  const { parameters, rest } = splitParameters(others)
  if (bitstream !== undefined && codec.every((choice) => choice.codec === Codec.AV1)) throw noBitstreamOfAv1()
  // The addon takes the rest as it is; an option that it does not have does not compile here.
  const passed: { [K in keyof typeof rest]: NativeConfig[K] } = rest
  const logger = Logger.from(log)
  const native = compact<NativeConfig>({
    ...passed,
    codecs: codec.map((choice) => refined(choice, { profile, level })),
    parameters,
    bitstream: bitstream ?? 'annexb',
    metadata: metadata !== false || undefined,
    logLevel: logger.threshold,
  })
  return { native, logger, maxPendingFrames, signal, onFrameLost, metadata: metadata || undefined }
}

/**
 * The same without the program's own functions, for an encoder that is over.
 *
 * @internal
 */
export function withoutFunctions({ native, maxPendingFrames, metadata }: CheckedOptions): CheckedOptions {
  return {
    native,
    maxPendingFrames,
    metadata,
    logger: Logger.from('silent'),
    signal: undefined,
    onFrameLost: undefined,
  }
}

/** @internal */
export interface ListOptionsChecked {
  probe: boolean
  library: string | undefined
  signal: AbortSignal | undefined
}

const LIST_CHECKS: Checks<ListOptionsChecked> = {
  probe: withDefault(boolean, false),
  library: optional(string),
  signal: optional(abortSignal),
}

/** @internal */
export function checkListOptions(options: unknown, owner: string): ListOptionsChecked {
  return checkOptions(options, LIST_CHECKS, owner)
}
