import { writeSync } from 'node:fs'

/** How grave a log record is. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One line of the log. */
export interface LogRecord {
  /** How grave it is. */
  level: LogLevel
  /** The line, without level or time. */
  message: string
}

/** Takes log records; it is called on the thread that made the encoder. */
export type LogWriter = (record: LogRecord) => void

/**
 * Where the log goes: a level (to standard error), a function that receives the records, or both.
 * `'debug'` traces every request to the device with its result.
 */
export type LogOption =
  | 'silent'
  | LogLevel
  | LogWriter
  | {
      /**
       * The least grave level that is written.
       * @default 'info'
       */
      level?: 'silent' | LogLevel
      /**
       * Takes the records instead of standard error.
       * @default one line on standard error
       */
      write?: LogWriter
    }

/** @internal */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

/** @internal */
export type LogThreshold = (typeof LOG_LEVELS)[number]

/** Straight to the descriptor, so that the line is out even when the process ends next, in a worker too. */
function writeToStderr({ level, message }: LogRecord): void {
  try {
    writeSync(2, `[v4l2-encoder] ${level}: ${message}\n`)
  } catch {
    // A closed or full standard error must not stop the encoder.
  }
}

/** `V4L2_ENCODER_LOG`, when it names a level. */
function thresholdOfEnvironment(): LogThreshold | undefined {
  const value = process.env.V4L2_ENCODER_LOG?.toLowerCase()
  return LOG_LEVELS.find((level) => level === value)
}

/**
 * Filters records by level and hands them on.
 *
 * @internal
 */
export class Logger {
  readonly threshold: LogThreshold
  readonly #write: LogWriter

  constructor(threshold: LogThreshold, write: LogWriter) {
    this.threshold = threshold
    this.#write = write
  }

  /** An option that is a level wins over the environment; a writer without a level gets everything from `info` up. */
  static from(option: LogOption | undefined): Logger {
    if (typeof option === 'string') return new Logger(option, writeToStderr)
    const environment = thresholdOfEnvironment()
    if (option === undefined) return new Logger(environment ?? 'warn', writeToStderr)
    if (typeof option === 'function') return new Logger(environment ?? 'info', option)
    return new Logger(option.level ?? environment ?? 'info', option.write ?? writeToStderr)
  }

  log(level: LogLevel, message: string): void {
    if (LOG_LEVELS.indexOf(level) > LOG_LEVELS.indexOf(this.threshold)) return
    try {
      this.#write({ level, message })
    } catch (error) {
      // As with any listener of Node's: its exception is the program's, not the encoder's.
      queueMicrotask(() => {
        throw error
      })
    }
  }
}
