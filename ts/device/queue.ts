import { setTimeout as sleep } from 'node:timers/promises'
import { abortable } from '../shared/abort.js'
import { describe } from '../shared/describe.js'
import { ErrorCode, rangeError, V4l2EncoderError } from '../shared/errors.js'
import { tracedToCaller } from '../shared/own-error.js'
import { reading } from '../shared/reading.js'
import { argumentObject, uint32 } from '../shared/arguments.js'
import { isMultiPlanar, isOutput } from './buffer-type.js'
import type { Channel } from './channel.js'
import { V4L2_BUF_FLAG, V4L2_MEMORY } from './constants.js'
import { failure, nonsense } from './failure.js'
import type { Given, ValueOf } from './layout.js'
import { MappedBuffer, zeroedPlanes } from './mapped-buffer.js'
import { READING, WRITING } from '../native/device.js'
import { checkPictures } from './pix-format.js'
import { checkDequeue, checkEnqueue, checkQueue } from './queue-options.js'
import type { CheckedEnqueue, DequeueOptions, EnqueueOptions, QueueOptions } from './queue-options.js'
import { Requests } from './requests.js'
import type { v4l2_buffer } from './structs/index.js'

/** A buffer that the driver gave back. */
export interface DequeuedBuffer {
  /** Its number in the queue. */
  index: number
  /** Bits of `V4L2_BUF_FLAG`. */
  flags: number
  /** As one of `V4L2_FIELD`. */
  field: number
  /** Microseconds. */
  timestamp: number
  /** Counts frames; a gap shows how many were dropped. */
  sequence: number
  /** What each plane holds: views of the mapped memory, good until the buffer is enqueued again; empty of DMABUFs. */
  planes: readonly Uint8Array[]
  /** Bytes that each plane holds. */
  bytesUsed: readonly number[]
}

type Buffer = ValueOf<typeof v4l2_buffer>

/** `VIDEO_MAX_FRAME` is 32; newer queues may have more. */
const MOST_GRANTED = 1024
const MOST_PLANES = 8
/** Between two looks at a device that says there is nothing to wait for, while another task may still give it something. */
const LOOK_MS = 5
/** One wait of the addon's; a longer one, that nobody waits for any more, would hold the process. */
const SLICE_MS = 1000
/** How often a wait begins again after the process was stopped. */
const MOST_AGAIN = 3

/** What a queue is made of. */
interface Parts {
  channel: Channel
  type: number
  memory: number
  planes: number
  count: number
  buffers: readonly MappedBuffer[]
  /** Called when it is freed. */
  forget: () => void
}

/** One queue of a device, with its buffers. */
export class Queue {
  /** The queue, as one of `V4L2_BUF_TYPE`. */
  readonly type: number
  /** The mapped buffers; empty of a queue of DMABUFs. */
  readonly buffers: readonly MappedBuffer[]
  /** How many buffers there are. */
  readonly count: number
  readonly #parts: Parts
  readonly #channel: Channel
  #queued = 0
  #freeing: Promise<void> | undefined

  private constructor(parts: Parts) {
    this.#parts = parts
    this.#channel = parts.channel
    this.type = parts.type
    this.count = parts.count
    this.buffers = parts.buffers
  }

  /** @internal */
  static async create(channel: Channel, type: number, options: QueueOptions, forget: () => void): Promise<Queue> {
    checkPictures(type)
    const { count, memory: kind } = checkQueue(options)
    const memory = kind === 'mmap' ? V4L2_MEMORY.MMAP : V4L2_MEMORY.DMABUF
    const granted = await channel.request(Requests.REQBUFS, { count, type, memory })
    const buffers: MappedBuffer[] = []
    try {
      if (granted.count < 1 || granted.count > MOST_GRANTED)
        throw nonsense('VIDIOC_REQBUFS', channel.path, `${granted.count} buffers`)
      const planes = await planesOf(channel, type)
      for (let index = 0; index < granted.count && memory === V4L2_MEMORY.MMAP; index++)
        buffers.push(await MappedBuffer.map(channel, type, index, planes))
      return new Queue({ channel, type, memory, planes, count: granted.count, buffers, forget })
    } catch (error) {
      for (const buffer of buffers) buffer.release()
      await channel.attempt(Requests.REQBUFS, { count: 0, type, memory }).catch(() => {})
      throw error
    }
  }

  /** Starts the stream of this queue. */
  async start(): Promise<void> {
    this.#assertAllocated()
    await tracedToCaller(this.#channel.request(Requests.STREAMON, this.type))
  }

  /** Stops the stream. The driver gives every buffer back, without its being dequeued. */
  async stop(): Promise<void> {
    this.#assertAllocated()
    await tracedToCaller(this.#channel.request(Requests.STREAMOFF, this.type))
    this.#queued = 0
  }

  /** Gives the driver a buffer. Its `planes` must not be touched until it is dequeued. */
  async enqueue(index: number, options: EnqueueOptions = {}): Promise<void> {
    const given = this.#given(this.#checked(index), checkEnqueue(options))
    if (isOutput(this.type)) await this.buffers[index]?.sync()
    this.#assertAllocated()
    await tracedToCaller(this.#channel.request(Requests.QBUF, given))
    this.#queued += 1
  }

  /**
   * Takes the next buffer that the driver is done with, and waits for it. Resolves with null after the last one of a stream
   * (`EPIPE`). Rejects with `ERR_TIMEOUT`, with `ERR_CLOSED` when the queue is freed, or with what the driver said.
   */
  dequeue(options: DequeueOptions = {}): Promise<DequeuedBuffer | null> {
    return tracedToCaller(this.#dequeue(options))
  }

  async #dequeue(options: DequeueOptions): Promise<DequeuedBuffer | null> {
    const { timeout = this.#channel.timeout, signal } = checkDequeue(options)
    signal?.throwIfAborted()
    let until = performance.now() + timeout
    for (let again = 0; ;) {
      this.#assertAllocated()
      const reply = await this.#channel.attempt(Requests.DQBUF, this.#empty())
      this.#assertAllocated()
      if (reply.errno === undefined) return this.#dequeued(reply.value)
      if (reply.errno === 'EPIPE') return null
      if (reply.errno !== 'EAGAIN') throw failure('VIDIOC_DQBUF', this.#channel.path, reply.errno, reply.reason)
      const left = until - performance.now()
      if (left <= 0) throw this.#notReady(timeout)
      const slice = Math.min(left, SLICE_MS)
      const begun = performance.now()
      await this.#wait(slice, signal)
      // A process that was stopped meanwhile begins anew: the driver may have what it could not take.
      if (performance.now() - begun > slice + SLICE_MS / 4 && again++ < MOST_AGAIN) until = performance.now() + timeout
    }
  }

  /** Makes a plane of a buffer a DMABUF; the descriptor is the caller's to close. */
  async export(index: number, plane = 0): Promise<number> {
    // O_RDWR and O_CLOEXEC; NVIDIA's library takes no flags, and the addon sets the second.
    const flags = this.#channel.transport === 'nvidia' ? 0 : 0o2000002
    const given = { type: this.type, index: this.#checked(index), plane: uint32(plane, 'plane'), flags }
    const { fd } = await tracedToCaller(this.#channel.request(Requests.EXPBUF, given))
    if (fd < 0) throw nonsense('VIDIOC_EXPBUF', this.#channel.path, `descriptor ${fd}`)
    return fd
  }

  /** Stops the stream, detaches the arrays over the buffers, and gives the memory back. May be called more than once. */
  free(): Promise<void> {
    return tracedToCaller((this.#freeing ??= this.#free()))
  }

  async #free(): Promise<void> {
    const { type, memory, forget } = this.#parts
    for (const buffer of this.buffers) buffer.release()
    try {
      await this.#channel.attempt(Requests.STREAMOFF, type)
      await this.#channel.request(Requests.REQBUFS, { count: 0, type, memory })
    } finally {
      forget()
    }
  }

  /** Frees the queue at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#channel.isClosed) await this.free()
  }

  #assertAllocated(): void {
    if (this.#freeing)
      throw new V4l2EncoderError(ErrorCode.Closed, 'The queue was freed.', { device: this.#channel.path })
  }

  #checked(index: number): number {
    this.#assertAllocated()
    if (Number.isInteger(index) && index >= 0 && index < this.count) return index
    throw rangeError(ErrorCode.Config, `There are buffers 0 to ${this.count - 1}, and ${describe(index)} was given.`)
  }

  /** Some drivers say at once, again and again, that there is nothing to wait for; another task may be about to enqueue. */
  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const waited = await abortable(this.#channel.wait(isOutput(this.type) ? WRITING : READING, ms), signal)
    if (waited === 'nothing-queued') await abortable(sleep(Math.min(ms, LOOK_MS)), signal)
  }

  #notReady(timeout: number): V4l2EncoderError {
    const hint =
      this.#queued > 0
        ? 'Is this queue started, and the other one of a memory-to-memory device fed as well?'
        : 'The driver has no buffer of this queue: enqueue some before.'
    const { path: device } = this.#channel
    return new V4l2EncoderError(ErrorCode.Timeout, `No buffer of ${device} was ready within ${timeout} ms.`, {
      hint,
      device,
    })
  }

  #empty(): Given<Buffer> {
    const { type, memory, planes } = this.#parts
    return { type, memory, ...(isMultiPlanar(type) ? zeroedPlanes(planes) : {}) }
  }

  #given(index: number, options: CheckedEnqueue): Given<Buffer> {
    const { type, memory } = this.#parts
    // NVIDIA's library gives the coded frame its timestamp only where it is asked to.
    const flags = options.flags | (isOutput(type) ? V4L2_BUF_FLAG.TIMESTAMP_COPY : 0)
    const common = { index, type, memory, flags, field: options.field, timestamp: timeval(options.timestamp) }
    const planes = Array.from({ length: this.#parts.planes }, (_, plane) => this.#plane(index, plane, options))
    if (isMultiPlanar(type)) return { ...common, length: planes.length, m: { planes } }
    const [{ bytesused, length, m }] = planes as [PlaneToQueue]
    return { ...common, bytesused, length, ...(m ? { m } : {}) }
  }

  #plane(index: number, plane: number, { bytesUsed, fds, lengths }: CheckedEnqueue): PlaneToQueue {
    const length = lengths?.[plane] ?? this.buffers[index]?.planes[plane]?.length ?? 0
    const bytesused = bytesUsed?.[plane] ?? (isOutput(this.type) ? length : 0)
    if (bytesused > length && length > 0)
      throw rangeError(ErrorCode.Config, `Plane ${plane} has ${length} bytes, and ${bytesused} were to be used.`)
    if (this.#parts.memory === V4L2_MEMORY.MMAP) return { bytesused, length }
    const fd = fds?.[plane]
    if (fd === undefined || fd < 0)
      throw rangeError(ErrorCode.Config, `Plane ${plane} needs the descriptor of its DMABUF in fds.`)
    return { bytesused, length, m: { fd } }
  }

  #dequeued(buffer: Buffer): DequeuedBuffer {
    const { index, flags, field, sequence } = buffer
    if (index >= this.count) throw nonsense('VIDIOC_DQBUF', this.#channel.path, `buffer ${index} of ${this.count}`)
    this.#queued -= 1
    const used = buffer.m.planes ?? [{ bytesused: buffer.bytesused, data_offset: 0 }]
    const memory = this.buffers[index]?.planes ?? []
    const planes = memory.map((plane, number) => {
      const { bytesused = 0, data_offset = 0 } = used[number] ?? {}
      return plane.subarray(data_offset, Math.max(data_offset, bytesused))
    })
    const timestamp = Number(buffer.timestamp.tv_sec) * 1e6 + Number(buffer.timestamp.tv_usec)
    return { index, flags, field, sequence, timestamp, planes, bytesUsed: used.map(({ bytesused }) => bytesused) }
  }
}

interface PlaneToQueue {
  bytesused: number
  length: number
  m?: { fd: number }
}

async function planesOf(channel: Channel, type: number): Promise<number> {
  const { fmt } = await channel.request(Requests.G_FMT, { type })
  const planes = fmt.pix_mp ? fmt.pix_mp.num_planes : 1
  if (planes >= 1 && planes <= MOST_PLANES) return planes
  throw nonsense('VIDIOC_G_FMT', channel.path, `${planes} planes`)
}

function timeval(timestamp: number): { tv_sec: bigint; tv_usec: bigint } {
  return { tv_sec: BigInt(Math.floor(timestamp / 1e6)), tv_usec: BigInt(timestamp % 1e6) }
}

/** Whether the buffer is the last of a drained stream. */
export function isLast(buffer: DequeuedBuffer): boolean {
  const flags = reading('The buffer', ErrorCode.Config, () => {
    return uint32((argumentObject(buffer, 'buffer') as DequeuedBuffer).flags, 'buffer.flags')
  })
  return (flags & V4L2_BUF_FLAG.LAST) !== 0
}
