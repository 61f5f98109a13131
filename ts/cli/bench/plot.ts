import { isUtf8 } from '../locale.js'

/** What a plot is drawn with. */
export interface Canvas {
  /** Characters in a line. */
  width: number
  /** Whether block characters are shown as such. */
  isUnicode: boolean
}

const DEFAULT_WIDTH = 80
/** Wider bars say no more. */
const MOST_WIDTH = 120
/** Even where labels leave no room, bars differ. */
const LEAST_BAR = 4
/** Lines of a plot, about. */
const BUCKETS = 8
/** Eighths of a character, from one to seven. */
const EIGHTHS = '▏▎▍▌▋▊▉'

/** Whether the locale is one of UTF-8, on a terminal that shows more than text. */
export function speaksUnicode(env: NodeJS.ProcessEnv): boolean {
  return env.TERM !== 'dumb' && isUtf8(env)
}

/** The canvas of a terminal of so many columns, or of the usual 80 where there is none. */
export function canvasOf(columns: number | undefined, environment: NodeJS.ProcessEnv): Canvas {
  const width = columns !== undefined && columns > 0 ? Math.min(columns, MOST_WIDTH) : DEFAULT_WIDTH
  return { width, isUnicode: speaksUnicode(environment) }
}

interface Bucket {
  from: number
  to: number
  count: number
}

/** The next of 1, 2 and 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = [1, 2, 5].find((one) => one * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

/** Not by `Math.min(...values)`: a long bench has more values than a call has room for arguments. */
function boundsOf(values: readonly number[]): [least: number, most: number] {
  return values.reduce(
    ([least, most], value): [number, number] => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
}

/** Equal steps up to the 99th percentile, and one bucket for the few above, which would otherwise squeeze all others into one. */
function bucketsOf(values: readonly number[], p99: number): Bucket[] {
  const [least, most] = boundsOf(values)
  if (least === most) return [{ from: least, to: most, count: values.length }]
  const step = niceStep(Math.max(p99 - least, (most - least) / 1000) / BUCKETS)
  const placeOf = (value: number) => Math.floor(value / step)
  const [first, last] = [placeOf(least), placeOf(p99)]
  const buckets = Array.from({ length: last - first + 1 }, (_, index) => ({
    from: (first + index) * step,
    to: (first + index + 1) * step,
    count: values.filter((value) => placeOf(value) === first + index).length,
  }))
  const above = values.filter((value) => placeOf(value) > last).length
  return above === 0 ? buckets : [...buckets, { from: (last + 1) * step, to: most, count: above }]
}

/** Enough digits to tell the bounds of buckets apart. */
function digitsOf(buckets: readonly Bucket[]): number {
  const { from, to } = buckets[0]!
  return to === from ? 2 : Math.max(0, Math.min(3, -Math.floor(Math.log10(to - from) + 1e-9)))
}

/** At least something, where there is at least one. */
function barOf(share: number, room: number, isUnicode: boolean): string {
  if (share === 0) return ''
  if (!isUnicode) return '#'.repeat(Math.max(1, Math.round(share * room)))
  const eighths = Math.max(1, Math.round(share * room * 8))
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[(eighths % 8) - 1] ?? '')
}

/**
 * A histogram of the values, a line for each bucket; no lines of no values. `p99` is their 99th percentile: what lies above it shares a
 * bucket.
 */
export function histogram(values: readonly number[], p99: number, { width, isUnicode }: Canvas): string[] {
  if (values.length === 0) return []
  const buckets = bucketsOf(values, p99)
  const digits = digitsOf(buckets)
  const bounds = buckets.flatMap(({ from, to }) => [from.toFixed(digits), to.toFixed(digits)])
  const wide = Math.max(...bounds.map((bound) => bound.length))
  const counts = buckets.map(({ count }) => String(count))
  const most = Math.max(...buckets.map(({ count }) => count))
  const used = 2 + wide + 3 + wide + 2 + 1 + Math.max(...counts.map((count) => count.length))
  const room = Math.max(LEAST_BAR, width - used)
  const [dash, wall] = isUnicode ? ['–', '│'] : ['-', '|']
  return buckets.map(({ from, to, count }) => {
    const label = `  ${from.toFixed(digits).padStart(wide)} ${dash} ${to.toFixed(digits).padStart(wide)} ${wall}`
    return `${label}${barOf(count / most, room, isUnicode)} ${count}`
  })
}
