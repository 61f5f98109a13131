import type { Device } from '../../device/device.js'
import { openDeviceOn } from '../../device/open-device.js'
import { V4l2EncoderError } from '../../errors.js'
import type { NativeAddon } from '../../native.js'
import type { Action } from './action.js'
import { ACTIONS } from './actions/all.js'
import { SET_FORMATS } from './actions/formats.js'
import { jsonText } from './json.js'
import type { IoctlPlan } from './options.js'
import { Session } from './session.js'
import { errorText } from './words.js'

/** What came of everything that was asked for. */
interface Outcome {
  readonly lines: string[]
  readonly data: Record<string, unknown>
  hasFailed: boolean
}

/** NVIDIA's library takes controls only once it knows both formats; v4l2-ctl sets controls first. */
const BEFORE_CONTROLS = new Set(SET_FORMATS.map(({ option }) => option))

function inOrder(actions: readonly Action[], through: Device['through']): Action[] {
  if (through === 'kernel') return [...actions]
  const [formats, others] = [true, false].map((isFormat) =>
    actions.filter(({ option }) => BEFORE_CONTROLS.has(option) === isFormat),
  ) as [Action[], Action[]]
  return [...formats, ...others]
}

/** Without an option it is told what the device is. */
function wantedActions({ options, isAll }: IoctlPlan, through: Device['through']): Action[] {
  const wanted = ACTIONS.filter(({ option, isInAll }) => options[option] !== undefined || (isAll && isInAll === true))
  return wanted.length > 0 ? inOrder(wanted, through) : ACTIONS.filter(({ option }) => option === 'info')
}

function isRefusal(error: unknown): error is V4l2EncoderError {
  return error instanceof V4l2EncoderError && error.ioctl !== undefined && error.errno !== undefined
}

/** A request that the driver refuses is told and does not end the others; of `--all` nothing is told of it, as many are refused. */
function noteRefusal(outcome: Outcome, { option, isInAll }: Action, error: V4l2EncoderError, isAll: boolean): void {
  if (isAll && isInAll === true) return
  const { code, message, ioctl, errno } = error
  outcome.hasFailed = true
  outcome.lines.push(`${ioctl}: failed: ${errorText(errno!)}`)
  outcome.data[option] = { error: { code, message, ioctl, errno } }
}

async function performAction(session: Session, action: Action, plan: IoctlPlan, outcome: Outcome): Promise<void> {
  const texts = action.valueHint === undefined ? [''] : (plan.options[action.option] ?? [])
  try {
    for (const text of texts) {
      const { data, lines } = await action.run(session, text)
      outcome.lines.push(...lines)
      outcome.data[action.option] = data
    }
  } catch (error) {
    if (!isRefusal(error)) throw error
    noteRefusal(outcome, action, error, plan.isAll)
  }
}

/** What is to be printed, and whether the driver refused something. */
export async function perform(
  loadAddon: () => NativeAddon,
  plan: IoctlPlan,
): Promise<{ text: string; hasFailed: boolean }> {
  const outcome: Outcome = { lines: [], data: {}, hasFailed: false }
  const device = await openDeviceOn(loadAddon, plan.node, plan.opening)
  try {
    const session = new Session(device, loadAddon)
    for (const action of wantedActions(plan, device.through)) await performAction(session, action, plan, outcome)
  } finally {
    await device.close()
  }
  const { lines, data, hasFailed } = outcome
  return { text: plan.isJson ? jsonText(data) : lines.map((line) => `${line}\n`).join(''), hasFailed }
}
