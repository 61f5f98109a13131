import { V4L2_BUF_TYPE, V4L2_CAP } from '../../device/constants.js'
import type { BadControl } from '../../device/control-info.js'
import type { Device } from '../../device/device.js'
import type { ControlInfo, FormatDescription } from '../../device/types.js'
import type { NativeAddon } from '../../native/addon.js'
import { isNotHere } from './refusal.js'

/** As `openDevice()` has it. */
const DEFAULT_TIMEOUT_MS = 5000

/** Controls in the driver's order. */
export type Described = readonly (ControlInfo | BadControl)[]

async function describeAll(device: Device): Promise<Described> {
  const all: (ControlInfo | BadControl)[] = []
  for await (const control of device.eachControl()) all.push(control)
  return all
}

/** The device of a command, with the answers that are kept. */
export class InspectedDevice {
  readonly device: Device
  /** For other nodes of the same hardware. */
  readonly loadAddon: () => NativeAddon
  /** How long a request may take, in milliseconds. */
  readonly timeout: number
  readonly #formats = new Map<number, FormatDescription[]>()
  #controls: Promise<Described> | undefined

  constructor(device: Device, loadAddon: () => NativeAddon, timeout = DEFAULT_TIMEOUT_MS) {
    this.device = device
    this.loadAddon = loadAddon
    this.timeout = timeout
  }

  /** Every control, queried once: its name does not change, but its range and flags may. */
  controls(): Promise<Described> {
    return (this.#controls ??= describeAll(this.device))
  }

  /** The formats of a queue, which are queried once. */
  async formats(type: number): Promise<FormatDescription[]> {
    const known = this.#formats.get(type)
    if (known) return known
    const formats = await this.device.formats(type)
    this.#formats.set(type, formats)
    return formats
  }

  /** What the device calls a format in the list of a queue. */
  async describe(type: number, fourcc: number): Promise<string | undefined> {
    const formats = await this.formats(type)
    return formats.find((format) => format.fourcc === fourcc)?.description
  }

  can(capability: number): boolean {
    return (this.device.capability.deviceCaps & capability) !== 0
  }

  /** Like v4l2-ctl, which takes both queues of a device for multi-planar if one of them is. */
  get #isMultiPlanar(): boolean {
    return this.can(V4L2_CAP.VIDEO_CAPTURE_MPLANE | V4L2_CAP.VIDEO_M2M_MPLANE | V4L2_CAP.VIDEO_OUTPUT_MPLANE)
  }

  get captureType(): number {
    return this.#isMultiPlanar ? V4L2_BUF_TYPE.VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE.VIDEO_CAPTURE
  }

  get outputType(): number {
    return this.#isMultiPlanar ? V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE : V4L2_BUF_TYPE.VIDEO_OUTPUT
  }
}

/** What a request answers, or undefined where the driver has no such thing. */
export async function ifAnswered<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNotHere(error)) return undefined
    throw error
  }
}
