import { fourcc } from './fourcc.js'

/** A pixel format as the kernel's headers define it, whatever device has it. */
export interface FormatDefinition {
  /** Its name in the kernel's headers, such as `'V4L2_PIX_FMT_NV12'`. */
  readonly name: string
  /** Its four-character code, such as `'NV12'`; `'-BE'` at the end where it is the big-endian twin of another one. */
  readonly code: string
  /** The same as a number. */
  readonly fourcc: number
  /** What the kernel calls it, which differs a little from release to release. */
  readonly description: string
  /** Whether it is compressed. */
  readonly isCoded: boolean
  /** In how many planes of memory it lies where a device has the multi-planar API. */
  readonly planes: number
}

/**
 * A row of the tables; the name goes without its `V4L2_`.
 *
 * @internal
 */
export function format(
  name: string,
  code: string,
  description: string,
  { isCoded = false, planes = 1 }: { isCoded?: boolean; planes?: number } = {},
): FormatDefinition {
  return { name: `V4L2_${name}`, code, fourcc: fourcc(code), description, isCoded, planes }
}
