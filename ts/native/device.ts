// What the native addon offers of devices; see `ts/native/addon.ts`. The addon knows no struct: it fills in addresses, and rejects what
// would make a driver touch memory that is not the argument's.

import type { NativeError } from './error.js'

export interface NativeDeviceOptions {
  path: string
  transport: 'kernel' | 'nvidia' | 'auto'
  library?: string
}

/** Bits of what is waited for. */
export const READING = 1
export const WRITING = 2
export const EVENTS = 4

/** Bits of what happened. */
export const READY = 1
/** Neither queue has a buffer, so that a wait for one would never end. */
export const NOTHING_QUEUED = 2

/** The answer to what was asked with this id; 0 is the opening. */
export interface NativeAnswer {
  id: number
  /** The device was closed, by what was asked or before it. */
  closed?: boolean
  /** Why it could not be opened. */
  error?: NativeError
  /** The driver rejected it: its errno's name, and what that means. */
  errno?: string
  reason?: string
  /** The request's argument as the driver left it. */
  blocks?: Uint8Array<ArrayBuffer>[]
  ready?: number
  memory?: NativeMemory
}

/** The memory of a plane, until it is released or collected. */
export interface NativeMemory {
  /** An array over it, to be asked for once; null where the runtime forbids it. */
  array(): ArrayBuffer | null
  /** Detaches the array and ends the mapping. */
  release(array: ArrayBuffer): void
}

/** A device on a thread of its own. Each call but a rejected `ioctl` is answered by its id. */
export interface NativeDevice {
  transport(): 'kernel' | 'nvidia'
  /** Runs the request, or returns what is wrong with its argument. `pointers` has block, offset and target of each. */
  ioctl(id: number, number: number, blocks: Uint8Array[], pointers: Uint32Array): string | null
  wait(id: number, interest: number, timeoutMs: number): void
  /** Maps a plane; where buffers are mapped through exporting them, without the offset. */
  map(id: number, type: number, index: number, plane: number, offset: number, length: number): void
  /** Makes what was written visible to the device. */
  sync(id: number, memory: NativeMemory): void
  close(id: number): void
}
