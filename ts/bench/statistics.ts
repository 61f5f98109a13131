/**
 * How values are spread, in their own unit; percentiles by nearest rank, so each of them is a value that was measured.
 *
 * @internal
 */
export interface Distribution {
  /** How many values there are. */
  count: number
  /** Half of the values are not above it. */
  p50: number
  /** 95 of 100 values are not above it. */
  p95: number
  /** 99 of 100 values are not above it. */
  p99: number
  /** The largest. */
  max: number
}

/**
 * The smallest of the ascending values that so many percent (above 0, up to 100) of them do not exceed; undefined of none.
 *
 * @internal
 */
export function nearestRank(ascending: ArrayLike<number>, percent: number): number | undefined {
  return ascending[Math.max(0, Math.ceil((ascending.length * percent) / 100) - 1)]
}

/**
 * Null where there are no values.
 *
 * @internal
 */
export function distributionOf(values: readonly number[]): Distribution | null {
  const ascending = Float64Array.from(values).toSorted()
  const at = (percent: number) => nearestRank(ascending, percent)!
  if (ascending.length === 0) return null
  return { count: ascending.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) }
}

/**
 * To thousandths: what is finer than a microsecond, of milliseconds, is noise.
 *
 * @internal
 */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
