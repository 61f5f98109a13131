/** What the value of a control is; `'compound'` is memory: an array or a structure. */
export type ControlKind =
  | 'integer'
  | 'boolean'
  | 'menu'
  | 'integer-menu'
  | 'button'
  | 'bitmask'
  | 'integer64'
  | 'string'
  | 'compound'

/** What is known about a control beyond its number and kind. */
export interface ControlFacts {
  /** The least and the largest value that it can have anywhere; a device may allow less. */
  readonly range?: readonly [least: number, largest: number]
  /** The unit of its value, such as `'bit/s'` or `'ms'`. */
  readonly unit?: string
  /** Of a menu that is the same everywhere: the names of its entries, by their value. */
  readonly menu?: readonly string[]
  /** Of a menu of numbers that is the same everywhere: its entries, by their value. */
  readonly values?: readonly number[]
  /** Of a control whose value is memory: what an element is in C, such as `'struct v4l2_area'`. */
  readonly payload?: string
}

/** A control as V4L2's headers and documentation define it, whatever device has it. */
export interface ControlDefinition extends ControlFacts {
  /** Its name in the kernel's headers, such as `'V4L2_CID_BRIGHTNESS'`. */
  readonly name: string
  /** Its number. */
  readonly id: number
  /** What its value is. */
  readonly kind: ControlKind
  /** What the kernel calls it, such as `'White Balance, Automatic'`. */
  readonly label?: string
}

/**
 * A row of the tables; the name goes without its `V4L2_CID_`.
 *
 * @internal
 */
export function control(
  name: string,
  id: number,
  kind: ControlKind,
  label?: string,
  facts: ControlFacts = {},
): ControlDefinition {
  return { name: `V4L2_CID_${name}`, id, kind, ...(label === undefined ? {} : { label }), ...facts }
}
