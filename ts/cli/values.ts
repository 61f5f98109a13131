import type { ArgsDef } from 'citty'
import { nearest } from '../shared/did-you-mean.js'
import { usageError } from './exit.js'

/** Reads the value of an option; `name` is the option as it is typed. */
type Parse<T> = (text: string, name: string) => T

function refuse(name: string, wanted: string, text: string): Error {
  const given = text === '' ? 'nothing was given' : `"${text}" was given`
  return usageError(`The option ${name} needs ${wanted}, but ${given}.`)
}

/** `1280x720` */
export const size: Parse<{ width: number; height: number }> = (text, name) => {
  const match = /^(\d+)x(\d+)$/i.exec(text)
  if (!match) throw refuse(name, 'a width and a height, such as 1280x720', text)
  return { width: Number(match[1]), height: Number(match[2]) }
}

/** `0`, `1`, … */
export const index: Parse<number> = (text, name) => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw refuse(name, 'a number from 0 up', text)
}

/** `30`, `29.97` or `30000/1001` */
export const rate: Parse<number> = (text, name) => {
  const match = /^(\d+(?:\.\d+)?)(?:[/:](\d+))?$/.exec(text)
  const value = match ? Number(match[1]) / Number(match[2] ?? 1) : 0
  if (value > 0 && Number.isFinite(value)) return value
  throw refuse(name, 'frames per second, such as 30 or 30000/1001', text)
}

const THOUSANDS: Record<string, number> = { '': 1, k: 1e3, m: 1e6 }

/** `2M`, `500k` or `2000000` bits per second */
export const bitrate: Parse<number> = (text, name) => {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/i.exec(text)
  if (!match) throw refuse(name, 'bits per second, such as 2M, 500k or 2000000', text)
  return Math.round(Number(match[1]) * THOUSANDS[match[2]!.toLowerCase()]!)
}

const SECONDS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600 }

/** `10`, `1.5s`, `2m`: seconds */
export const duration: Parse<number> = (text, name) => {
  const match = /^(\d+(?:\.\d+)?)([smh]?)$/i.exec(text)
  const value = match ? Number(match[1]) * SECONDS[match[2]!.toLowerCase()]! : 0
  if (value > 0) return value
  throw refuse(name, 'a time, such as 10, 1.5s or 2m', text)
}

export const count: Parse<number> = (text, name) => {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw refuse(name, 'a whole number from 1 up', text)
}

/** A value if the option was given. */
export function optional<T>(parse: Parse<T>, text: string | undefined, name: string): T | undefined {
  return text === undefined ? undefined : parse(text, name)
}

export function oneOf<const T extends string>(allowed: readonly T[]): Parse<T> {
  return (text, name) => {
    const found = allowed.find((one) => one.toLowerCase() === text.toLowerCase())
    if (found !== undefined) return found
    const guess = nearest(text, allowed)
    throw refuse(name, `one of ${allowed.join(', ')}${guess ? ` (did you mean ${guess}?)` : ''}`, text)
  }
}

function namesOf(args: ArgsDef): { long: string[]; short: string[] } {
  const options = Object.entries(args).filter(([, { type }]) => type !== 'positional')
  // What is on unless it is taken back.
  const negated = options.filter(([, definition]) => definition.default === true).map(([name]) => `no-${name}`)
  const aliases = options.flatMap(([, definition]) => ('alias' in definition ? [definition.alias ?? []].flat() : []))
  return { long: ['help', ...options.map(([name]) => name), ...negated], short: ['h', ...aliases] }
}

/** The parser takes anything; a misspelt option shall not be ignored. */
export function refuseUnknown(rawArgs: string[], args: ArgsDef, command: string): void {
  const { long, short } = namesOf(args)
  for (const arg of rawArgs) {
    if (arg === '--') return
    if (!arg.startsWith('-') || arg === '-') continue
    const name = arg.replace(/^--?/, '').replace(/=.*$/s, '')
    if ((arg.startsWith('--') ? long : short).includes(name)) continue
    const guess = nearest(name, long)
    const hint = guess === undefined ? `See "${command} --help".` : `Did you mean --${guess}?`
    throw usageError(`"${command}" has no option ${arg.replace(/=.*$/s, '')}. ${hint}`)
  }
}
