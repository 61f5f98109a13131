import type { NativeChannel } from '../native/addon.js'
import { SocketBytes, WASTE } from './bytes.js'
import type { Bytes } from './bytes.js'
import type { Filler } from './parse.js'

/** What one turn of the event loop may take at most, so that a fast program does not hold up everything else. */
const TURNS = 8
/** A pair of sockets holds much less than this many times the waste. */
const FULL_TURNS = 8

/**
 * What a program writes to a pair of sockets of the addon's. It is read and closed by the addon alone, in any runtime. It does not
 * keep the process alive by itself.
 *
 * @internal
 */
export class ChannelBytes implements Bytes {
  readonly #channel: NativeChannel
  #filler: Filler | undefined
  #onEnd: ((error?: unknown) => void) | undefined
  #paused = false
  #draining = false
  #ended = false

  constructor(channel: NativeChannel) {
    this.#channel = channel
  }

  start(filler: Filler, onEnd: (error?: unknown) => void): void {
    this.#filler = filler
    this.#onEnd = onEnd
    this.#channel.watch(() => this.#take())
    if (!this.#paused) this.#arm()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#filler && !this.#ended) this.#arm()
  }

  drain(): void {
    this.#draining = true
    this.resume()
  }

  /** Takes what is there, and says whether anybody may still write: false after the end. */
  drainNow(): boolean {
    for (let turn = 0; turn < FULL_TURNS && !this.#ended; turn++) {
      const count = this.#read(WASTE)
      if (count < 0) return true
      this.#ended = count === 0
    }
    return !this.#ended
  }

  close(): void {
    this.#ended = true
    this.#onEnd = undefined
    this.#channel.close()
  }

  #take(): void {
    for (let turn = 0; turn < TURNS; turn++) {
      if (this.#ended || (this.#paused && !this.#draining)) return
      const count = this.#read(this.#draining ? WASTE : this.#filler!.buffer)
      if (count === 0) return this.#finish()
      if (count < 0) break
      this.#advance(count)
    }
    this.#arm()
  }

  /** Asks to be called when there is something to read; where nobody can be asked, that is the end. */
  #arm(): void {
    try {
      this.#channel.arm()
    } catch (error) {
      this.#ended = true
      this.#end(error)
    }
  }

  #advance(count: number): void {
    if (this.#draining) return
    try {
      this.#filler!.advance(count)
    } catch (error) {
      this.#end(error)
      this.drain()
    }
  }

  /** 0 at the end, below 0 where there is nothing yet. */
  #read(memory: Uint8Array): number {
    try {
      return this.#channel.read(memory)
    } catch (error) {
      this.#end(error)
      return 0
    }
  }

  #finish(): void {
    this.#ended = true
    this.#end()
  }

  #end(error?: unknown): void {
    const onEnd = this.#draining ? undefined : this.#onEnd
    this.#onEnd = undefined
    onEnd?.(error)
  }
}

/** Bytes of a pair of sockets; `drainNow` takes what is there. */
export type ProgramBytes = Bytes & { drainNow: () => boolean }

/**
 * Reads the channel by the cheapest way of the runtime: a socket of Node's wakes no thread besides its own.
 *
 * @internal
 */
export function bytesOf(channel: NativeChannel): ProgramBytes {
  const { bun, deno } = process.versions
  return bun === undefined && deno === undefined ? new SocketBytes(channel.takeReader()) : new ChannelBytes(channel)
}
