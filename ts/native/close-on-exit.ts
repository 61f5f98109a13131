import { handled } from '../shared/deferred.js'
import type { NativeAddon } from './addon.js'

/** How long the end of a process may wait for its devices to be closed. */
const EXIT_TIMEOUT_MS = 500

const openSessions = new Map<NativeAddon, number>()

/** Node runs no native clean-up on `process.exit()` or after an uncaught exception, but it does emit `exit`. */
function closeAll(): void {
  for (const addon of openSessions.keys()) addon.closeAllNow(EXIT_TIMEOUT_MS)
}

/** A thread that has answered may need a moment to end. */
const THREAD_ENDS_MS = 100

/** Threads that hang in a device are waited for as well: what the library does at the end must not race with them. */
function forgetIfIdle(addon: NativeAddon): void {
  if (openSessions.get(addon) !== 0 || addon.isBusy()) return
  openSessions.delete(addon)
  if (openSessions.size === 0) process.off('exit', closeAll)
}

/**
 * Has what the addon does closed, and its threads waited for, when this thread exits; the returned function says that this one is over.
 *
 * @internal
 */
export function closeOnExit(addon: NativeAddon): () => void {
  if (openSessions.size === 0) process.on('exit', closeAll)
  openSessions.set(addon, (openSessions.get(addon) ?? 0) + 1)
  let over = false
  return () => {
    if (over) return
    over = true
    openSessions.set(addon, openSessions.get(addon)! - 1)
    forgetIfIdle(addon)
    if (openSessions.get(addon) === 0) setTimeout(forgetIfIdle, THREAD_ENDS_MS, addon).unref()
  }
}

/**
 * What the addon is asked, with the threads that look for the answer waited for when this thread exits.
 *
 * @internal
 */
export function guardedUntilAnswered<T>(addon: NativeAddon, ask: (addon: NativeAddon) => Promise<T>): Promise<T> {
  const leave = closeOnExit(addon)
  try {
    const answer = ask(addon)
    // Also where the caller no longer waits for it.
    void handled(answer.finally(leave))
    return answer
  } catch (error) {
    leave()
    throw error
  }
}
