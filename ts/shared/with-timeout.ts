import { deferred } from './deferred.js'
import { patientTimer } from './patient-timer.js'

/**
 * What the promise resolves with, or undefined when that takes longer; work that hangs goes on.
 *
 * @internal
 */
export async function withTimeout<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const late = deferred<undefined>()
  const stop = patientTimer(ms, () => late.resolve(undefined))
  try {
    return await Promise.race([promise, late.promise])
  } finally {
    stop()
  }
}
