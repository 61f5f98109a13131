import { PendingReplies } from './pending-replies.js'
import { withoutFunctions } from './check-options.js'
import type { CheckedOptions } from './check-options.js'
import { chunkFrom } from '../output/chunk.js'
import { deferred, handled, settle } from '../shared/deferred.js'
import { fromNative } from '../native/to-error.js'
import { closeOnExit } from '../native/close-on-exit.js'
import { FrameIntake } from '../frame/intake.js'
import type { EncodeOptions, TryEncodeOptions } from './call-options.js'
import { Updates } from './updates.js'
import type { EncoderChanges, SettingChange } from './update.js'
import type { PreparedFrame } from '../frame/prepared-frame.js'
import { FrameTarget } from '../frame/target.js'
import { forCaller, ownError, share } from '../shared/own-error.js'
import { KeepAlive } from '../shared/keep-alive.js'
import { LentFrame } from '../frame/lent-frame.js'
import { LentFrames } from '../frame/lent-frames.js'
import { TRY_CLOSED, TRY_TAKEN } from '../native/addon.js'
import type { NativeActive, NativeAddon, NativeChunk, NativeEvent, NativeSession } from '../native/addon.js'
import type { NativeError } from '../native/error.js'
import { Losses } from './loss.js'
import { reportLost } from './lost-frame.js'
import { kindOf, WorkQueue } from './work-queue.js'
import type { Operation, OperationKind } from './work-queue.js'
import { Readers, unreadLimit } from '../output/readers.js'
import { Stages } from '../output/stages.js'
import { closedError, NOT_CLOSED, queueFull, waitsForLentFrames } from './encoder-errors.js'

/** Closing is requested once, or once more to discard, and answered once; every other request has its own number. */
const CLOSE_ID = 0

/**
 * One session of the addon: turns its answers and events into promises and readers. The documented face is `Encoder`.
 *
 * @internal
 */
export class Session {
  readonly updates = new Updates({
    config: () => this.active.config,
    frames: () => ({ taken: this.#taken, inFlight: this.#inFlight }),
    request: (send) => this.#request(send),
    tune: (id, tuning, restart) => this.#native.tune(id, tuning, restart),
  })
  readonly losses = new Losses(() => this.requestKeyFrame())
  readonly readers = new Readers(
    () => this.requestKeyFrame(),
    (message) => this.#options.logger.log('warn', message),
  )
  /** Without the program's own functions, once it is over. */
  #options: CheckedOptions
  readonly #native: NativeSession
  readonly #target: FrameTarget
  readonly #leaveExitGuard: () => void
  readonly #lentFrames = new LentFrames()
  readonly #intake: FrameIntake
  readonly #stages = new Stages()
  readonly #queue = new WorkQueue({
    timeoutMs: () => this.active.config.timeout,
    overdue: (kind) => this.#overdue(kind),
  })
  readonly #replies = new PendingReplies()
  readonly #keepAlive = new KeepAlive()
  readonly #opened = deferred<NativeActive>()
  /** What the user sees of the end. */
  readonly #closed = deferred()
  /** The device is closed. */
  readonly #over = deferred()
  #active: NativeActive | undefined
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening'
  #fatal: Error | undefined
  #closeFailure: Error | undefined
  #inFlight = 0
  #taken = 0
  #lost = 0
  #held = 0
  #keyFrameWanted = false

  /** Throws when the addon rejects the configuration. */
  constructor(addon: NativeAddon, options: CheckedOptions) {
    this.#options = options
    this.#intake = new FrameIntake(options.metadata, () => this.updates.expected)
    for (const { promise } of [this.#opened, this.#closed, this.#over]) void handled<unknown>(promise)
    const session = addon.open(options.native, (event) => this.#onEvent(event))
    if ('error' in session) throw fromNative(session.error)
    this.#native = session
    this.#target = new FrameTarget(addon, session, () => this.active.config.format)
    this.#leaveExitGuard = closeOnExit(addon)
    this.#updateKeepAlive()
  }

  get opened(): Promise<NativeActive> {
    return this.#opened.promise
  }

  get closed(): Promise<void> {
    return this.#closed.promise
  }

  get active(): NativeActive {
    return this.#active!
  }

  /** Why it is over, where it has failed. */
  get failure(): Error | undefined {
    return this.#fatal
  }

  get waitingFrames(): number {
    return this.#queue.frames
  }

  get stats() {
    return this.#stages.addTo(this.#native.stats())
  }

  /** What is known without a call of the addon, also after the end. */
  get summary() {
    const { chunks, bytes, keyFrames } = this.readers
    const state = this.#fatal ? 'failed' : this.#state
    return { state, framesIn: this.#taken, chunksOut: chunks, bytesOut: bytes, keyFrames, framesLost: this.#lost }
  }

  abandon(): void {
    this.#state = 'closed'
    this.#native.close(CLOSE_ID, true)
    this.#updateKeepAlive()
  }

  /**
   * Throws for a frame that is not accepted, which stays the caller's to release. The promise rejects for one that the addon finds
   * wrong; its other rejections are the device's doing and therefore handled.
   */
  encode(frame: unknown, keyFrame: boolean, options?: EncodeOptions): Promise<void> {
    this.#assertOpen()
    const prepared = this.#accept(this.#intake.prepare(frame, options))
    let isMistake = false
    const run = () => {
      const answer = this.#submit(prepared, keyFrame)
      if (typeof answer !== 'object') return answer === TRY_TAKEN ? { value: undefined } : ('full' as const)
      isMistake = answer.kind !== 'error'
      throw fromNative(answer)
    }
    const signal = options?.signal
    const promise = this.#perform({ run, kind: kindOf(prepared), signal, onSettled: () => prepared.settle() })
    return isMistake ? promise : forCaller(promise, signal)
  }

  /** The frame to enqueue or submit, held from here on. Throws where it is not accepted. */
  #accept(prepared: PreparedFrame): PreparedFrame {
    const mustWait = this.#queue.mustWait(kindOf(prepared))
    if (mustWait && !this.updates.isResizing) prepared.check(this.#target)
    const { maxPendingFrames } = this.#options
    if (this.waitingFrames >= maxPendingFrames) throw queueFull(maxPendingFrames)
    if (this.readers.full) throw unreadLimit()
    const accepted = mustWait ? prepared.forQueue(this.#target) : prepared
    this.#hold(accepted)
    return accepted
  }

  #hold(prepared: PreparedFrame): void {
    const problem = prepared.hold()
    if (problem) this.#options.logger.log('warn', `${problem.message} The frame may be wrong.`)
  }

  /** Waits for its turn and for room, like a frame; the promise's rejections are the device's doing and therefore handled. */
  acquireFrame(signal?: AbortSignal): Promise<LentFrame> {
    this.#assertOpen()
    const run = () => {
      const value = this.#lend()
      return value ? { value } : ('full' as const)
    }
    return forCaller(this.#perform({ run, kind: 'acquisition', signal }), signal)
  }

  #lend(): LentFrame | undefined {
    const answer = this.#native.lend()
    if (typeof answer === 'number') {
      if (answer === TRY_CLOSED) this.#assertClosing()
      return undefined
    }
    if ('code' in answer) throw fromNative(answer)
    const { width, height } = this.active.config
    return this.#lentFrames.add(new LentFrame(this.#native, answer, width, height))
  }

  /** The device has its own watchdog; a lent frame may be held forever. */
  #overdue(kind: OperationKind): Error | undefined {
    const lent = this.#lentFrames.count
    return lent === 0 ? undefined : waitsForLentFrames(kind, lent, this.active)
  }

  tryEncode(frame: unknown, keyFrame: boolean, options?: TryEncodeOptions): boolean {
    this.#assertOpen()
    const prepared = this.#intake.prepare(frame, options)
    if (this.#queue.holdUp(kindOf(prepared)) || this.readers.full) {
      if (!this.updates.isResizing) prepared.check(this.#target)
      if (this.readers.full) this.readers.warnOnce(this.#options.logger)
      return false
    }
    this.#hold(prepared)
    let isTaken = false
    try {
      const answer = this.#submit(prepared, keyFrame)
      if (typeof answer === 'object') throw fromNative(answer)
      isTaken = answer === TRY_TAKEN
    } finally {
      if (isTaken) prepared.settle()
      else prepared.withdraw()
    }
    if (isTaken && !this.#keepAlive.active) this.#updateKeepAlive()
    return isTaken
  }

  flush(): Promise<void> {
    return this.#request((id) => this.#native.flush(id))
  }

  update(changes: EncoderChanges, restart: boolean): Promise<readonly SettingChange[]> {
    this.#assertOpen()
    return this.updates.make(changes, restart)
  }

  requestKeyFrame(): void {
    this.#keyFrameWanted = true
  }

  close(discard: boolean): Promise<void> {
    if (this.#state !== 'closed') {
      if (discard) this.#closeNow()
      else if (this.#state === 'open') this.#closeInTurn()
    }
    return this.#over.promise
  }

  #closeInTurn(): void {
    this.#state = 'closing'
    const run = () => {
      this.#native.close(CLOSE_ID, false)
      return { value: undefined }
    }
    void handled(this.#queue.add({ run, kind: 'request' }))
    this.#updateKeepAlive()
  }

  #closeNow(): void {
    this.#state = 'closing'
    this.#queue.rejectAll(closedError())
    this.#native.close(CLOSE_ID, true)
    this.#updateKeepAlive()
  }

  #assertOpen(): void {
    if (this.#fatal) throw ownError(this.#fatal)
    if (this.#state !== 'open') throw closedError()
  }

  /** A session that is over and was not closed has failed, and the event that says why is on its way. */
  #assertClosing(): void {
    if (this.#fatal || this.#state !== 'open') throw ownError(this.#fatal ?? closedError())
  }

  /** The addon's answer, with what follows from it. */
  #submit(prepared: PreparedFrame, keyFrame: boolean): number | NativeError {
    const answer = prepared.submit(this.#target, keyFrame || this.#keyFrameWanted)
    if (answer === TRY_CLOSED) this.#assertClosing()
    if (answer !== TRY_TAKEN) return answer
    this.#keyFrameWanted = false
    this.#inFlight++
    this.#taken++
    return answer
  }

  #request<T = void>(send: (id: number) => void): Promise<T> {
    this.#assertOpen()
    return handled(this.#perform({ run: () => ({ value: this.#replies.ask<T>(send) }), kind: 'request' }))
  }

  #perform<T>(operation: Operation<T>): Promise<T> {
    const promise = this.#queue.add(operation)
    this.#updateKeepAlive()
    // Of what need not wait, the end is an event, if it is not over.
    return this.#queue.length === 0 ? promise : promise.finally(() => this.#updateKeepAlive())
  }

  #updateKeepAlive(): void {
    const waits = this.#queue.length > 0 || this.#replies.pending > 0
    const works = this.#state === 'opening' || this.#state === 'closing' || this.#inFlight > this.#held
    this.#keepAlive.active = this.#state !== 'closed' && (waits || works)
  }

  #onEvent(event: NativeEvent): void {
    this.#handle(event)
    this.#updateKeepAlive()
  }

  #handle(event: NativeEvent): void {
    switch (event.type) {
      case 'opened':
        return this.#onOpened(event.active)
      case 'failed':
        return this.#onFailed(fromNative(event.error))
      case 'active':
        this.#active = event.active
        return
      case 'room':
        return this.#queue.room()
      case 'chunk':
        return this.#onChunk(event)
      case 'lost':
        return this.#onLost(event.error)
      case 'tuned':
        return this.#replies.settle(event.id, undefined, event.changes)
      case 'done':
        return this.#onDone(event.id, event.error && fromNative(event.error))
      case 'released':
        return this.#target.leases.release(event.token)
      case 'held':
        this.#held = event.frames
        return
      case 'fatal':
        return this.#onFatal(fromNative(event.error))
      case 'over':
        return this.#onOver()
      case 'log':
        return this.#options.logger.log(event.level, event.message)
    }
  }

  #onOpened(active: NativeActive): void {
    if (this.#state !== 'opening') return
    this.#active = active
    this.#state = 'open'
    this.#opened.resolve(active)
  }

  #onFailed(error: Error): void {
    this.#state = 'closed'
    this.#opened.reject(error)
    this.#native.close(CLOSE_ID, true)
  }

  #onChunk(chunk: NativeChunk): void {
    this.#inFlight--
    if (chunk.key) this.losses.key(chunk.timestamp)
    this.readers.publish(this.updates.observers.chunk(this.#stages.note(chunkFrom(chunk))))
  }

  #onLost(error: NativeError): void {
    this.#inFlight--
    this.#lost++
    this.updates.observers.lost()
    reportLost(error, this.#options)
  }

  #onFatal(error: Error): void {
    if (this.#fatal) return
    this.#fatal = share(error)
    this.#inFlight = 0
    this.#queue.rejectAll(error)
    this.#replies.rejectAll(error)
    this.readers.end({ error })
    this.updates.observers.end()
    this.#closed.reject(error)
    if (this.#state === 'closing') this.#over.reject(error)
    // A close() from now on only waits until the device is released. A close that waited behind frames never reached the addon.
    this.#native.close(CLOSE_ID, true)
  }

  #onDone(id: number, error: Error | undefined): void {
    if (id === CLOSE_ID) this.#closeFailure = error
    else this.#replies.settle(id, error)
  }

  /** Who still has the encoder can read its chunks and counters; what it was given goes. */
  #onOver(): void {
    const failure = this.#fatal ? undefined : share(this.#closeFailure)
    this.#state = 'closed'
    this.#inFlight = 0
    this.#leaveExitGuard()
    this.#queue.rejectAll(closedError())
    this.#replies.rejectAll(closedError())
    this.readers.end(failure ? { error: failure } : {})
    this.updates.observers.end()
    this.#options = withoutFunctions(this.#options)
    for (const end of [this.#closed, this.#over]) settle(end, failure)
  }

  /**
   * Closes an encoder that the program no longer references, unless something of it may still be received; `true` where nothing is left to do.
   */
  closeIfUnused(): boolean {
    if (this.#state !== 'open' || this.#fatal) return true
    const waits = this.#queue.length > 0 || this.#replies.pending > 0
    const works = this.#inFlight > this.#held || this.#target.leases.size > 0
    if (waits || works || this.readers.isRead || this.#native.lent() > 0) return false
    this.#options.logger.log('warn', NOT_CLOSED)
    void handled(this.close(false))
    return true
  }
}
