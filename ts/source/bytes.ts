// ts/source: frames of other programs and files: FFmpeg, GStreamer, pipes, `.y4m`.
import {
  close as closeWithCallback,
  closeSync,
  open as openWithCallback,
  read as readWithCallback,
  readSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { promisify } from 'node:util'
import { deferred } from '../shared/deferred.js'
import type { Deferred } from '../shared/deferred.js'
import type { Filler } from './parse.js'

const open = promisify(openWithCallback)
const read = promisify(readWithCallback)
const close = promisify(closeWithCallback)

/**
 * A place that bytes come from: they are read straight to where the filler wants them.
 *
 * @internal
 */
export interface Bytes {
  /** Begins. `onEnd` is called once: without an error at the end, or with what reading or the filler said. */
  start: (filler: Filler, onEnd: (error?: unknown) => void) => void
  pause: () => void
  resume: () => void
  /** From now on whatever comes is thrown away, so that a program that writes is not held up while it ends. */
  drain: () => void
  /** Releases the descriptor; `onEnd` is not called any more. */
  close: () => void
}

/**
 * What nobody wants goes here.
 *
 * @internal
 */
export const WASTE = new Uint8Array(1024 * 1024)
/** A pipe or socket holds much less than this many times that. */
const FULL_TURNS = 8

/**
 * A socket or pipe by its descriptor, which is closed with it. It does not keep the process alive by itself.
 *
 * @internal
 */
export class SocketBytes implements Bytes {
  readonly #descriptor: number
  #socket: Socket | undefined
  #paused = false
  #draining = false
  #closed = false

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  start(filler: Filler, onEnd: (error?: unknown) => void): void {
    const finish = (error?: unknown) => {
      if (!this.#closed && !this.#draining) onEnd(error)
    }
    const callback = (count: number) => {
      if (this.#draining) return true
      try {
        filler.advance(count)
      } catch (error) {
        finish(error)
        this.drain()
      }
      return !this.#paused || this.#draining
    }
    const buffer = () => (this.#draining ? WASTE : filler.buffer)
    // The typings know `onread` for connect() only.
    const options = { fd: this.#descriptor, readable: true, writable: false, onread: { buffer, callback } }
    const socket = new Socket(options)
    socket.on('end', () => finish())
    socket.on('error', finish)
    socket.unref()
    this.#socket = socket
    if (!this.#paused) socket.resume()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket?.resume()
  }

  drain(): void {
    this.#draining = true
    this.resume()
  }

  /**
   * Takes what is there without coming back later, and says whether anybody may still write: false after the end. More than the
   * pipe holds is written just now.
   */
  drainNow(): boolean {
    // A closed descriptor's number may be somebody else's by now.
    if (!this.#socket || this.#socket.destroyed) return false
    try {
      for (let turn = 0; turn < FULL_TURNS; turn++) if (readSync(this.#descriptor, WASTE) === 0) return false
      return true
    } catch (error) {
      // Nothing more for now.
      return (error as NodeJS.ErrnoException).code === 'EAGAIN'
    }
  }

  close(): void {
    this.#closed = true
    if (this.#socket) this.#socket.destroy()
    else closeSync(this.#descriptor)
  }
}

/**
 * A file by its descriptor, from where it stands; it is closed in the end.
 *
 * @internal
 */
export class FileBytes implements Bytes {
  readonly #descriptor: number
  #paused: Deferred | undefined
  #over = false
  #count = 0

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** Bytes that were read so far. */
  get count(): number {
    return this.#count
  }

  static async open(path: string): Promise<FileBytes> {
    return new FileBytes(await open(path, 'r'))
  }

  start(filler: Filler, onEnd: (error?: unknown) => void): void {
    const finish = (error?: unknown) => {
      if (!this.#over) onEnd(error)
    }
    this.#run(filler).then(() => finish(), finish)
  }

  pause(): void {
    this.#paused ??= deferred()
  }

  resume(): void {
    this.#paused?.resolve()
    this.#paused = undefined
  }

  drain(): void {
    this.#over = true
    this.resume()
  }

  close(): void {
    this.drain()
  }

  async #run(filler: Filler): Promise<void> {
    try {
      while (!this.#over) {
        const { bytesRead } = await read(this.#descriptor, filler.buffer, 0, filler.buffer.length, null)
        if (bytesRead === 0 || this.#over) return
        this.#count += bytesRead
        filler.advance(bytesRead)
        await this.#paused?.promise
      }
    } finally {
      await close(this.#descriptor)
    }
  }
}

/**
 * The bytes of a pipe or socket that is open. Bun's sockets do not read a descriptor that they are given; there a thread waits for it,
 * which does not keep the process from ending.
 *
 * @internal
 */
export function streamBytes(descriptor: number): Bytes {
  return process.versions.bun === undefined ? new SocketBytes(descriptor) : new FileBytes(descriptor)
}
