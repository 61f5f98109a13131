import { onAbort } from '../shared/abort.js'
import { deferred, handled } from '../shared/deferred.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { Logger } from '../shared/log.js'
import type { NativeAddon } from '../native/addon.js'
import { patientTimer } from '../shared/patient-timer.js'
import { sourceError } from './error.js'
import { FrameReader } from './frame-reader.js'
import type { Expected, PipeConfig, PipeFrame } from './frame-reader.js'
import { Program } from './program.js'
import type { Command } from './program.js'

/** Counters of a source. */
export interface PipeStats {
  /** Frames that came from the program. */
  frames: number
  /** Of them, those that were dropped because they were not read in time (`whenFull: 'drop-oldest'`). */
  dropped: number
  /** Bytes that came from the program, headers included. */
  bytes: number
}

/** So often within the time-out it is looked whether bytes come. */
const LOOKS = 8

/** @internal */
export interface PipePlan {
  command: Command
  expected: Expected
  whenFull: 'wait' | 'drop-oldest'
  limit: number
  timestamps: 'rate' | 'arrival'
  timeout: number
  idleTimeout: number | undefined
  signal: AbortSignal | undefined
  logger: Logger
  /** What is known of the frames beforehand. */
  warnings?: readonly string[]
  /** How long all of them take, in seconds, where that is known beforehand. */
  duration?: number | undefined
}

async function endProgram(program: Program): Promise<void> {
  try {
    await program.stop()
  } finally {
    program.bytes.close()
  }
}

/** A source is read once, by one loop. */
function readError(isOver: boolean): V4l2EncoderError {
  if (!isOver) return new V4l2EncoderError(ErrorCode.Busy, 'Only one loop can read a source at a time.')
  return new V4l2EncoderError(ErrorCode.Closed, 'This source has been read and is closed.', {
    hint: 'Open it once more: openPipe() and openSource() run the program again.',
  })
}

/**
 * Frames from another program, made by `openPipe()` or `openSource()`. It is read by one loop at a time; `break` closes it, and so
 * does everything else that ends the loop early. What the program failed with is thrown after the frames before it.
 *
 * While no loop waits for a frame, it does not keep the process alive, and the program is ended when the process exits.
 */
export class PipeSource implements AsyncIterable<PipeFrame> {
  readonly #plan: PipePlan
  readonly #program: Program
  readonly #reader: FrameReader
  readonly #ignoreAbort: () => void
  #closing: Promise<void> | undefined
  #isRead = false
  #isOpen = false
  readonly #late: string[] = []

  private constructor(program: Program, plan: PipePlan) {
    this.#plan = plan
    this.#program = program
    this.#reader = new FrameReader(program.bytes, { ...plan, atEnd: (error) => this.#atEnd(error) })
    this.#ignoreAbort = onAbort(plan.signal, () => void handled(this.#end({ error: plan.signal?.reason })))
  }

  /** @internal */
  static async open(addon: NativeAddon, plan: PipePlan): Promise<PipeSource> {
    plan.signal?.throwIfAborted()
    const program = new Program(addon, plan.command)
    void handled(program.started)
    let source: PipeSource | undefined
    try {
      source = new PipeSource(program, plan)
      await keepAliveWhile(source.#open())
      for (const warning of source.warnings) plan.logger.log('warn', warning)
      source.#isOpen = true
      return source
    } catch (error) {
      await (source ? source.#end({}) : keepAliveWhile(endProgram(program)))
      throw error
    }
  }

  /** The configuration of the frames. */
  get config(): Readonly<PipeConfig> {
    return { ...this.#reader.config }
  }

  /** What is not as one may expect of the frames, as sentences: a rate that no encoder can count on, interlaced or HDR video; at the end what ffmpeg found wrong in a file. */
  get warnings(): readonly string[] {
    return [...(this.#plan.warnings ?? []), ...this.#reader.warnings, ...this.#late]
  }

  /** How long all frames take, in seconds, where that was known when it was opened. @internal */
  get duration(): number | undefined {
    return this.#plan.duration
  }

  /** Counters as of now. */
  get stats(): PipeStats {
    return this.#reader.stats
  }

  /** What `console.log()` prints. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const state = this.#closing ? 'closed' : 'open'
    return printed('PipeSource', { program: this.#plan.command.program, ...this.config, state, ...this.stats }, ...rest)
  }

  /** The process that writes the frames; for a shell command the shell. */
  get pid(): number {
    return this.#program.pid!
  }

  /**
   * Ends the program (`SIGTERM`, or what its preset says; after two seconds `SIGKILL`) and resolves when it is gone, with all
   * that a shell started. A loop that reads ends. A second call waits for the first.
   */
  close(): Promise<void> {
    return this.#end({})
  }

  /** Closes at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Reads the frames; throws `ERR_BUSY` while another loop does, and `ERR_CLOSED` after one has: they come once. */
  [Symbol.asyncIterator](): AsyncIterableIterator<PipeFrame> {
    if (this.#isRead) throw readError(this.#closing !== undefined)
    this.#isRead = true
    const iterator: AsyncIterableIterator<PipeFrame> = {
      next: () => this.#next(),
      return: async () => {
        await this.close()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]: () => iterator,
    }
    return iterator
  }

  async #open(): Promise<void> {
    const config = await this.#within(this.#plan.timeout, 'no frame', this.#firstFrame())
    this.#plan.signal?.throwIfAborted()
    if (!config) throw this.#program.explain(sourceError(`${this.#name} ended without giving a frame.`))
  }

  async #firstFrame(): Promise<PipeConfig | undefined> {
    await this.#program.started
    return this.#reader.first
  }

  async #next(): Promise<IteratorResult<PipeFrame, undefined>> {
    try {
      const next = this.#reader.next()
      const { idleTimeout } = this.#plan
      const result = await keepAliveWhile(
        idleTimeout === undefined ? this.#unlessItTrickles(next) : this.#within(idleTimeout, 'no further frame', next),
      )
      if (result.done) await this.#end({})
      return result
    } catch (error) {
      await this.#end({})
      throw error
    }
  }

  /** The promise, or `ERR_TIMEOUT`. */
  async #within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
    const { promise: late, reject } = deferred<never>()
    const before = this.#reader.stats.bytes
    const stop = patientTimer(ms, () => reject(this.#tooLate(ms, what, this.#reader.stats.bytes - before)))
    try {
      return await Promise.race([promise, late])
    } finally {
      stop()
    }
  }

  /**
   * The promise, however long it takes, unless bytes come all the time and no frame does: a program may pause for as long as it
   * likes, and also within a frame, as what it writes is buffered.
   */
  async #unlessItTrickles<T>(promise: Promise<T>): Promise<T> {
    const { timeout } = this.#plan
    const { promise: late, reject } = deferred<never>()
    const before = this.#reader.stats.bytes
    let last = before
    // Looks since the first that saw bytes: a process that was stopped meanwhile does not look.
    let looks = 0
    const look = () => {
      const { bytes } = this.#reader.stats
      if (bytes > before) looks++
      const isOver = bytes > last && looks > LOOKS
      last = bytes
      if (isOver) reject(this.#tooLate(timeout, 'no further frame', bytes - before))
    }
    const timer = setInterval(look, timeout / LOOKS)
    try {
      return await Promise.race([promise, late])
    } finally {
      clearInterval(timer)
    }
  }

  #tooLate(ms: number, what: string, bytes: number): Error {
    const came = bytes === 0 ? '' : ` ${bytes} bytes came, less than a frame.`
    const hint = bytes === 0 ? {} : { hint: 'If the frames are raw, check their size and format.' }
    const message = `${this.#name} wrote ${what} within ${ms} ms.${came}`
    return this.#program.explain(new V4l2EncoderError(ErrorCode.Timeout, message, hint))
  }

  async #atEnd(error?: unknown): Promise<void> {
    if (this.#closing) return
    if (error === undefined) {
      const words = await this.#program.assertGoodEnd()
      if (words !== undefined) this.#warn(`${this.#name} found errors in the input. It printed:\n${words}`)
      return
    }
    // What it prints at its end may explain what it wrote.
    await this.#program.stop()
    throw this.#program.explain(error as Error)
  }

  #warn(warning: string): void {
    this.#late.push(warning)
    // Earlier ones are logged once it is open.
    if (this.#isOpen) this.#plan.logger.log('warn', warning)
  }

  /** Stops everything; the loop that reads ends, with the error if there is one. */
  #end(reason: { error?: unknown }): Promise<void> {
    return (this.#closing ??= keepAliveWhile(this.#stop(reason)))
  }

  async #stop(reason: { error?: unknown }): Promise<void> {
    this.#ignoreAbort()
    this.#reader.stop(reason)
    await endProgram(this.#program)
  }

  get #name(): string {
    return `The program ${this.#plan.command.program}`
  }
}
