/** Figures with the bounds that they have to keep. */

/** The value below which this share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

let failures = 0

/** Prints a figure; one outside its bound makes the whole run fail. */
export function figure(name: string, value: number, unit: string, bound?: { most?: number; least?: number }): void {
  const isKept = value <= (bound?.most ?? Infinity) && value >= (bound?.least ?? -Infinity)
  if (!isKept) failures++
  const limit = bound?.most !== undefined ? `≤ ${bound.most}` : bound?.least !== undefined ? `≥ ${bound.least}` : ''
  const verdict = limit === '' ? '' : isKept ? 'ok' : 'MISSED'
  console.log(`${name.padEnd(66)} ${value.toFixed(3).padStart(10)} ${unit.padEnd(8)} ${limit.padEnd(8)} ${verdict}`)
}

/** Runs the benchmarks that are asked for by name, else all; one that misses its bound makes the process fail. */
export async function runAsked(benchmarks: Record<string, () => void | Promise<void>>): Promise<void> {
  const asked = process.argv.slice(2)
  const unknown = asked.find((name) => !(name in benchmarks))
  if (unknown !== undefined) {
    console.error(`There is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}.`)
    process.exit(2)
  }
  for (const [name, run] of Object.entries(benchmarks)) if (asked.length === 0 || asked.includes(name)) await run()
  process.exitCode = failures > 0 ? 1 : 0
}
