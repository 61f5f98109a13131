// ts/test-pattern: a moving test pattern, with a stamp of each frame's time.

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

/** What an encoder's rate control can count on, in frames per second. */
const [MIN_FRAMERATE, MAX_FRAMERATE] = [1, 240]

/**
 * The nearest rate that an encoder's rate control can count on.
 *
 * @internal
 */
export function countableRate(framerate: number): number {
  return Math.min(Math.max(framerate, MIN_FRAMERATE), MAX_FRAMERATE)
}

/**
 * What to say of a source whose rate no rate control can count on, if it is one.
 *
 * @internal
 */
export function rateWarning(framerate: number): string | undefined {
  const countable = countableRate(framerate)
  if (countable === framerate) return undefined
  return `The source has ${Number(framerate.toPrecision(4))} frames a second, and an encoder's rate control counts on ${countable}; the times of the frames stay as they are.`
}
