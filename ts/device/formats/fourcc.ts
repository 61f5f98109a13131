import { describe } from '../../shared/describe.js'
import { ErrorCode, typeError } from '../../shared/errors.js'
import { uint32 } from '../../shared/arguments.js'

const BIG_ENDIAN = 0x80000000
const BIG_ENDIAN_SUFFIX = '-BE'

/**
 * The number of a four-character code: `'NV12'`, with blanks at the end where it has fewer letters (`'Y10'` is `'Y10 '`), and
 * with `-BE` behind it for a big-endian format (`'Y16 -BE'`).
 *
 * @example
 * ```ts
 * import { fourcc } from 'v4l2-encoder/device'
 *
 * fourcc('H264') // 0x34363248
 * ```
 *
 * @throws TypeError for anything but one to four ASCII characters
 */
export function fourcc(code: string): number {
  const isBigEndian = typeof code === 'string' && code.length > 4 && code.endsWith(BIG_ENDIAN_SUFFIX)
  const letters = isBigEndian ? code.slice(0, -BIG_ENDIAN_SUFFIX.length) : code
  if (typeof letters !== 'string' || !/^[ -~]{1,4}$/.test(letters)) {
    throw typeError(
      ErrorCode.Config,
      `A four-character code has one to four ASCII characters, such as "NV12", and ${describe(code)} has not.`,
    )
  }
  const [a, b, c, d] = letters
    .padEnd(4)
    .split('')
    .map((letter) => letter.charCodeAt(0)) as [number, number, number, number]
  return ((a | (b << 8) | (c << 16) | (d << 24) | (isBigEndian ? BIG_ENDIAN : 0)) & 0xffffffff) >>> 0
}

/**
 * A four-character code as `v4l2-ctl` writes it. What is no letter that can be shown, which only a faulty driver gives, is a dot.
 *
 * @throws TypeError or RangeError for anything but a whole number of 32 bits
 *
 * @example
 * ```ts
 * import { fourccText } from 'v4l2-encoder/device'
 *
 * fourccText(0xb6315559) // 'YU16-BE'
 * ```
 */
export function fourccText(value: number): string {
  uint32(value, 'value')
  const bytes = [value, value >>> 8, value >>> 16, value >>> 24].map((byte) => byte & 0x7f)
  const letters = bytes.map((byte) => (byte < 0x20 || byte === 0x7f ? '.' : String.fromCharCode(byte)))
  return letters.join('') + ((value & BIG_ENDIAN) === 0 ? '' : BIG_ENDIAN_SUFFIX)
}
