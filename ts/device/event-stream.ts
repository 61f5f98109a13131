import { setTimeout as sleep } from 'node:timers/promises'
import { onAbort } from '../shared/abort.js'
import { boolean, checkOptions, wholeFrom, withDefault } from '../shared/check.js'
import { deferred, handled } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'
import { ErrorCode } from '../shared/errors.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import { ownIfMarked, share } from '../shared/own-error.js'
import { reading } from '../shared/reading.js'
import { list } from '../shared/arguments.js'
import type { Channel } from './channel.js'
import { V4L2_EVENT_SUB_FL } from './constants.js'
import { failure } from './failure.js'
import type { ValueOf } from './layout.js'
import { EVENTS } from '../native/device.js'
import { Requests } from './requests.js'
import type { v4l2_event } from './structs/index.js'

/** An event to subscribe to. */
export interface EventSubscription {
  /** As one of `V4L2_EVENT`: of a control, of the end of a stream, of another size. */
  type: number
  /**
   * Which one: the id of a control, the number of an input.
   * @default 0
   */
  id?: number
  /**
   * Whether the driver sends the current state as the first event (`V4L2_EVENT_SUB_FL_SEND_INITIAL`); other subscribers to the same event get it as well.
   * @default false
   */
  initial?: boolean
}

/** Something that happened. */
export interface DeviceEvent {
  /** As one of `V4L2_EVENT`. */
  type: number
  /** Of which control or input. */
  id: number
  /** Counts events of the device; a gap shows how many were lost, because nobody took them. */
  sequence: number
  /** How many more events the driver had. @internal */
  pending: number
  /** When, in microseconds of the system's monotonic clock. */
  timestamp: number
  /** What it was, as the kernel's struct has it: `ctrl`, `src_change`, `frame_sync`, `vsync`, `motion_det` or `data`. */
  payload: ValueOf<typeof v4l2_event>['u']
}

const SUBSCRIPTION = {
  type: wholeFrom(0, 0xffff_ffff),
  id: withDefault(wholeFrom(0, 0xffff_ffff), 0),
  initial: withDefault(boolean, false),
}

function checkedSubscriptions(subscriptions: unknown): Required<EventSubscription>[] {
  return reading('The subscriptions', ErrorCode.Config, () =>
    list(subscriptions, 'subscriptions').map((one) => checkOptions(one, SUBSCRIPTION, 'a subscription')),
  )
}

/** A wait for events is taken up again after so long. */
const WAIT_MS = 60_000
/** NVIDIA's library cannot be waited for. */
const LOOK_MS = 10
/** An iterator that nobody reads keeps no more; the oldest go first, and `sequence` shows it. */
const MOST_KEPT = 1024

interface Listener {
  wants: (type: number, id: number) => boolean
  kept: DeviceEvent[]
  news: Deferred | undefined
  failed: { error: unknown } | undefined
  isOver: boolean
}

/**
 * Takes events from one device for any number of iterators.
 *
 * @internal
 */
export class EventStream {
  readonly #channel: Channel
  readonly #listeners = new Set<Listener>()
  readonly #subscribed = new Map<string, number>()
  #isPumping = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async listen(
    subscriptions: readonly EventSubscription[],
    signal: AbortSignal | undefined,
  ): Promise<AsyncIterableIterator<DeviceEvent>> {
    signal?.throwIfAborted()
    const checked = checkedSubscriptions(subscriptions)
    const wanted = new Set<string>()
    const listener: Listener = {
      wants: (type, id) => wanted.has(`${type} ${id}`),
      kept: [],
      news: undefined,
      failed: undefined,
      isOver: false,
    }
    this.#listeners.add(listener)
    const made: EventSubscription[] = []
    try {
      for (const subscription of checked) {
        made.push(subscription)
        await this.#subscribe(subscription, () => wanted.add(`${subscription.type} ${subscription.id ?? 0}`))
      }
    } catch (error) {
      await this.#end(listener, made)
      throw error
    }
    void handled(this.#pump())
    if (signal?.aborted) fail(listener, signal.reason)
    return this.#iterator(listener, made, signal)
  }

  #iterator(
    listener: Listener,
    made: readonly EventSubscription[],
    signal: AbortSignal | undefined,
  ): AsyncIterableIterator<DeviceEvent> {
    const ignoreAbort = onAbort(signal, () => fail(listener, signal!.reason))
    const end = async (): Promise<IteratorReturnResult<undefined>> => {
      ignoreAbort()
      await this.#end(listener, made)
      return { done: true, value: undefined }
    }
    const iterator: AsyncIterableIterator<DeviceEvent> = {
      next: async () => {
        for (;;) {
          const event = listener.kept.shift()
          if (event) return { done: false, value: event }
          if (listener.failed) {
            const { error } = listener.failed
            await end()
            throw ownIfMarked(error)
          }
          if (listener.isOver) return end()
          await keepAliveWhile((listener.news ??= deferred()).promise)
        }
      },
      return: end,
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  /** The device is closed: iterators end. */
  close(): void {
    for (const listener of this.#listeners) {
      listener.isOver = true
      tell(listener)
    }
  }

  /** What happened before `begin` is called is not the new listener's. */
  async #subscribe({ type, id = 0, initial = false }: EventSubscription, begin: () => void): Promise<void> {
    const key = `${type} ${id}`
    const flags = V4L2_EVENT_SUB_FL.ALLOW_FEEDBACK | (initial ? V4L2_EVENT_SUB_FL.SEND_INITIAL : 0)
    const others = this.#subscribed.get(key) ?? 0
    this.#subscribed.set(key, others + 1)
    if (others > 0 && !initial) return begin()
    if (others > 0) {
      // The driver sends the current state on a new subscription only; ending the old one would lose the events that wait for the others.
      await this.#takeAll()
      await this.#channel.request(Requests.UNSUBSCRIBE_EVENT, { type, id })
    }
    begin()
    await this.#channel.request(Requests.SUBSCRIBE_EVENT, { type, id, flags })
  }

  async #end(listener: Listener, made: readonly EventSubscription[]): Promise<void> {
    if (!this.#listeners.delete(listener)) return
    listener.isOver = true
    tell(listener)
    for (const { type, id = 0 } of made) {
      const left = (this.#subscribed.get(`${type} ${id}`) ?? 1) - 1
      if (left > 0) this.#subscribed.set(`${type} ${id}`, left)
      else {
        this.#subscribed.delete(`${type} ${id}`)
        // A device that is gone, hangs or is closed sends none any more.
        await this.#channel.attempt(Requests.UNSUBSCRIBE_EVENT, { type, id }).catch(() => {})
      }
    }
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return
    this.#isPumping = true
    try {
      while (this.#listeners.size > 0 && !this.#channel.isClosed) {
        await this.#takeAll()
        await this.#wait()
      }
    } catch (error) {
      for (const listener of this.#listeners) fail(listener, share(error))
    } finally {
      this.#isPumping = false
    }
  }

  async #wait(): Promise<void> {
    if (this.#channel.transport === 'nvidia') await sleep(LOOK_MS, undefined, { ref: false })
    else await this.#channel.wait(EVENTS, WAIT_MS, { idle: true })
  }

  async #takeAll(): Promise<void> {
    for (;;) {
      const reply = await this.#channel.attempt(Requests.DQEVENT, {})
      if (reply.errno === 'ENOENT' || reply.errno === 'EAGAIN') return
      if (reply.errno !== undefined) throw failure('VIDIOC_DQEVENT', this.#channel.path, reply.errno, reply.reason)
      const { type, id, sequence, pending, timestamp, u: payload } = reply.value
      const event = { type, id, sequence, pending, payload, timestamp: microseconds(timestamp) }
      for (const listener of this.#listeners) {
        if (listener.wants(type, id)) keep(listener, event)
      }
    }
  }
}

function microseconds({ tv_sec, tv_nsec }: { tv_sec: bigint; tv_nsec: bigint }): number {
  return Number(tv_sec) * 1e6 + Math.trunc(Number(tv_nsec) / 1000)
}

function tell(listener: Listener): void {
  listener.news?.resolve()
  listener.news = undefined
}

function fail(listener: Listener, error: unknown): void {
  // One that is over ends; what went wrong because of it is nobody's any more.
  if (listener.isOver) return
  listener.failed ??= { error }
  tell(listener)
}

function keep(listener: Listener, event: DeviceEvent): void {
  listener.kept.push(event)
  if (listener.kept.length > MOST_KEPT) listener.kept.shift()
  tell(listener)
}
