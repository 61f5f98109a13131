import { cut, describe, isList } from './describe.js'
import { ErrorCode, rangeError, typeError } from './errors.js'
import { nearest, suggestion } from './did-you-mean.js'
import { otherName } from './option-names.js'
import { reading } from './reading.js'

/**
 * Checks one value and returns it, or throws an error that names it.
 *
 * @internal
 */
export type Check<T> = (value: unknown, name: string) => T

/** @internal */
export type Checks<T> = { [K in keyof T]-?: Check<T[K]> }

function wrongType(name: string, wanted: string, value: unknown): Error {
  return typeError(ErrorCode.Config, `The option ${name} must be ${wanted}, but ${describe(value)} was given.`)
}

/** @internal */
export const number: Check<number> = (value, name) => {
  if (typeof value !== 'number' || Number.isNaN(value)) throw wrongType(name, 'a number', value)
  return value
}

/** @internal */
export const positiveInteger: Check<number> = (value, name) => {
  const checked = number(value, name)
  if (Number.isSafeInteger(checked) && checked >= 1) return checked
  throw rangeError(
    ErrorCode.Config,
    `The option ${name} must be a whole number from 1 up, but ${describe(checked)} was given.`,
  )
}

/**
 * A whole number of a range.
 *
 * @internal
 */
export function wholeFrom(least: number, most: number): Check<number> {
  return (value, name) => {
    const checked = number(value, name)
    if (Number.isInteger(checked) && checked >= least && checked <= most) return checked
    throw rangeError(
      ErrorCode.Config,
      `The option ${name} must be a whole number from ${least} to ${most}, but ${describe(checked)} was given.`,
    )
  }
}

/**
 * A string that may become a path, a name or an argument in C, which ends there. What follows would be lost.
 *
 * @internal
 */
export function withoutNul(value: string, name: string): string {
  if (!value.includes('\0')) return value
  throw typeError(
    ErrorCode.Config,
    `${name.includes(' ') ? name : `The option ${name}`} must not contain NUL (\\0): no path, name or argument of a system does.`,
  )
}

/** @internal */
export const string: Check<string> = (value, name) => {
  if (typeof value !== 'string' || value === '') throw wrongType(name, 'a string that is not empty', value)
  return withoutNul(value, name)
}

/** @internal */
export const boolean: Check<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw wrongType(name, 'true or false', value)
  return value
}

/** @internal */
export const callback: Check<(...args: never[]) => void> = (value, name) => {
  if (typeof value !== 'function') throw wrongType(name, 'a function', value)
  return value as (...args: never[]) => void
}

/** One that only inherits from a signal cannot be asked. */
function isSignal(value: unknown): value is AbortSignal {
  try {
    return value instanceof AbortSignal && typeof value.aborted === 'boolean'
  } catch {
    return false
  }
}

/** @internal */
export const abortSignal: Check<AbortSignal> = (value, name) => {
  if (!isSignal(value)) throw wrongType(name, 'an AbortSignal', value)
  return value
}

/** @internal */
export function oneOf<const T extends string>(allowed: readonly T[]): Check<T> {
  return (value, name) => {
    const found = allowed.find((one) => one === value)
    if (found !== undefined) return found
    const list = allowed.map((one) => `"${one}"`).join(', ')
    const guess = typeof value === 'string' ? nearest(value, allowed) : undefined
    throw typeError(
      ErrorCode.Config,
      `The option ${name} must be one of ${list}, but ${describe(value)} was given.`,
      guess === undefined ? undefined : `Did you mean "${guess}"?`,
    )
  }
}

/** @internal */
export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (value, name) => (value === undefined ? undefined : check(value, name))
}

/** @internal */
export function withDefault<T>(check: Check<T>, fallback: T): Check<T> {
  return (value, name) => (value === undefined ? fallback : check(value, name))
}

/**
 * An option that is an object itself.
 *
 * @internal
 */
export function objectOf<T>(checks: Checks<T>): Check<T> {
  const names = Object.keys(checks)
  return (value, name) => {
    if (isObject(value))
      return checkMembers(value, checks, { of: `The option ${name}`, kind: 'member', path: `${name}.` })
    throw wrongType(name, `an object { ${names.join(', ')} }`, value)
  }
}

/**
 * Checks an object of options: no unknown names, each value by its check.
 *
 * @internal
 */
export function checkOptions<T>(options: unknown, checks: Checks<T>, owner: string): T {
  if (isObject(options)) {
    return reading(`The options of ${owner}`, ErrorCode.Config, () =>
      checkMembers(options, checks, { of: owner, kind: 'option', path: '' }),
    )
  }
  throw typeError(ErrorCode.Config, `The options of ${owner} must be an object, but ${describe(options)} was given.`)
}

/**
 * Checks an object of which each member is optional and left out where it is not given; for calls of which there are many and whose
 * members are few of many.
 *
 * @internal
 */
export function checkGiven<T>(options: unknown, checks: Checks<T>, owner: string): Partial<T> {
  if (!isObject(options)) return checkOptions(options, checks, owner)
  return reading(`The options of ${owner}`, ErrorCode.Config, () => {
    const checked: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(options)) {
      // The names of what every object inherits are none of an option.
      if (!Object.hasOwn(checks, name)) return checkMembers(options, checks, { of: owner, kind: 'option', path: '' })
      if (value !== undefined) checked[name] = checks[name as keyof T](value, name)
    }
    return checked as Partial<T>
  })
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !isList(value)

function checkMembers<T>(
  given: Record<string, unknown>,
  checks: Checks<T>,
  { of, kind, path }: { of: string; kind: string; path: string },
): T {
  const names = Object.keys(checks)
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue
    const use = otherName(name, names)
    if (use !== undefined) throw typeError(ErrorCode.Config, `${of} has no ${kind} ${cut(name)}. Use ${use}.`)
    throw typeError(
      ErrorCode.Config,
      `${of} has no ${kind} ${cut(name)}. ${suggestion(name, names)}`,
      `The ${kind}s of ${of.replace('The option', 'the option')} are ${names.join(', ')}.`,
    )
  }
  // A loop, because every frame comes by here.
  const checked: Record<string, unknown> = {}
  for (const name of names) checked[name] = checks[name as keyof T](given[name], path + name)
  return checked as T
}
