// What the native addon offers of surfaces; see `ts/native/addon.ts`.

import type { NativeError } from './error.js'

/** A checked surface to allocate. */
export interface NativeSurfaceOptions {
  width: number
  height: number
  format: string
  blockLinear: boolean
  library?: string
}

export interface NativeSurfacePlane {
  offset: number
  stride: number
}

/** The addon's hold on a surface. */
export interface NativeSurface {
  fd(): number
  planes(): NativeSurfacePlane[]
  /** An array over the memory of each plane, or why not. */
  map(): ArrayBuffer[] | NativeError
  /** Syncs, detaches `memories`, which are the arrays, and ends the mapping. What it returns is a warning. */
  unmap(memories: ArrayBuffer[]): NativeError | null
  mapParams(): Uint8Array | NativeError
  /** Frees the surface, or says why not. */
  close(): NativeError | null
}
