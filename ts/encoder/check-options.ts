// ts/encoder: the encoder: its options, its session with the addon, and the order of what is asked of it.
import {
  boolean,
  callback,
  checkOptions,
  number,
  objectOf,
  oneOf,
  optional,
  positiveInteger,
  abortSignal,
  string,
  withDefault,
} from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import { parseCodecs } from './codec.js'
import { Codec } from '../shared/codec.js'
import { isList } from '../shared/describe.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import type { V4l2EncoderError } from '../shared/errors.js'
import { LOG_LEVELS, Logger } from '../shared/log.js'
import type { LogOption, LogWriter } from '../shared/log.js'
import { BITRATE_MODES, BITSTREAMS, HARDWARE_CHOICES, LATENCY_MODES, MATRICES } from '../native/config.js'
import type { NativeCodecChoice, NativeConfig } from '../native/config.js'
import type { EncoderOptions, SampleAspectRatio } from './options.js'
import { PIXEL_FORMATS } from '../frame/pixel-format.js'

const writer: Check<LogWriter> = (value, name) => callback(value, name) as LogWriter

const logObject = objectOf({ level: optional(oneOf(LOG_LEVELS)), write: optional(writer) })

/** @internal */
export const logOption: Check<LogOption> = (value, name) => {
  if (typeof value === 'function') return value as LogWriter
  if (typeof value === 'object' && value !== null) return logObject(value, name)
  if (typeof value === 'string') return oneOf(LOG_LEVELS)(value, name)
  throw typeError(
    ErrorCode.Config,
    `The option ${name} must be a level (${LOG_LEVELS.join(', ')}), a function, or an object { level, write }.`,
  )
}

/** One device, or several in order of preference. */
function deviceOrDevices(value: unknown, name: string): string | string[] {
  // Every place of it, as map() would pass over holes, and take minutes for those of a list that is nothing else.
  return isList(value) ? Array.from(value, (one) => string(one, `${name}[]`)) : string(value, name)
}

/** Every option of {@link EncoderOptions} by a check that gives what it declares; the codecs are parsed. */
type OptionChecks = { codec: Check<NativeCodecChoice[]> } & Checks<Omit<EncoderOptions, 'codec'>>

const CHECKS = {
  codec: parseCodecs,
  width: withDefault(number, 1280),
  height: withDefault(number, 720),
  framerate: withDefault(number, 30),
  adaptFramerate: withDefault(boolean, true),
  bitrate: optional(number),
  bitrateMode: optional(oneOf(BITRATE_MODES)),
  keyFrameInterval: optional(number),
  latencyMode: withDefault(oneOf(LATENCY_MODES), 'realtime'),
  hardware: withDefault(oneOf(HARDWARE_CHOICES), 'prefer'),
  bitstream: optional(oneOf(BITSTREAMS)),
  format: withDefault(oneOf(PIXEL_FORMATS), 'I420'),
  colorSpace: optional(objectOf({ matrix: oneOf(MATRICES), fullRange: withDefault(boolean, false) })),
  sampleAspectRatio: optional(objectOf<SampleAspectRatio>({ width: number, height: number })),
  device: optional(deviceOrDevices),
  library: optional(string),
  queueDepth: optional(number),
  devicePoll: withDefault(boolean, false),
  maxPendingFrames: withDefault(positiveInteger, 16),
  timeout: withDefault(number, 5000),
  signal: optional(abortSignal),
  onFrameLost: optional(callback as Check<(error: V4l2EncoderError) => void>),
  log: optional(logOption),
} satisfies OptionChecks

/** What the checks give: options with their defaults. */
type Checked = { [K in keyof typeof CHECKS]: ReturnType<(typeof CHECKS)[K]> }

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

/** @internal */
export function checkEncoderOptions(options: unknown, owner: string): CheckedOptions {
  const checked: Checked = checkOptions<Checked>(options, CHECKS, owner)
  const { codec, timeout, log, signal, onFrameLost, maxPendingFrames, colorSpace, device, bitstream, ...rest } = checked
  if (bitstream !== undefined && codec.every((choice) => choice.codec === Codec.AV1)) throw noBitstreamOfAv1()
  // The addon takes the rest as it is; an option that it does not have does not compile here.
  const passed: { [K in keyof typeof rest]: NativeConfig[K] } = rest
  const logger = Logger.from(log)
  const native = compact<NativeConfig>({
    ...passed,
    ...colorSpace,
    ...(isList(device) ? { devices: device } : { device }),
    codecs: codec,
    bitstream: bitstream ?? 'annexb',
    timeoutMs: timeout,
    logLevel: logger.threshold,
  })
  return { native, logger, maxPendingFrames, signal, onFrameLost }
}

/**
 * The same without the program's own functions, for an encoder that is over.
 *
 * @internal
 */
export function withoutFunctions({ native, maxPendingFrames }: CheckedOptions): CheckedOptions {
  return { native, maxPendingFrames, logger: Logger.from('silent'), signal: undefined, onFrameLost: undefined }
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
