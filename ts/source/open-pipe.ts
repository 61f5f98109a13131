import {
  abortSignal,
  boolean,
  checkOptions,
  number,
  oneOf,
  optional,
  positiveInteger,
  withDefault,
} from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import { logOption } from '../shared/log-option.js'
import { PIXEL_FORMATS } from '../frame/pixel-format.js'
import { isList } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { Logger } from '../shared/log.js'
import type { LogOption } from '../shared/log.js'
import type { NativeAddon } from '../native/addon.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import { stridesOf } from '../frame/plane-layout.js'
import { reading } from '../shared/reading.js'
import type { Expected } from './frame-reader.js'
import { sizedShape } from './frame-size.js'
import { PipeSource } from './pipe-source.js'
import type { PipePlan } from './pipe-source.js'
import type { Command } from './program.js'

/** How the frames of any source come. */
export interface ReadOptions {
  /**
   * What happens when frames come faster than they are read: `'wait'` makes the program wait, `'drop-oldest'` drops the frame that
   * waits longest and counts it.
   * @default 'wait'; of live sources 'drop-oldest'
   */
  whenFull?: 'wait' | 'drop-oldest'
  /**
   * Frames that may wait to be read.
   * @default 2
   */
  limit?: number
  /**
   * Where a frame's time comes from: `'rate'` counts frames, dropped ones too, and divides by the rate; `'arrival'` is when the
   * frame's last byte came. Either way the first frame is at 0 µs.
   * @default 'rate'; of live sources 'arrival'
   */
  timestamps?: 'rate' | 'arrival'
  /**
   * Milliseconds that the program has for its first frame.
   * @default 10000
   */
  timeout?: number
  /**
   * Milliseconds that it has for each further frame, while one is waited for.
   * @default none, but a program that writes on and on without a whole frame is given up after `timeout`; of live sources 10000
   */
  idleTimeout?: number
  /**
   * Where warnings go, which are in `warnings` too.
   * @default the environment variable `V4L2_ENCODER_LOG`, then `'warn'`
   */
  log?: LogOption
  /** Ends the opening, or the iteration, with the signal's reason, and the program with it. */
  signal?: AbortSignal
}

/** How to read what another program writes; for Y4M its header is enough. */
export interface PipeOptions extends ReadOptions {
  /**
   * Width of the frames in pixels. A Y4M header has it.
   * @default the one of the Y4M header; required for raw frames
   */
  width?: number
  /**
   * Height of the frames in pixels. A Y4M header has it.
   * @default the one of the Y4M header; required for raw frames
   */
  height?: number
  /**
   * How the pixels of raw frames lie; Y4M is always I420.
   * @default 'I420'
   */
  format?: PixelFormat
  /**
   * Frames per second.
   * @default that of the Y4M header, or 30
   */
  framerate?: number
  /**
   * Bytes from one row of raw frames to the next, where rows are padded; chroma rows have their part of it.
   * @default no padding
   */
  stride?: number
  /**
   * Whether the program writes Y4M (true) or raw frames (false).
   * @default by the first bytes
   */
  y4m?: boolean
}

const positive: Check<number> = (value, name) => {
  const checked = number(value, name)
  if (checked > 0 && Number.isFinite(checked)) return checked
  throw rangeError(ErrorCode.Config, `The option ${name} must be a number above 0, but is ${checked}.`)
}

/** Node's timers count to 2^31−1. */
const milliseconds: Check<number> = (value, name) => {
  const checked = positive(value, name)
  if (checked <= 0x7fff_ffff) return checked
  throw rangeError(ErrorCode.Config, `The option ${name} must be at most 2147483647 milliseconds, but is ${checked}.`)
}

/** @internal */
export type Checked<T> = { [K in keyof Required<T>]: T[K] | undefined }

/** @internal */
export const READ_CHECKS: Checks<Checked<ReadOptions>> = {
  whenFull: optional(oneOf(['wait', 'drop-oldest'])),
  limit: optional(positiveInteger),
  timestamps: optional(oneOf(['rate', 'arrival'])),
  timeout: optional(milliseconds),
  idleTimeout: optional(milliseconds),
  log: optional(logOption),
  signal: optional(abortSignal),
}

/** @internal */
export const SIZE_CHECKS = {
  width: optional(positiveInteger),
  height: optional(positiveInteger),
  framerate: optional(positive),
}

const PIPE_CHECKS: Checks<Checked<PipeOptions> & { format: PixelFormat }> = {
  ...READ_CHECKS,
  ...SIZE_CHECKS,
  format: withDefault(oneOf(PIXEL_FORMATS), 'I420'),
  stride: optional(positiveInteger),
  y4m: optional(boolean),
}

const LIMIT = 2
const TIMEOUT_MS = 10_000

/**
 * What reading needs, from what was requested and what the source is like.
 *
 * @internal
 */
export function readPlan(asked: Checked<ReadOptions>, isLive: boolean) {
  return {
    whenFull: asked.whenFull ?? (isLive ? 'drop-oldest' : 'wait'),
    limit: asked.limit ?? LIMIT,
    timestamps: asked.timestamps ?? (isLive ? 'arrival' : 'rate'),
    timeout: asked.timeout ?? TIMEOUT_MS,
    idleTimeout: asked.idleTimeout ?? (isLive ? TIMEOUT_MS : undefined),
    logger: Logger.from(asked.log),
    signal: asked.signal,
  } as const
}

/**
 * Throws `ERR_CONFIG` where frames of the size that was requested are too large.
 *
 * @internal
 */
export function assertSize({ width, height, format, strides }: Expected): void {
  if (width === undefined || height === undefined) return
  sizedShape({ format, width, height }, strides, (...facts) => rangeError(ErrorCode.Config, ...facts))
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !value.includes('\0')
}

function textsOf(command: unknown): [string, ...string[]] | undefined {
  if (!isList(command) || !isText(command[0])) return undefined
  // A hole in the list is no text either, and every() passes over holes.
  const isOther = (one: unknown) => one !== '' && !isText(one)
  return command.findIndex(isOther) === -1 ? ([...command] as [string, ...string[]]) : undefined
}

function commandOf(command: unknown): Command {
  const rest = { framesOn: 1, stopSignal: 'SIGTERM' } as const
  if (isText(command)) return { program: 'sh', arguments: ['-c', command], ...rest }
  const list = reading('The command', ErrorCode.Config, () => textsOf(command))
  if (list) return { program: list[0], arguments: list.slice(1), ...rest }
  throw typeError(
    ErrorCode.Config,
    'The command must be a list [program, …arguments] of strings, or a string for the shell.',
    "For example ['ffmpeg', '-i', file, '-f', 'yuv4mpegpipe', '-'].",
  )
}

/** @internal */
export function planPipe(command: unknown, options: unknown): PipePlan {
  const asked = checkOptions(options, PIPE_CHECKS, 'openPipe()')
  const { width, height, format, framerate, stride, y4m } = asked
  if ((width === undefined) !== (height === undefined) || (y4m === false && width === undefined)) {
    throw typeError(
      ErrorCode.Config,
      width === undefined && height === undefined
        ? 'Raw frames (y4m: false) need the options width and height.'
        : 'The options width and height go together, but only one is set.',
    )
  }
  const strides = stride === undefined || width === undefined ? undefined : stridesOf(format, width, stride)
  const expected = { width, height, format, framerate, strides, y4m }
  assertSize(expected)
  return { command: commandOf(command), expected, ...readPlan(asked, false) }
}

/** @internal */
export async function openPipeOn(load: () => NativeAddon, command: unknown, options: unknown): Promise<PipeSource> {
  const plan = planPipe(command, options)
  return PipeSource.open(load(), plan)
}
