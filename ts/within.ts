import { setTimeout as sleep } from 'node:timers/promises'

/**
 * What the promise resolves with, or undefined when that takes longer; whoever hangs is left alone.
 *
 * @internal
 */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const timer = new AbortController()
  try {
    return await Promise.race([promise, sleep(ms, undefined, { signal: timer.signal })])
  } finally {
    timer.abort()
  }
}
