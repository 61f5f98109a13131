import { defined, ErrorCode, rangeError, typeError, V4l2EncoderError } from '../shared/errors.js'
import type { ArgumentError } from '../shared/errors.js'
import type { NativeError } from './error.js'

/**
 * The command that finds more.
 *
 * @internal
 */
export const ASK_THE_DOCTOR =
  '"npx v4l2-encoder doctor" checks why hardware encoding does not work here, and how to fix it.'

/** The hint, and where nothing encodes, the command that finds more. */
function hintOf({ code, hint }: Pick<NativeError, 'code' | 'hint'>): string | undefined {
  if (code !== ErrorCode.NoEncoder) return hint
  return hint === undefined ? ASK_THE_DOCTOR : `${hint} ${ASK_THE_DOCTOR}`
}

const CODES = new Set<string>(Object.values(ErrorCode))

function isErrorCode(code: string): code is ErrorCode {
  return CODES.has(code)
}

/** The addon's codes are compared with {@link ErrorCode} in a test; one that is not listed is not passed on. */
function codeOf(code: string): ErrorCode {
  return isErrorCode(code) ? code : ErrorCode.Device
}

/**
 * The real error that a failure of the addon stands for.
 *
 * @internal
 */
export function fromNative({ kind, message, cause, ...facts }: NativeError): V4l2EncoderError | ArgumentError {
  const code = codeOf(facts.code)
  if (kind === 'type') return Object.assign(typeError(code, message), defined(facts), { code })
  if (kind === 'range') return Object.assign(rangeError(code, message), defined(facts), { code })
  return new V4l2EncoderError(code, message, {
    ...facts,
    hint: hintOf(facts),
    cause: cause === undefined ? undefined : new Error(cause),
  })
}
