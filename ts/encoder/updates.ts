import type { FrameExpectation } from '../frame/prepare.js'
import type { NativeChange, NativeTuning } from '../native/addon.js'
import { handled } from '../shared/deferred.js'
import { Observers } from './observations.js'
import { nativeTuning, settingChange } from './update.js'
import type { EncoderChanges, SettingChange } from './update.js'

/** Width and height in pixels. */
interface Size {
  width: number
  height: number
}

/** What changes need of their session. */
interface UpdatedSession {
  /** The configuration in force. */
  config: () => FrameExpectation & { bitrate: number }
  /** Frames so far: those that the addon has taken, and those of them whose chunks have not come. */
  frames: () => { taken: number; inFlight: number }
  /** Asks the addon in its turn; `send` is called then. */
  request: (send: (id: number) => void) => Promise<readonly NativeChange[]>
  tune: (id: number, tuning: NativeTuning, restart: boolean) => void
}

/**
 * Changes of one running encoder, and who observes them. Frames that are given behind a change of the size have the new one, although
 * frames of the old size may still wait before them.
 *
 * @internal
 */
export class Updates {
  readonly observers = new Observers()
  readonly #session: UpdatedSession
  /** Announced, while the device does not have them yet. */
  readonly #sizes: Size[] = []

  constructor(session: UpdatedSession) {
    this.#session = session
  }

  /** Whether what the addon checks frames against may be another size than frames have that are given now. */
  get isResizing(): boolean {
    return this.#sizes.length > 0
  }

  /** What a frame that is given now is measured against. */
  get expected(): FrameExpectation {
    const config = this.#session.config()
    const size = this.#sizes.at(-1)
    return size ? { ...size, format: config.format } : config
  }

  /** Throws for changes that contain none. */
  make(changes: EncoderChanges, restart: boolean): Promise<readonly SettingChange[]> {
    const tuning = nativeTuning(changes, this.expected)
    const { bitrate } = this.#session.config()
    let taken = 0
    const answer = this.#session.request((id) => {
      taken = this.#session.frames().taken
      this.#session.tune(id, tuning, restart)
    })
    const made = answer.then((answered) => {
      const now = this.#session.frames()
      this.observers.changed(answered, Math.max(0, taken - (now.taken - now.inFlight)), bitrate)
      return answered.map(settingChange)
    })
    return handled(this.#announced(tuning, made))
  }

  /** A size is announced until the change is made or rejected. */
  async #announced<T>({ width, height }: Partial<Size>, made: Promise<T>): Promise<T> {
    if (width === undefined || height === undefined) return made
    const size = { width, height }
    this.#sizes.push(size)
    try {
      return await made
    } finally {
      this.#sizes.splice(this.#sizes.indexOf(size), 1)
    }
  }
}
