import { ExitStatus, statusOf } from '../exit.js'
import type { Answer } from './action.js'
import { jsonText } from './json.js'
import { errorLines, endsEverything, failureData, failureLines } from './refusal.js'

/** What is to be printed, and how the command ends. */
export interface Performed {
  /** For standard output. */
  readonly text: string
  /** For standard error, in lines. */
  readonly errors: readonly string[]
  /** One of `ExitStatus`. */
  readonly status: number
}

/** The answers to all queries and settings, and the errors. */
export class Outcome {
  readonly #isJson: boolean
  #lines: string[] = []
  readonly #errors = new Set<string>()
  readonly #data = new Map<string, unknown[]>()
  readonly #failures: Error[] = []
  #wasDone = false

  constructor(isJson: boolean) {
    this.#isJson = isJson
  }

  /** Whether the device answers nothing further. */
  get isOver(): boolean {
    return this.#failures.some(endsEverything)
  }

  add(option: string, { data, lines, failures = [] }: Answer): void {
    this.#wasDone = true
    this.#add(option, data, lines)
    for (const failure of failures) this.#note(failure)
  }

  /** What went wrong with an option. */
  addFailure(option: string, failure: Error): void {
    this.#add(option, { error: failureData(failure) }, failureLines(failure))
    this.#note(failure)
  }

  /** What went wrong with none of them, which JSON has no place for. */
  addError(failure: Error): void {
    this.#failures.push(failure)
    for (const line of errorLines(failure)) this.#errors.add(line)
  }

  /** What there is to print so far, once; JSON is printed at the end. */
  takeText(): string {
    const lines = this.#lines
    this.#lines = []
    return lines.map((line) => `${line}\n`).join('')
  }

  end(): Performed {
    const text = this.#isJson ? jsonText(this.#json()) : this.takeText()
    return { text, errors: [...this.#errors], status: this.#status() }
  }

  #add(option: string, data: unknown, lines: readonly string[]): void {
    this.#data.set(option, [...(this.#data.get(option) ?? []), data])
    if (this.#isJson) return
    // One by one: an array may have more rows than a call has room for arguments.
    for (const line of lines) this.#lines.push(line)
  }

  #note(failure: Error): void {
    this.#failures.push(failure)
    if (this.#isJson) return
    for (const line of errorLines(failure)) this.#errors.add(line)
  }

  /** Lists of a repeated option are one list. */
  #json(): object {
    const answers = [...this.#data].map(([option, all]) => [option, all.length === 1 ? all[0] : all.flat()])
    return Object.fromEntries(answers) as object
  }

  /** A usage error where nothing was done; else that something failed. */
  #status(): number {
    if (this.#failures.length === 0) return ExitStatus.Ok
    const isUsage = !this.#wasDone && this.#failures.every((failure) => statusOf(failure) === ExitStatus.Usage)
    return isUsage ? ExitStatus.Usage : ExitStatus.Failed
  }
}
