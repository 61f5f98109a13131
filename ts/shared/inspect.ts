/** What `console.log()` and `util.inspect()` call. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as typeof INSPECT

/** As Node.js hands it over; the options go back to it as they came. */
type Inspect = (value: unknown, options: unknown) => string

/**
 * How an object is printed: its class and a few facts, which must be known without a call of the addon. A fact that is undefined is
 * left out.
 *
 * @internal
 */
export function printed(name: string, facts: object, depth: number, options: unknown, inspect: Inspect): string {
  if (depth < 0) return `[${name}]`
  const known = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined))
  return `${name} ${inspect(known, options)}`
}

/** @internal */
export type InspectArguments = [depth: number, options: unknown, inspect: Inspect]
