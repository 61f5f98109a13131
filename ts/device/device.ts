import { abortSignal, checkOptions, optional, withoutNul } from '../shared/check.js'
import { describe } from '../shared/describe.js'
import { ErrorCode, typeError, V4l2EncoderError } from '../shared/errors.js'
import { argumentObject, uint32, uint32OrText } from '../shared/arguments.js'
import { isOutput } from './buffer-type.js'
import type { Channel } from './channel.js'
import { V4L2_BUF_TYPE, V4L2_CAP } from './constants.js'
import type { BadControl } from './control-info.js'
import { DeviceControls } from './device-controls.js'
import type { ControlReference } from './device-controls.js'
import { EventStream } from './event-stream.js'
import type { DeviceEvent, EventSubscription } from './event-stream.js'
import { nonsense } from './failure.js'
import { fourcc } from './formats.js'
import type { Given, ValueOf } from './layout.js'
import { enumerate, listFormats, listFrameIntervals, listFrameSizes } from './listing.js'
import { checkPictures, exchangeFormat } from './pix-format.js'
import type { PixFormatRequest } from './pix-format.js'
import { Queue } from './queue.js'
import { INSPECT, printed } from '../shared/inspect.js'
import { tracedToCaller } from '../shared/own-error.js'
import type { InspectArguments } from '../shared/inspect.js'
import type { QueueOptions } from './queue-options.js'
import type { Request } from './requests.js'
import { checkedRequest, Requests } from './requests.js'
import type { v4l2_streamparm } from './structs/index.js'
import type {
  Capability,
  ControlInfo,
  ControlValue,
  FormatDescription,
  Fraction,
  FrameInterval,
  FrameSize,
  PixFormat,
  Rect,
  Selection,
  StreamParm,
} from './types.js'

/** A four-character code, as a number or as text. */
export type FourccLike = number | string

function codeOf(format: FourccLike): number {
  const checked = uint32OrText(format, 'format')
  return typeof checked === 'number' ? checked : fourcc(checked)
}

/** An open device. Every method rejects with what the driver said: `error.ioctl` and `error.errno`. */
export class Device {
  /** What the device is. */
  readonly capability: Readonly<Capability>
  readonly #channel: Channel
  readonly #controls: DeviceControls
  readonly #events: EventStream
  readonly #queues = new Map<number, Promise<Queue>>()
  #closing: Promise<void> | undefined

  /** @internal */
  constructor(channel: Channel, capability: Capability) {
    this.#channel = channel
    this.capability = capability
    this.#controls = new DeviceControls(channel)
    this.#events = new EventStream(channel)
  }

  /** Its node. */
  get path(): string {
    return this.#channel.path
  }

  /** What `console.log()` prints: nothing is asked of the device. @internal */
  [INSPECT](...rest: InspectArguments): string {
    const { driver, card, busInfo } = this.capability
    const state = this.#closing ? 'closed' : 'open'
    return printed('Device', { path: this.path, driver, card, busInfo, state }, ...rest)
  }

  /** How it is reached. */
  get transport(): 'kernel' | 'nvidia' {
    return this.#channel.transport
  }

  /** The queue of frames from the device, as one of `V4L2_BUF_TYPE`; of a memory-to-memory device the coded ones of an encoder. */
  get captureType(): number {
    return this.#has(V4L2_CAP.VIDEO_M2M_MPLANE | V4L2_CAP.VIDEO_CAPTURE_MPLANE)
      ? V4L2_BUF_TYPE.VIDEO_CAPTURE_MPLANE
      : V4L2_BUF_TYPE.VIDEO_CAPTURE
  }

  /** The queue of frames to the device, as one of `V4L2_BUF_TYPE`. */
  get outputType(): number {
    return this.#has(V4L2_CAP.VIDEO_M2M_MPLANE | V4L2_CAP.VIDEO_OUTPUT_MPLANE)
      ? V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE
      : V4L2_BUF_TYPE.VIDEO_OUTPUT
  }

  /**
   * Sends any of V4L2's requests. Members that are left out are zero; a member that is an address in C takes an array, whose memory
   * is there during the request. Wrong names, values and lengths are refused before (`ERR_CONFIG`).
   */
  async request<T>(request: Request<T>, argument: Given<NoInfer<T>>): Promise<T> {
    return tracedToCaller(this.#channel.request(checkedRequest(request), argument))
  }

  /** The formats of a queue. */
  async formats(type: number): Promise<FormatDescription[]> {
    return tracedToCaller(listFormats(this.#channel, uint32(type, 'type')))
  }

  /** The sizes that a format comes in; empty where the driver does not tell. */
  async frameSizes(format: FourccLike): Promise<FrameSize[]> {
    return tracedToCaller(listFrameSizes(this.#channel, codeOf(format)))
  }

  /** The frame rates that a format comes in at a size, as seconds from one frame to the next. */
  async frameIntervals(format: FourccLike, width: number, height: number): Promise<FrameInterval[]> {
    return tracedToCaller(
      listFrameIntervals(this.#channel, codeOf(format), uint32(width, 'width'), uint32(height, 'height')),
    )
  }

  /** The format of a queue of frames. */
  async format(type: number): Promise<PixFormat> {
    return tracedToCaller(exchangeFormat(this.#channel, Requests.G_FMT, { type }))
  }

  /** Sets the format of a queue, and resolves with what the driver made of it. */
  async setFormat(format: PixFormatRequest): Promise<PixFormat> {
    return tracedToCaller(exchangeFormat(this.#channel, Requests.S_FMT, format))
  }

  /** What the driver would make of a format. */
  tryFormat(format: PixFormatRequest): Promise<PixFormat> {
    return tracedToCaller(exchangeFormat(this.#channel, Requests.TRY_FMT, format))
  }

  /** A rectangle of a queue's frames; `target` is one of `V4L2_SEL_TGT`. The type is one without `_MPLANE`. */
  async selection(type: number, target: number): Promise<Selection> {
    const { flags, r: rect } = await tracedToCaller(this.#channel.request(Requests.G_SELECTION, { type, target }))
    return { type, target, flags, rect }
  }

  /** Sets a rectangle, and resolves with what the driver made of it. */
  async setSelection(type: number, target: number, rect: Rect, flags = 0): Promise<Selection> {
    const answer = await tracedToCaller(
      this.#channel.request(Requests.S_SELECTION, { type, target, flags, r: argumentObject(rect, 'rect') }),
    )
    return { type, target, flags: answer.flags, rect: answer.r }
  }

  /** The frame rate of a queue, and what can be set about it. */
  async streamParm(type: number): Promise<StreamParm> {
    return this.#parmOf(await tracedToCaller(this.#channel.request(Requests.G_PARM, { type })))
  }

  /** Sets the time from one frame to the next: `{ numerator: 1, denominator: 30 }`. Resolves with what the driver took. */
  async setFrameInterval(type: number, timePerFrame: Fraction): Promise<StreamParm> {
    const timeperframe = argumentObject(timePerFrame, 'timePerFrame') as Fraction
    const parm = isOutput(type) ? { output: { timeperframe } } : { capture: { timeperframe } }
    return this.#parmOf(await tracedToCaller(this.#channel.request(Requests.S_PARM, { type, parm })))
  }

  /** Every control and class of controls. NVIDIA's library lists none: there they are those that its headers name. */
  controls(): Promise<ControlInfo[]> {
    return tracedToCaller(this.#controls.list())
  }

  /** The same, also of a driver that describes some of them by nonsense. @internal */
  eachControl(): AsyncGenerator<ControlInfo | BadControl> {
    return this.#controls.each()
  }

  /** Every entry of one of V4L2's lists, such as ENUMINPUT. @internal */
  entries<T extends { index: number }>(request: Request<T>): Promise<T[]> {
    return tracedToCaller(enumerate(this.#channel, request, (index) => ({ index }) as Given<T>))
  }

  /** One control; rejects with `ERR_CONTROL` (a RangeError) where the device has none of this id or name. */
  control(control: ControlReference): Promise<ControlInfo> {
    return tracedToCaller(this.#controls.describe(control))
  }

  /** The value of a control. */
  async getControl(control: ControlReference): Promise<ControlValue> {
    const [value] = await tracedToCaller(this.#controls.get([control], 'control'))
    return value!
  }

  /** The values of several controls, in one request. */
  getControls(controls: readonly ControlReference[]): Promise<ControlValue[]> {
    return tracedToCaller(this.#controls.get(controls))
  }

  /** Sets a control, and resolves with the value that the driver took. */
  async setControl(control: ControlReference, value: ControlValue | boolean): Promise<ControlValue> {
    const [taken] = await tracedToCaller(this.#controls.set([[control, value]], 'control'))
    return taken!
  }

  /** Sets several controls in one request: all of them or none, and the error names the one that was refused. */
  setControls(values: readonly (readonly [ControlReference, ControlValue | boolean])[]): Promise<ControlValue[]> {
    return tracedToCaller(this.#controls.set(values))
  }

  /** Sets a control to the driver's own choice. */
  resetControl(control: ControlReference): Promise<ControlValue> {
    return tracedToCaller(this.#controls.reset(control))
  }

  /** Subscribes to events and resolves with an iterator over them. `return()` (a `break`) ends the subscription. */
  async events(
    subscriptions: readonly EventSubscription[],
    options: { /** Ends the iterator with the signal's reason. */ signal?: AbortSignal } = {},
  ): Promise<AsyncIterableIterator<DeviceEvent>> {
    const { signal } = checkOptions(options, { signal: optional(abortSignal) }, 'events()')
    return tracedToCaller(this.#events.listen(subscriptions, signal))
  }

  /** Asks the driver for buffers, and maps them. There is one queue of each type at a time (`ERR_BUSY`). */
  async queue(type: number, options: QueueOptions = {}): Promise<Queue> {
    checkPictures(type)
    if (this.#queues.has(type)) {
      throw new V4l2EncoderError(ErrorCode.Busy, `${this.path} has a queue of buffer type ${type} already.`, {
        hint: 'Free it before another one is made.',
      })
    }
    const making = tracedToCaller(Queue.create(this.#channel, type, options, () => this.#queues.delete(type)))
    this.#queues.set(type, making)
    try {
      const queue = await making
      if (!this.#closing) return queue
      await queue.free().catch(() => {})
      throw new V4l2EncoderError(ErrorCode.Closed, `The device ${this.path} is closed.`)
    } catch (error) {
      this.#queues.delete(type)
      throw error
    }
  }

  /** Closes the device: streams stop, iterators over events end, and mapped memory is detached. May be called more than once. */
  close(): Promise<void> {
    return tracedToCaller((this.#closing ??= this.#close()))
  }

  async #close(): Promise<void> {
    this.#events.close()
    for (const making of this.#queues.values()) {
      // NVIDIA's library wants it so; a device that is gone or hangs needs it no more.
      await making.then((queue) => queue.free()).catch(() => {})
    }
    await this.#channel.close()
  }

  /** Closes the device at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #parmOf({ type, parm: { capture, output } }: ValueOf<typeof v4l2_streamparm>): StreamParm {
    if (capture) {
      const { capability, capturemode: mode, timeperframe: timePerFrame, readbuffers: buffers } = capture
      return { type, capability, mode, timePerFrame, buffers }
    }
    if (!output) throw nonsense('VIDIOC_G_PARM', this.path, `parameters of buffer type ${type}`)
    const { capability, outputmode: mode, timeperframe: timePerFrame, writebuffers: buffers } = output
    return { type, capability, mode, timePerFrame, buffers }
  }

  #has(bits: number): boolean {
    return (this.capability.deviceCaps & bits) !== 0
  }
}

/** @internal */
export function assertPath(path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '') return void withoutNul(path, 'The path of openDevice()')
  throw typeError(
    ErrorCode.Config,
    `openDevice() needs the path of a device, such as "/dev/video0", but ${describe(path)} was given.`,
  )
}
