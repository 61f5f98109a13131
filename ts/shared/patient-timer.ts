/** How often a timer that overslept begins again: a machine that swaps without end must not put everything off for ever. */
const MOST_AGAIN = 3
const LEAST_SLACK_MS = 50

/** What a timer is made of, for tests. */
export interface Clock {
  now: () => number
  setTimeout: (callback: () => void, ms: number) => NodeJS.Timeout
  /** Calls back when what has come is taken. */
  afterInput: (callback: () => void) => void
}

const CLOCK: Clock = {
  now: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  // The event loop runs timers before it takes input, and immediates after it.
  afterInput: (callback) => void setImmediate(callback),
}

/**
 * Calls `due` after so many milliseconds in which the process ran. One that was stopped meanwhile (SIGSTOP, `docker pause`, a
 * debugger, a machine that swaps) finds its timers due on waking, before it could take what has come; so a timer that wakes much
 * later than it asked runs once more before it judges. An answer that came while JavaScript was busy counts, as it is taken first.
 * Returns what stops it.
 *
 * @internal
 */
export function patientTimer(ms: number, due: () => void, { unref = false, clock = CLOCK } = {}): () => void {
  const slack = Math.max(LEAST_SLACK_MS, ms / 4)
  let again = 0
  let isStopped = false
  let timer: NodeJS.Timeout
  const judge = () => {
    if (!isStopped) due()
  }
  const arm = () => {
    const until = clock.now() + ms
    timer = clock.setTimeout(() => {
      const overslept = clock.now() - until > slack
      if (!overslept || again === MOST_AGAIN) return clock.afterInput(judge)
      again++
      arm()
    }, ms)
    if (unref) timer.unref()
  }
  arm()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}
