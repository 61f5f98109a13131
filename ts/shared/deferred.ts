/**
 * A promise with its handles outside; what `Promise.withResolvers()` makes on newer versions of Node.
 *
 * @internal
 */
export interface Deferred<T = void> {
  promise: Promise<T>
  resolve: (value: T | PromiseLike<T>) => void
  reject: (reason: unknown) => void
}

/** @internal */
export function deferred<T = void>(): Deferred<T> {
  let resolve!: Deferred<T>['resolve']
  let reject!: Deferred<T>['reject']
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}

/**
 * Marks a rejection as handled, so that it cannot end the process; who awaits the promise still sees it.
 *
 * @internal
 */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/**
 * Rejects it with the failure, or resolves it where there is none.
 *
 * @internal
 */
export function settle({ resolve, reject }: Deferred, failure: Error | undefined): void {
  if (failure) reject(failure)
  else resolve()
}
