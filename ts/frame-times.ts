/**
 * When frame `index` (from 0) of a constant rate begins and how long it lasts, in microseconds. Rounded so that each frame ends
 * where the next one begins.
 *
 * @internal
 */
export function frameTimes(index: number, framerate: number): { timestamp: number; duration: number } {
  const at = (frame: number) => Math.round((frame * 1e6) / framerate)
  return { timestamp: at(index), duration: at(index + 1) - at(index) }
}
