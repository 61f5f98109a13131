import { abortSignal, boolean, checkOptions, number, optional, withDefault } from '../shared/check.js'
import type { Checks } from '../shared/check.js'
import type { DecoderConfig, EncodedChunk } from '../output/chunk.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { forCaller } from '../shared/own-error.js'
import { handled } from '../shared/deferred.js'
import { abortable } from '../shared/abort.js'
import { encodeAll } from '../output/encode-all.js'
import type { FrameSource } from '../output/encode-all.js'
import type { RejectedEncoder } from '../shared/errors.js'
import type { FrameMetadata } from '../frame/metadata.js'
import { releaseFrame } from '../frame/prepare.js'
import type { AnyFrame } from '../frame/prepare.js'
import type { Pipe } from '../output/feed.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import type { LentFrame } from '../frame/lent-frame.js'
import type { EncoderConfig, EncoderSetting, EncoderWarning } from './options.js'
import type { EncoderInput } from '../frame/negotiate.js'
import { closeWhenCollected } from '../shared/close-when-collected.js'
import type { Session } from './session.js'
import type { EncoderStats } from './stats.js'
import type { SubscribeOptions, Subscription } from '../output/subscription.js'
import { encoderTransform } from '../output/transform.js'
import type { EncoderTransform } from '../output/transform.js'

/** How one frame is encoded by `tryEncode()`. */
export interface TryEncodeOptions {
  /**
   * Makes a key frame of it.
   * @default false
   */
  keyFrame?: boolean
  /**
   * What goes into the stream with it, each member before the frame's own; of an encoder that was created with `metadata`.
   * @default the frame's own `metadata`
   */
  metadata?: FrameMetadata
}

/** How one frame is encoded. */
export interface EncodeOptions extends TryEncodeOptions {
  /** Takes the frame back while it waits for room; once it is taken it has no effect. */
  signal?: AbortSignal
}

/** How to wait for something that cannot be taken back. */
export interface WaitOptions {
  /** Ends the waiting with the signal's reason; the task itself goes on. */
  signal?: AbortSignal
}

/** How `encodeAll()` works. */
export interface EncodeAllOptions {
  /** Ends the iteration with the signal's reason and draws no more frames. */
  signal?: AbortSignal
}

/** How to close. */
export interface CloseOptions extends WaitOptions {
  /**
   * Gives up what is not coded yet, which is then reported as lost.
   * @default false
   */
  discard?: boolean
}

const TRY_ENCODE_CHECKS: Checks<TryEncodeOptions> = {
  keyFrame: withDefault(boolean, false),
  // Checked with the frame.
  metadata: (value) => value as FrameMetadata | undefined,
}
const WAIT_CHECKS: Checks<WaitOptions> = { signal: optional(abortSignal) }
const ENCODE_CHECKS: Checks<EncodeOptions> = { ...TRY_ENCODE_CHECKS, ...WAIT_CHECKS }
const CLOSE_CHECKS: Checks<CloseOptions> = { ...WAIT_CHECKS, discard: withDefault(boolean, false) }

/**
 * A running encoder, made by `createEncoder()`. It is also the stream of its chunks: `for await (const chunk of encoder)` reads
 * it, by one loop at a time (a second one gets `ERR_BUSY`); `break` detaches the loop, and a later one goes on where it stopped.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480 })
 * console.log(encoder.backend, encoder.device)
 * await encoder.encode({ data: new Uint8Array(640 * 480 * 1.5), timestamp: 0 })
 * await encoder.close()
 * for await (const chunk of encoder) console.log(chunk.type, chunk.timestamp, chunk.data.byteLength)
 * ```
 */
export class Encoder implements AsyncIterable<EncodedChunk> {
  readonly #session: Session

  private constructor(session: Session) {
    this.#session = session
  }

  /** @internal */
  static of(session: Session): Encoder {
    const encoder = new Encoder(session)
    closeWhenCollected(encoder, session)
    return encoder
  }

  /** Which kind of encoder runs. */
  get backend(): 'jetson' | 'v4l2' | 'software' {
    return this.#session.active.backend
  }

  /** The device node, or null for the software encoder. */
  get device(): string | null {
    return this.#session.active.device
  }

  /** Everything that was tried before this encoder was found, in order, each with the reason. */
  get rejected(): readonly RejectedEncoder[] {
    return this.#session.active.rejected
  }

  /** The configuration in force. */
  get config(): Readonly<EncoderConfig> {
    const { config } = this.#session.active
    return { ...config, format: config.format as PixelFormat }
  }

  /** Each setting as it was asked for, as it is, and how that is known. */
  get settings(): readonly EncoderSetting[] {
    return this.#session.active.settings
  }

  /** How the device takes frames: what a frame in DMABUFs has to look like to be read where it is. */
  get input(): Readonly<EncoderInput> {
    return this.#session.active.input as EncoderInput
  }

  /** What the device rejected or changed. */
  get warnings(): readonly EncoderWarning[] {
    return this.#session.active.warnings
  }

  /** What a decoder or muxer needs to know; null until the first key chunk. */
  get decoderConfig(): DecoderConfig | null {
    return this.#session.readers.decoderConfig ?? null
  }

  /** Counters as of now. */
  get stats(): EncoderStats {
    return this.#session.stats
  }

  /** Frames that wait in `encode()`. */
  get encodeQueueSize(): number {
    return this.#session.waitingFrames
  }

  /** Resolves when the encoder is closed; rejects when it failed. It need not be handled. */
  get closed(): Promise<void> {
    return this.#session.closed
  }

  /**
   * Encodes a frame; resolves once the frame is taken and its data has been read. Frames are taken in the order of the calls.
   *
   * Rejects with `ERR_FRAME` for a bad frame, `ERR_QUEUE_FULL` when `maxPendingFrames` others wait or 64 MiB of chunks are unread, `ERR_CLOSED`
   * after `close()`, `ERR_TIMEOUT` when it waits for a lent frame that is not given back, and with what happened when the encoder
   * failed.
   */
  encode(frame: AnyFrame, options?: EncodeOptions): Promise<void> {
    try {
      if (options === undefined) return this.#session.encode(frame, false)
      const { keyFrame = false, signal, metadata } = checkOptions(options, ENCODE_CHECKS, 'encode()')
      signal?.throwIfAborted()
      return this.#session.encode(frame, keyFrame, signal, metadata)
    } catch (error) {
      releaseFrame(frame)
      return this.#rejection(error)
    }
  }

  /**
   * Encodes a frame if there is room for it right now, and says whether; for sources that would rather drop a frame than wait.
   * Throws `ERR_FRAME` for a bad frame, `ERR_CLOSED` after `close()`, and what happened when the encoder failed.
   */
  tryEncode(frame: AnyFrame, options?: TryEncodeOptions): boolean {
    if (options === undefined) return this.#session.tryEncode(frame, false)
    const { keyFrame = false, metadata } = checkOptions(options, TRY_ENCODE_CHECKS, 'tryEncode()')
    return this.#session.tryEncode(frame, keyFrame, metadata)
  }

  /**
   * Lends a buffer of the device's own, so that a frame can be written where the device reads it, with no copy. Waits for its turn
   * behind frames that wait in `encode()`, and for a free buffer; lent frames, `flush()` and `close()` do not wait for it. Rejects with `ERR_FRAME` where the runtime forbids memory
   * outside of its heap (nothing is copied instead), with `ERR_CLOSED` after `close()`, with `ERR_TIMEOUT` when it waits for another
   * lent frame that is not given back, and with what happened when the encoder failed.
   *
   * @example
   * ```ts
   * import { createEncoder } from 'v4l2-encoder'
   *
   * const encoder = await createEncoder({ codec: 'h264', format: 'NV12' })
   * const frame = await encoder.acquireFrame()
   * const [luma] = frame.planes
   * for (let row = 0; row < frame.height; row++) luma!.data.fill(row, row * luma!.stride, row * luma!.stride + frame.width)
   * frame.timestamp = 33_333
   * await encoder.encode(frame)
   * ```
   */
  acquireFrame(options?: WaitOptions): Promise<LentFrame> {
    return this.#attempt(() => {
      if (options === undefined) return this.#session.acquireFrame()
      const { signal } = checkOptions(options, WAIT_CHECKS, 'acquireFrame()')
      signal?.throwIfAborted()
      return this.#session.acquireFrame(signal)
    })
  }

  /**
   * Encodes all frames and yields their chunks, no faster than they are read; flushes at the end and leaves the encoder open.
   * It is the one loop that reads the encoder; `break` and errors call the source's `return()`. Throws like `encode()` and `flush()`;
   * when the encoder is closed meanwhile, it ends after the chunks of the frames that were taken.
   *
   * @example
   * ```ts
   * import { createEncoder, type Frame } from 'v4l2-encoder'
   *
   * async function writeAll(frames: AsyncIterable<Frame>, write: (data: Uint8Array) => void) {
   *   const encoder = await createEncoder({ codec: 'h264' })
   *   for await (const chunk of encoder.encodeAll(frames)) write(chunk.data)
   *   await encoder.close()
   * }
   * ```
   */
  encodeAll(frames: FrameSource, options: EncodeAllOptions = {}): AsyncGenerator<EncodedChunk, void, void> {
    const { signal } = checkOptions(options, WAIT_CHECKS, 'encodeAll()')
    return encodeAll(frames, this.#pipe, signal)
  }

  /**
   * This encoder as a pair of Web Streams; its readable side is the one loop that reads the encoder. What goes wrong errors both
   * sides, the readable one after the chunks of the frames before it.
   */
  transform(): EncoderTransform {
    return encoderTransform(this.#pipe)
  }

  /**
   * Adds an independent reader, which gets chunks from now on at its own pace. Throws `ERR_CONFIG` for wrong options.
   *
   * @example
   * ```ts
   * import { createEncoder } from 'v4l2-encoder'
   *
   * const encoder = await createEncoder({ codec: 'h264' })
   * for await (const chunk of encoder.subscribe({ start: 'key', limit: 30 })) console.log(chunk.timestamp)
   * ```
   */
  subscribe(options: SubscribeOptions = {}): Subscription {
    return this.#session.readers.subscribe(options)
  }

  /** Reads the encoder; see the class. */
  [Symbol.asyncIterator](): AsyncIterableIterator<EncodedChunk> {
    return this.#session.readers.primary()
  }

  /**
   * Changes the target, in bits per second, for frames after those already passed to `encode()`. Rejects with `ERR_CONFIG` for a
   * value out of range and `ERR_CONTROL` when the device rejects it.
   */
  setBitrate(bitsPerSecond: number, options: WaitOptions = {}): Promise<void> {
    return this.#request('setBitrate()', options, () => this.#session.setBitrate(number(bitsPerSecond, 'bitrate')))
  }

  /**
   * Changes the frame rate, in frames per second, for frames after those already passed to `encode()`. Rejects with `ERR_CONFIG`
   * for a value out of range and `ERR_CONTROL` when the device rejects it.
   */
  setFramerate(framesPerSecond: number, options: WaitOptions = {}): Promise<void> {
    return this.#request('setFramerate()', options, () =>
      this.#session.setFramerate(number(framesPerSecond, 'framerate')),
    )
  }

  /** Makes a key frame of the next frame that is taken. */
  requestKeyFrame(): void {
    this.#session.requestKeyFrame()
  }

  /**
   * Resolves when the chunks of all frames passed to `encode()` so far are queued to the readers. Rejects with `ERR_TIMEOUT` when
   * the device does not deliver, and with `ERR_CLOSED` after `close()`.
   */
  flush(options: WaitOptions = {}): Promise<void> {
    return this.#request('flush()', options, () => this.#session.flush())
  }

  /**
   * Encodes what was passed to `encode()`, then closes the device; readers get the rest and end. A second call waits for the
   * first. Rejects when the device fails meanwhile.
   */
  close(options: CloseOptions = {}): Promise<void> {
    return this.#attempt(() => {
      const { discard = false, signal } = checkOptions(options, CLOSE_CHECKS, 'close()')
      signal?.throwIfAborted()
      return forCaller(abortable(this.#session.close(discard), signal), signal)
    })
  }

  /** Closes at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** What `console.log()` prints: nothing is asked of the device, so it also works after the end. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const { backend, device } = this
    const { codec, width, height, framerate, bitrate } = this.config
    const { state, ...counters } = this.#session.summary
    const facts = {
      backend,
      device,
      codec,
      width,
      height,
      framerate,
      bitrate,
      state,
      encodeQueueSize: this.encodeQueueSize,
    }
    return printed('Encoder', { ...facts, ...counters }, ...rest)
  }

  #request(owner: string, options: WaitOptions, send: () => Promise<void>): Promise<void> {
    return this.#attempt(() => {
      const { signal } = checkOptions(options, WAIT_CHECKS, owner)
      signal?.throwIfAborted()
      return forCaller(abortable(send(), signal), signal)
    })
  }

  /** What is thrown while a promise is being made becomes its rejection. */
  #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return work()
    } catch (error) {
      return this.#rejection(error)
    }
  }

  /** Mistakes of the program's are to be handled, what the device has done need not be. */
  #rejection(reason: unknown): Promise<never> {
    const rejection = Promise.reject(reason)
    // The session has thrown an error of the caller's own, with the failure as its cause.
    const failure = this.#session.failure
    return failure !== undefined && (reason as Error | undefined)?.cause === failure ? handled(rejection) : rejection
  }

  get #pipe(): Pipe {
    return {
      input: () => this.input,
      primary: () => this.#session.readers.primary(),
      encode: (frame, signal) => this.encode(frame, { signal }),
      flush: () => this.flush(),
    }
  }
}
