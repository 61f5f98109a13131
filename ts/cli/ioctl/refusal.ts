import { ErrorCode, V4l2EncoderError } from '../../shared/errors.js'
import { CommandError, explain } from '../exit.js'
import { shown } from './print.js'

const CODES = new Set<unknown>(Object.values(ErrorCode))

/** What may come of query a device: all but mistakes of this program. */
export function isFailure(error: unknown): error is Error {
  if (error instanceof V4l2EncoderError || error instanceof CommandError) return true
  return error instanceof Error && CODES.has((error as { code?: unknown }).code)
}

/** Errors by which a driver reports that it does not support a request. */
const NOT_HERE = new Set(['ENOTTY', 'EINVAL', 'ENODATA'])

export function isNotHere(error: unknown): boolean {
  return error instanceof V4l2EncoderError && error.errno !== undefined && NOT_HERE.has(error.errno)
}

const FATAL_CODES = new Set<string>([ErrorCode.DeviceLost, ErrorCode.Timeout, ErrorCode.Closed])

/** Whether the device answers nothing after it. */
export function endsEverything(error: unknown): boolean {
  return error instanceof V4l2EncoderError && FATAL_CODES.has(error.code)
}

interface Refusal {
  readonly ioctl: string
  readonly reason: string
  readonly control: string | undefined
  readonly hint: string | undefined
}

function refusalOf(error: Error): Refusal | undefined {
  if (!(error instanceof V4l2EncoderError) || error.ioctl === undefined || error.errno === undefined) return undefined
  const { ioctl, errno, reason = errno, control, hint } = error
  return { ioctl, reason, control, hint }
}

/** What v4l2-ctl prints of a failure among its answers: that a request failed. */
export function failureLines(error: Error): string[] {
  const refusal = refusalOf(error)
  return refusal ? [`${refusal.ioctl}: failed: ${refusal.reason}`] : []
}

/** The control that failed, as v4l2-ctl prints it on standard error. */
function controlLines({ ioctl, reason, control }: Refusal): string[] {
  if (control !== undefined) return [`${control}: ${reason}`]
  return ioctl === 'VIDIOC_S_EXT_CTRLS' ? [`Error setting controls: ${reason}`] : []
}

/** What a failure prints on standard error: the control and the hint where a request failed, else all of it. */
export function errorLines(error: Error): string[] {
  const refusal = refusalOf(error)
  if (!refusal) return explain(error).map(shown)
  return [...controlLines(refusal), ...(refusal.hint === undefined ? [] : [refusal.hint])]
}

/** A failure in JSON. */
export function failureData(error: Error): object {
  const { code, ioctl, errno, reason, control, hint } = error as Partial<V4l2EncoderError>
  return { code: code ?? ErrorCode.Config, message: error.message, ioctl, errno, reason, control, hint }
}

/** What went wrong with some of many. */
export const failuresOf = (all: readonly { readonly failure?: Error }[]): Error[] =>
  all.flatMap(({ failure }) => (failure ? [failure] : []))
