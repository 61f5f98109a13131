/**
 * The numbers of a device file's device, from its `st_rdev`, as glibc's `gnu_dev_major` and `gnu_dev_minor` take it apart.
 *
 * @internal
 */
export function deviceNumbers(device: number | bigint): { major: number; minor: number } {
  const number = BigInt(device)
  const major = ((number >> 32n) & 0xffff_f000n) | ((number >> 8n) & 0xfffn)
  const minor = ((number >> 12n) & 0xffff_ff00n) | (number & 0xffn)
  return { major: Number(major), minor: Number(minor) }
}
