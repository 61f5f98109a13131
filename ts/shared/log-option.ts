import { callback, objectOf, oneOf, optional } from './check.js'
import type { Check } from './check.js'
import { ErrorCode, typeError } from './errors.js'
import { LOG_LEVELS } from './log.js'
import type { LogOption, LogWriter } from './log.js'

const writer: Check<LogWriter> = (value, name) => callback(value, name) as LogWriter

const logObject = objectOf({ level: optional(oneOf(LOG_LEVELS)), write: optional(writer) })

/**
 * The check of an option `log`.
 *
 * @internal
 */
export const logOption: Check<LogOption> = (value, name) => {
  if (typeof value === 'function') return value as LogWriter
  if (typeof value === 'object' && value !== null) return logObject(value, name)
  if (typeof value === 'string') return oneOf(LOG_LEVELS)(value, name)
  throw typeError(
    ErrorCode.Config,
    `The option ${name} must be a level (${LOG_LEVELS.join(', ')}), a function, or an object { level, write }.`,
  )
}
