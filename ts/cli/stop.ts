import { CommandError, ExitStatus } from './exit.js'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * The first Ctrl-C (or SIGTERM) is a request to finish; the second ends the process at once, which also closes the device.
 * `release` gives the signals back.
 */
export function onStopRequest(announce: () => void): { signal: AbortSignal; release: () => void } {
  const stop = new AbortController()
  const listener = () => {
    if (stop.signal.aborted) process.exit(ExitStatus.Interrupted)
    stop.abort(new CommandError(ExitStatus.Interrupted, 'Interrupted before the encoder was open.'))
    announce()
  }
  for (const name of SIGNALS) process.on(name, listener)
  const release = () => {
    for (const name of SIGNALS) process.off(name, listener)
  }
  return { signal: stop.signal, release }
}
