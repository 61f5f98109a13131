/** What JSON has no word for: numbers of 64 bits are numbers where they are exact, else texts; bytes are lists of numbers. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  return value instanceof Uint8Array ? [...value] : value
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, plain, 2)}\n`
}
