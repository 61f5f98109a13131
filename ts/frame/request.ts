import { TRY_TAKEN } from '../native/addon.js'
import type { NativeError } from '../native/error.js'
import { describe, isList } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import { reading } from '../shared/reading.js'
import { PreparedAround } from './prepared-frame.js'
import type { PreparedFrame } from './prepared-frame.js'
import type { FrameTarget } from './target.js'

/** A part of a frame whose quantizer differs from that of the rest. */
export interface FrameRegion {
  /** Left edge, in pixels; whole, from 0. */
  x: number
  /** Upper edge, in pixels; whole, from 0. */
  y: number
  /** In pixels; whole, from 1, and inside the frame. */
  width: number
  /** In pixels; whole, from 1, and inside the frame. */
  height: number
  /** Added to the quantizer of the region: a whole number from -51 (far finer) to 51 (far coarser). */
  quantizerOffset: number
}

/**
 * What is asked of one frame, as it was given.
 *
 * @internal
 */
export interface FrameRequest {
  exact?: boolean
  quantizer?: number
  regions?: readonly FrameRegion[]
}

/** Regions of a frame at most; the addon has the same limit. */
const MAX_REGIONS = 8

const MEMBERS = ['x', 'y', 'width', 'height', 'quantizerOffset'] as const

const MAX_INT32 = 0x7fff_ffff

function whole(value: unknown, name: string, least: number, most: number): number {
  if (typeof value !== 'number') {
    throw typeError(ErrorCode.Frame, `${name} must be a whole number, but ${describe(value)} was given.`)
  }
  if (Number.isInteger(value) && value >= least && value <= most) return value + 0
  throw rangeError(
    ErrorCode.Frame,
    `${name} must be a whole number from ${least} to ${most}, but ${describe(value)} was given.`,
  )
}

/** Five numbers of each region; whether they are inside the frame is for the addon to say. */
function flattened(regions: unknown): Int32Array | null {
  if (regions === undefined) return null
  if (!Array.isArray(regions)) {
    throw typeError(ErrorCode.Frame, `A frame's regions must be an array, but ${describe(regions)} was given.`)
  }
  if (regions.length > MAX_REGIONS) {
    throw rangeError(
      ErrorCode.Frame,
      `The frame has ${regions.length} regions, but at most ${MAX_REGIONS} are allowed.`,
    )
  }
  const numbers = new Int32Array(regions.length * MEMBERS.length)
  // Holes of the array are regions too, and wrong.
  for (let index = 0; index < regions.length; index++) {
    const region: unknown = regions[index]
    if (typeof region !== 'object' || region === null || isList(region)) {
      throw typeError(
        ErrorCode.Frame,
        `A frame's region must be an object { ${MEMBERS.join(', ')} }, but ${describe(region)} was given.`,
      )
    }
    for (const [place, member] of MEMBERS.entries()) {
      const [least, most] = member === 'quantizerOffset' ? [-51, 51] : [0, MAX_INT32]
      const value = (region as Record<string, unknown>)[member]
      numbers[index * MEMBERS.length + place] = whole(value, `The ${member} of region ${index}`, least, most)
    }
  }
  return numbers
}

/**
 * The frame with what is asked of it. Throws for what is of a wrong type or outside of every range.
 *
 * @internal
 */
export function withRequest(prepared: PreparedFrame, given: FrameRequest | undefined): PreparedFrame {
  const { exact = false, quantizer, regions } = given ?? {}
  if (!exact && quantizer === undefined && regions === undefined) return prepared
  return reading("The frame's options", ErrorCode.Frame, () => {
    const finer = quantizer === undefined ? NaN : whole(quantizer, "A frame's quantizer", 0, 63)
    return new PreparedWithRequest(prepared, exact, finer, flattened(regions))
  })
}

/** A frame of which something is asked right before it is submitted. */
class PreparedWithRequest extends PreparedAround {
  readonly #exact: boolean
  readonly #quantizer: number
  readonly #regions: Int32Array | null

  constructor(frame: PreparedFrame, exact: boolean, quantizer: number, regions: Int32Array | null) {
    super(frame)
    this.#exact = exact
    this.#quantizer = quantizer
    this.#regions = regions
  }

  submit(target: FrameTarget, keyFrame: boolean): number | NativeError {
    const error = target.session.setRequest(this.#exact, this.#quantizer, this.#regions)
    if (error) return error
    const answer = this.submitFrame(target, keyFrame)
    // What was not taken is asked of no other frame.
    if (answer !== TRY_TAKEN) target.session.setRequest(false, NaN, null)
    return answer
  }
}
