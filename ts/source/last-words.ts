import type { Readable } from 'node:stream'

const KEPT_BYTES = 4096
/** What of it goes into an error's message. */
const QUOTED_LINES = 4

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
 * The end of what a program wrote to standard error.
 *
 * @internal
 */
export class LastWords {
  #text = ''

  listen(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      this.#text = (this.#text + part).slice(-KEPT_BYTES)
    })
    stream.on('error', () => {})
  }

  /** The last lines, one after the other; empty when there are none. */
  get text(): string {
    const lines = this.#text
      // Progress lines overwrite themselves.
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
    return withoutSecrets(lines.slice(-QUOTED_LINES).join('\n'))
  }
}
