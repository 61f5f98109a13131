import type { NativeChange } from '../native/addon.js'
import type { EncodedChunk } from '../output/chunk.js'
import { deferred } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'

/** The bit rate of one second of frames, by their timestamps. */
export interface BitrateObservation {
  /** Which kind of observation. */
  type: 'bitrate'
  /** Of the last frame of the window, in microseconds. */
  timestamp: number
  /** The length of the window, in milliseconds. */
  windowMs: number
  /** Bits per second, key frames included. */
  bitrate: number
  /** What was requested of the encoder, in bits per second. */
  target: number
}

/** The first frame that was given to the device after a change. A device may apply it some frames later. */
export interface ChangeObservation {
  /** Which kind of observation. */
  type: 'change'
  /** Of that frame, in microseconds. */
  timestamp: number
  /** The names of the options that were changed. */
  settings: readonly string[]
}

/** A change that the stream does not show. */
export interface IgnoredObservation {
  /** Which kind of observation. */
  type: 'ignored'
  /** Of the last frame of the measurement, in microseconds. */
  timestamp: number
  /** The option. */
  setting: 'bitrate'
  /** What was requested, in bits per second. */
  requested: number
  /** What was measured from 1 to 3 seconds after the change, in bits per second. */
  measured: number
}

/** Something that shows only in the stream. */
export type Observation = BitrateObservation | ChangeObservation | IgnoredObservation

/** Microseconds. */
const WINDOW_US = 1_000_000
/** After a change the rate has settled between these, in microseconds. */
const SETTLED_US = { from: 1_000_000, to: 3_000_000 } as const
/** A change is ignored where more than this part of the way from the old rate to the new one is missing. */
const IGNORED_PART = 0.75
/** Smaller changes cannot be distinguished from what the frames need, as a part of the rate before. */
const SMALLEST_CHANGE = 0.2
/** Observations that wait for a slow reader; beyond them the oldest goes. */
const MAX_WAITING = 256

interface Change {
  settings: readonly string[]
  /** Of the bit rate, where that was changed. */
  bitrate: { before: number; requested: number } | undefined
  /** Chunks that come before the first frame of the change. */
  chunksBefore: number
  /** Of the first frame of the change. */
  since: number | undefined
  bits: number
}

/**
 * Observes the chunks of one encoder for one reader.
 *
 * @internal
 */
export class Observer implements AsyncIterableIterator<Observation> {
  readonly #target: () => number
  readonly #leave: (observer: Observer) => void
  readonly #waiting: Observation[] = []
  #call: Deferred<IteratorResult<Observation, undefined>> | undefined
  #ended = false
  #window: { since: number; last: number; bits: number } | undefined
  #changes: Change[] = []

  constructor(target: () => number, leave: (observer: Observer) => void) {
    this.#target = target
    this.#leave = leave
  }

  /** A change has gone to the device behind `chunksBefore` frames whose chunks have not come. */
  changed(settings: readonly string[], chunksBefore: number, bitrate: Change['bitrate']): void {
    // What was being measured of the same setting is over.
    if (bitrate) for (const change of this.#changes) change.bitrate = undefined
    this.#changes.push({ settings, bitrate, chunksBefore, since: undefined, bits: 0 })
    this.#window = undefined
  }

  chunk({ timestamp, data }: EncodedChunk): void {
    const bits = data.byteLength * 8
    this.#measure(timestamp, bits)
    this.#changes = this.#changes.filter((change) => this.#follow(change, timestamp, bits))
  }

  /** A frame is lost, whose chunk will not come. */
  lost(): void {
    for (const change of this.#changes) if (change.since === undefined) change.chunksBefore--
  }

  end(): void {
    this.#ended = true
    this.#call?.resolve({ done: true, value: undefined })
    this.#call = undefined
  }

  next(): Promise<IteratorResult<Observation, undefined>> {
    const value = this.#waiting.shift()
    if (value) return Promise.resolve({ done: false, value })
    if (this.#ended) return Promise.resolve({ done: true, value: undefined })
    this.#call ??= deferred()
    return this.#call.promise
  }

  return(): Promise<IteratorResult<Observation, undefined>> {
    this.#waiting.length = 0
    this.end()
    this.#leave(this)
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #push(value: Observation): void {
    if (this.#call) {
      this.#call.resolve({ done: false, value })
      this.#call = undefined
      return
    }
    if (this.#waiting.push(value) > MAX_WAITING) this.#waiting.shift()
  }

  /** Each window begins with a frame and ends with the first frame a second later, which belongs to the next one. */
  #measure(timestamp: number, bits: number): void {
    const window = this.#window
    if (!window || timestamp < window.last) {
      this.#window = { since: timestamp, last: timestamp, bits }
      return
    }
    const span = timestamp - window.since
    if (span >= WINDOW_US) {
      const bitrate = Math.round((window.bits * 1e6) / span)
      this.#push({ type: 'bitrate', timestamp: window.last, windowMs: span / 1000, bitrate, target: this.#target() })
      this.#window = { since: timestamp, last: timestamp, bits }
      return
    }
    window.last = timestamp
    window.bits += bits
  }

  /** Whether there is more to learn about the change. */
  #follow(change: Change, timestamp: number, bits: number): boolean {
    if (change.since === undefined) {
      if (change.chunksBefore-- > 0) return true
      change.since = timestamp
      this.#push({ type: 'change', timestamp, settings: change.settings })
    }
    if (!change.bitrate) return false
    const age = timestamp - change.since
    if (age < SETTLED_US.from) return true
    if (age < SETTLED_US.to) {
      change.bits += bits
      return true
    }
    const { before, requested } = change.bitrate
    const measured = Math.round((change.bits * 1e6) / (SETTLED_US.to - SETTLED_US.from))
    if (isIgnored(before, requested, measured)) {
      this.#push({ type: 'ignored', timestamp, setting: 'bitrate', requested, measured })
    }
    return false
  }
}

/** Whether the rate stayed where it was. Frames that need less than the new rate do not raise it, so only a rate at the old one shows it. */
function isIgnored(before: number, requested: number, measured: number): boolean {
  const way = requested - before
  if (Math.abs(way) < before * SMALLEST_CHANGE) return false
  const missing = (requested - measured) / way
  return missing > IGNORED_PART && measured > before * (1 - SMALLEST_CHANGE / 2)
}

/**
 * Who observes an encoder.
 *
 * @internal
 */
export class Observers {
  readonly #all = new Set<Observer>()
  #ended = false

  add(target: () => number): Observer {
    const observer = new Observer(target, (left) => this.#all.delete(left))
    if (this.#ended) observer.end()
    else this.#all.add(observer)
    return observer
  }

  /** A change was answered, behind so many frames whose chunks have not come; `bitrate` is the one before it. */
  changed(answered: readonly NativeChange[], chunksBefore: number, bitrate: number): void {
    const made = answered.filter(({ effect }) => effect !== 'needs-restart').map(({ setting }) => setting)
    if (this.#all.size === 0 || made.length === 0) return
    const rate = made.find(({ name }) => name === 'bitrate')
    const changed = rate && { before: bitrate, requested: Number(rate.requested) }
    const names = made.map(({ name }) => name)
    for (const observer of this.#all) observer.changed(names, chunksBefore, changed)
  }

  /** The chunk itself. */
  chunk(chunk: EncodedChunk): EncodedChunk {
    for (const observer of this.#all) observer.chunk(chunk)
    return chunk
  }

  lost(): void {
    for (const observer of this.#all) observer.lost()
  }

  end(): void {
    this.#ended = true
    for (const observer of this.#all) observer.end()
    this.#all.clear()
  }
}
