import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'

/** What the exit status says; `v4l2-encoder --help` lists them. A process that a signal ended has 128 and its number. */
export const ExitStatus = {
  /** Done, also when it was ended by Ctrl-C or when the reader of standard output went away. */
  Ok: 0,
  /** Encoding, or what was requested, failed. */
  Failed: 1,
  /** An option or argument is wrong. */
  Usage: 2,
  /** No encoder or camera of this machine can do what was requested. */
  NoEncoder: 3,
  /** The input cannot be read, or the output not written. */
  File: 4,
} as const

/** A failure with its exit status; `hint` is how to fix it. */
export class CommandError extends Error {
  readonly status: number
  readonly hint: string | undefined

  constructor(status: number, message: string, hint?: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'CommandError'
    this.status = status
    this.hint = hint
  }
}

export function usageError(message: string, hint?: string): CommandError {
  return new CommandError(ExitStatus.Usage, message, hint)
}

const NO_ENCODER = new Set<string>([
  ErrorCode.NoEncoder,
  ErrorCode.DeviceNotFound,
  ErrorCode.Permission,
  ErrorCode.NotAnEncoder,
  ErrorCode.NotACamera,
  ErrorCode.LibraryMissing,
  ErrorCode.CodecUnsupported,
  ErrorCode.NativeLoad,
])

export function statusOf(error: unknown): number {
  if (error instanceof CommandError) return error.status
  const { code } = error as { code?: string }
  if (error instanceof V4l2EncoderError && (NO_ENCODER.has(error.code) || error.rejected.length > 0)) {
    return ExitStatus.NoEncoder
  }
  if (code === ErrorCode.Config) return ExitStatus.Usage
  if (code === ErrorCode.Source) return ExitStatus.File
  return ExitStatus.Failed
}

/** Throws what has become of a file, or a `CommandError` as it is; `failure` is the sentence without its reason. */
export function failWithFile(failure: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof CommandError) throw error
    throw new CommandError(ExitStatus.File, `${failure}: ${(error as Error).message}.`, undefined, error)
  }
}

/** The lines that are printed of an error: the sentence, what was tried, the hint; each hint once. */
export function explain(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)]
  const { hint } = error as { hint?: string }
  const rejected = error instanceof V4l2EncoderError ? error.rejected : []
  const tried = rejected.flatMap(({ backend, device, message, hint: fix }) => [
    `  ${device ?? backend}: ${message}`,
    ...(fix && !hint?.includes(fix) ? [`    ${fix}`] : []),
  ])
  const known = 'code' in error || error instanceof CommandError
  if (!known) return [error.stack ?? error.message]
  // What was tried has lines of its own. A device that was named is all that was tried, and the message says it.
  const summary = rejected.reduce((text, one) => text.replace(` ${one.backend}: ${one.message}`, ''), error.message)
  const lines = rejected.every(({ message }) => summary.includes(message)) ? [] : [...new Set(tried)]
  return [summary, ...lines, ...(hint ? [hint] : [])]
}
