import { writeSync } from 'node:fs'
import { isatty } from 'node:tty'

const STDERR = 2
const ERASE_LINE = '\r\u001B[K'

/** Standard error, which carries everything for people: lines, and on a terminal one line that changes in place. */
export class Terminal {
  readonly isInteractive = isatty(STDERR)
  #status = ''

  /** One line that stays. */
  line(text: string): void {
    this.#write(this.#status === '' ? `${text}\n` : `${ERASE_LINE}${text}\n${this.#status}`)
  }

  /** The line that changes in place; empty to take it away. */
  status(text: string): void {
    if (!this.isInteractive) return
    this.#status = text
    this.#write(`${ERASE_LINE}${text}`)
  }

  #write(text: string): void {
    try {
      writeSync(STDERR, text)
    } catch {
      // Nobody reads it, or not fast enough: no reason to stop.
    }
  }
}
