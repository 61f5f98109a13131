import { types } from 'node:util'

/**
 * The bytes of a buffer or of any view of one; undefined of anything else, and where the memory is gone: transferred to another thread,
 * or shrunk below the view.
 *
 * @internal
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  try {
    if (types.isUint8Array(value)) return value.byteLength === 0 && isGone(value.buffer) ? undefined : value
    if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    return types.isAnyArrayBuffer(value) ? new Uint8Array(value) : undefined
  } catch {
    return undefined
  }
}

/**
 * Node 20 has no `detached`; a view of a detached buffer cannot be made, though.
 *
 * @internal
 */
export function isGone(buffer: ArrayBufferLike): boolean {
  try {
    void new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}
