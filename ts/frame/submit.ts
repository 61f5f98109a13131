import { assertAttached } from './frame.js'
import type { PreparedBytes, PreparedDmabuf, PreparedFrame } from './frame.js'
import { Leases } from './leases.js'
import { TRY_TAKEN } from '../native/addon.js'
import type { NativeAddon, NativeSession } from '../native/addon.js'
import type { NativeError, NativeHandle } from '../native/error.js'

/**
 * Gives frames to one session of the addon, each kind in its own way.
 *
 * @internal
 */
export class HandOver {
  readonly #addon: NativeAddon
  readonly #session: NativeSession
  readonly #handle: NativeHandle<NativeSession>
  readonly #ownFormat: () => string
  readonly #leases = new Leases()

  constructor(addon: NativeAddon, session: NativeSession, ownFormat: () => string) {
    this.#addon = addon
    this.#session = session
    this.#handle = session.handle()
    this.#ownFormat = ownFormat
  }

  /** What is wrong with a frame that has to wait. */
  check({ data, format, layout }: PreparedBytes): NativeError | null {
    return this.#session.checkFrame(data.byteLength, this.#unusual(format), layout)
  }

  /** The addon's answer, a `TRY_…` number where the frame is not wrong. */
  hand(prepared: PreparedFrame, frame: unknown, keyFrame: boolean): number | NativeError {
    const { timestamp, duration } = prepared
    if (prepared.kind === 'picture') {
      return this.#addon.encodePicture(this.#handle, prepared.shared.handle, timestamp, duration, keyFrame)
    }
    if (prepared.kind === 'lent') return prepared.lent.submit(this.#session, timestamp, duration, keyFrame)
    if (prepared.kind === 'dmabuf') return this.#handDmabuf(prepared, frame, keyFrame)
    const { data, format, layout } = prepared
    if (data.byteLength === 0) assertAttached(data.buffer)
    return this.#session.tryEncode(data, this.#unusual(format), layout, timestamp, duration, keyFrame)
  }

  /** Frames whose memory the device still has. */
  get leased(): number {
    return this.#leases.size
  }

  /** The device has let go of the frame of this number. */
  release(token: number): void {
    this.#leases.release(token)
  }

  #handDmabuf(prepared: PreparedDmabuf, frame: unknown, keyFrame: boolean): number | NativeError {
    const token = this.#leases.next(frame, prepared.surface)
    const answer = this.#session.tryEncodeDmabuf(
      prepared.descriptors,
      prepared.layout,
      this.#unusual(prepared.format),
      prepared.timestamp,
      prepared.duration,
      keyFrame,
      token,
      prepared.mapParams,
    )
    if (answer !== TRY_TAKEN) this.#leases.forget(token)
    return answer
  }

  /** A frame's format where it is not the encoder's own: a text would be copied for every frame. */
  #unusual(format: string): string | null {
    return format === this.#ownFormat() ? null : format
  }
}
