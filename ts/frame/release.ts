import type { Frame } from './frame.js'

function isReleasable(frame: Partial<Frame> | null | undefined): frame is Required<Pick<Frame, 'release'>> {
  try {
    return typeof frame?.release === 'function'
  } catch {
    // What cannot be read was rejected as a frame, with the reason.
    return false
  }
}

/**
 * Calls `release()` of a frame that has one: its memory is no longer needed.
 *
 * @internal
 */
export function callRelease(frame: unknown): void {
  const releasable = frame as Partial<Frame> | null | undefined
  if (!isReleasable(releasable)) return
  try {
    releasable.release()
  } catch (error) {
    // As with any listener of Node's: its exception is the program's, not the encoder's.
    queueMicrotask(() => {
      throw error
    })
  }
}
