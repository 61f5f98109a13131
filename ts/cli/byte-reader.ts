/** Reads a byte stream in pieces of the size that is wanted. */
export class ByteReader {
  readonly #parts: AsyncIterator<Uint8Array>
  #rest: Uint8Array = new Uint8Array(0)

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#parts = bytes[Symbol.asyncIterator]()
  }

  /** Fills the buffer and returns how much of it is filled: less only at the end of the stream. */
  async read(buffer: Uint8Array): Promise<number> {
    let filled = 0
    while (filled < buffer.length && (await this.#more())) {
      const taken = this.#rest.subarray(0, buffer.length - filled)
      buffer.set(taken, filled)
      filled += taken.length
      this.#rest = this.#rest.subarray(taken.length)
    }
    return filled
  }

  /** The next bytes without taking them away; fewer at the end of the stream. */
  async peek(length: number): Promise<Uint8Array> {
    const start = new Uint8Array(length)
    const known = start.subarray(0, await this.read(start))
    this.#rest = Buffer.concat([known, this.#rest])
    return known
  }

  /** The next line without its end; undefined at the end of the stream or when there is none within `longest` bytes. */
  async line(longest: number): Promise<string | undefined> {
    const byte = new Uint8Array(1)
    const line: number[] = []
    while (line.length < longest && (await this.read(byte)) === 1) {
      if (byte[0] === 0x0a) return Buffer.from(line).toString('latin1')
      line.push(byte[0]!)
    }
    return undefined
  }

  async close(): Promise<void> {
    await this.#parts.return?.()
  }

  async #more(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#parts.next()
      if (done) return false
      this.#rest = value
    }
    return true
  }
}
