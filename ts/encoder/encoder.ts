import type { BackendName } from '../shared/backend.js'
import { checkOptions, number } from '../shared/check.js'
import { CLOSE_CHECKS, ENCODE_CHECKS, TRY_ENCODE_CHECKS, UPDATE_CHECKS, WAIT_CHECKS } from './call-options.js'
import type { CloseOptions, EncodeAllOptions, EncodeOptions, TryEncodeOptions, WaitOptions } from './call-options.js'
import type { DecoderConfig, EncodedChunk } from '../output/chunk.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { forCaller } from '../shared/own-error.js'
import { handled } from '../shared/deferred.js'
import { abortable } from '../shared/abort.js'
import { encodeAll } from '../output/encode-all.js'
import type { FrameSource } from '../output/encode-all.js'
import type { RejectedEncoder } from '../shared/errors.js'
import { releaseFrame } from '../frame/prepare.js'
import type { AnyFrame } from '../frame/prepare.js'
import type { Pipe } from '../output/feed.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import type { LentFrame } from '../frame/lent-frame.js'
import type { EncoderConfig, EncoderSetting, EncoderWarning } from './options.js'
import type { EncoderInput } from '../frame/negotiate.js'
import { closeWhenCollected } from '../shared/close-when-collected.js'
import type { Session } from './session.js'
import type { LossReaction } from './loss.js'
import type { EncoderStats } from './stats.js'
import type { SubscribeOptions, Subscription } from '../output/subscription.js'
import { assertApplied, checkChanges } from './update.js'
import type { EncoderChanges, SettingChange, UpdateOptions } from './update.js'
import type { Observation } from './observations.js'
import { encoderTransform } from '../output/transform.js'
import type { EncoderTransform } from '../output/transform.js'

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
  get backend(): BackendName {
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
   * Rejects with `ERR_FRAME` for a bad frame, `ERR_CONFIG` and `ERR_CONTROL` for what cannot be asked of a frame of this encoder, `ERR_QUEUE_FULL` when `maxPendingFrames` others wait or 64 MiB of chunks are unread, `ERR_CLOSED`
   * after `close()`, `ERR_TIMEOUT` when it waits for a lent frame that is not given back, and with what happened when the encoder
   * failed.
   */
  encode(frame: AnyFrame, options?: EncodeOptions): Promise<void> {
    try {
      if (options === undefined) return this.#session.encode(frame, false)
      const checked = checkOptions(options, ENCODE_CHECKS, 'encode()')
      checked.signal?.throwIfAborted()
      return this.#session.encode(frame, checked.keyFrame!, checked)
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
    const checked = checkOptions(options, TRY_ENCODE_CHECKS, 'tryEncode()')
    return this.#session.tryEncode(frame, checked.keyFrame!, checked)
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
   * Changes settings of the running encoder, for frames after those already passed to `encode()`. Resolves when the request has gone
   * to the device, with what became of each setting; what shows only in the stream comes from `observations()`. Changes are made in
   * the order of the calls, and each as a whole: nothing of one that is rejected for its values is made.
   *
   * With `width` and `height`, frames passed to `encode()` before this call have the old size, and frames after it must have the new
   * one: the device is opened again in between. Readers stay, no frame is lost, and the next chunk is a key frame with a new `decoderConfig`.
   *
   * Rejects with `ERR_CONFIG` for a value out of its range or one that contradicts another setting, with `ERR_CONTROL` where the
   * encoder has no control for a setting or the device rejects it, and with `ERR_CLOSED` after `close()`.
   *
   * @example
   * ```ts
   * import { createEncoder } from 'v4l2-encoder'
   *
   * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480, bitrate: 2_000_000 })
   * for (const { name, effect } of await encoder.update({ bitrate: 500_000, keyFrameInterval: 300 })) console.log(name, effect)
   * await encoder.close()
   * ```
   */
  update(changes: EncoderChanges, options?: UpdateOptions): Promise<readonly SettingChange[]> {
    return this.#attempt(() => {
      const checked = checkChanges(changes)
      if (options === undefined) return forCaller(this.#session.update(checked, false))
      const { restart = false, signal } = checkOptions(options, UPDATE_CHECKS, 'update()')
      signal?.throwIfAborted()
      return forCaller(abortable(this.#session.update(checked, restart), signal), signal)
    })
  }

  /** Changes the target, in bits per second: `update({ bitrate })`, which rejects where the running device does not take it. */
  setBitrate(bitsPerSecond: number, options: WaitOptions = {}): Promise<void> {
    return this.#set(() => ({ bitrate: number(bitsPerSecond, 'bitrate') }), options, 'setBitrate()')
  }

  /** Changes the frame rate, in frames per second: `update({ framerate })`, which rejects where the running device does not take it. */
  setFramerate(framesPerSecond: number, options: WaitOptions = {}): Promise<void> {
    return this.#set(() => ({ framerate: number(framesPerSecond, 'framerate') }), options, 'setFramerate()')
  }

  /**
   * What shows only in the stream, from now on: the bit rate of each second, the first frame of a change, and a change of the bit
   * rate that the encoder has ignored. It ends with the encoder or by `break`; of a reader that falls behind by more than 256, the oldest are dropped.
   *
   * @example
   * ```ts
   * import { createEncoder } from 'v4l2-encoder'
   *
   * const encoder = await createEncoder({ codec: 'h264' })
   * for await (const observed of encoder.observations()) {
   *   if (observed.type === 'bitrate') console.log(observed.bitrate, 'of', observed.target)
   * }
   * ```
   */
  observations(): AsyncIterableIterator<Observation> {
    return this.#session.updates.observers.add(() => this.#session.active.config.bitrate)
  }

  /** Makes a key frame of the next frame that is taken. */
  requestKeyFrame(): void {
    this.#session.requestKeyFrame()
  }

  /**
   * Takes note that a receiver lost the frame of this timestamp, in microseconds, and says what it did about it. `'key-frame'`: the next
   * frame becomes one. `'intra-refresh'`: the intra refresh that runs covers it within its period. `'none'`: a key frame is newer than the
   * lost frame, or already asked for by an earlier report. Throws `ERR_CONFIG` for what is no number.
   */
  reportLoss(timestamp: number): LossReaction {
    const refresh = ({ name, source }: EncoderSetting) => name.startsWith('intraRefresh') && source !== 'unsupported'
    return this.#session.losses.report(number(timestamp, 'timestamp'), this.settings.some(refresh))
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

  #set(changes: () => EncoderChanges, options: WaitOptions, owner: string): Promise<void> {
    return this.#request(owner, options, () => this.#session.update(changes(), false).then(assertApplied))
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
