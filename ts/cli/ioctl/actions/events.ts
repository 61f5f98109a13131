import { V4L2_EVENT } from '../../../device/constants.js'
import type { EventSubscription } from '../../../device/event-stream.js'
import { suggestion } from '../../../shared/did-you-mean.js'
import { usageError } from '../../exit.js'
import type { Action, Answer } from '../action.js'
import { eventLines } from '../events.js'
import type { PrintedEvent } from '../events.js'
import { findControls } from '../find-controls.js'
import type { InspectedDevice } from '../inspected-device.js'
import { wholeNumber } from '../parse.js'

const EVENTS: Readonly<Record<string, number>> = {
  eos: V4L2_EVENT.EOS,
  vsync: V4L2_EVENT.VSYNC,
  ctrl: V4L2_EVENT.CTRL,
  frame_sync: V4L2_EVENT.FRAME_SYNC,
  source_change: V4L2_EVENT.SOURCE_CHANGE,
  motion_det: V4L2_EVENT.MOTION_DET,
}

interface Wanted {
  readonly subscription: EventSubscription
  readonly control?: string
}

async function controlEvent(inspected: InspectedDevice, name: string | undefined, option: string): Promise<Wanted> {
  if (!name) throw usageError(`--${option} needs the name of the control: ctrl=NAME.`)
  const [control] = await findControls(inspected, [name])
  return { subscription: { type: V4L2_EVENT.CTRL, id: control!.id }, control: control!.key }
}

/** The event of `eos`, `ctrl=brightness`, `source_change=1` or a number. */
async function wantedEvent(inspected: InspectedDevice, text: string, option: string): Promise<Wanted> {
  if (/^\d/.test(text)) return { subscription: { type: wholeNumber(text, `--${option}`) } }
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  const type = Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined
  if (type === undefined) {
    throw usageError(`--${option} has no event "${name}". ${suggestion(name, Object.keys(EVENTS))}`)
  }
  if (type === V4L2_EVENT.CTRL) return controlEvent(inspected, value, option)
  if (value === undefined) return { subscription: { type } }
  if (type !== V4L2_EVENT.SOURCE_CHANGE) throw usageError(`The event ${name} of --${option} has no value.`)
  return { subscription: { type, id: wholeNumber(value, `--${option} ${name}`) } }
}

const answerOf = (event: PrintedEvent): Answer => ({ data: event, lines: eventLines(event) })

/** The events until the signal aborts. */
async function* eachEvent(
  inspected: InspectedDevice,
  { subscription, control }: Wanted,
  signal?: AbortSignal,
): AsyncGenerator<Answer> {
  try {
    const events = await inspected.device.events([subscription], { ...(signal && { signal }) })
    for await (const event of events) yield answerOf({ ...event, ...(control !== undefined && { control }) })
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error
  }
}

const VALUE = 'event'

const checkEvent = (option: string) => async (inspected: InspectedDevice, text: string) =>
  void (await wantedEvent(inspected, text, option))

const WAIT = 'wait-for-event'
const POLL = 'poll-for-event'

/** Performed last, for what else is requested is to be printed before an event comes. */
export const EVENT_ACTIONS: readonly Action[] = [
  {
    option: WAIT,
    valueHint: VALUE,
    description: 'Wait for an event: eos, vsync, ctrl=name, frame_sync, source_change=pad, motion_det or a number',
    check: checkEvent(WAIT),
    async *watch(inspected, text) {
      const events = eachEvent(inspected, await wantedEvent(inspected, text, WAIT))
      for await (const event of events) {
        yield event
        return
      }
    },
  },
  {
    option: POLL,
    valueHint: VALUE,
    description: 'The same, for one event after another until Ctrl-C',
    check: checkEvent(POLL),
    async *watch(inspected, text, signal) {
      yield* eachEvent(inspected, await wantedEvent(inspected, text, POLL), signal)
    },
  },
]
