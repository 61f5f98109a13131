import type { NativeAddon } from './native.js'

/** How long the end of a process may wait for its devices to be closed. */
const EXIT_TIMEOUT_MS = 500

const openSessions = new Map<NativeAddon, number>()

/** Node runs no native clean-up on `process.exit()` or after an uncaught exception, but it does emit `exit`. */
function closeAll(): void {
  for (const addon of openSessions.keys()) addon.closeAllNow(EXIT_TIMEOUT_MS)
}

/**
 * Has the addon's sessions closed when this thread exits; the returned function says that this one is over.
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
    const left = openSessions.get(addon)! - 1
    if (left > 0) openSessions.set(addon, left)
    else openSessions.delete(addon)
    if (openSessions.size === 0) process.off('exit', closeAll)
  }
}
