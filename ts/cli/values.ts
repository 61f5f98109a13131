import { InvalidArgumentError } from 'commander'
import { nearest } from '../shared/did-you-mean.js'

/** Reads the value of an option. */
type Parse<T> = (text: string) => T

/** commander adds the option and the value. */
function invalid(allowed: string): Error {
  return new InvalidArgumentError(allowed)
}

/** `1280x720` */
export const size: Parse<{ width: number; height: number }> = (text) => {
  const match = /^(\d+)x(\d+)$/i.exec(text)
  if (!match) throw invalid('Allowed is a width and a height, such as 1280x720.')
  return { width: Number(match[1]), height: Number(match[2]) }
}

/** `0`, `1`, … */
export const index: Parse<number> = (text) => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw invalid('Allowed is a number from 0 up.')
}

/** `30`, `29.97` or `30000/1001` */
export const rate: Parse<number> = (text) => {
  const match = /^(\d+(?:\.\d+)?)(?:[/:](\d+))?$/.exec(text)
  const value = match ? Number(match[1]) / Number(match[2] ?? 1) : 0
  if (value > 0 && Number.isFinite(value)) return value
  throw invalid('Allowed are frames per second, such as 30 or 30000/1001.')
}

const THOUSANDS: Record<string, number> = { '': 1, k: 1e3, m: 1e6 }

/** `2M`, `500k` or `2000000` bits per second */
export const bitrate: Parse<number> = (text) => {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text)
  if (!match) throw invalid('Allowed are bits per second, such as 2M, 500k or 2000000.')
  return Math.round(Number(match[1]) * THOUSANDS[match[2]!.toLowerCase()]!)
}

const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600 }

/** `10`, `1.5s`, `2m`: seconds */
export const duration: Parse<number> = (text) => {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/i.exec(text)
  const value = match ? Number(match[1]) * SECONDS[match[2]!.toLowerCase()]! : 0
  if (value > 0) return value
  throw invalid('Allowed is a time, such as 10, 1.5s or 2m.')
}

/** `1`, `2`, … */
export const count: Parse<number> = (text) => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw invalid('Allowed is a whole number from 1 up.')
}

/** A value that is at most `max`, in a unit that is named in the message. */
export function atMost(max: number, unit: string, parse: Parse<number>): Parse<number> {
  return (text) => {
    const value = parse(text)
    if (value <= max) return value
    throw invalid(`The maximum is ${max}${unit}.`)
  }
}

/** Values between commas, none of them twice. */
export function listOf<T>(parse: Parse<T>): Parse<T[]> {
  return (text) => {
    const parts = text.split(',').map((part) => part.trim())
    const twice = parts.find((part, position) => parts.indexOf(part) !== position)
    if (twice !== undefined) throw invalid(`${twice === '' ? 'An empty value' : `"${twice}"`} is in the list twice.`)
    return parts.map((part) => parse(part))
  }
}

/** One of several words, in any case. */
export function oneOf<const T extends string>(allowed: readonly T[]): Parse<T> {
  return (text) => {
    const found = allowed.find((one) => one.toLowerCase() === text.toLowerCase())
    if (found !== undefined) return found
    const guess = nearest(text, allowed)
    throw invalid(`Allowed are ${allowed.join(', ')}.${guess ? ` Did you mean ${guess}?` : ''}`)
  }
}

/** A text that is not empty. */
export const text: Parse<string> = (value) => {
  if (value !== '') return value
  throw invalid('It is empty.')
}
