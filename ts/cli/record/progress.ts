import type { EncodedChunk } from '../../output/chunk.js'
import type { Encoder } from '../../encoder/encoder.js'
import { MediaTime } from '../../output/media-time.js'
import { progressBar, secondsLeft } from '../progress-bar.js'
import type { Terminal } from '../terminal.js'

const ON_TERMINAL_MS = 250
const IN_LOG_MS = 5000

export function bytesText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** What is known about the end. */
export interface ProgressEnd {
  /** Frames and seconds of video to encode, or infinite. */
  frames: number
  seconds: number
  /** The part of the input that was read, from 0 to 1, where its length is known. */
  inputPart?: (() => number) | undefined
  /** Prints nothing. */
  quiet: boolean
}

/** Reports how encoding goes: a line that changes in place on a terminal, with a bar where the end is known, else a line now and then. */
export class Progress {
  readonly #terminal: Terminal
  readonly #encoder: Encoder
  readonly #end: ProgressEnd
  readonly #started = performance.now()
  readonly #timer: NodeJS.Timeout | undefined
  readonly #media = new MediaTime()
  #frames = 0
  #bytes = 0

  constructor(terminal: Terminal, encoder: Encoder, end: ProgressEnd) {
    this.#terminal = terminal
    this.#encoder = encoder
    this.#end = end
    if (end.quiet) return
    const report = () => (terminal.isInteractive ? terminal.status(this.#status()) : terminal.line(this.#counts()))
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
    if (!this.#end.quiet) this.#terminal.line(`${this.#counts()}: ${bytesText(this.#bytes)} in ${output}`)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#terminal.status('')
  }

  get #elapsedSeconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  get #mediaSeconds(): number {
    return this.#media.seconds(this.#encoder.config.framerate)
  }

  /** How much of all there is to do is done, as far as that is known. */
  #part(): number {
    const { frames, seconds, inputPart } = this.#end
    return Math.max(this.#frames / frames, this.#mediaSeconds / seconds, inputPart?.() ?? 0)
  }

  #status(): string {
    const { frames, seconds, inputPart } = this.#end
    if (frames === Infinity && seconds === Infinity && !inputPart) return this.#counts()
    const part = this.#part()
    return `${progressBar(part, secondsLeft(part, this.#elapsedSeconds))}  ${this.#counts()}`
  }

  #counts(): string {
    const media = this.#mediaSeconds
    const kilobits = media > 0 ? (this.#bytes * 8) / media / 1000 : 0
    const latency = this.#encoder.stats.latencyMs
    return [
      `${this.#frames} frames`,
      `${(this.#frames / this.#elapsedSeconds).toFixed(1)} fps`,
      `${kilobits.toFixed(0)} kbit/s`,
      ...(latency ? [`latency ${latency.p50.toFixed(1)} ms`] : []),
    ].join(', ')
  }
}
