import { loadAddon } from '../native/loader.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'

function permissionHint(device: string): string {
  return loadAddon().permissionHint(device)
}

interface Situation {
  code: ErrorCode
  hint?: string | ((device: string) => string)
}

const SITUATIONS: Readonly<Record<string, Situation>> = {
  ENODEV: { code: ErrorCode.DeviceLost },
  EBUSY: {
    code: ErrorCode.Busy,
    hint: 'Close the other program or queue that uses it: "v4l2-encoder doctor" names programs.',
  },
  EACCES: { code: ErrorCode.Permission, hint: permissionHint },
  EPERM: { code: ErrorCode.Permission, hint: permissionHint },
}

/**
 * What a driver's error becomes.
 *
 * @internal
 */
export function failure(
  ioctl: string,
  device: string,
  errno: string,
  reason: string,
  control?: string,
): V4l2EncoderError {
  const { code, hint: hinted } = (Object.hasOwn(SITUATIONS, errno) ? SITUATIONS[errno] : undefined) ?? {
    code: ErrorCode.Device,
  }
  const hint = typeof hinted === 'function' ? hinted(device) : hinted
  const what = `${ioctl[0]!.toUpperCase()}${ioctl.slice(1)}${control === undefined ? '' : ` of ${control}`}`
  const facts = { device, ioctl, errno, reason, ...(control !== undefined && { control }), ...(hint && { hint }) }
  return new V4l2EncoderError(code, `${what} on ${device} failed with ${errno}: ${reason}.`, facts)
}

/** @internal */
export function notInTime(what: string, device: string, limitMs: number): V4l2EncoderError {
  const message = `${what[0]!.toUpperCase()}${what.slice(1)} did not return within ${limitMs} ms (${device}).`
  return new V4l2EncoderError(ErrorCode.Timeout, message, {
    device,
    hint: 'The driver hangs. Open the device again, or restart the program; if that does not help, see dmesg.',
  })
}

/** @internal */
export function nonsense(ioctl: string, device: string, what: string): V4l2EncoderError {
  return new V4l2EncoderError(ErrorCode.Device, `${ioctl} on ${device} answered nonsense: ${what}.`, { device, ioctl })
}

/**
 * Whether a driver answered, and the answer was of no use.
 *
 * @internal
 */
export function isNonsense(error: unknown): error is V4l2EncoderError {
  return error instanceof V4l2EncoderError && error.code === ErrorCode.Device && error.errno === undefined
}
