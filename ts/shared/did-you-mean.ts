/** The edits that turn one word into the other: insert, delete, replace, or swap two neighbours. */
function distance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const replace = last[column - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      const swap = swapped ? beforeLast[column - 2]! + 1 : Infinity
      current.push(Math.min(replace, swap, last[column]! + 1, current[column - 1]! + 1))
    }
    beforeLast = last
    last = current
  }
  return last[to.length]!
}

const LONGEST_NAME = 64

/**
 * The candidate a misspelt word most likely stands for, or undefined when none is close.
 *
 * @internal
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  // No name is so long, and comparing takes the product of both lengths.
  if (word.length > LONGEST_NAME) return undefined
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(plain(word), plain(candidate)) }))
    .toSorted((a, b) => a.edits - b.edits)
  const best = ranked[0]
  if (!best) return undefined
  return best.edits <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined
}

/**
 * `Did you mean "…"?`, or the whole list when nothing is close.
 *
 * @internal
 */
export function suggestion(word: string, candidates: readonly string[]): string {
  const guess = nearest(word, candidates)
  return guess === undefined ? `Known are: ${candidates.join(', ')}.` : `Did you mean "${guess}"?`
}
