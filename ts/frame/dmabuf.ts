import { bytesOf } from '../shared/bytes-of.js'
import { describe, isList } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { TRY_TAKEN } from '../native/addon.js'
import type { NativeError } from '../native/error.js'
import type { DmabufFrame, DmabufPlane, PlaneLayout } from './frame.js'
import type { Leased } from './leases.js'
import { formatOf } from './pixel-format.js'
import type { PixelFormat } from './pixel-format.js'
import { isWhole, layoutNumbers, planesOf } from './plane-layout.js'
import type { PreparedFrame } from './prepared-frame.js'
import { callRelease } from './release.js'
import { Surface } from './surface.js'
import type { FrameTarget } from './target.js'

/** What a frame in DMABUFs has besides its times. */
interface DmabufFacts {
  descriptors: Int32Array
  layout: Uint32Array
  format: PixelFormat
  /** One of `allocateSurface()`. */
  surface: Surface | undefined
  /** Of a surface of another process. */
  mapParams: Uint8Array | null
}

/**
 * A frame in DMABUFs, whose memory the device may read after the call that took it.
 *
 * @internal
 */
export class PreparedDmabuf implements PreparedFrame, Leased {
  readonly timestamp: number
  readonly duration: number
  readonly facts: DmabufFacts
  /** Whose `release()` is called. */
  readonly #frame: object
  #isTaken = false

  constructor(frame: object, facts: DmabufFacts, timestamp: number, duration: number) {
    this.facts = facts
    this.timestamp = timestamp
    this.duration = duration
    this.#frame = frame
  }

  get needsRoom(): boolean {
    return true
  }

  check(): void {}

  forQueue(): this {
    return this
  }

  hold(): Error | undefined {
    return this.facts.surface?.lend()
  }

  submit(target: FrameTarget, keyFrame: boolean): number | NativeError {
    const { descriptors, layout, format, mapParams } = this.facts
    const token = target.leases.next()
    const answer = target.session.tryEncodeDmabuf(
      descriptors,
      layout,
      target.formatOrNull(format),
      this.timestamp,
      this.duration,
      keyFrame,
      token,
      mapParams,
    )
    this.#isTaken = answer === TRY_TAKEN
    // Its release is an event, which never comes within the call.
    if (this.#isTaken) target.leases.add(token, this)
    return answer
  }

  settle(): void {
    if (!this.#isTaken) this.giveBack()
  }

  withdraw(): void {
    this.facts.surface?.giveBack()
  }

  giveBack(): void {
    // First, so that the frame's release() may write the next frame.
    this.facts.surface?.giveBack()
    callRelease(this.#frame)
  }
}

/**
 * Checks what a frame in DMABUFs has besides its times.
 *
 * @internal
 */
export function prepareDmabuf(
  frame: Partial<Record<keyof DmabufFrame, unknown>>,
  expectedFormat: string,
  timestamp: number,
  duration: number,
): PreparedDmabuf {
  assertEightBits(frame.format)
  const format = formatOf(frame.format, expectedFormat)
  const facts = { ...dmabufsOf(frame.planes, format), format, ...surfaceOf(frame.surface) }
  return new PreparedDmabuf(frame, facts, timestamp, duration)
}

const MAX_INT32 = 0x7fff_ffff

function dmabufsOf(value: unknown, format: PixelFormat): { descriptors: Int32Array; layout: Uint32Array } {
  const planes = planesOf(format)
  if (!isList(value) || value.length !== planes) {
    throw typeError(
      ErrorCode.Frame,
      `The planes of an ${format} frame must be a list of ${planes}, each { fd, offset, stride }.`,
    )
  }
  const descriptors = new Int32Array(planes)
  for (let index = 0; index < planes; index++) {
    const fd = (value[index] as Partial<DmabufPlane> | null)?.fd
    if (!isWhole(fd, MAX_INT32)) {
      throw typeError(ErrorCode.Frame, `The fd of a plane must be an open descriptor, not ${describe(fd)}.`)
    }
    descriptors[index] = fd
  }
  return { descriptors, layout: layoutNumbers(value as Partial<PlaneLayout>[]) }
}

function surfaceOf(value: unknown): { surface: Surface | undefined; mapParams: Uint8Array | null } {
  if (value === undefined || value === null) return { surface: undefined, mapParams: null }
  const object = typeof value === 'object' ? value : {}
  if (Surface.isOne(object)) {
    object.assertOpen()
    return { surface: object, mapParams: null }
  }
  const { mapParams } = object as { mapParams?: unknown }
  const bytes = bytesOf(mapParams)
  if (bytes) return { surface: undefined, mapParams: bytes }
  throw typeError(
    ErrorCode.Frame,
    "A frame's surface must be one of allocateSurface(), or { mapParams } with bytes, such as a Uint8Array.",
    'Leave it out for a surface that other code in this process made.',
  )
}

/** Surfaces can be of ten bits, and encoders here cannot. */
function assertEightBits(format: unknown): void {
  if (format !== 'P010') return
  throw rangeError(
    ErrorCode.Frame,
    'The frame is P010, but encoders are set to 8 bits in this version and take I420 and NV12.',
    "Allocate the surface as 'NV12', or have NVIDIA's library convert the frame into one.",
  )
}
