/**
 * V4L2 in TypeScript: every request, with its structs, controls and their meaning.
 *
 * @module
 */

import { loadAddon } from '../native/loader.js'
import type { Device } from './device.js'
import { openDeviceOn } from './open-device.js'
import type { DeviceOptions } from './open-device.js'
import * as structs from './structs/index.js'

/**
 * Opens a V4L2 device, and asks what it is. Nothing of it blocks JavaScript's thread: each request runs on a thread of the device's own.
 *
 * @throws `ERR_DEVICE_NOT_FOUND`, `ERR_PERMISSION`, `ERR_BUSY`, `ERR_LIBRARY_MISSING`, `ERR_DEVICE` for what is no V4L2 device,
 *   `ERR_TIMEOUT`; `ERR_CONFIG` for a wrong option
 *
 * @example
 * ```ts
 * import { openDevice } from 'v4l2-encoder/device'
 *
 * await using device = await openDevice('/dev/video0')
 * console.log(device.capability.card, await device.formats(device.captureType))
 * await device.setControl('brightness', 128)
 * ```
 */
export function openDevice(path: string, options: DeviceOptions = {}): Promise<Device> {
  return openDeviceOn(loadAddon, path, options)
}

export { structs }
export { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
export type { ArgumentError, RejectedEncoder } from '../shared/errors.js'
export * from './constants.js'
export * from './controls.js'
export type { ControlReference } from './device-controls.js'
export { Device } from './device.js'
export type { FourccLike } from './device.js'
export type { DeviceEvent, EventSubscription } from './event-stream.js'
export * from './formats.js'
export type { Field, Given, Struct, Union, ValueOf } from './layout.js'
export { MappedBuffer } from './mapped-buffer.js'
export type { DeviceOptions } from './open-device.js'
export type { PixFormatRequest } from './pix-format.js'
export { isLast, Queue } from './queue.js'
export type { DequeuedBuffer } from './queue.js'
export type { DequeueOptions, EnqueueOptions, QueueOptions } from './queue-options.js'
export { Requests } from './requests.js'
export type { Request } from './requests.js'
export type * from './types.js'
