import type { ChunkTiming, EncodedChunk } from './chunk.js'

/** How long a part of a frame's way takes, in milliseconds, over the last 512 chunks. */
export interface StageStats {
  /** Of the newest chunk. */
  last: number
  /** Half of the chunks took at most this time. */
  p50: number
  /** 95 of 100 chunks took at most this time. */
  p95: number
  /** 99 of 100 chunks took at most this time. */
  p99: number
  /** The longest. */
  max: number
}

/** The parts of a frame's way, each null before the first chunk; see `chunk.timing`. */
export interface StagesStats {
  /** From the camera to `taken`; of frames with a capture time. */
  capture: StageStats | null
  /** From `taken` to `deviceIn`: the copy is done, and the frame waits for its turn. */
  queue: StageStats | null
  /** From `deviceIn` to `deviceOut`: the device encodes, and holds frames back. */
  device: StageStats | null
  /** From `deviceOut` to `delivered`: the chunk comes to JavaScript. */
  delivery: StageStats | null
}

const WINDOW = 512

/** The last durations, without allocating for each frame. */
class Window {
  readonly #values = new Float64Array(WINDOW)
  #count = 0

  add(value: number): void {
    this.#values[this.#count++ % WINDOW] = value
  }

  get summary(): StageStats | null {
    if (this.#count === 0) return null
    const sorted = this.#values.slice(0, Math.min(this.#count, WINDOW)).toSorted()
    const at = (percent: number) => sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!
    const last = this.#values[(this.#count - 1) % WINDOW]!
    return { last, p50: at(50), p95: at(95), p99: at(99), max: sorted.at(-1)! }
  }
}

/**
 * Where the time of frames goes.
 *
 * @internal
 */
export class Stages {
  readonly #capture = new Window()
  readonly #queue = new Window()
  readonly #device = new Window()
  readonly #delivery = new Window()

  /** Takes note of a chunk, and returns it. */
  note(chunk: EncodedChunk): EncodedChunk {
    if (chunk.timing) this.#add(chunk.timing)
    return chunk
  }

  #add({ capture, taken, deviceIn, deviceOut, delivered }: ChunkTiming): void {
    if (capture !== undefined) this.#capture.add((taken - capture) / 1000)
    this.#queue.add((deviceIn - taken) / 1000)
    this.#device.add((deviceOut - deviceIn) / 1000)
    this.#delivery.add((delivered - deviceOut) / 1000)
  }

  /** The counters with the stages, which are sorted only when they are read: loops read counters with every frame. */
  addTo<T extends object>(counters: T): T & { readonly stages: StagesStats } {
    const summary = () => this.#summary
    return {
      ...counters,
      get stages() {
        return summary()
      },
    }
  }

  get #summary(): StagesStats {
    return {
      capture: this.#capture.summary,
      queue: this.#queue.summary,
      device: this.#device.summary,
      delivery: this.#delivery.summary,
    }
  }
}
