import { constants } from 'node:os'
import { CommandError } from '../exit.js'

/** SIGHUP: the terminal was closed, or the connection to it was lost. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** Several processes report a closed terminal, and systemd ends a session by SIGTERM and SIGHUP: all that is one request. */
const SAME_REQUEST_MS = 1000
/** After a hang-up no user can press Ctrl-C again, where finishing waits for something that does not come. */
const HANG_UP_MS = 10_000

/** As a shell counts it. */
export function statusOfSignal(signal: Signal): number {
  return 128 + constants.signals[signal]
}

/** Ctrl-C, SIGTERM or SIGHUP before there was anything to finish. */
export class Interrupted extends CommandError {
  readonly signal: Signal

  constructor(signal: Signal, before = 'anything was encoded') {
    super(statusOfSignal(signal), `Interrupted before ${before}.`)
    this.signal = signal
  }
}

/**
 * Ends the process by the signal, at once. `process.exit()` would wait for reads and writes that other threads are in, and one of a
 * pipe or a terminal may never come back.
 */
export function endBy(signal: Signal): never {
  // What an exit closes: devices, and programs of sources.
  process.emit('exit', statusOfSignal(signal))
  for (const name of SIGNALS) process.removeAllListeners(name)
  process.kill(process.pid, signal)
  // The first process of a container is not ended by a signal that it does not listen to.
  process.exit(statusOfSignal(signal))
}

/**
 * The first Ctrl-C (SIGTERM, SIGHUP) is a request to finish; a second Ctrl-C or SIGTERM ends the process at once, which also closes the
 * device. `release` restores the signals.
 */
export function onStopRequest(announce: () => void): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController()
  let first: { signal: Signal; at: number } | undefined
  let late: NodeJS.Timeout | undefined
  const isSecond = (signal: Signal, { signal: before, at }: NonNullable<typeof first>) =>
    signal !== 'SIGHUP' && (before !== 'SIGHUP' || performance.now() - at > SAME_REQUEST_MS)
  const listener = (name: NodeJS.Signals) => {
    const signal = name as Signal
    if (signal === 'SIGHUP') late ??= setTimeout(() => endBy(signal), HANG_UP_MS).unref()
    if (first && isSecond(signal, first)) endBy(signal)
    if (first) return
    first = { signal, at: performance.now() }
    stop.abort(new Interrupted(signal))
    announce()
  }
  for (const name of SIGNALS) process.on(name, listener)
  const release = () => {
    clearTimeout(late)
    for (const name of SIGNALS) process.off(name, listener)
  }
  return { signal: stop.signal, release }
}
