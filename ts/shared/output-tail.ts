import { stripVTControlCharacters } from 'node:util'
import type { Readable } from 'node:stream'

const KEPT_CHARACTERS = 16 * 1024

/** The user and password of a URL. Both may hold an unescaped @, so everything up to the last one before the path. */
const USER = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi
const SECRET_PARAMETER =
  /([?&;](?:[a-z_-]*(?:pass|password|passwd|pwd|token|key|secret|auth|signature|sig))=)[^&\s;'"]+/gi

/**
 * The text without what must not get into a log: the user and password of URLs, and parameters that are named like a secret.
 *
 * @internal
 */
export function withoutSecrets(text: string): string {
  return text.replaceAll(USER, '$1***@').replaceAll(SECRET_PARAMETER, '$1***')
}

/**
 * The last lines that a process printed.
 *
 * @internal
 */
export class OutputTail {
  readonly #lines: number
  readonly #clean: (line: string) => string
  #text = ''

  /** Keeps so many lines, each of them as `clean` returns it. */
  constructor(lines: number, clean: (line: string) => string) {
    this.#lines = lines
    this.#clean = clean
  }

  listen(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      this.#text = (this.#text + part).slice(-KEPT_CHARACTERS)
    })
    stream.on('error', () => {})
  }

  /** The last lines; empty when there are none. */
  get text(): string {
    const lines = stripVTControlCharacters(this.#text)
      // Progress lines overwrite themselves.
      .split(/[\r\n]+/)
      .map(this.#clean)
      .filter((line) => line !== '')
    return lines.slice(-this.#lines).join('\n')
  }
}
