import { abortable } from '../shared/abort.js'
import { argumentObject } from '../shared/arguments.js'
import { abortSignal, checkOptions, oneOf, optional, positiveInteger, string, withDefault } from '../shared/check.js'
import type { Checks } from '../shared/check.js'
import { handled } from '../shared/deferred.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { fromNative } from '../native/to-error.js'
import { guardedUntilAnswered } from '../native/close-on-exit.js'
import type { DmabufFrame, DmabufPlane } from './frame.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { NativeAddon } from '../native/addon.js'
import type { NativeSurface } from '../native/surface.js'
import { reading } from '../shared/reading.js'
import { INSPECT, printed } from '../shared/inspect.js'
import type { InspectArguments } from '../shared/inspect.js'
import { forbidTransfer } from './untransferable.js'

/** How pixels lie in a surface: as in frames, or NV12 with ten bits in the upper bits of sixteen. */
export type SurfaceFormat = 'NV12' | 'I420' | 'P010'

/** Whether a surface's memory holds rows, or blocks in an order of NVIDIA's own, which its hardware prefers. */
export type SurfaceLayout = 'pitch' | 'block-linear'

/** What surface to allocate. */
export interface SurfaceOptions {
  /** Width in pixels; even, from 16 to 16384. */
  width: number
  /** Height in pixels; even, from 16 to 16384. */
  height: number
  /**
   * How the planes are arranged. Encoders take no `'P010'` in this version; it is for other users of the surface.
   * @default 'NV12'
   */
  format?: SurfaceFormat
  /**
   * `'pitch'` can be written from JavaScript, and costs the encoder a copy. `'block-linear'` is for frames that other
   * hardware writes.
   * @default 'pitch'
   */
  layout?: SurfaceLayout
  /**
   * The file to load instead of NVIDIA's `libnvv4l2.so`; the surface library is looked for beside it first.
   * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
   */
  library?: string
  /** Ends the waiting with the signal's reason. */
  signal?: AbortSignal
}

/** What a frame in a surface has besides its pixels. */
export interface SurfaceFrameInit {
  /** Microseconds; see `Frame.timestamp`. */
  timestamp: number
  /** Microseconds; comes back on the chunk. */
  duration?: number
  /** Called when the device no longer reads the surface; see `Frame.release`. */
  release?: () => void
}

const CHECKS: Checks<SurfaceOptions> = {
  width: positiveInteger,
  height: positiveInteger,
  format: withDefault(oneOf(['NV12', 'I420', 'P010']), 'NV12'),
  layout: withDefault(oneOf(['pitch', 'block-linear']), 'pitch'),
  library: optional(string),
  signal: optional(abortSignal),
}

/**
 * Memory that a Jetson's encoder reads where it is, made by `allocateSurface()`. NVIDIA's other libraries in this process know it by
 * its `fd`. It is freed by `close()`, or when it is garbage and no device has it.
 *
 * @example
 * ```ts
 * import { allocateSurface, createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 1280, height: 720 })
 * const surface = await allocateSurface({ width: 1280, height: 720 })
 * const [luma, chroma] = surface.map()
 * luma!.fill(128)
 * chroma!.fill(128)
 * await encoder.encode(surface.toFrame({ timestamp: 0, release: () => surface.close() }))
 * ```
 */
export class Surface {
  /** The descriptor by which NVIDIA's library knows it. It stays the surface's: do not close it. */
  readonly fd: number
  /** Where each plane lies, as a frame in DMABUFs names them. */
  readonly planes: readonly DmabufPlane[]
  /** How the planes are arranged. */
  readonly format: SurfaceFormat
  /** Width in pixels. */
  readonly width: number
  /** Height in pixels. */
  readonly height: number
  /** How the pixels lie in its memory. */
  readonly layout: SurfaceLayout
  readonly #native: NativeSurface
  #mapped: Uint8Array<ArrayBuffer>[] | undefined
  /** Frames in it that an encoder was given and has not released. */
  #frames = 0
  #closed = false

  /** @internal */
  constructor(
    native: NativeSurface,
    { width, height, format, layout }: Pick<SurfaceOptions, 'width' | 'height' | 'format' | 'layout'>,
  ) {
    this.#native = native
    this.fd = native.fd()
    this.planes = native.planes().map(({ offset, stride }) => ({ fd: this.fd, offset, stride }))
    this.width = width
    this.height = height
    this.format = format!
    this.layout = layout!
  }

  /** What `console.log()` prints. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const { width, height, format, layout, fd } = this
    const state = this.#closed ? 'closed' : this.#mapped ? 'mapped' : 'open'
    return printed('Surface', { width, height, format, layout, fd, state, framesInUse: this.#frames }, ...rest)
  }

  /**
   * The memory of each plane, from the first row's start to the last row's end, to write a frame into by the stride of `planes`.
   * The arrays are empty after `unmap()`, and as soon as a frame in the surface is given to an encoder, which then sees what was
   * written. They cannot be transferred to another thread.
   *
   * Throws `ERR_BUSY` while an encoder has the surface, `ERR_FRAME` for a block-linear one, whose memory does not hold rows, and where
   * the runtime forbids memory outside of its heap; `ERR_CLOSED` after `close()`, and `ERR_DEVICE` when the library fails.
   */
  map(): readonly Uint8Array[] {
    this.#assertFree('mapped')
    if (this.#mapped) return this.#mapped
    const answer = this.#native.map()
    if ('code' in answer) throw fromNative(answer)
    forbidTransfer(answer)
    this.#mapped = answer.map((memory) => new Uint8Array(memory))
    return this.#mapped
  }

  /**
   * Ends the mapping and makes what was written visible to devices. Does nothing without a mapping. Throws `ERR_DEVICE` when the
   * memory could not be synchronised; the mapping is over all the same. Throws `ERR_FRAME` when the memory was moved into another
   * ArrayBuffer; it then stays mapped.
   */
  unmap(): void {
    const error = this.#unmap()
    if (error) throw error
  }

  #unmap(): Error | undefined {
    if (!this.#mapped) return undefined
    const memories = this.#mapped.map(({ buffer }) => buffer)
    // The new ArrayBuffer, from `ArrayBuffer.prototype.transfer()`, can be written to as long as it lives: so it stays mapped.
    if (memories.some((memory) => memory.byteLength === 0)) return movedAway()
    this.#mapped = undefined
    const error = this.#native.unmap(memories)
    return error ? fromNative(error) : undefined
  }

  /**
   * A frame in this surface, for `encode()`. The surface is the encoder's until the frame's `release()`; until then it can be
   * neither mapped nor closed, but it can be encoded again.
   */
  toFrame(init: SurfaceFrameInit): DmabufFrame {
    const { timestamp, duration, release } = reading('The argument of toFrame()', ErrorCode.Frame, () => ({
      ...argumentObject(init, 'init'),
    })) as SurfaceFrameInit
    return {
      surface: this,
      planes: this.planes,
      format: this.format as 'NV12',
      width: this.width,
      height: this.height,
      timestamp,
      ...(duration === undefined ? {} : { duration }),
      ...(release === undefined ? {} : { release }),
    }
  }

  /**
   * What another process needs besides the descriptor: there, a frame in it is
   * `{ planes: [{ fd, offset, stride }, …], surface: { mapParams }, … }`. Throws `ERR_LIBRARY_MISSING` where NVIDIA's library does not let
   * surfaces into other processes (before JetPack 6), and `ERR_CLOSED` after `close()`.
   */
  mapParams(): Uint8Array {
    const answer = this.#native.mapParams()
    if ('code' in answer) throw fromNative(answer)
    return answer
  }

  /** Frees the surface. Throws `ERR_BUSY` while an encoder has it. A second time does nothing. */
  close(): void {
    if (this.#closed) return
    if (this.#frames > 0) throw this.#busy('closed')
    this.#unmap()
    const error = this.#native.close()
    if (error) throw fromNative(error)
    this.#closed = true
  }

  /** As `close()`, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close()
  }

  #assertFree(what: string): void {
    this.assertOpen()
    if (this.#frames > 0) throw this.#busy(what)
  }

  #busy(what: string): V4l2EncoderError {
    return new V4l2EncoderError(ErrorCode.Busy, `The surface cannot be ${what}: an encoder has a frame in it.`, {
      hint: "Wait for the frame's release().",
    })
  }

  /** Whether it is one of `allocateSurface()`, and not what only looks so. @internal */
  static isOne(value: object): value is Surface {
    return #frames in value
  }

  /** @internal */
  assertOpen(): void {
    if (!this.#closed) return
    throw new V4l2EncoderError(ErrorCode.Closed, 'The surface is closed.', {
      hint: 'Allocate a new one with allocateSurface().',
    })
  }

  /**
   * A frame in it goes to an encoder. Returns what went wrong with making it visible, which is no reason to stop.
   *
   * @internal
   */
  lend(): Error | undefined {
    this.#frames++
    return this.#unmap()
  }

  /** @internal */
  giveBack(): void {
    this.#frames--
  }
}

function movedAway(): V4l2EncoderError {
  return new V4l2EncoderError(
    ErrorCode.Frame,
    "The surface's memory was moved into another ArrayBuffer, so it cannot be unmapped.",
    { hint: 'Write into the arrays of map() as they are, and allocate another surface.' },
  )
}

/** @internal */
export async function allocateSurfaceOn(loadAddon: () => NativeAddon, options: unknown): Promise<Surface> {
  const checked = checkOptions(options, CHECKS, 'allocateSurface()')
  const { width, height, format, layout, library, signal } = checked
  signal?.throwIfAborted()
  const wanted = { width, height, format: format!, blockLinear: layout === 'block-linear' }
  const found = guardedUntilAnswered(loadAddon(), (addon) =>
    addon.allocateSurface(library === undefined ? wanted : { ...wanted, library }),
  )
  const answer = await abortable(keepAliveWhile(found), signal).catch((error: unknown) => {
    // The caller no longer waits for it.
    void handled(found.then((late) => ('error' in late ? undefined : late.close())))
    throw error
  })
  if ('error' in answer) throw fromNative(answer.error)
  return new Surface(answer, checked)
}
