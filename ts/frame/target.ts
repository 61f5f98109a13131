import { Leases } from './leases.js'
import type { NativeAddon, NativeSession } from '../native/addon.js'
import type { NativeHandle } from '../native/error.js'

/**
 * The session of the addon that frames are submitted to, with the memory that its device reads.
 *
 * @internal
 */
export class FrameTarget {
  readonly addon: NativeAddon
  readonly session: NativeSession
  /** What `addon.encodeCameraFrame()` knows the session by. */
  readonly handle: NativeHandle<NativeSession>
  readonly leases = new Leases()
  readonly #ownFormat: () => string

  constructor(addon: NativeAddon, session: NativeSession, ownFormat: () => string) {
    this.addon = addon
    this.session = session
    this.handle = session.handle()
    this.#ownFormat = ownFormat
  }

  /** A frame's format, null where it is the encoder's own: a string would be copied for every frame. */
  formatOrNull(format: string): string | null {
    return format === this.#ownFormat() ? null : format
  }
}
