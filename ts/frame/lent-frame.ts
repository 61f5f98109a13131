import { ErrorCode, typeError } from '../shared/errors.js'
import { PreparedBytes } from './bytes.js'
import type { PreparedFrame } from './prepared-frame.js'
import { callRelease } from './release.js'
import type { FrameTarget } from './target.js'
import type { NativeError } from '../native/error.js'
import type { NativeLentFrame, NativeSession } from '../native/addon.js'
import type { PixelFormat } from './pixel-format.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { forbidTransfer } from './untransferable.js'

/** A plane of a lent frame. */
export interface LentPlane {
  /** The device's own memory, from the first row's start to the last row's end; empty once the frame is given back. */
  readonly data: Uint8Array
  /** Bytes from one row to the next. */
  readonly stride: number
}

/**
 * A buffer of the device's own, lent by `encoder.acquireFrame()`: what is written into its planes need not be copied any more. Give it
 * back soon, by `encoder.encode(frame)` or `frame.close()`; until then the device has one buffer less, and what waits for it rejects
 * with `ERR_TIMEOUT` after the encoder's `timeout`. From then on its planes are empty, and using it again is an error. Where
 * `encode()` rejects because the frame is wrong, it is still yours to close. Behind frames that wait in `encode()` it is copied, so
 * that its buffer is free for them. It cannot be transferred to another thread.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480 })
 * const frame = await encoder.acquireFrame()
 * for (const { data } of frame.planes) data.fill(128)
 * frame.timestamp = 0
 * await encoder.encode(frame)
 * ```
 */
export class LentFrame {
  /** How the planes lie: the device's own format, which may differ from the one of the configuration. */
  readonly format: PixelFormat
  /** Width in pixels. */
  readonly width: number
  /** Height in pixels. */
  readonly height: number
  /** The planes in the order of the format. The memory may hold an earlier frame. */
  readonly planes: readonly LentPlane[]
  /**
   * Microseconds; see `Frame.timestamp`. To be set before the frame is encoded.
   * @default 0
   */
  timestamp = 0
  /** Microseconds; comes back on the chunk. */
  duration?: number
  readonly #native: NativeLentFrame
  readonly #session: NativeSession
  #over = false
  #given = false

  /** @internal */
  constructor(session: NativeSession, native: NativeLentFrame, width: number, height: number) {
    this.#session = session
    this.#native = native
    this.format = native.format as PixelFormat
    this.width = width
    this.height = height
    forbidTransfer(native.memories)
    this.planes = native.planes.map(({ memory, offset, stride, length }) => ({
      data: new Uint8Array(native.memories[memory]!, offset, length),
      stride,
    }))
  }

  /** Gives the buffer back without a frame. A second time, and after `encode()`, it does nothing. */
  close(): void {
    if (this.#over) return
    this.#over = true
    if (!this.#isTransferred) this.#giveBack()
  }

  #giveBack(): void {
    this.#given = true
    this.#native.lease.giveBack(this.#native.memories)
  }

  /** What `console.log()` prints. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const { format, width, height, timestamp, duration } = this
    const state = this.#over ? 'closed' : 'lent'
    return printed('LentFrame', { format, width, height, timestamp, duration, state }, ...rest)
  }

  /** As `close()`, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close()
  }

  /** Whether it is one of `acquireFrame()`, and not what only looks so. @internal */
  static isOne(value: object): value is LentFrame {
    return #native in value
  }

  /**
   * Whether the encoder is without its buffer.
   *
   * @internal
   */
  get holdsBuffer(): boolean {
    return !this.#given
  }

  /** @internal */
  assertUsable(): void {
    if (!this.#over) return
    throw typeError(
      ErrorCode.Frame,
      'This lent frame is already encoded or closed; its memory belongs to the device again.',
      'Acquire a new one for each picture: await encoder.acquireFrame().',
    )
  }

  /**
   * Node keeps arrays from other threads, but not from `ArrayBuffer.prototype.transfer()`. What it made can be written for as long as
   * it lives, so the buffer stays lent until it is collected.
   */
  get #isTransferred(): boolean {
    return this.#native.memories.some((memory) => memory.byteLength === 0)
  }

  /** @internal */
  submit(session: NativeSession, timestamp: number, duration: number, keyFrame: boolean): number | NativeError {
    this.#assertOf(session)
    this.#over = true
    this.#given = true
    const { lease, memories } = this.#native
    return session.encodeLent(lease, memories, timestamp, duration, keyFrame)
  }

  /**
   * Copies the frame and gives the buffer back at once, for a frame that has to wait.
   *
   * @internal
   */
  copyOut(session: NativeSession, timestamp: number, duration: number): PreparedBytes {
    this.#assertOf(session)
    const data = new Uint8Array(this.planes.reduce((bytes, plane) => bytes + plane.data.byteLength, 0))
    const layout: number[] = []
    let offset = 0
    for (const plane of this.planes) {
      data.set(plane.data, offset)
      layout.push(offset, plane.stride)
      offset += plane.data.byteLength
    }
    this.close()
    return new PreparedBytes(this, data, this.format, Uint32Array.from(layout), timestamp, duration)
  }

  #assertOf(session: NativeSession): void {
    this.assertUsable()
    if (session !== this.#session) {
      throw typeError(
        ErrorCode.Frame,
        'This lent frame belongs to another encoder.',
        'Encode it with the encoder that lent it.',
      )
    }
    if (this.#isTransferred) {
      throw typeError(
        ErrorCode.Frame,
        "This lent frame's memory was moved into another ArrayBuffer, from where the device cannot have it back.",
        'Write into the planes as they are, or use encode() with a frame of your own.',
      )
    }
  }
}

/**
 * A frame in a buffer that the device has lent, which it takes without room for another.
 *
 * @internal
 */
export class PreparedLent implements PreparedFrame {
  readonly timestamp: number
  readonly duration: number
  readonly #frame: LentFrame

  constructor(frame: LentFrame, timestamp: number, duration: number) {
    frame.assertUsable()
    this.timestamp = timestamp
    this.duration = duration
    this.#frame = frame
  }

  get needsRoom(): boolean {
    return false
  }

  check(): void {}

  /** A copy: the frames before it may wait for the very buffer that it is in, and have to be encoded first. */
  forQueue({ session }: FrameTarget): PreparedFrame {
    return this.#frame.copyOut(session, this.timestamp, this.duration)
  }

  hold(): undefined {}

  submit({ session }: FrameTarget, keyFrame: boolean): number | NativeError {
    return this.#frame.submit(session, this.timestamp, this.duration, keyFrame)
  }

  settle(): void {
    callRelease(this.#frame)
  }

  withdraw(): void {}
}
