import { suggestion } from '../../nearest.js'
import { usageError } from '../exit.js'

/** What stands on both sides of an equals sign. */
export type Assignment = readonly [name: string, value: string]

/** `width=640,height=480`: any of the names, each with a value. */
export function assignments(text: string, option: string, known?: readonly string[]): Assignment[] {
  return text.split(',').map((part): Assignment => {
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    if (known && !known.includes(name)) {
      throw usageError(`--${option} has no part "${name}". ${suggestion(name, known)}`)
    }
    if (at < 0) throw usageError(`"${name}" of --${option} has no value: write ${name}=VALUE.`)
    return [name, part.slice(at + 1)]
  })
}

/** A whole number: decimal, `0x…` or, as in C, with a zero in front octal. */
export function wholeNumber(text: string, what: string): number {
  const match = /^([+-]?)(0x[0-9a-f]+|\d+)$/i.exec(text)
  if (!match) throw usageError(`${what} needs a whole number, but "${text}" was given.`)
  const digits = match[2]!
  const value = /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  if (Number.isSafeInteger(value)) return match[1] === '-' ? -value : value
  throw usageError(`${what} needs a whole number of at most 53 bits, but "${text}" was given.`)
}

/** The same of 64 bits. */
export function longNumber(text: string, what: string): bigint {
  const match = /^([+-]?)(0x[0-9a-f]+|\d+)$/i.exec(text)
  if (!match) throw usageError(`${what} needs a whole number, but "${text}" was given.`)
  return match[1] === '-' ? -BigInt(match[2]!) : BigInt(match[2]!)
}

/** One of several words, each of which stands for a number. */
export function oneWord(words: Readonly<Record<string, number>>, text: string, what: string): number {
  const value = Object.hasOwn(words, text) ? words[text] : undefined
  if (value !== undefined) return value
  throw usageError(`${what} has no "${text}". ${suggestion(text, Object.keys(words))}`)
}
