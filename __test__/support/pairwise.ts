/**
 * Cases in which every value of every factor meets every value of every other factor at least once: far fewer than all
 * combinations, and they still show any failure that two factors together bring about. Greedy and without chance.
 */
export function pairwise<Factors extends Record<string, readonly unknown[]>>(
  factors: Factors,
): { [Name in keyof Factors]: Factors[Name][number] }[] {
  const names = Object.keys(factors)
  const missing = new Set<string>()
  const pair = (a: string, i: number, b: string, j: number) => (a < b ? `${a}=${i},${b}=${j}` : `${b}=${j},${a}=${i}`)
  for (const [position, a] of names.entries())
    for (const b of names.slice(position + 1))
      for (const i of factors[a]!.keys()) for (const j of factors[b]!.keys()) missing.add(pair(a, i, b, j))

  const cases: Record<string, number>[] = []
  while (missing.size > 0) {
    // The first pair that is missing, completed by what covers most of the others.
    const [first] = missing
    const chosen = Object.fromEntries(first!.split(',').map((part) => part.split('=') as [string, string]))
    const one: Record<string, number> = Object.fromEntries(Object.entries(chosen).map(([a, i]) => [a, Number(i)]))
    for (const name of names.filter((other) => !(other in one))) {
      const gain = (i: number) => Object.entries(one).filter(([b, j]) => missing.has(pair(name, i, b, j))).length
      const indices = [...factors[name]!.keys()]
      // Ties turn with the number of cases, so that no value is always the first.
      const turned = indices.map((index) => (index + cases.length) % indices.length)
      one[name] = turned.reduce((best, index) => (gain(index) > gain(best) ? index : best))
    }
    for (const [a, i] of Object.entries(one)) for (const [b, j] of Object.entries(one)) missing.delete(pair(a, i, b, j))
    cases.push(one)
  }
  return cases.map((one) => Object.fromEntries(names.map((name) => [name, factors[name]![one[name]!]])) as never)
}
