import { cut } from '../shared/describe.js'
import { ErrorCode, rangeError, V4l2EncoderError } from '../shared/errors.js'
import { nearest } from '../shared/did-you-mean.js'
import { reading } from '../shared/reading.js'
import { list, uint32OrText } from '../shared/arguments.js'
import type { Channel } from './channel.js'
import { V4L2_CTRL_FLAG, V4L2_CTRL_WHICH } from './constants.js'
import { describeControl, eachControl, isBad } from './control-info.js'
import type { BadControl } from './control-info.js'
import { controlByName } from './controls.js'
import { isPayload, toGet, toSet, valueOf } from './control-value.js'
import type { ExtControl } from './control-value.js'
import { failure } from './failure.js'
import { describeNvidiaControl, nvidiaControls } from './nvidia-controls.js'
import { Requests } from './requests.js'
import type { Request } from './requests.js'
import type { v4l2_ext_controls } from './structs/index.js'
import type { Given, ValueOf } from './layout.js'
import type { ControlInfo, ControlValue } from './types.js'

/** A control by its id, by its name in the kernel's headers (`'V4L2_CID_…'`), or by the one that `v4l2-ctl` uses. */
export type ControlReference = number | string

type ControlsRequest = Request<ValueOf<typeof v4l2_ext_controls>>

/** NVIDIA's library takes a control of class 0, answers success, and does nothing. */
const CLASS_OF_ID = 0x0fff_0000

const CANNOT_BE_READ = V4L2_CTRL_FLAG.WRITE_ONLY | V4L2_CTRL_FLAG.DISABLED

function checkedReferences(references: unknown, name: string): ControlReference[] {
  return reading('The controls', ErrorCode.Config, () =>
    list(references, name).map((one) => uint32OrText(one, name === 'control' ? name : 'an entry of controls')),
  )
}

/**
 * The controls of one device.
 *
 * @internal
 */
export class DeviceControls {
  readonly #channel: Channel
  #ids: Promise<Map<string, number>> | undefined

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /** NVIDIA's library lists none, so there they are those that its headers name. */
  async list(): Promise<ControlInfo[]> {
    const listed: ControlInfo[] = []
    for await (const control of this.each()) {
      if (isBad(control)) throw control.error
      listed.push(control)
    }
    return listed
  }

  async *each(): AsyncGenerator<ControlInfo | BadControl> {
    let isNone = true
    for await (const control of eachControl(this.#channel)) {
      isNone = false
      yield control
    }
    if (isNone && this.#channel.transport === 'nvidia') yield* nvidiaControls()
  }

  async describe(reference: ControlReference): Promise<ControlInfo> {
    uint32OrText(reference, 'control')
    const id = typeof reference === 'number' ? reference : await this.#idOf(reference)
    const found = await describeControl(this.#channel, id)
    const info = found ?? (this.#channel.transport === 'nvidia' ? describeNvidiaControl(id) : undefined)
    if (info) return info
    throw rangeError(ErrorCode.Control, `${this.#channel.path} has no control 0x${id.toString(16).padStart(8, '0')}.`)
  }

  async get(
    references: readonly ControlReference[],
    name = 'controls',
    which: number = V4L2_CTRL_WHICH.CUR_VAL,
  ): Promise<ControlValue[]> {
    const infos = await this.#describeAll(checkedReferences(references, name))
    for (const { flags, key } of infos) {
      if (flags & CANNOT_BE_READ) throw new V4l2EncoderError(ErrorCode.Control, `The control ${key} cannot be read.`)
    }
    const answered = await this.#exchange(Requests.G_EXT_CTRLS, infos, infos.map(toGet), which)
    return infos.map((info, index) => valueOf(info, answered[index]!))
  }

  /** The values that the driver took. */
  async set(
    values: readonly (readonly [ControlReference, ControlValue | boolean])[],
    name = 'an entry of values',
  ): Promise<ControlValue[]> {
    const pairs = reading('The values', ErrorCode.Config, () =>
      list(values, 'values').map((pair) => {
        const [reference, value] = list(pair, 'an entry of values')
        return { reference: uint32OrText(reference, name), value: value as ControlValue | boolean }
      }),
    )
    const infos = await this.#describeAll(pairs.map(({ reference }) => reference))
    const controls = infos.map((info, index) => toSet(info, pairs[index]!.value))
    const answered = await this.#exchange(Requests.S_EXT_CTRLS, infos, controls, V4L2_CTRL_WHICH.CUR_VAL)
    return infos.map((info, index) => valueOf(info, answered[index]!))
  }

  async reset(reference: ControlReference): Promise<ControlValue> {
    const info = await this.describe(reference)
    if (info.type === 'button')
      throw new V4l2EncoderError(
        ErrorCode.Control,
        `The control ${info.key} is a button, and has no value to go back to.`,
      )
    if (info.fromHeaders)
      throw new V4l2EncoderError(ErrorCode.Control, `NVIDIA's library reports no default for the control ${info.key}.`)
    if (isPayload(info)) {
      const [initial] = await this.get([info.id], 'control', V4L2_CTRL_WHICH.DEF_VAL)
      return (await this.set([[info.id, initial!]]))[0]!
    }
    const initial = info.type === 'integer64' ? info.default : Number(info.default)
    return (await this.set([[info.id, info.type === 'bitmask' ? Number(initial) >>> 0 : initial]]))[0]!
  }

  async #idOf(name: string): Promise<number> {
    this.#ids ??= this.list().then((all) => new Map(all.map(({ key, id }) => [key, id])))
    const ids = await this.#ids.catch((error: unknown) => {
      this.#ids = undefined
      throw error
    })
    const id = ids.get(name) ?? controlByName(name, this.#channel.transport)?.id
    if (id !== undefined) return id
    const guess = nearest(name, [...ids.keys()])
    const hint = guess === undefined ? 'device.controls() lists them.' : `Did you mean "${guess}"?`
    throw rangeError(ErrorCode.Control, `${this.#channel.path} has no control ${cut(name)}. ${hint}`)
  }

  async #describeAll(references: readonly ControlReference[]): Promise<ControlInfo[]> {
    const infos: ControlInfo[] = []
    for (const reference of references) infos.push(await this.describe(reference))
    return infos
  }

  async #exchange(
    request: ControlsRequest,
    infos: readonly ControlInfo[],
    controls: readonly Given<ExtControl>[],
    which: number,
  ): Promise<ExtControl[]> {
    if (this.#channel.transport === 'nvidia') return this.#oneByOne(request, infos, controls)
    return this.#together(request, infos, controls, which)
  }

  async #together(
    request: ControlsRequest,
    infos: readonly ControlInfo[],
    controls: readonly Given<ExtControl>[],
    which: number,
  ): Promise<ExtControl[]> {
    if (controls.length === 0) return []
    const given = { which, count: controls.length, controls: [...controls] }
    const reply = await this.#channel.attempt(request, given)
    if (reply.errno === undefined) return reply.value.controls ?? []
    // Where the driver found nothing wrong with any one of them, the index is their count.
    const culprit = infos[reply.value.error_idx] ?? (infos.length === 1 ? infos[0] : undefined)
    throw failure(request.name, this.#channel.path, reply.errno, reply.reason, culprit?.key)
  }

  /** As NVIDIA's own programs do: with the class, one in each request, and a size of 0 also for a struct. */
  async #oneByOne(
    request: ControlsRequest,
    infos: readonly ControlInfo[],
    controls: readonly Given<ExtControl>[],
  ): Promise<ExtControl[]> {
    const answered: ExtControl[] = []
    for (const [index, { id = 0, u }] of controls.entries()) {
      const given = { which: id & CLASS_OF_ID, count: 1, controls: [{ id, u }] }
      const reply = await this.#channel.attempt(request, given)
      if (reply.errno !== undefined)
        throw failure(request.name, this.#channel.path, reply.errno, reply.reason, infos[index]!.key)
      answered.push(...(reply.value.controls ?? []))
    }
    return answered
  }
}
