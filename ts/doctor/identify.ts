import type { Device } from '../device/device.js'
import { V4L2_CAP, V4L2_FMT_FLAG } from '../device/constants.js'
import { openDeviceOn } from '../device/open-device.js'
import type { FormatDescription } from '../device/types.js'
import type { V4l2EncoderError } from '../shared/errors.js'
import type { NativeAddon, NativeEncoderInfo } from '../native/addon.js'
import type { IdentifyNode, NodeIdentity, NodeKind } from './facts/nodes.js'
import type { Machine } from './machine.js'

const REQUEST_MS = 2000

const MEMORY_TO_MEMORY = V4L2_CAP.VIDEO_M2M | V4L2_CAP.VIDEO_M2M_MPLANE
const CAPTURE = V4L2_CAP.VIDEO_CAPTURE | V4L2_CAP.VIDEO_CAPTURE_MPLANE
const OUTPUT = V4L2_CAP.VIDEO_OUTPUT | V4L2_CAP.VIDEO_OUTPUT_MPLANE
const METADATA = V4L2_CAP.META_CAPTURE | V4L2_CAP.META_OUTPUT

/** Claims to be memory-to-memory, and is not. */
const LOOPBACK = 'v4l2 loopback'

/** Formats of still pictures. */
const STILL = new Set(['JPEG', 'MJPG'])

function codedOf(formats: readonly FormatDescription[]): string[] {
  return formats.filter(({ flags }) => flags & V4L2_FMT_FLAG.COMPRESSED).map(({ code }) => code)
}

/** Coded formats on one side only are an encoder's or a decoder's; raw ones on both, a scaler's or converter's. */
function kindOfSides(gives: readonly string[], takes: readonly string[]): NodeKind {
  if (gives.length > 0 && takes.length === 0) return gives.every((code) => STILL.has(code)) ? 'jpeg-encoder' : 'encoder'
  if (gives.length > 0) return 'other'
  return takes.length > 0 ? 'decoder' : 'converter'
}

async function kindOf(device: Device): Promise<Pick<NodeIdentity, 'kind' | 'codes'>> {
  const { driver, deviceCaps } = device.capability
  if (driver === LOOPBACK) return { kind: 'loopback', codes: [] }
  const isBoth = (deviceCaps & CAPTURE) !== 0 && (deviceCaps & OUTPUT) !== 0
  if (deviceCaps & MEMORY_TO_MEMORY || isBoth) {
    const gives = codedOf(await device.formats(device.captureType))
    const takes = codedOf(await device.formats(device.outputType))
    return { kind: kindOfSides(gives, takes), codes: takes.length === 0 ? gives : [] }
  }
  if (deviceCaps & CAPTURE) return { kind: 'camera', codes: [] }
  return { kind: deviceCaps & METADATA ? 'metadata' : 'other', codes: [] }
}

async function ask(addon: NativeAddon, place: string): Promise<NodeIdentity> {
  const device = await openDeviceOn(() => addon, place, { transport: 'kernel', timeout: REQUEST_MS })
  try {
    const { driver, card, busInfo: bus } = device.capability
    return { driver, card, bus, ...(await kindOf(device)) }
  } finally {
    await device.close().catch(() => {})
  }
}

/**
 * Where everything that could encode is asked, as the selection asks it; the addon gets a made-up root.
 *
 * @internal
 */
export function rootOf(machine: Machine): { root?: string } {
  return machine.root === '/' ? {} : { root: machine.root }
}

/**
 * Identifies a node by asking it for its capabilities and formats. An encoder that the selection lists encodes what that says.
 *
 * @internal
 */
export function identifyByAsking(
  addon: NativeAddon,
  machine: Machine,
  encoders: readonly NativeEncoderInfo[],
): IdentifyNode {
  return async (path) => {
    try {
      const identity = await ask(addon, machine.place(path))
      const listed = encoders.find(({ device }) => device !== null && machine.pathOf(device) === path)
      return listed && listed.codecs.length > 0 ? { ...identity, codes: listed.codecs } : identity
    } catch (error) {
      const { code, message } = error as V4l2EncoderError
      return {
        kind: 'unknown',
        driver: null,
        card: null,
        bus: null,
        codes: [],
        code,
        message: machine.withoutRoot(message),
      }
    }
  }
}
