// ts/native: the contract with the native addon, and how it is loaded.
import { ErrorCode, typeError, V4l2EncoderError } from '../shared/errors.js'
import type { NativeAddon } from './addon.js'

/** Called for every frame, and with what the addon itself gave. */
const HOT = new Set<string>(['encodePicture'])

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
    const isFunction = typeof member === 'function'
    if (isFunction && isClass(member)) guardMethods(member.prototype as object)
    coded[name] = isFunction && !isClass(member) ? (HOT.has(name) ? guardedHot : guarded)(member, name) : member
  }
  return coded as unknown as NativeAddon
}

/** The addon makes objects of its classes itself, so their methods are replaced where they are. */
function guardMethods(prototype: object): void {
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const method: unknown = member.value
    if (name === 'constructor' || typeof method !== 'function' || !member.configurable) continue
    const value = function (this: unknown, ...given: unknown[]): unknown {
      try {
        return method.apply(this, given)
      } catch (error) {
        return fail(error, name)
      }
    }
    Object.defineProperty(prototype, name, { ...member, value })
  }
}

// oxlint-disable-next-line typescript/no-unsafe-function-type
function guardedHot(work: Function, name: string): (...given: unknown[]) => unknown {
  // As many as the longest takes, as a list for each frame would cost more than the call.
  return (a, b, c, d, e) => {
    try {
      return work(a, b, c, d, e)
    } catch (error) {
      return fail(error, name)
    }
  }
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
    hint: HINT,
    cause: error,
  })
}
