import { ErrorCode, typeError, V4l2EncoderError } from './errors.js'
import type { NativeAddon } from './native.js'

/** Called for every frame, and with what the addon itself gave. */
const HOT = new Set<string>(['encodePicture'])

/** Of Node-API, where an argument is none that it can convert. */
const CONVERSION =
  /^(InvalidArg|(Object|String|Name|Function|Number|Boolean|Array|BigInt|Date|ArrayBuffer|DetachableArraybuffer)Expected)$/

/**
 * The addon's failures are data; what is left are those of Node-API, whose codes are its own: of values that it cannot convert, and
 * of a process that can have no more threads or descriptors. They get one of ours.
 *
 * @internal
 */
export function withCodes(addon: NativeAddon): NativeAddon {
  const coded: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(addon as object)) {
    coded[name] = typeof member === 'function' && !HOT.has(name) && !isClass(member) ? guarded(member, name) : member
  }
  return coded as unknown as NativeAddon
}

/** Node-API makes functions and classes alike; its classes begin with a capital letter. */
function isClass({ name }: { name?: string }): boolean {
  return /^[A-Z]/.test(name ?? '')
}

// oxlint-disable-next-line typescript/no-unsafe-function-type
function guarded(work: Function, name: string): (...given: unknown[]) => unknown {
  return (...given) => {
    try {
      const answer: unknown = work(...given)
      return answer instanceof Promise ? answer.catch((error: unknown) => fail(error, name)) : answer
    } catch (error) {
      return fail(error, name)
    }
  }
}

function fail(error: unknown, name: string): never {
  const { code, message } = error as { code?: unknown; message?: unknown }
  if (!(error instanceof Error) || (typeof code === 'string' && code.startsWith('ERR_'))) throw error
  if (typeof code === 'string' && CONVERSION.test(code)) {
    const refusal = typeError(
      ErrorCode.Config,
      `A value cannot be given to the native part (${name}): ${String(message)}`,
    )
    throw Object.assign(refusal, { cause: error })
  }
  throw new V4l2EncoderError(ErrorCode.Device, `The native part failed (${name}): ${String(message)}`, {
    hint: 'The process may have too many threads or descriptors: close what is not needed any more, or raise the limits (ulimit -u, ulimit -n).',
    cause: error,
  })
}
