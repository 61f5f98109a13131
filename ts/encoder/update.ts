import { boolean, checkGiven, number, optional, withDefault } from '../shared/check.js'
import type { Checks } from '../shared/check.js'
import { ErrorCode, typeError, V4l2EncoderError } from '../shared/errors.js'
import { fromNative } from '../native/to-error.js'
import type { NativeChange, NativeTuning } from '../native/addon.js'
import { PARAMETER_CHECKS, splitParameters } from './parameters.js'
import type { EncoderParameters } from './parameters.js'
import type { EncoderSetting } from './options.js'

/** What `update()` changes; what is left out stays as it is. Ranges are those of the options. */
export interface EncoderChanges extends EncoderParameters {
  /** Target in bits per second. In `bitrateMode: 'variable'` the peak follows, and the buffer in each mode. */
  bitrate?: number
  /** Frames per second that the rate control goes by. */
  framerate?: number
  /** Frames from one key frame to the next; 0 for the first frame and on request only. */
  keyFrameInterval?: number
  /** Width of the frames from this call on, in pixels; even. The device is opened again for it. */
  width?: number
  /** Height of the frames from this call on, in pixels; even. The device is opened again for it. */
  height?: number
}

/** How `update()` changes. */
export interface UpdateOptions {
  /**
   * Whether the device may be opened again for what it takes only then: that costs about 100 ms on a board, and the next frame is
   * a key frame. For another size it always is.
   * @default false
   */
  restart?: boolean
  /** Ends the waiting with the signal's reason; the change itself goes on. */
  signal?: AbortSignal
}

/** What became of one setting of an `update()`. */
export interface SettingChange extends EncoderSetting {
  /**
   * `'applied'`: sent to the running device, which may have changed the value: see `actual`. `'restarted'`: the device was opened
   * again with it. `'needs-restart'`: the device takes it only when it is opened, so it is as it was; `update()` with `restart` does that.
   */
  effect: 'applied' | 'restarted' | 'needs-restart'
  /** What the device said, where it rejected the change while it runs. */
  error?: V4l2EncoderError
}

const CHANGE_CHECKS: Checks<EncoderChanges> = {
  bitrate: optional(number),
  framerate: optional(number),
  keyFrameInterval: optional(number),
  width: optional(number),
  height: optional(number),
  ...PARAMETER_CHECKS,
}

/** @internal */
export const RESTART_CHECK: Checks<Pick<UpdateOptions, 'restart'>> = { restart: withDefault(boolean, false) }

/**
 * Checked changes as the addon takes them; a width or height alone goes with the other one of now.
 *
 * @internal
 */
export function nativeTuning(checked: EncoderChanges, now: { width: number; height: number }): NativeTuning {
  const { parameters, rest } = splitParameters(checked)
  const { width, height } = rest
  if (width !== undefined || height !== undefined) {
    return { ...rest, width: width ?? now.width, height: height ?? now.height, parameters }
  }
  return { ...rest, parameters }
}

/**
 * Changes by name, of which there is at least one.
 *
 * @internal
 */
export function checkChanges(changes: unknown): EncoderChanges {
  const checked = checkGiven(changes, CHANGE_CHECKS, 'update()')
  for (const _ in checked) return checked
  throw typeError(ErrorCode.Config, 'update() was called without a change.', 'Name at least one setting.')
}

/** @internal */
export function settingChange({ setting, effect, error }: NativeChange): SettingChange {
  return error ? { ...setting, effect, error: fromNative(error) as V4l2EncoderError } : { ...setting, effect }
}

/**
 * Throws for a change that the running device did not take.
 *
 * @internal
 */
export function assertApplied(changes: readonly SettingChange[]): void {
  const left = changes.find(({ effect }) => effect === 'needs-restart')
  if (!left) return
  throw (
    left.error ??
    new V4l2EncoderError(ErrorCode.Control, `The encoder takes ${left.name} only when it is opened.`, {
      hint: `Use update({ ${left.name} }, { restart: true }), which opens the device again.`,
    })
  )
}
