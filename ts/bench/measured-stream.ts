import type { Encoder } from '../encoder/encoder.js'
import { ErrorCode } from '../shared/errors.js'
import { frameTimes } from '../test-pattern/frame-times.js'
import type { EncoderOptions } from '../encoder/options.js'
import type { PassRecord } from './pass-record.js'

/**
 * `createEncoder()`, or what a test has in its place.
 *
 * @internal
 */
export type OpenEncoder = (options: EncoderOptions) => Promise<Encoder>

interface Given {
  pass: PassRecord
  index: number
  at: number
}

/**
 * An encoder that is being measured: each frame's chunk is known by its timestamp. All its waits end by the encoder's own
 * deadlines (`timeout`), after which it rejects what is pending.
 *
 * @internal
 */
export class MeasuredStream {
  readonly encoder: Encoder
  readonly openMs: number
  readonly #framerate: number
  readonly #given = new Map<number, Given>()
  readonly #reading: Promise<void>
  #next = 0
  #failure: unknown
  #hasEnded = false

  private constructor(encoder: Encoder, framerate: number, openMs: number) {
    this.encoder = encoder
    this.#framerate = framerate
    this.openMs = openMs
    this.#reading = this.#read().catch((error: unknown) => this.#end(error))
  }

  static async open(open: OpenEncoder, options: EncoderOptions & { framerate: number }): Promise<MeasuredStream> {
    let stream: MeasuredStream | undefined
    const start = performance.now()
    const encoder = await open({ ...options, onFrameLost: (error) => stream!.#note(error) })
    stream = new MeasuredStream(encoder, options.framerate, performance.now() - start)
    return stream
  }

  /** Whether it takes no more frames, because it failed. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** What the first lost frame was lost by, or what ended the stream; undefined when all went well. */
  get failure(): unknown {
    return this.#failure
  }

  /** Gives the next frame; resolves when the encoder has taken or rejected it, and never rejects itself. */
  async give(pass: PassRecord, data: Uint8Array): Promise<void> {
    const times = frameTimes(this.#next++, this.#framerate)
    this.#given.set(times.timestamp, { pass, index: pass.given++, at: performance.now() })
    try {
      await this.encoder.encode({ data, ...times })
      pass.taken++
    } catch (error) {
      this.#given.delete(times.timestamp)
      if ((error as { code?: string }).code === ErrorCode.QueueFull) pass.refused++
      else this.#end(error)
    }
  }

  /** Waits for what is in the device; never rejects. */
  async flush(): Promise<void> {
    if (!this.#hasEnded) await this.encoder.flush().catch((error: unknown) => this.#end(error))
  }

  /** Releases the device, and waits for the last chunk to be read; never rejects. */
  async close(): Promise<void> {
    await this.encoder.close().catch((error: unknown) => this.#note(error))
    await this.#reading
  }

  async #read(): Promise<void> {
    for await (const { timestamp, data } of this.encoder) {
      const given = this.#given.get(timestamp)
      this.#given.delete(timestamp)
      given?.pass.add(given.index, given.at, data.byteLength)
    }
  }

  #note(error: unknown): void {
    this.#failure ??= error
  }

  #end(error: unknown): void {
    this.#hasEnded = true
    this.#note(error)
  }
}
