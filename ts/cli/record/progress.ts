import type { EncodedChunk } from '../../output/chunk.js'
import type { Encoder } from '../../encoder/encoder.js'
import { MediaTime } from '../../output/media-time.js'
import type { Terminal } from '../terminal.js'

const ON_TERMINAL_MS = 250
const IN_LOG_MS = 5000

export function bytesText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** Tells how encoding goes: a line that changes in place on a terminal, a plain line now and then otherwise. */
export class Progress {
  readonly #terminal: Terminal
  readonly #encoder: Encoder
  readonly #started = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #media = new MediaTime()
  #frames = 0
  #bytes = 0

  constructor(terminal: Terminal, encoder: Encoder) {
    this.#terminal = terminal
    this.#encoder = encoder
    const report = terminal.isInteractive ? () => terminal.status(this.#now()) : () => terminal.line(this.#now())
    this.#timer = setInterval(report, terminal.isInteractive ? ON_TERMINAL_MS : IN_LOG_MS)
  }

  count({ data, timestamp }: EncodedChunk): void {
    this.#media.add(timestamp)
    this.#frames++
    this.#bytes += data.byteLength
  }

  /** Ends with a line that stays. */
  finish(output: string): void {
    this.stop()
    this.#terminal.line(`${this.#now()}: ${bytesText(this.#bytes)} in ${output}`)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#terminal.status('')
  }

  #now(): string {
    const seconds = (performance.now() - this.#started) / 1000
    const duration = this.#media.seconds(this.#encoder.config.framerate)
    const kilobits = duration > 0 ? (this.#bytes * 8) / duration / 1000 : 0
    const latency = this.#encoder.stats.latencyMs
    return [
      `${this.#frames} frames`,
      `${(this.#frames / seconds).toFixed(1)} fps`,
      `${kilobits.toFixed(0)} kbit/s`,
      ...(latency ? [`latency ${latency.p50.toFixed(1)} ms`] : []),
    ].join(', ')
  }
}
