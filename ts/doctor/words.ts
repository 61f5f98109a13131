import { stripVTControlCharacters } from 'node:util'
import type { Readable } from 'node:stream'
import { printable } from './machine.js'

const KEPT_CHARACTERS = 16 * 1024
const SHOWN_LINES = 20

/**
 * The end of what a process printed, on both of its streams.
 *
 * @internal
 */
export class Words {
  #text = ''

  listen(stream: Readable): void {
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      this.#text = (this.#text + part).slice(-KEPT_CHARACTERS)
    })
    stream.on('error', () => {})
  }

  /** The last lines, fit to be shown. */
  get text(): string {
    const lines = stripVTControlCharacters(this.#text).split(/[\r\n]+/)
    const said = lines.map(printable).filter((line) => line !== '')
    return said.slice(-SHOWN_LINES).join('\n')
  }
}
