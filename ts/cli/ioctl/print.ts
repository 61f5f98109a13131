export { shown } from '../../device/sanitize.js'

/** What `printf` of C writes where JavaScript would write it otherwise. */

/** `0x%08x` */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

/** Whether a number lies exactly between two with so many decimals, where C takes the even one and JavaScript the larger. */
function isHalfway(value: number, decimals: number): boolean {
  const twice = value * 2 ** (decimals + 1)
  return Number.isInteger(twice) && twice % 2 !== 0
}

function toEven(value: number, decimals: number): string {
  const below = Math.floor(value * 10 ** decimals)
  return ((below % 2 === 0 ? below : below + 1) / 10 ** decimals).toFixed(decimals)
}

/** `%.3f` and the like; what a driver divides by zero is `inf` or `nan`. */
export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return '-nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return isHalfway(value, decimals) ? toEven(value, decimals) : value.toFixed(decimals)
}

/** `0x00060102` is 6.1.2. */
export function versionText(version: number): string {
  return `${version >>> 16}.${(version >> 8) & 0xff}.${version & 0xff}`
}
