/** Longer texts are cut: they are there to be recognised. */
const LONGEST_TEXT = 80

/**
 * Says what a value is, for a message. It cannot fail: nothing of the value is called, whatever it is.
 *
 * @internal
 */
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${cut(value)}`
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `the bigint ${shortened(value)}`
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return isList(value) ? 'a list' : 'an object'
    default:
      return `a ${typeof value}`
  }
}

/**
 * A text in quotation marks, or its beginning where it is long.
 *
 * @internal
 */
export function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `"${text.slice(0, LONGEST_TEXT)}…" (${text.length} characters)` : `"${text}"`
}

/** The digits of a large one take long to find. */
function shortened(value: bigint): string {
  return BigInt.asIntN(64, value) === value ? String(value) : 'of more than 64 bits'
}

/**
 * As `Array.isArray()`, which throws for a proxy that is revoked.
 *
 * @internal
 */
export function isList(value: unknown): value is unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}
