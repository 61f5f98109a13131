import { typeError } from './errors.js'
import type { ErrorCode } from './errors.js'

/** Whether an error says already what was wrong, by one of our codes or of Node's. */
function hasCode(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('ERR_')
}

/**
 * Reads what a caller gave. Its members may be getters, or those of a proxy: what these throw becomes the cause of an error that says
 * what could not be read.
 *
 * @internal
 */
export function reading<T>(what: string, code: ErrorCode, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw unreadable(what, code, error)
  }
}

/**
 * The error as it is where it has a code, or one that has and is caused by it.
 *
 * @internal
 */
export function unreadable(what: string, code: ErrorCode, error: unknown): unknown {
  if (hasCode(error)) return error
  const why = error instanceof Error && typeof error.message === 'string' ? `: ${error.message}` : ''
  return Object.assign(typeError(code, `${what} cannot be read${why}.`), { cause: error })
}
