import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { isMultiPlanar } from './buffer-type.js'
import type { Channel } from './channel.js'
import { V4L2_MEMORY } from './constants.js'
import type { NativeMemory } from '../native/device.js'
import { Requests } from './requests.js'

/**
 * Planes for the driver to fill in.
 *
 * @internal
 */
export function zeroedPlanes(count: number): { length: number; m: { planes: object[] } } {
  return { length: count, m: { planes: Array.from({ length: count }, () => ({})) } }
}

interface Plane {
  memory: NativeMemory
  array: ArrayBuffer
}

/** One of the driver's buffers, mapped. */
export class MappedBuffer {
  /** Its number in the queue. */
  readonly index: number
  /** The memory of each plane, until the queue is freed or the device closed; then they are detached (length 0). */
  readonly planes: readonly Uint8Array[]
  readonly #channel: Channel
  readonly #mapped: Plane[]

  private constructor(channel: Channel, index: number, mapped: Plane[]) {
    this.#channel = channel
    this.#mapped = mapped
    this.index = index
    this.planes = mapped.map(({ array }) => new Uint8Array(array))
  }

  /** @internal */
  static async map(channel: Channel, type: number, index: number, planes: number): Promise<MappedBuffer> {
    const list = isMultiPlanar(type) ? zeroedPlanes(planes) : {}
    const queried = await channel.request(Requests.QUERYBUF, { index, type, memory: V4L2_MEMORY.MMAP, ...list })
    const places = queried.m.planes?.slice(0, queried.length).map(({ length, m }) => ({ length, offset: m.mem_offset }))
    const mapped: Plane[] = []
    for (const [plane, { length, offset }] of (
      places ?? [{ length: queried.length, offset: queried.m.offset }]
    ).entries()) {
      try {
        mapped.push(await mapPlane(channel, type, index, plane, offset ?? 0, length))
      } catch (error) {
        for (const { memory, array } of mapped) memory.release(array)
        throw error
      }
    }
    return new MappedBuffer(channel, index, mapped)
  }

  /** Makes what was written visible to the device, where the kernel does not by itself. @internal */
  async sync(): Promise<void> {
    if (this.#channel.transport !== 'nvidia') return
    for (const { memory } of this.#mapped) await this.#channel.sync(memory)
  }

  /** @internal */
  release(): void {
    for (const { memory, array } of this.#mapped.splice(0)) memory.release(array)
  }
}

async function mapPlane(
  channel: Channel,
  type: number,
  index: number,
  plane: number,
  offset: number,
  length: number,
): Promise<Plane> {
  const memory = await channel.map(type, index, plane, offset, length)
  const array = memory.array()
  if (array) return { memory, array }
  throw new V4l2EncoderError(
    ErrorCode.Device,
    'This runtime forbids memory outside of its heap, so buffers of a device cannot be mapped.',
    { hint: 'Run it with Node.js, or use a queue of DMABUFs.' },
  )
}
