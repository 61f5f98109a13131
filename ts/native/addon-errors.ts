// ts/native: the contract with the native addon, and how it is loaded.
import { ErrorCode, typeError, V4l2EncoderError } from '../shared/errors.js'
import type { NativeAddon } from './addon.js'

const HINT =
  'The process may have too many threads or descriptors: close what is not needed any more, or raise the limits (ulimit -u, ulimit -n). ' +
  'If standard error shows a panic, this is a bug of v4l2-encoder: please report it with that message.'

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
    if (isClass(member)) guardMethods(member.prototype as object)
    coded[name] = typeof member === 'function' && !isClass(member) ? guarded(member as Call, name) : member
  }
  return coded as unknown as NativeAddon
}

/** The addon makes objects of its classes itself, so their methods are replaced where they are. */
function guardMethods(prototype: object): void {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = member.value
    if (name === 'constructor' || typeof method !== 'function' || !member.configurable) continue
    Object.defineProperty(prototype, name, { ...member, value: guarded(method as Call, name) })
  }
}

/** Node-API makes functions and classes alike; its classes begin with a capital letter. */
function isClass(member: unknown): member is { prototype: unknown } {
  return typeof member === 'function' && /^[A-Z]/.test(member.name)
}

type Call = (...given: unknown[]) => unknown

/** With as many arguments as the longest call has: a list of them for each frame would cost more than the call. */
function guarded(work: Call, name: string): Call {
  return function call(this: unknown, a, b, c, d, e, f, g, h) {
    try {
      const answer = work.call(this, a, b, c, d, e, f, g, h)
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
    hint: HINT,
    cause: error,
  })
}
