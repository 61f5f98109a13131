import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { deferred } from '../shared/deferred.js'
import type { NativeAddon } from '../native/addon.js'
import { bytesOf } from './channel-bytes.js'
import type { ProgramBytes } from './channel-bytes.js'
import { sourceError } from './error.js'
import { withTimeout } from '../shared/with-timeout.js'
import { OutputTail, withoutSecrets } from '../shared/output-tail.js'
import { openLifeline } from './lifeline.js'
import { guardExit } from './program-exit.js'
import { installHint } from './programs.js'

/** What to run, and how it behaves. */
export interface Command {
  program: string
  arguments: readonly string[]
  /** Where it writes the frames: to standard output, or to descriptor 3, for programs that print messages on standard output. */
  framesOn: 1 | 3
  /** What makes it end in good order. */
  stopSignal: NodeJS.Signals
  /** Whether it says nothing that is no error, so that what it says at a good end is what was wrong with the input. */
  saysErrorsOnly?: boolean
}

interface End {
  code: number | null
  signal: NodeJS.Signals | null
}

/** From the end of its output to the end of the program. */
const LINGER_MS = 5000
/** From the signal that asks a program to end to the one that ends it. */
const STOP_MS = 2000
/** Lines of its output that go into an error's message. */
const QUOTED_LINES = 4
/** From one check of what a program left behind to the next. */
const LOOK_MS = 5
/** From the end of the program to that of its standard error, which another program may have inherited. */
const WORDS_MS = 200

/** What a shell says when the program it should run is not there, or may not be run. */
const NOT_EXECUTABLE = 126
const NOT_FOUND = 127

function spawnProgram({ program, arguments: words, framesOn }: Command, writer: number): ChildProcess {
  const stdio = framesOn === 1 ? (['ignore', writer, 'pipe'] as const) : (['ignore', 'pipe', 'pipe', writer] as const)
  return spawn(program, [...words], { stdio: [...stdio], detached: true })
}

/**
 * A program that writes frames. It runs in a process group of its own, so that all of a shell's pipeline can be ended, and so that
 * Ctrl-C reaches it through us only.
 *
 * @internal
 */
export class Program {
  /** What it writes; its reader closes it. */
  readonly bytes: ProgramBytes
  readonly #command: Command
  readonly #child: ChildProcess
  readonly #output = new OutputTail(QUOTED_LINES, (line) => withoutSecrets(line.trim()))
  readonly #started = deferred()
  readonly #ended = deferred<End>()
  readonly #spoken: Promise<unknown>
  readonly #leaveGuard: () => void
  #isOver = false
  #outputEnded = false

  constructor(addon: NativeAddon, command: Command) {
    this.#command = command
    const channel = addon.openChannel()
    const lifeline = openLifeline()
    try {
      this.#child = spawnProgram(command, channel.writer)
    } catch (error) {
      channel.close()
      lifeline.release()
      throw this.#failedToStart(error as NodeJS.ErrnoException)
    }
    channel.closeWriter()
    this.bytes = bytesOf(channel)
    this.#spoken = Promise.all([this.#child.stdout, this.#child.stderr].map((stream) => this.#listen(stream)))
    const { pid } = this.#child
    const { stopSignal } = command
    if (pid !== undefined) {
      lifeline.tie(pid, stopSignal)
      this.#child.unref()
    }
    const leave = guardExit({
      pid,
      signal: stopSignal,
      isGone: () => this.#isGone(),
      drain: () => this.bytes.drainNow(),
    })
    this.#leaveGuard = () => {
      leave()
      lifeline.release()
    }
    this.#child.on('spawn', () => this.#started.resolve())
    this.#child.on('error', (error) => {
      this.#leaveGuard()
      this.#isOver = true
      this.#started.reject(this.#failedToStart(error))
    })
    this.#child.on('exit', (code, signal) => {
      this.#isOver = true
      if (this.#outputEnded) this.#leaveGuard()
      this.#ended.resolve({ code, signal })
    })
  }

  /** Resolves when the program runs; rejects when it cannot be started. */
  get started(): Promise<void> {
    return this.#started.promise
  }

  /** Of the process that was started; undefined when there is none. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** After the end of its output: rejects when it does not end, or does not end well; resolves with what was wrong all the same. */
  async assertGoodEnd(): Promise<string | undefined> {
    this.#outputEnded = true
    if (this.#isOver) this.#leaveGuard()
    const end = await withTimeout(LINGER_MS, this.#ended.promise)
    if (!end) {
      await this.stop()
      throw sourceError(
        `${this.#name} closed its output, but did not end within ${LINGER_MS} ms; it was ended.${this.#quote()}`,
      )
    }
    if (end.code === 0 && !this.#command.saysErrorsOnly) return undefined
    await Promise.race([this.#spoken, sleep(WORDS_MS)])
    if (end.code === 0) return this.#output.text || undefined
    const how = end.signal ? `was ended by ${end.signal}` : `ended with exit status ${end.code}`
    throw sourceError(`${this.#name} ${how}.${this.#quote()}`, this.#hintOf(end))
  }

  /**
   * Ends it if it still runs: the whole process group, with `stopSignal` first, and nothing is left when this resolves. What a
   * shell that has ended left in its group is ended too, as long as it can write frames.
   */
  async stop(): Promise<void> {
    if (this.#child.pid === undefined) return
    if (!this.#isGone()) {
      this.#kill(this.#command.stopSignal)
      if (!(await this.#goneWithin(STOP_MS))) {
        this.#kill('SIGKILL')
        await withTimeout(STOP_MS, this.#ended.promise)
      }
      // The rest of a shell's pipeline.
      this.#kill('SIGKILL')
    }
    this.#leaveGuard()
  }

  /** The same failure with what the program printed, if anything. */
  explain(error: Error): Error {
    error.message += this.#quote()
    return error
  }

  get #name(): string {
    return `The program ${this.#command.program}`
  }

  #quote(): string {
    const { text } = this.#output
    return text === '' ? '' : ` It printed:\n${text}`
  }

  /**
   * The group's number is its own for as long as the group has a member. After its leader's end the output shows that: a process
   * that can write to it was started by the leader. What was written is taken.
   */
  #isGone(): boolean {
    return this.#isOver && !this.bytes.drainNow()
  }

  /** The end of the program, or where that has ended, of what it left behind. */
  async #goneWithin(ms: number): Promise<boolean> {
    if (!this.#isOver) return (await withTimeout(ms, this.#ended.promise)) !== undefined
    for (const deadline = performance.now() + ms; performance.now() < deadline; await sleep(LOOK_MS)) {
      if (this.#isGone()) return true
    }
    return false
  }

  #kill(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#child.pid!, signal)
    } catch {
      // It has just ended.
    }
  }

  #listen(stream: Readable | null): Promise<void> {
    if (!stream) return Promise.resolve()
    this.#output.listen(stream)
    ;(stream as Readable & { unref?: () => void }).unref?.()
    return new Promise((resolve) => {
      stream.on('close', resolve)
    })
  }

  #hintOf({ code }: End): string | undefined {
    if (code === NOT_FOUND)
      return 'The shell did not find a program of the command: install it, or write its whole path.'
    if (code === NOT_EXECUTABLE) return 'A program of the command may not be run: chmod +x makes it executable.'
    return undefined
  }

  #failedToStart(error: NodeJS.ErrnoException): Error {
    const { program } = this.#command
    if (error.code === 'ENOENT') {
      return sourceError(`The program ${withoutSecrets(program)} does not exist.`, installHint(program), error)
    }
    if (error.code === 'EACCES') {
      return sourceError(
        `The program ${program} may not be run: ${error.message}.`,
        `Make it executable: chmod +x ${program}`,
        error,
      )
    }
    return sourceError(`The program ${program} could not be started: ${error.message}.`, undefined, error)
  }
}
