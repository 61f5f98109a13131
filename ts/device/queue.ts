import { setTimeout as sleep } from 'node:timers/promises'
import { abortable } from '../abort.js'
import { ErrorCode, rangeError, V4l2EncoderError } from '../errors.js'
import type { Channel } from './channel.js'
import { V4L2_BUF_FLAG, V4L2_MEMORY } from './constants.js'
import { failure, nonsense } from './failure.js'
import type { Given, ValueOf } from './layout.js'
import { MappedBuffer } from './mapped-buffer.js'
import { READING, WRITING } from './native.js'
import { checkPictures, isMultiPlanar, isOutput } from './pix-format.js'
import { Requests } from './requests.js'
import type { v4l2_buffer } from './structs/index.js'

/** How many buffers, and whose memory they are. */
export interface QueueOptions {
  /**
   * How many buffers to ask for, from 1 to 64; a driver may give more or fewer.
   * @default 4
   */
  count?: number
  /**
   * `'mmap'`: the driver's memory, mapped. `'dmabuf'`: another device's, given by descriptor with each picture.
   * @default 'mmap'
   */
  memory?: 'mmap' | 'dmabuf'
}

/** What goes along with a buffer. */
export interface EnqueueOptions {
  /** Bytes of each plane that hold data; of an output, needed for coded data, and else the whole plane. */
  bytesUsed?: readonly number[]
  /** Microseconds, from 0 up. An encoder gives it back with the coded frame. */
  timestamp?: number
  /** Bits of `V4L2_BUF_FLAG`. */
  flags?: number
  /** As one of `V4L2_FIELD`. */
  field?: number
  /** Of a queue of DMABUFs: the descriptor of each plane. */
  fds?: readonly number[]
  /** Of a queue of DMABUFs: the length of each plane in bytes. */
  lengths?: readonly number[]
}

/** How long to wait for a buffer. */
export interface DequeueOptions {
  /**
   * Milliseconds; then it is `ERR_TIMEOUT`.
   * @default the device's time-out
   */
  timeout?: number
  /** Ends the waiting with the signal's reason. No buffer is lost by it. */
  signal?: AbortSignal
}

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
  /** Counts pictures; a gap shows how many were dropped. */
  sequence: number
  /** What each plane holds: views of the mapped memory, good until the buffer is enqueued again; empty of DMABUFs. */
  planes: readonly Uint8Array[]
  /** Bytes that each plane holds. */
  bytesUsed: readonly number[]
}

type Buffer = ValueOf<typeof v4l2_buffer>

const MOST_ASKED = 64
/** `VIDEO_MAX_FRAME` is 32; newer queues may have more. */
const MOST_GRANTED = 1024
const MOST_PLANES = 8
/** Between two looks at a device that says there is nothing to wait for, while another task may still give it something. */
const LOOK_MS = 5

/** One queue of a device, with its buffers. */
export class Queue {
  /** The queue, as one of `V4L2_BUF_TYPE`. */
  readonly type: number
  /** The mapped buffers; empty of a queue of DMABUFs. */
  readonly buffers: readonly MappedBuffer[]
  /** How many buffers there are. */
  readonly count: number
  readonly #channel: Channel
  readonly #memory: number
  readonly #planes: number
  #queued = 0
  #isReleased = false
  #freeing: Promise<void> | undefined

  private constructor(
    channel: Channel,
    type: number,
    memory: number,
    count: number,
    planes: number,
    buffers: readonly MappedBuffer[],
  ) {
    this.#channel = channel
    this.type = type
    this.#memory = memory
    this.count = count
    this.#planes = planes
    this.buffers = buffers
  }

  /** @internal */
  static async create(channel: Channel, type: number, { count = 4, memory = 'mmap' }: QueueOptions): Promise<Queue> {
    checkPictures(type)
    if (!Number.isInteger(count) || count < 1 || count > MOST_ASKED)
      throw rangeError(
        ErrorCode.Config,
        `The option count must be a whole number from 1 to ${MOST_ASKED}, not ${count}.`,
      )
    const kind = memory === 'mmap' ? V4L2_MEMORY.MMAP : V4L2_MEMORY.DMABUF
    const granted = await channel.request(Requests.REQBUFS, { count, type, memory: kind })
    if (granted.count < 1 || granted.count > MOST_GRANTED)
      throw nonsense('VIDIOC_REQBUFS', channel.path, `${granted.count} buffers`)
    const { fmt } = await channel.request(Requests.G_FMT, { type })
    const planes = fmt.pix_mp ? fmt.pix_mp.num_planes : 1
    if (planes < 1 || planes > MOST_PLANES) throw nonsense('VIDIOC_G_FMT', channel.path, `${planes} planes`)
    const buffers: MappedBuffer[] = []
    try {
      for (let index = 0; index < granted.count && kind === V4L2_MEMORY.MMAP; index++)
        buffers.push(await MappedBuffer.map(channel, type, index, planes))
    } catch (error) {
      for (const buffer of buffers) buffer.release()
      await channel.attempt(Requests.REQBUFS, { count: 0, type, memory: kind })
      throw error
    }
    return new Queue(channel, type, kind, granted.count, planes, buffers)
  }

  /** Starts the stream of this queue. */
  async start(): Promise<void> {
    await this.#channel.request(Requests.STREAMON, this.type)
  }

  /** Stops the stream. The driver gives every buffer back, without its being dequeued. */
  async stop(): Promise<void> {
    await this.#channel.request(Requests.STREAMOFF, this.type)
    this.#queued = 0
  }

  /** Gives the driver a buffer. Its `planes` must not be touched until it is dequeued. */
  async enqueue(index: number, options: EnqueueOptions = {}): Promise<void> {
    this.#checkIndex(index)
    if (isOutput(this.type)) await this.buffers[index]?.sync()
    await this.#channel.request(Requests.QBUF, this.#given(index, options))
    this.#queued += 1
  }

  /**
   * Takes the next buffer that the driver is done with, and waits for it. Resolves with null after the last one of a stream
   * (`EPIPE`). Rejects with `ERR_TIMEOUT`, or with what the driver said.
   */
  async dequeue({ timeout = this.#channel.timeout, signal }: DequeueOptions = {}): Promise<DequeuedBuffer | null> {
    signal?.throwIfAborted()
    const until = performance.now() + timeout
    for (;;) {
      const reply = await this.#channel.attempt(Requests.DQBUF, this.#empty())
      if (reply.errno === undefined) return this.#dequeued(reply.value)
      if (reply.errno === 'EPIPE') return null
      if (reply.errno !== 'EAGAIN') throw failure('VIDIOC_DQBUF', this.#channel.path, reply.errno, reply.reason)
      const left = until - performance.now()
      if (left <= 0) throw this.#notReady(timeout)
      await this.#wait(left, signal)
    }
  }

  /** Makes a plane of a buffer a DMABUF; the descriptor is the caller's to close. */
  async export(index: number, plane = 0): Promise<number> {
    this.#checkIndex(index)
    // O_RDWR and O_CLOEXEC; NVIDIA's library takes no flags, and the addon sets the second.
    const flags = this.#channel.through === 'nvidia' ? 0 : 0o2000002
    const { fd } = await this.#channel.request(Requests.EXPBUF, { type: this.type, index, plane, flags })
    if (fd < 0) throw nonsense('VIDIOC_EXPBUF', this.#channel.path, `descriptor ${fd}`)
    return fd
  }

  /** Stops the stream, detaches the arrays over the buffers, and gives the memory back. May be called more than once. */
  free(): Promise<void> {
    return (this.#freeing ??= this.#free())
  }

  async #free(): Promise<void> {
    this.release()
    await this.#channel.attempt(Requests.STREAMOFF, this.type)
    await this.#channel.request(Requests.REQBUFS, { count: 0, type: this.type, memory: this.#memory })
  }

  /** Frees the queue at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#channel.isClosed) await this.free()
  }

  /** Detaches the arrays at once. @internal */
  release(): void {
    this.#isReleased = true
    for (const buffer of this.buffers) buffer.release()
  }

  #checkIndex(index: number): void {
    if (this.#isReleased) throw new V4l2EncoderError(ErrorCode.Closed, 'The queue was freed.')
    if (Number.isInteger(index) && index >= 0 && index < this.count) return
    throw rangeError(ErrorCode.Config, `There are buffers 0 to ${this.count - 1}, and ${index} was given.`)
  }

  /** Some drivers say at once, again and again, that there is nothing to wait for; another task may be about to enqueue. */
  async #wait(left: number, signal: AbortSignal | undefined): Promise<void> {
    const interest = isOutput(this.type) ? WRITING : READING
    const waited = await abortable(this.#channel.wait(interest, left), signal)
    if (waited === 'nothing-queued') await sleep(Math.min(left, LOOK_MS), undefined, signal ? { signal } : {})
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
    const { type } = this
    if (!isMultiPlanar(type)) return { type, memory: this.#memory }
    return { type, memory: this.#memory, length: this.#planes, m: { planes: zeroed(this.#planes) } }
  }

  #given(index: number, options: EnqueueOptions): Given<Buffer> {
    const { timestamp = 0, field = 0 } = options
    // NVIDIA's library gives the coded frame its timestamp only where it is asked to.
    const flags = (options.flags ?? 0) | (isOutput(this.type) ? V4L2_BUF_FLAG.TIMESTAMP_COPY : 0)
    const common = { index, type: this.type, memory: this.#memory, flags, field, timestamp: timeval(timestamp) }
    const planes = Array.from({ length: this.#planes }, (_, plane) => this.#plane(index, plane, options))
    if (isMultiPlanar(this.type)) return { ...common, length: this.#planes, m: { planes } }
    const [{ bytesused, length, m }] = planes as [PlaneToQueue]
    return { ...common, bytesused, length, ...(m ? { m } : {}) }
  }

  #plane(index: number, plane: number, { bytesUsed, fds, lengths }: EnqueueOptions): PlaneToQueue {
    const length = lengths?.[plane] ?? this.buffers[index]?.planes[plane]?.length ?? 0
    const bytesused = bytesUsed?.[plane] ?? (isOutput(this.type) ? length : 0)
    if (bytesused > length && length > 0)
      throw rangeError(ErrorCode.Config, `Plane ${plane} has ${length} bytes, and ${bytesused} were to be used.`)
    if (this.#memory === V4L2_MEMORY.MMAP) return { bytesused, length }
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

function zeroed(planes: number): object[] {
  return Array.from({ length: planes }, () => ({}))
}

function timeval(timestamp: number): { tv_sec: bigint; tv_usec: bigint } {
  if (!Number.isSafeInteger(timestamp) || timestamp < 0)
    throw rangeError(
      ErrorCode.Config,
      `The timestamp must be a whole number of microseconds from 0 up, not ${timestamp}.`,
    )
  return { tv_sec: BigInt(Math.floor(timestamp / 1e6)), tv_usec: BigInt(timestamp % 1e6) }
}

/** Whether the buffer is the last of a drained stream. */
export function isLast({ flags }: DequeuedBuffer): boolean {
  return (flags & V4L2_BUF_FLAG.LAST) !== 0
}
