import { suggestion } from '../../shared/did-you-mean.js'
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

const NUMBER = /^([+-]?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i

/** A whole number of any size: decimal, `0x…` or, as in C, with a zero in front octal. */
export function longNumber(text: string, what: string): bigint {
  const match = NUMBER.exec(text)
  if (!match) throw usageError(`${what} needs a whole number, not "${text}".`)
  const value = BigInt(match[2]!.replace(/^0(?=\d)/, '0o'))
  return match[1] === '-' ? -value : value
}

/** One that JavaScript has as a number. */
export function wholeNumber(text: string, what: string): number {
  const value = Number(longNumber(text, what))
  if (Number.isSafeInteger(value)) return value
  throw usageError(`${what} needs a whole number of at most 53 bits, not "${text}".`)
}

const MIN_MASK = -(2n ** 31n)
const MAX_MASK = 2n ** 32n - 1n

/** 32 bits, also as the signed number that v4l2-ctl shows them as. */
export function bitMask(text: string, what: string): number {
  const value = longNumber(text, what)
  if (value >= MIN_MASK && value <= MAX_MASK) return Number(BigInt.asUintN(32, value))
  throw usageError(`${what} needs 32 bits, a number from ${MIN_MASK} to ${MAX_MASK}, not "${text}".`)
}

/** One of several words, each of which stands for a number. */
export function oneWord(words: Readonly<Record<string, number>>, text: string, what: string): number {
  const value = Object.hasOwn(words, text) ? words[text] : undefined
  if (value !== undefined) return value
  throw usageError(`${what} has no "${text}". ${suggestion(text, Object.keys(words))}`)
}
