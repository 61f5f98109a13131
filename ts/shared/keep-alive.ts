/** Any long time; the timer's only purpose is to exist. */
const LONG_MS = 0x3fff_ffff

/**
 * Keeps the process from exiting while something that will come is awaited. The addon's own events do not, so that
 * a program that forgets `close()` ends.
 *
 * @internal
 */
export class KeepAlive {
  #timer: NodeJS.Timeout | undefined

  get active(): boolean {
    return this.#timer !== undefined
  }

  set active(wanted: boolean) {
    if (wanted === this.active) return
    if (wanted) {
      this.#timer = setInterval(() => {}, LONG_MS)
    } else {
      clearInterval(this.#timer)
      this.#timer = undefined
    }
  }
}

/**
 * Keeps the process alive until the promise is settled.
 *
 * @internal
 */
export async function keepAliveWhile<T>(promise: Promise<T>): Promise<T> {
  const keepAlive = new KeepAlive()
  keepAlive.active = true
  try {
    return await promise
  } finally {
    keepAlive.active = false
  }
}
