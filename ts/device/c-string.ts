const decoder = new TextDecoder()

/**
 * The text of C in a fixed array, which need not have ended it with a zero.
 *
 * @internal
 */
export function zeroEnded(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end))
}
