// ts/shared: what every other folder may use: errors, checks of arguments, promises, timers, the log.
import { setMaxListeners } from 'node:events'
import { handled } from './deferred.js'

/**
 * Calls the listener when the signal is aborted; the returned function takes it back. One signal may guard any number of frames,
 * so Node's warning of a leak would be a false alarm.
 *
 * @internal
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (!signal) return () => {}
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}

/**
 * The promise, or a rejection with the signal's reason when that comes first.
 *
 * @internal
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise
  void handled(promise)
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const ignore = onAbort(signal, () => reject(signal.reason))
    promise.then(resolve, reject).finally(ignore)
  })
}
