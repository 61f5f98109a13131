import { codecUnits, isLengthPrefixed } from './codec.js'
import type { CodecUnits, MetadataFormat } from './codec.js'
import { readSei } from './sei.js'
import type { StreamMetadata } from './sei.js'

/** Bytes of a unit that are kept until its end is there; user data has 64 KiB at most, and half as many to escape it. */
const MAX_UNIT = 1 << 18
const LENGTH_BYTES = 4

/** Bytes in the form in which they are read. */
function bytesOf(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer) return new Uint8Array(value)
  throw new TypeError('The bytes must be an ArrayBuffer or a view of one, such as a Uint8Array.')
}

/** Bytes that wait for those that follow. */
class Held {
  #memory = new Uint8Array(64)
  #length = 0

  get bytes(): Uint8Array {
    return this.#memory.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  add(bytes: Uint8Array): void {
    const length = this.#length + bytes.length
    if (length > this.#memory.length) {
      const memory = new Uint8Array(Math.max(length, this.#memory.length * 2))
      memory.set(this.bytes)
      this.#memory = memory
    }
    this.#memory.set(bytes, this.#length)
    this.#length = length
  }

  clear(): void {
    this.#length = 0
  }
}

let readFirst: (
  bytes: ArrayBufferView | ArrayBuffer | SharedArrayBuffer,
  format: MetadataFormat,
) => StreamMetadata | null

/**
 * Reads a stream that comes in pieces of any size, as from a file or a socket. It keeps no more than one unit of metadata, and
 * never fails on what the bytes are: what is no such stream has no metadata.
 *
 * @example
 * ```ts
 * import { MetadataReader } from 'v4l2-encoder/metadata'
 *
 * const reader = new MetadataReader({ codec: 'h264' })
 * const response = await fetch('https://camera.example/live.h264')
 * for await (const piece of response.body!) {
 *   for (const { captureTime, frameId } of reader.push(piece)) console.log(frameId, captureTime)
 * }
 * ```
 */
export class MetadataReader {
  readonly #units: CodecUnits
  readonly #isPrefixed: boolean
  /** The unit that is being read, header included, as far as it has to be kept. */
  readonly #unit = new Held()
  /** Whether more of the unit is of use. */
  #isKept = false
  /** Bytes of the unit that are still to come; of a length-prefixed stream. */
  #left = 0
  readonly #lengthBytes = new Held()
  /** Zero bytes right before the next one; of an Annex B stream. */
  #zeros = 0
  #found: StreamMetadata = {}
  #frames: StreamMetadata[] = []
  /** Whether nothing is of use behind the first frame with metadata. */
  #isFirstOnly = false

  static {
    readFirst = (bytes, format) => {
      const reader = new MetadataReader(format)
      reader.#isFirstOnly = true
      return reader.push(bytes)[0] ?? null
    }
  }

  /** Throws a `TypeError` for a codec or bitstream that is none of these. */
  constructor(format: MetadataFormat) {
    this.#units = codecUnits(format.codec)
    this.#isPrefixed = isLengthPrefixed(format.bitstream)
  }

  /**
   * Reads the next bytes and returns what went with the frames that begin in them; a frame without metadata is left out. Throws a
   * `TypeError` for what is no bytes.
   */
  push(bytes: ArrayBufferView | ArrayBuffer | SharedArrayBuffer): StreamMetadata[] {
    if (this.#isPrefixed) this.#pushPrefixed(bytesOf(bytes))
    else this.#pushAnnexB(bytesOf(bytes))
    return this.#frames.splice(0)
  }

  #pushAnnexB(bytes: Uint8Array): void {
    let from = 0
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (byte === 0) {
        this.#zeros++
        continue
      }
      if (byte === 1 && this.#zeros >= 2) {
        // The zeros before it may belong to the piece before.
        this.#keep(bytes.subarray(from, Math.max(from, at - this.#zeros)))
        this.#endUnit()
        this.#isKept = true
        from = at + 1
      }
      this.#zeros = 0
      if (!this.#isKept) {
        if (this.#isOver) return
        // Nothing but a start code is of use, and that begins with a zero.
        const zero = bytes.indexOf(0, at + 1)
        if (zero < 0) return
        from = zero
        at = zero - 1
      } else if (at >= from && this.#unit.length + at + 1 - from === this.#units.header) {
        // The header is whole: a slice need not be read on.
        this.#keep(bytes.subarray(from, at + 1))
        from = at + 1
      }
    }
    this.#keep(bytes.subarray(from))
  }

  #pushPrefixed(bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.length && !this.#isOver) {
      if (this.#left === 0) {
        const part = bytes.subarray(at, at + LENGTH_BYTES - this.#lengthBytes.length)
        this.#lengthBytes.add(part)
        at += part.length
        if (this.#lengthBytes.length < LENGTH_BYTES) return
        this.#left = this.#lengthBytes.bytes.reduce((sum, byte) => sum * 256 + byte, 0)
        this.#lengthBytes.clear()
        this.#isKept = true
        continue
      }
      const part = bytes.subarray(at, at + this.#left)
      this.#keep(part)
      at += part.length
      this.#left -= part.length
      if (this.#left === 0) this.#endUnit()
    }
  }

  get #isOver(): boolean {
    return this.#isFirstOnly && this.#frames.length > 0
  }

  /** More of the unit. As soon as its header says so, the rest of it is not kept. */
  #keep(part: Uint8Array): void {
    if (!this.#isKept || part.length === 0) return
    const { header, kindOf } = this.#units
    const before = this.#unit.length
    if (before < header) {
      this.#unit.add(part.subarray(0, header - before))
      if (this.#unit.length < header) return
      const kind = kindOf(this.#unit.bytes)
      if (kind === 'slice') this.#endMessages()
      this.#isKept = kind === 'sei'
      this.#keep(part.subarray(header - before))
      return
    }
    if (before + part.length > MAX_UNIT) this.#isKept = false
    else this.#unit.add(part)
  }

  #endUnit(): void {
    const { header } = this.#units
    // What is kept to the end is an SEI unit.
    if (this.#isKept && this.#unit.length > header) readSei(this.#unit.bytes.subarray(header), this.#found)
    this.#isKept = false
    this.#unit.clear()
  }

  /** A frame begins: what was found goes with it. */
  #endMessages(): void {
    if (Object.keys(this.#found).length === 0) return
    this.#frames.push(this.#found)
    this.#found = {}
  }
}

/**
 * Reads what went into the stream with a frame: `chunk.data` of the encoder, or the access unit that a receiver got. Of bytes with
 * several frames it is the first one's that has metadata. Returns null where there is none. Whatever the bytes are, it does not fail; for what is no
 * bytes, and for another codec or bitstream, it throws a `TypeError`.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 * import { readMetadata } from 'v4l2-encoder/metadata'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480, metadata: true })
 * const frame = { data: new Uint8Array(640 * 480 * 1.5), timestamp: 0, metadata: { captureTime: Date.now() * 1000 } }
 * await encoder.encode(frame)
 * for await (const chunk of encoder) {
 *   console.log(readMetadata(chunk.data, encoder.config)) // { captureTime: 1764547200000000, frameId: 0 }
 *   break
 * }
 * await encoder.close()
 * ```
 */
export function readMetadata(
  bytes: ArrayBufferView | ArrayBuffer | SharedArrayBuffer,
  format: MetadataFormat,
): StreamMetadata | null {
  return readFirst(bytes, format)
}
