import { bytesOf } from './bytes-of.js'
import { describe, isList } from './describe.js'
import { ErrorCode, rangeError, typeError } from './errors.js'

/** What is given by its place in a call, and not by name. A wrong one is rejected before a device is asked. */

function wrong(name: string, wanted: string, value: unknown): Error {
  return typeError(ErrorCode.Config, `The argument ${name} must be ${wanted}, but ${describe(value)} was given.`)
}

const LARGEST_UINT32 = 0xffff_ffff

/**
 * A whole number of 32 bits.
 *
 * @internal
 */
export function uint32(value: unknown, name: string): number {
  if (typeof value !== 'number') throw wrong(name, 'a number', value)
  if (Number.isInteger(value) && value >= 0 && value <= LARGEST_UINT32) return value
  throw rangeError(
    ErrorCode.Config,
    `The argument ${name} must be a whole number from 0 to ${LARGEST_UINT32}, but ${describe(value)} was given.`,
  )
}

/** @internal */
export function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(name, 'a string that is not empty', value)
  return value
}

/** @internal */
export function uint32OrText(value: unknown, name: string): number | string {
  if (typeof value === 'number') return uint32(value, name)
  if (typeof value === 'string' && value !== '') return value
  throw wrong(name, 'a number, or a string that is not empty', value)
}

/** @internal */
export function argumentObject(value: unknown, name: string): object {
  if (typeof value !== 'object' || value === null || isList(value)) throw wrong(name, 'an object', value)
  return value
}

const MOST_ENTRIES = 1024

/**
 * The list as it is now: what is done with it may take its time.
 *
 * @internal
 */
export function list(value: unknown, name: string): unknown[] {
  if (!isList(value)) throw wrong(name, 'a list', value)
  if (value.length <= MOST_ENTRIES) return Array.from({ length: value.length }, (_, index) => value[index])
  throw rangeError(
    ErrorCode.Config,
    `The argument ${name} may have ${MOST_ENTRIES} entries, but one of ${value.length} was given.`,
  )
}

/** @internal */
export function argumentBytes(value: unknown, name: string): Uint8Array {
  const bytes = bytesOf(value)
  if (!bytes) throw wrong(name, 'a Uint8Array, or another view or buffer that is attached', value)
  return bytes
}

/** @internal */
export function transportOf(value: unknown): 'kernel' | 'nvidia' {
  if (value === 'kernel' || value === 'nvidia') return value
  throw wrong('transport', '"kernel" or "nvidia"', value)
}
