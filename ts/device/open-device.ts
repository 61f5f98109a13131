import { abortSignal, checkOptions, oneOf, optional, string, withDefault } from '../shared/check.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import type { NativeAddon } from '../native/addon.js'
import { tracedToCaller } from '../shared/own-error.js'
import { Channel } from './channel.js'
import { V4L2_CAP } from './constants.js'
import { Device, assertPath } from './device.js'
import { failure } from './failure.js'
import { milliseconds } from './queue-options.js'
import { Requests } from './requests.js'
import type { Capability } from './types.js'

/** How to open a device. */
export interface DeviceOptions {
  /**
   * `'kernel'`: by `ioctl(2)`. `'nvidia'`: by NVIDIA's library, the only one that answers on the encoder of a Jetson.
   * `'auto'`: the kernel for V4L2's own nodes, NVIDIA's library for every other.
   * @default 'auto'
   */
  transport?: 'kernel' | 'nvidia' | 'auto'
  /**
   * The file to load instead of NVIDIA's `libnvv4l2.so`.
   * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
   */
  library?: string
  /**
   * How long a request may take, in milliseconds from 1 to 600 000. One that takes longer is `ERR_TIMEOUT`, and so is every further
   * one until it returns.
   * @default 5000
   */
  timeout?: number
  /** Ends the opening with the signal's reason. */
  signal?: AbortSignal
}

const CHECKS = {
  transport: withDefault(oneOf(['kernel', 'nvidia', 'auto']), 'auto'),
  library: optional(string),
  timeout: withDefault(milliseconds(1), 5000),
  signal: optional(abortSignal),
}

const STUB_HINT =
  'A Jetson\'s encoder answers only through NVIDIA\'s library: transport: "nvidia". V4L2 devices are /dev/videoN; "v4l2-encoder ' +
  'devices" and "v4l2-encoder cameras" list them.'

async function capabilityOf(channel: Channel): Promise<Capability> {
  const reply = await channel.attempt(Requests.QUERYCAP, {})
  if (reply.errno === 'ENOTTY' || reply.errno === 'EINVAL') {
    const message = `${channel.path} does not answer as a V4L2 device does: VIDIOC_QUERYCAP failed with ${reply.errno}.`
    const facts = { device: channel.path, ioctl: 'VIDIOC_QUERYCAP', errno: reply.errno, hint: STUB_HINT }
    throw new V4l2EncoderError(ErrorCode.Device, message, facts)
  }
  if (reply.errno !== undefined) throw failure('VIDIOC_QUERYCAP', channel.path, reply.errno, reply.reason)
  const { driver, card, bus_info: busInfo, version, capabilities, device_caps } = reply.value
  const deviceCaps = capabilities & V4L2_CAP.DEVICE_CAPS ? device_caps : capabilities
  return { driver, card, busInfo, version, capabilities, deviceCaps }
}

/** @internal */
export function openDeviceOn(loadAddon: () => NativeAddon, path: unknown, options: unknown): Promise<Device> {
  return tracedToCaller(open(loadAddon, path, options))
}

async function open(loadAddon: () => NativeAddon, path: unknown, options: unknown): Promise<Device> {
  assertPath(path)
  const { transport, library, timeout: limit, signal } = checkOptions(options, CHECKS, 'openDevice()')
  signal?.throwIfAborted()
  const native = { path, transport, ...(library === undefined ? {} : { library }) }
  const channel = await Channel.open(loadAddon(), native, limit, signal)
  try {
    return new Device(channel, await capabilityOf(channel))
  } catch (error) {
    await channel.close().catch(() => {})
    throw error
  }
}
