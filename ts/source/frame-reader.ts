import { deferred, handled } from '../shared/deferred.js'
import { countableRate, frameTimes, rateWarning } from '../test-pattern/frame-times.js'
import type { Frame, PlaneLayout } from '../frame/frame.js'
import type { ColorSpace, SampleAspectRatio } from '../encoder/options.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import type { FrameShape } from '../frame/plane-layout.js'
import type { Bytes } from './bytes.js'
import { sourceError } from './error.js'
import { FramePool } from './frame-pool.js'
import { FrameQueue } from './frame-queue.js'
import { Filler, parse } from './parse.js'
import type { FrameSink } from './parse.js'
import { sizedShape } from './frame-size.js'
import { ratelessError } from './y4m.js'
import type { Y4mHeader } from './y4m.js'

/** A frame whose memory is lent: give it back with `release()`, or leave it to the garbage collector. */
export interface PipeFrame extends Frame {
  /** The pixels; whatever is written here after `release()` is another frame. */
  data: Uint8Array<ArrayBuffer>
  /** Microseconds. */
  duration: number
  /** How the pixels lie. */
  format: PixelFormat
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /** One entry per plane, where rows are padded. */
  layout?: readonly PlaneLayout[]
  /** Gives the memory back for another frame. The encoder does it for frames that it took; a second call does nothing. */
  release: () => void
}

/** The frames of a source as they were found. */
export interface PipeConfig {
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /** How the pixels lie. */
  format: PixelFormat
  /**
   * Frames per second for an encoder's rate control: from 1 to 240, even if the source has fewer or more. The frames' times are
   * those of the source.
   */
  framerate: number
  /** What luma and chroma mean, where that is known. */
  colorSpace?: ColorSpace
  /** Shape of a pixel, where the source says that it is not square. */
  sampleAspectRatio?: SampleAspectRatio
}

/**
 * What is known about the frames beforehand.
 *
 * @internal
 */
export interface Expected {
  width?: number | undefined
  height?: number | undefined
  /** For raw frames without a size. */
  rawSize?: { width: number; height: number }
  format: PixelFormat
  framerate: number | undefined
  /** Bytes from row to row of each plane of raw frames; tight when left out. */
  strides?: readonly number[] | undefined
  /** The first bytes say it where it is left out. */
  y4m: boolean | undefined
  /** Frames without a rate are an error, instead of 30 a second. */
  needsRate?: boolean
  /** Where more is known than the frames say. */
  colorSpace?: ColorSpace | undefined
}

/** @internal */
export interface ReaderOptions {
  expected: Expected
  whenFull: 'wait' | 'drop-oldest'
  limit: number
  /** From the frame's number and the rate, or from when it arrived; either way the first is at 0. */
  timestamps: 'rate' | 'arrival'
  /** The bytes are at their end, or cannot be read or understood. Rejects when that is no good end; called once. */
  atEnd?: (error?: unknown) => Promise<void>
}

const DEFAULT_FRAMERATE = 30

/**
 * Cuts bytes into frames.
 *
 * @internal
 */
export class FrameReader {
  readonly #options: ReaderOptions
  readonly #bytes: Bytes
  readonly #filler: Filler
  readonly #queue: FrameQueue<PipeFrame>
  readonly #first = deferred<PipeConfig | undefined>()
  #config: PipeConfig | undefined
  #framerate = DEFAULT_FRAMERATE
  readonly #warnings: string[] = []
  #shape: FrameShape | undefined
  #pool: FramePool | undefined
  #memory: Uint8Array<ArrayBuffer> | undefined
  #frames = 0
  #begun = 0

  constructor(bytes: Bytes, options: ReaderOptions) {
    const { limit, whenFull, expected } = options
    this.#options = options
    this.#bytes = bytes
    this.#queue = new FrameQueue({ limit, whenFull, onRoom: () => bytes.resume() })
    const sink: FrameSink = {
      onHeader: (header) => this.#onHeader(header),
      onRaw: () => this.#onRaw(),
      begin: () => (this.#memory = this.#pool!.take()),
      done: () => this.#onFrame(),
    }
    void handled(this.#first.promise)
    this.#filler = new Filler(parse(expected.y4m, sink))
    bytes.start(this.#filler, (error) => void this.#onEnd(error))
  }

  /** Resolves at the first frame with what is known then, or at the end without a frame; rejects with what came instead. */
  get first(): Promise<PipeConfig | undefined> {
    return this.#first.promise
  }

  /** Known from the first frame on. */
  get config(): PipeConfig {
    return this.#config!
  }

  /** What is to be known of the frames; complete from the first frame on. */
  get warnings(): readonly string[] {
    return this.#warnings
  }

  get stats(): { frames: number; dropped: number; bytes: number } {
    return { frames: this.#frames, dropped: this.#queue.dropped, bytes: this.#filler.bytes }
  }

  next(): Promise<IteratorResult<PipeFrame, undefined>> {
    return this.#queue.next()
  }

  /** Ends at once, with the error if there is one: what nobody has read is gone. */
  stop(reason: { error?: unknown } = {}): void {
    this.#bytes.drain()
    if ('error' in reason) this.#first.reject(reason.error)
    else this.#first.resolve(undefined)
    this.#queue.discard(reason)
  }

  #onHeader({ width, height, framerate, ...header }: Y4mHeader): void {
    const { expected } = this.#options
    const wanted = [expected.width ?? width, expected.height ?? height]
    if (wanted[0] !== width || wanted[1] !== height) {
      throw sourceError(
        `The Y4M header says ${width}x${height}, but ${wanted.join('x')} was requested, and frames are not scaled.`,
        'Leave out the size, or have the program that writes the frames scale them.',
      )
    }
    const colorSpace = expected.colorSpace ?? header.colorSpace
    const { sampleAspectRatio } = header
    const rate = expected.framerate ?? this.#rateOf(framerate)
    this.#begin({
      width,
      height,
      format: 'I420',
      framerate: rate,
      ...(colorSpace && { colorSpace }),
      ...(sampleAspectRatio && { sampleAspectRatio }),
    })
  }

  /** A live source's rate is only for the rate control, and may be that of its clock. */
  #rateOf(framerate: number | undefined): number {
    if (framerate === undefined && this.#options.expected.needsRate) throw ratelessError()
    if (framerate === undefined || this.#options.timestamps === 'rate') return framerate ?? DEFAULT_FRAMERATE
    if (countableRate(framerate) === framerate) return framerate
    this.#warnings.push(
      `The source claims ${framerate} frames a second; the rate control counts on ${DEFAULT_FRAMERATE}, unless another rate is given.`,
    )
    return DEFAULT_FRAMERATE
  }

  #onRaw(): void {
    const { rawSize, format, framerate = DEFAULT_FRAMERATE, strides } = this.#options.expected
    const { width = rawSize?.width, height = rawSize?.height, colorSpace } = this.#options.expected
    if (width === undefined || height === undefined) {
      throw sourceError(
        'The frames are raw (they do not begin with "YUV4MPEG2"), so the options width and height are needed.',
        'Give the options width and height, or let the program write Y4M, as "ffmpeg … -f yuv4mpegpipe -" does.',
      )
    }
    this.#begin({ width, height, format, framerate, ...(colorSpace && { colorSpace }) }, strides)
  }

  #begin(config: PipeConfig, strides?: readonly number[]): void {
    this.#shape = sizedShape(config, strides, sourceError)
    this.#pool = new FramePool(this.#shape.byteLength)
    this.#framerate = config.framerate
    this.#config = { ...config, framerate: countableRate(config.framerate) }
    const warning = rateWarning(config.framerate)
    if (warning !== undefined) this.#warnings.push(warning)
  }

  #onFrame(): void {
    const roomLeft = this.#queue.push(this.#lend(this.#memory!))
    this.#first.resolve(this.#config)
    if (!roomLeft) this.#bytes.pause()
  }

  #lend(data: Uint8Array<ArrayBuffer>): PipeFrame {
    const { width, height, format } = this.#config!
    const { tight, layout } = this.#shape!
    let lent = true
    const release = () => {
      if (lent) this.#pool!.giveBack(data)
      lent = false
    }
    const padding = tight ? {} : { layout }
    return { data, ...this.#times(this.#frames++), format, width, height, ...padding, release }
  }

  #times(index: number): { timestamp: number; duration: number } {
    const framerate = this.#framerate
    if (this.#options.timestamps === 'rate') return frameTimes(index, framerate)
    const now = performance.now()
    if (index === 0) this.#begun = now
    return { timestamp: Math.round((now - this.#begun) * 1000), duration: frameTimes(0, framerate).duration }
  }

  async #onEnd(error?: unknown): Promise<void> {
    try {
      await this.#options.atEnd?.(error)
      if (error !== undefined) throw error
      this.#filler.end()
      this.#first.resolve(undefined)
      this.#queue.end()
    } catch (reason) {
      this.#first.reject(reason)
      this.#queue.end({ error: reason })
    }
  }
}
