import { bytesOf } from '../shared/bytes-of.js'
import { boolean, objectOf, withDefault } from '../shared/check.js'
import type { Check } from '../shared/check.js'
import { cut, describe, isList } from '../shared/describe.js'
import { suggestion } from '../shared/did-you-mean.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { reading } from '../shared/reading.js'
import { TRY_TAKEN } from '../native/addon.js'
import type { NativeError } from '../native/error.js'
import { PreparedAround } from './prepared-frame.js'
import type { PreparedFrame } from './prepared-frame.js'
import type { FrameTarget } from './target.js'

/** What goes into the stream with one frame, of an encoder that was created with `metadata`. */
export interface FrameMetadata {
  /**
   * When the frame was taken: microseconds since 1970, UTC, from 0 to 2^53−1; fractions are cut off. A camera's frames bring it.
   * @default none
   */
  captureTime?: number | bigint
  /**
   * By how many microseconds the capture time may be wrong, either way: 0 to 2^32−1.
   * @default none
   */
  captureTimeUncertainty?: number
  /**
   * A whole number from 0 to 2^53−1.
   * @default a running number from 0, unless the encoder was created with `metadata: { frameId: false }`
   */
  frameId?: number | bigint
  /**
   * Up to 64 KiB of your own, whatever they hold; read when `encode()` is called.
   * @default none
   */
  userData?: ArrayBufferView | ArrayBuffer | SharedArrayBuffer
}

/** What went into the stream with a frame. */
export interface ChunkMetadata {
  /** When the frame was taken: microseconds since 1970, UTC. */
  captureTime?: number
  /** By how many microseconds the capture time may be wrong, either way. */
  captureTimeUncertainty?: number
  /** The number of the frame. */
  frameId?: number
  /** The bytes that came with the frame. */
  userData?: Uint8Array<ArrayBuffer>
}

/** What goes into the stream by itself. */
export interface MetadataOptions {
  /**
   * Whether the capture time that a frame brings, as those of a camera do, goes into the stream.
   * @default true
   */
  captureTime?: boolean
  /**
   * Whether frames without a `frameId` get a running number.
   * @default true
   */
  frameId?: boolean
}

/** Bytes of a frame's user data at most; the addon has the same limit. */
const MAX_USER_DATA = 65_536

const NAMES = ['captureTime', 'captureTimeUncertainty', 'frameId', 'userData'] as const

const members = objectOf<MetadataOptions>({
  captureTime: withDefault(boolean, true),
  frameId: withDefault(boolean, true),
})

/** @internal */
export const metadataOption: Check<Required<MetadataOptions> | false> = (value, name) => {
  if (value === true) return { captureTime: true, frameId: true }
  if (value === false) return false
  if (typeof value === 'object' && value !== null) return members(value, name) as Required<MetadataOptions>
  throw typeError(
    ErrorCode.Config,
    `The option ${name} must be true, false or an object { captureTime, frameId }, but ${describe(value)} was given.`,
  )
}

/** A whole number as the addon takes it; NaN where there is none. */
function whole(value: unknown, name: string, most: number): number {
  if (value === undefined) return NaN
  if (typeof value !== 'number' && typeof value !== 'bigint') {
    throw typeError(ErrorCode.Frame, `A frame's ${name} must be a whole number, but ${describe(value)} was given.`)
  }
  // Every bigint above 2^64 is above 2^53 as a number, too.
  const number = Math.trunc(Number(value))
  if (number >= 0 && number <= most) return number
  throw rangeError(
    ErrorCode.Frame,
    `A frame's ${name} must be a whole number from 0 to ${most}, but ${describe(value)} was given.`,
  )
}

/** A copy, because what waits is read later. */
function bytes(value: unknown): Uint8Array | null {
  if (value === undefined) return null
  const data = bytesOf(value)
  if (!data) {
    throw typeError(
      ErrorCode.Frame,
      `A frame's userData must be an ArrayBuffer or a view of one, such as a Uint8Array, but ${describe(value)} was given.`,
    )
  }
  if (data.byteLength <= MAX_USER_DATA) return data.slice()
  throw rangeError(
    ErrorCode.Frame,
    `A frame's userData has ${data.byteLength} bytes, but at most ${MAX_USER_DATA} are allowed.`,
    'Send larger data beside the stream, and refer to it by the frameId.',
  )
}

type Given = Partial<Record<(typeof NAMES)[number], unknown>>

/** The metadata that a caller gave, with names that exist. */
function membersOf(value: unknown): Given {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null || isList(value)) {
    throw typeError(
      ErrorCode.Frame,
      `A frame's metadata must be an object { ${NAMES.join(', ')} }, but ${describe(value)} was given.`,
    )
  }
  for (const name of Object.keys(value)) {
    if ((NAMES as readonly string[]).includes(name)) continue
    throw typeError(ErrorCode.Frame, `A frame's metadata has no ${cut(name)}. ${suggestion(name, NAMES)}`)
  }
  return value
}

/**
 * What goes into the stream with the frames of one encoder.
 *
 * @internal
 */
export class MetadataSource {
  readonly #options: Required<MetadataOptions> | undefined
  #next = 0

  constructor(options: Required<MetadataOptions> | undefined) {
    this.#options = options
  }

  /** The frame with its metadata: what `encode()` was given, before what the frame brings. Throws for what cannot go along. */
  attach(prepared: PreparedFrame, frame: unknown, given: unknown): PreparedFrame {
    const options = this.#options
    if (options)
      return reading("The frame's metadata", ErrorCode.Frame, () => this.#attach(prepared, frame, given, options))
    if (given === undefined) return prepared
    throw typeError(
      ErrorCode.Config,
      'The encoder was created without the option metadata, so nothing goes into the stream with a frame.',
      'Create it with metadata: true.',
    )
  }

  #attach(prepared: PreparedFrame, frame: unknown, given: unknown, options: Required<MetadataOptions>): PreparedFrame {
    const asked = membersOf(given)
    const own = membersOf((frame as { metadata?: unknown }).metadata)
    // The uncertainty that a frame brings is that of its own time.
    const timed = options.captureTime && asked.captureTime === undefined ? own : {}
    return new PreparedWithMetadata(prepared, this, {
      captureTime: whole(asked.captureTime ?? timed.captureTime, 'captureTime', Number.MAX_SAFE_INTEGER),
      uncertainty: whole(
        asked.captureTimeUncertainty ?? timed.captureTimeUncertainty,
        'captureTimeUncertainty',
        0xffff_ffff,
      ),
      frameId: whole(asked.frameId ?? own.frameId, 'frameId', Number.MAX_SAFE_INTEGER),
      userData: bytes(asked.userData ?? own.userData),
    })
  }

  /** The number of the next frame without one. */
  get number(): number {
    return this.#options?.frameId ? this.#next : NaN
  }

  /** A frame was taken. */
  count(): void {
    this.#next++
  }
}

interface Numbers {
  captureTime: number
  uncertainty: number
  frameId: number
  userData: Uint8Array | null
}

/** A frame whose metadata is set right before it is submitted. */
class PreparedWithMetadata extends PreparedAround {
  readonly #source: MetadataSource
  readonly #metadata: Numbers

  constructor(frame: PreparedFrame, source: MetadataSource, metadata: Numbers) {
    super(frame)
    this.#source = source
    this.#metadata = metadata
  }

  submit(target: FrameTarget, keyFrame: boolean): number | NativeError {
    const { captureTime, uncertainty, frameId, userData } = this.#metadata
    const id = Number.isNaN(frameId) ? this.#source.number : frameId
    const error = target.session.setMetadata(captureTime, uncertainty, id, userData)
    if (error) return error
    const answer = this.submitFrame(target, keyFrame)
    if (answer === TRY_TAKEN) this.#source.count()
    return answer
  }
}
