/** Values that no caller means, each by a name; those that tests have seen end badly somewhere, and their kin. */
export function hostileValues(): [name: string, value: unknown][] {
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const detached = new ArrayBuffer(8)
  structuredClone(detached, { transfer: [detached] })
  const shrunk = resizable(16)
  const beyond = new DataView(shrunk, 8, 8)
  shrunk.resize(4)
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  const fail = (): never => {
    throw new Error('a trap of the caller’s')
  }
  return [
    ['null', null],
    ['true', true],
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-0', -0],
    ['-1', -1],
    ['a fraction', 1.5],
    ['2^31', 2 ** 31],
    ['2^32 + 640', 2 ** 32 + 640],
    ['2^53', 2 ** 53],
    ['a bigint', 1n],
    ['a huge bigint', 10n ** 400n],
    ['a symbol', Symbol('hostile')],
    ['an empty string', ''],
    ['a string with a NUL', 'a\0b'],
    ['a long string', 'x'.repeat(100_000)],
    ['constructor', 'constructor'],
    ['__proto__', '__proto__'],
    ['toString', 'toString'],
    ['half a character', '\ud800'],
    ['a function', () => {}],
    ['an empty list', []],
    ['a list of itself', [[[]], Symbol('inner'), null]],
    ['a huge list of nothing', sparse()],
    ['an object without a prototype', Object.create(null)],
    ['an object that is in itself', circular],
    ['an object whose toString() throws', { toString: fail, valueOf: fail, toJSON: fail, [Symbol.toPrimitive]: fail }],
    ['an object with __proto__ as a name', JSON.parse('{ "__proto__": 1 }')],
    ['a proxy that throws', new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail })],
    ['a proxy that is revoked', revoked.proxy],
    ['a list behind a revoked proxy', revokedList()],
    ['a detached buffer', detached],
    ['a view beyond its buffer', beyond],
    ['a date', new Date(Number.NaN)],
    ['what looks like a signal', Object.create(AbortSignal.prototype)],
  ]
}

/** What the typings of ES2022 do not have yet. */
function resizable(bytes: number): ArrayBuffer & { resize: (bytes: number) => void } {
  return Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: 2 * bytes }])
}

function sparse(): unknown[] {
  const list: unknown[] = []
  list.length = 2 ** 32 - 1
  return list
}

function revokedList(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  return proxy
}

/** An object whose one member cannot be read. */
export function unreadable(name: string): object {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new Error('a getter of the caller’s')
    },
  })
}

/** What becomes of a call: what is wrong with its error, or nothing. */
export async function complaintOf(call: () => unknown, isAsync: boolean): Promise<string | undefined> {
  let result: unknown
  try {
    result = call()
  } catch (error) {
    return isAsync ? `it throws instead of rejecting: ${String(error)}` : uncoded(error)
  }
  try {
    const value = await result
    await ended(value)
    return undefined
  } catch (error) {
    return uncoded(error)
  }
}

/** Lets go of what a call gave after all. */
async function ended(value: unknown): Promise<void> {
  if (typeof value !== 'object' || value === null) return
  const { next, free, close, drop } = value as Record<string, unknown>
  if (typeof next === 'function') {
    const iterator = value as AsyncIterator<unknown>
    const first = iterator.next()
    first.catch(() => {})
    const over = iterator.return?.()
    await Promise.race([first, over])
    return
  }
  for (const end of [free, drop, close]) {
    if (typeof end !== 'function') continue
    await end.call(value)
    return
  }
}

function uncoded(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code
  if (error instanceof Error && typeof code === 'string' && code.startsWith('ERR_')) return undefined
  if (error instanceof Error && error.name === 'AbortError') return undefined
  return error instanceof Error
    ? `no code: ${error.stack?.split('\n').slice(0, 3).join(' ')}`
    : `no error: ${typeof error}`
}
