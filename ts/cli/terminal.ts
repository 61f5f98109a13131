import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { hasColors, styled } from './colors.js'

const STDERR = 2
const ERASE_LINE = '\r\u001B[K'
const USUAL_COLUMNS = 80

const STYLES = { error: 'red', warn: 'yellow' } as const

/** Standard error, which carries everything for people: lines, and on a terminal one line that changes in place. */
export class Terminal {
  readonly isInteractive = isatty(STDERR)
  readonly #hasColors = hasColors(STDERR)
  #status = ''

  /** One line that stays, in the color of its severity. */
  line(text: string, severity?: keyof typeof STYLES): void {
    const colored = severity && this.#hasColors ? styled(STYLES[severity], text) : text
    this.#write(this.#status === '' ? `${colored}\n` : `${ERASE_LINE}${colored}\n${this.#status}`)
  }

  /** The line that changes in place, as far as it fits; empty to remove it. */
  status(text: string): void {
    if (!this.isInteractive) return
    // A line that wraps could not be erased.
    this.#status = text.slice(0, (process.stderr.columns || USUAL_COLUMNS) - 1)
    this.#write(`${ERASE_LINE}${this.#status}`)
  }

  /** A question, whose answer is typed behind it. */
  ask(question: string): void {
    this.#write(question)
  }

  #write(text: string): void {
    try {
      writeSync(STDERR, text)
    } catch {
      // The reader is gone or too slow, which is no reason to stop.
    }
  }
}
