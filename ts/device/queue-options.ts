import { abortSignal, checkOptions, number, oneOf, optional, wholeFrom, withDefault } from '../shared/check.js'
import { isList } from '../shared/describe.js'
import type { Check } from '../shared/check.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'

/** How many buffers, and whose memory they are. */
export interface QueueOptions {
  /**
   * How many buffers to ask for, from 1 to 64; a driver may give more or fewer.
   * @default 4
   */
  count?: number
  /**
   * `'mmap'`: the driver's memory, mapped. `'dmabuf'`: another device's, given by descriptor with each frame.
   * @default 'mmap'
   */
  memory?: 'mmap' | 'dmabuf'
}

/** What goes along with a buffer. */
export interface EnqueueOptions {
  /** Bytes of each plane that hold data; of an output, needed for coded data, and else the whole plane. */
  bytesUsed?: readonly number[]
  /** Microseconds, a whole number from 0 up. An encoder gives it back with the coded frame. */
  timestamp?: number
  /** Bits of `V4L2_BUF_FLAG`. */
  flags?: number
  /** As one of `V4L2_FIELD`. */
  field?: number
  /** Of a queue of DMABUFs: the descriptor of each plane. */
  fds?: readonly number[]
  /** Of a queue of DMABUFs: the length of each plane in bytes. */
  lengths?: readonly number[]
}

/** How long to wait for a buffer. */
export interface DequeueOptions {
  /**
   * Milliseconds, from 0 to 600 000; then it is `ERR_TIMEOUT`.
   * @default the device's time-out
   */
  timeout?: number
  /** Ends the waiting with the signal's reason. No buffer is lost by it. */
  signal?: AbortSignal
}

const MOST_BUFFERS = 64
const LONGEST_MS = 600_000
/** `VIDEO_MAX_PLANES` */
const MOST_PLANES = 8

/**
 * A time from so many milliseconds up to ten minutes.
 *
 * @internal
 */
export function milliseconds(least: number): Check<number> {
  return (value, name) => {
    const checked = number(value, name)
    if (checked >= least && checked <= LONGEST_MS) return checked
    throw rangeError(
      ErrorCode.Config,
      `The option ${name} must be a number of milliseconds from ${least} to ${LONGEST_MS}, but ${checked} was given.`,
    )
  }
}

/** Ranges are those of the struct's members, and are checked there. */
const numbers: Check<readonly number[]> = (value, name) => {
  if (isList(value) && value.length <= MOST_PLANES && Array.from(value).every((one) => typeof one === 'number'))
    return value as number[]
  throw typeError(ErrorCode.Config, `The option ${name} must be a list of numbers, one for each plane.`)
}

const microseconds: Check<number> = (value, name) => {
  const checked = number(value, name)
  if (Number.isSafeInteger(checked) && checked >= 0) return checked
  throw rangeError(
    ErrorCode.Config,
    `The option ${name} must be a whole number of microseconds from 0 up, but ${checked} was given.`,
  )
}

const QUEUE = {
  count: withDefault(wholeFrom(1, MOST_BUFFERS), 4),
  memory: withDefault(oneOf(['mmap', 'dmabuf']), 'mmap'),
}
const ENQUEUE = {
  bytesUsed: optional(numbers),
  timestamp: withDefault(microseconds, 0),
  flags: withDefault(wholeFrom(0, 0xffff_ffff), 0),
  field: withDefault(wholeFrom(0, 0xffff_ffff), 0),
  fds: optional(numbers),
  lengths: optional(numbers),
}
const DEQUEUE = { timeout: optional(milliseconds(0)), signal: optional(abortSignal) }

/** @internal */
export type CheckedEnqueue = ReturnType<typeof checkEnqueue>

/** @internal */
export const checkQueue = (options: QueueOptions) => checkOptions(options, QUEUE, 'queue()')
/** @internal */
export const checkEnqueue = (options: EnqueueOptions) => checkOptions(options, ENQUEUE, 'enqueue()')
/** @internal */
export const checkDequeue = (options: DequeueOptions) => checkOptions(options, DEQUEUE, 'dequeue()')
