import { CommandError, ExitStatus } from './exit.js'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const
type Signal = (typeof SIGNALS)[number]

/** Ctrl-C (or SIGTERM) before there was anything to finish. */
export class Interrupted extends CommandError {
  readonly signal: Signal

  constructor(signal: Signal) {
    super(ExitStatus.Interrupted, 'Interrupted before anything was encoded.')
    this.signal = signal
  }
}

/**
 * Ends the process by the signal, at once. `process.exit()` would wait for reads and writes that other threads are in, and one of a
 * pipe or a terminal may never come back.
 */
export function endBy(signal: Signal): never {
  // What an exit closes: devices, and programs that give pictures.
  process.emit('exit', ExitStatus.Interrupted)
  for (const name of SIGNALS) process.removeAllListeners(name)
  process.kill(process.pid, signal)
  // The first process of a container is not ended by a signal that it does not listen to.
  process.exit(ExitStatus.Interrupted)
}

/**
 * The first Ctrl-C (or SIGTERM) is a request to finish; the second ends the process at once, which also closes the device.
 * `release` gives the signals back.
 */
export function onStopRequest(announce: () => void): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController()
  const listener = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) endBy(signal as Signal)
    stop.abort(new Interrupted(signal as Signal))
    announce()
  }
  for (const name of SIGNALS) process.on(name, listener)
  const release = () => {
    for (const name of SIGNALS) process.off(name, listener)
  }
  return { signal: stop.signal, release }
}
