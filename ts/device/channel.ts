import { abortable } from '../shared/abort.js'
import { deferred } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'
import { ErrorCode, typeError, V4l2EncoderError } from '../shared/errors.js'
import { fromNative } from '../native/to-error.js'
import { closeOnExit } from '../native/close-on-exit.js'
import type { NativeAddon } from '../native/addon.js'
import { reading } from '../shared/reading.js'
import { failure, notInTime } from './failure.js'
import type { Field, Given } from './layout.js'
import { Memory } from './memory.js'
import type { NativeAnswer, NativeDevice, NativeDeviceOptions, NativeMemory } from '../native/device.js'
import { patientTimer } from '../shared/patient-timer.js'
import { NOTHING_QUEUED, READY } from '../native/device.js'
import type { Request } from './requests.js'

/** What became of a wait. */
export type Waited = 'ready' | 'time-out' | 'nothing-queued'

/** What a driver answered: the struct as it left it, and the name of its errno where it failed. */
export type Reply<T> = { value: T; errno?: undefined } | { value: T; errno: string; reason: string }

interface Asked {
  answer: Deferred<NativeAnswer>
  what: string
  stopTimer: () => void
}

const OPENING = 0

/**
 * An open device as the addon has it. Every question has a deadline. A question that is past it is the driver's to answer still,
 * so those behind it fail at once instead of waiting as well.
 *
 * @internal
 */
export class Channel {
  readonly path: string
  readonly timeout: number
  #native!: NativeDevice
  readonly #forget: () => void
  readonly #asked = new Map<number, Asked>()
  readonly #overdue = new Map<number, string>()
  #lastId = OPENING
  #closing: Promise<void> | undefined

  private constructor(addon: NativeAddon, path: string, timeout: number) {
    this.path = path
    this.timeout = timeout
    this.#forget = closeOnExit(addon)
  }

  static async open(
    addon: NativeAddon,
    options: NativeDeviceOptions,
    timeout: number,
    signal?: AbortSignal,
  ): Promise<Channel> {
    const channel = new Channel(addon, options.path, timeout)
    try {
      const opening = channel.#expect(OPENING, `opening ${options.path}`, timeout)
      const opened = addon.openDevice(options, (answer) => channel.#take(answer))
      if ('error' in opened) throw fromNative(opened.error)
      channel.#native = opened
      const { error } = await abortable(opening, signal)
      if (error) throw fromNative(error)
      return channel
    } catch (error) {
      channel.#abandon()
      throw error
    }
  }

  get transport(): 'kernel' | 'nvidia' {
    return this.#native.transport()
  }

  get isClosed(): boolean {
    return this.#closing !== undefined
  }

  /** Runs a request and resolves with its struct as the driver left it; rejects with what the driver said. */
  async request<T>(request: Request<T>, given: Given<NoInfer<T>>): Promise<T> {
    const reply = await this.attempt(request, given)
    if (reply.errno !== undefined) throw failure(request.name, this.path, reply.errno, reply.reason)
    return reply.value
  }

  /** The same, where an error of the driver is an answer. */
  async attempt<T>({ name, number, layout }: Request<T>, given: Given<NoInfer<T>>): Promise<Reply<T>> {
    const memory = reading(`The argument of ${name}`, ErrorCode.Config, () => write(layout, given, name))
    const answer = await this.#ask(name, (id) => {
      const wrong = this.#native.ioctl(id, number, memory.blocks, Uint32Array.from(memory.pointers))
      if (wrong !== null) throw typeError(ErrorCode.Config, `The argument of ${name} cannot be sent: ${wrong}.`)
    })
    const { errno, reason = '', blocks = [] } = answer
    const value = layout.read(memory.answered(blocks), 0, 0, {})
    return errno === undefined ? { value } : { value, errno, reason }
  }

  /** Waits until the device has something; a wait that is only `idle` does not keep the process alive. */
  async wait(interest: number, timeout: number, { idle = false } = {}): Promise<Waited> {
    const ask = (id: number) => this.#native.wait(id, interest, timeout)
    const { ready = 0 } = await this.#ask('a wait', ask, { limit: timeout + this.timeout, idle })
    if (ready & NOTHING_QUEUED) return 'nothing-queued'
    return ready & READY ? 'ready' : 'time-out'
  }

  /** Maps one plane of a buffer. */
  async map(type: number, index: number, plane: number, offset: number, length: number): Promise<NativeMemory> {
    const ask = (id: number) => this.#native.map(id, type, index, plane, offset, length)
    const { memory, errno, reason = '' } = await this.#ask('mapping a buffer', ask)
    if (memory) return memory
    throw failure('mapping a buffer', this.path, errno ?? 'EIO', reason)
  }

  /** Makes what was written into a buffer visible to the device. */
  async sync(memory: NativeMemory): Promise<void> {
    const { reason } = await this.#ask('a sync', (id) => this.#native.sync(id, memory))
    if (reason === undefined) return
    throw new V4l2EncoderError(ErrorCode.Device, `What was written is not visible to ${this.path}: ${reason}.`, {
      device: this.path,
    })
  }

  /** Closes the device after what was asked before; rejects when it does not come back. */
  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  async #close(): Promise<void> {
    const id = ++this.#lastId
    const closed = this.#expect(id, `closing ${this.path}`, this.timeout)
    this.#native.close(id)
    await closed.finally(this.#forget)
  }

  /** Nobody wants it any more, whether it opens or not. */
  #abandon(): void {
    this.#forget()
    this.#native?.close(++this.#lastId)
    for (const { stopTimer } of this.#asked.values()) stopTimer()
  }

  async #ask(
    what: string,
    ask: (id: number) => void,
    { limit = this.timeout, idle = false } = {},
  ): Promise<NativeAnswer> {
    if (this.#closing) throw this.#closedError()
    const [stuck] = this.#overdue.values()
    if (stuck !== undefined) throw notInTime(stuck, this.path, this.timeout)
    const id = ++this.#lastId
    const answer = this.#expect(id, what, limit, idle)
    try {
      ask(id)
    } catch (error) {
      this.#forgetQuestion(id)
      throw error
    }
    const answered = await answer
    if (answered.closed) throw this.#closedError()
    return answered
  }

  #expect(id: number, what: string, limit: number, idle = false): Promise<NativeAnswer> {
    const answer = deferred<NativeAnswer>()
    const late = () => {
      this.#asked.delete(id)
      this.#overdue.set(id, what)
      answer.reject(notInTime(what, this.path, limit))
    }
    // While it runs, the timer is what keeps the process alive.
    const stopTimer = patientTimer(limit, late, { unref: idle })
    this.#asked.set(id, { answer, what, stopTimer })
    return answer.promise
  }

  #forgetQuestion(id: number): void {
    this.#asked.get(id)?.stopTimer()
    this.#asked.delete(id)
  }

  #take(answer: NativeAnswer): void {
    const asked = this.#asked.get(answer.id)
    this.#overdue.delete(answer.id)
    this.#forgetQuestion(answer.id)
    asked?.answer.resolve(answer)
  }

  #closedError(): V4l2EncoderError {
    return new V4l2EncoderError(ErrorCode.Closed, `The device ${this.path} is closed.`, { device: this.path })
  }
}

function write<T>(layout: Field<T>, given: Given<NoInfer<T>>, name: string): Memory {
  const memory = new Memory()
  memory.allocate(layout.size)
  // What is left out is zero already.
  layout.write(memory, 0, 0, given as T, name)
  return memory
}
