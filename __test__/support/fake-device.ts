import type { NativeAnswer, NativeDevice, NativeDeviceOptions, NativeMemory } from '../../ts/native/device.js'
import { READY } from '../../ts/native/device.js'
import { Requests } from '../../ts/device/requests.js'
import type { Request } from '../../ts/device/requests.js'

/** What a made-up driver does with a request: changes its blocks, refuses with an errno, or (`'never'`) never returns. */
export type Driver = (name: string, blocks: Uint8Array<ArrayBuffer>[], pointers: Uint32Array) => string | undefined

const NAMES = new Map(
  Object.values(Requests as Record<string, Request<unknown>>).map(({ number, name }) => [number, name]),
)

/** A device without a device: a function answers. */
export class FakeDevice implements NativeDevice {
  readonly asked: string[] = []
  readonly #driver: Driver
  readonly #options: NativeDeviceOptions
  readonly #onAnswer: (answer: NativeAnswer) => void
  isClosed = false

  constructor(options: NativeDeviceOptions, onAnswer: (answer: NativeAnswer) => void, driver: Driver) {
    this.#options = options
    this.#onAnswer = onAnswer
    this.#driver = driver
    this.#later({ id: 0 })
  }

  transport(): 'kernel' | 'nvidia' {
    return this.#options.transport === 'nvidia' ? 'nvidia' : 'kernel'
  }

  ioctl(id: number, number: number, blocks: Uint8Array[], pointers: Uint32Array): string | null {
    const name = NAMES.get(number) ?? String(number)
    this.asked.push(name)
    const answer = blocks.map((block) => Uint8Array.from(block))
    const said = this.#driver(name, answer, pointers)
    if (said === 'never') return null
    this.#later({
      id,
      blocks: answer,
      ...(said === undefined ? {} : { errno: said, reason: `the driver said ${said}` }),
    })
    return null
  }

  wait(id: number): void {
    this.#later({ id, ready: READY })
  }

  map(id: number): void {
    this.#later({ id, errno: 'ENODEV', reason: 'there is no memory' })
  }

  sync(id: number, _memory: NativeMemory): void {
    this.#later({ id })
  }

  close(id: number): void {
    this.isClosed = true
    this.#later({ id, closed: true })
  }

  #later(answer: NativeAnswer): void {
    setImmediate(() => this.#onAnswer(answer))
  }
}

/** A struct's bytes as a view, for a driver to fill in. */
export function view(block: Uint8Array): DataView {
  return new DataView(block.buffer, block.byteOffset, block.byteLength)
}
