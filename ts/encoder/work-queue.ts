import { onAbort } from '../shared/abort.js'
import { deferred } from '../shared/deferred.js'
import { share } from '../shared/own-error.js'
import { patientTimer } from '../shared/patient-timer.js'

/**
 * What waits for what. A `frame` and an `acquisition` of a buffer need room on the device, a `request` needs none. A frame in a lent
 * buffer, which needs none either, never waits behind one that does: see `Session`.
 *
 * @internal
 */
export type OperationKind = 'frame' | 'acquisition' | 'request'

/** @internal */
export const kindOf = ({ needsRoom }: { needsRoom: boolean }): OperationKind => (needsRoom ? 'frame' : 'request')

/**
 * One thing to do in its turn. `run` returns `'full'` when the device has no room yet, and is then called again; a thrown error
 * rejects the operation alone.
 *
 * @internal
 */
export interface Operation<T> {
  run: () => { value: T | PromiseLike<T> } | 'full'
  kind: OperationKind
  signal?: AbortSignal | undefined
  /** Called once, when it has run or will not run; it may add operations. */
  onSettled?: () => void
}

interface Waiting {
  attempt: () => boolean
  reject: (reason: unknown) => void
  kind: OperationKind
  /** By `performance.now()`. */
  since: number
}

/**
 * For how long something may wait for room that is not the device's to make.
 *
 * @internal
 */
export interface RoomDeadline {
  timeoutMs: () => number
  /** The error for what does not come; undefined where it is the device, which has its own deadline. */
  overdue: (kind: OperationKind) => Error | undefined
}

const needsRoom = (kind: OperationKind) => kind === 'frame' || kind === 'acquisition'

/**
 * Everything that must reach the device in the order in which it was requested: frames, and what stands between them. Each operation
 * is tried at once when none is before it, so an uncrowded `encode()` has read its frame when it returns.
 *
 * An acquisition is no frame yet, and the room that it waits for may be a lent frame's, or come with a flush. So what needs no room
 * does not wait for it. What waits for room that only the program itself can make, with a buffer that it was lent, has a deadline.
 *
 * @internal
 */
export class WorkQueue {
  readonly #deadline: RoomDeadline
  readonly #waiting: Waiting[] = []
  #blocked = false
  /** When one of them last came to its turn. */
  #moved = 0
  #stopTimer: (() => void) | undefined

  constructor(deadline: RoomDeadline) {
    this.#deadline = deadline
  }

  get length(): number {
    return this.#waiting.length
  }

  get frames(): number {
    return this.#waiting.filter(({ kind }) => kind === 'frame').length
  }

  /** Whether something waits that has to come before such an operation. */
  holdUp(kind: OperationKind): boolean {
    return this.#waiting.length > 0 && (needsRoom(kind) || this.#waiting.some((one) => one.kind !== 'acquisition'))
  }

  /** Whether such an operation cannot be tried at once. */
  mustWait(kind: OperationKind): boolean {
    return this.holdUp(kind) || (this.#blocked && needsRoom(kind))
  }

  add<T>(operation: Operation<T>): Promise<T> {
    if (!this.mustWait(operation.kind)) {
      const done = this.#runNow(operation)
      if (done) return done
      this.#blocked = true
    }
    return this.#enqueue(operation)
  }

  /** Undefined where there is no room. Most frames go this way, so it does little. */
  #runNow<T>({ run, onSettled }: Operation<T>): Promise<T> | undefined {
    let result: { value: T | PromiseLike<T> } | 'full'
    try {
      result = run()
    } catch (error) {
      onSettled?.()
      return Promise.reject(error)
    }
    if (result === 'full') return undefined
    onSettled?.()
    return Promise.resolve(result.value)
  }

  #enqueue<T>({ run, kind, signal, onSettled }: Operation<T>): Promise<T> {
    const { promise, resolve, reject } = deferred<T>()
    let isSettled = false
    const settle = (finish: () => void) => {
      // A listener at the end of one may have ended this one already.
      if (isSettled) return true
      isSettled = true
      ignoreAbort()
      finish()
      onSettled?.()
      return true
    }
    const waiting: Waiting = {
      kind,
      since: performance.now(),
      attempt: () => {
        try {
          const result = run()
          return result === 'full' ? false : settle(() => resolve(result.value))
        } catch (error) {
          return settle(() => reject(error))
        }
      },
      reject: (reason) => settle(() => reject(reason)),
    }
    const ignoreAbort = onAbort(signal, () => {
      const place = this.#waiting.indexOf(waiting)
      if (place >= 0) this.#waiting.splice(place, 1)
      waiting.reject(signal?.reason)
      this.room()
    })
    this.#waiting.push(waiting)
    this.#work()
    this.#watch()
    return promise
  }

  /** The device has room again. */
  room(): void {
    this.#blocked = false
    this.#work()
    if (this.#waiting.length === 0) this.#unwatch()
  }

  rejectAll(reason: unknown): void {
    for (const waiting of this.#waiting.splice(0)) waiting.reject(share(reason))
    this.#unwatch()
  }

  #watch(): void {
    if (this.#stopTimer || this.#waiting.length === 0) return
    const timeoutMs = this.#deadline.timeoutMs()
    const oldest = Math.max(this.#moved, Math.min(...this.#waiting.map(({ since }) => since)))
    const left = oldest + timeoutMs - performance.now()
    this.#stopTimer = patientTimer(left > 0 ? left : timeoutMs / 4, () => this.#judge(timeoutMs), { unref: true })
  }

  #unwatch(): void {
    this.#stopTimer?.()
    this.#stopTimer = undefined
  }

  /** Rejects what has waited too long. What is behind it may go on: a flush, or a close. */
  #judge(timeoutMs: number): void {
    this.#stopTimer = undefined
    const before = performance.now() - timeoutMs
    const late = this.#waiting.filter(({ kind, since }) => needsRoom(kind) && Math.max(since, this.#moved) <= before)
    for (const waiting of late) {
      const error = this.#deadline.overdue(waiting.kind)
      if (!error) continue
      this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
      waiting.reject(error)
    }
    this.room()
    this.#watch()
  }

  #work(): void {
    for (;;) {
      const place = this.#next()
      const next = this.#waiting[place]
      if (!next) return
      // Out of the queue first: a listener at the end of one may add another.
      this.#waiting.splice(place, 1)
      if (next.attempt()) {
        this.#moved = performance.now()
        continue
      }
      this.#waiting.splice(place, 0, next)
      this.#blocked = true
      if (!needsRoom(next.kind)) return
    }
  }

  /** The place of the one whose turn it is; -1 where all have to wait. */
  #next(): number {
    if (!this.#blocked) return 0
    const place = this.#waiting.findIndex(({ kind }) => kind !== 'acquisition')
    return place >= 0 && needsRoom(this.#waiting[place]!.kind) ? -1 : place
  }
}
