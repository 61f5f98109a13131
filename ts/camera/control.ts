/** An entry of a control's menu. */
export interface CameraMenuItem {
  /** The control's value for it. */
  value: number
  /** Its name; of a menu of numbers, the number. */
  name: string
}

/** Something of a camera that can be set: exposure, gain, focus, white balance, …. */
export interface CameraControl {
  /** Its name for `setControl()`, as `v4l2-ctl` writes it: `'exposure_time_absolute'`. */
  name: string
  /** Its name for people: `'Exposure Time, Absolute'`. */
  label: string
  /** What its value is; a button is set to anything to press it. */
  type: 'integer' | 'boolean' | 'menu' | 'integer-menu' | 'button' | 'bitmask'
  /** Smallest value. */
  minimum: number
  /** Largest value. */
  maximum: number
  /** Values are this far apart. */
  step: number
  /** The driver's own choice. */
  default: number
  /** Its value as of now; null of what can only be set. */
  value: number | null
  /** The entries of a menu. */
  menu: readonly CameraMenuItem[]
  /** Whether it can only be read. */
  readOnly: boolean
  /** Whether setting it has no effect while another control is as it is: an exposure, while it is automatic. */
  inactive: boolean
}
