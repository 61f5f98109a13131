import type { Device } from '../../device/device.js'
import { openDeviceOn } from '../../device/open-device.js'
import { V4l2EncoderError } from '../../shared/errors.js'
import type { NativeAddon } from '../../native/addon.js'
import type { Action } from './action.js'
import { ACTIONS } from './actions/all.js'
import { SET_FORMATS } from './actions/formats.js'
import type { IoctlPlan } from './options.js'
import { Outcome } from './outcome.js'
import type { Performed } from './outcome.js'
import { isFailure, isNotHere } from './refusal.js'
import { InspectedDevice } from './inspected-device.js'

/** NVIDIA's library takes controls only once it knows both formats; v4l2-ctl sets controls first. */
const BEFORE_CONTROLS = new Set(SET_FORMATS.map(({ option }) => option))

function inOrder(actions: readonly Action[], transport: Device['transport']): Action[] {
  if (transport === 'kernel') return [...actions]
  const [formats, others] = [true, false].map((isFormat) =>
    actions.filter(({ option }) => BEFORE_CONTROLS.has(option) === isFormat),
  ) as [Action[], Action[]]
  return [...formats, ...others]
}

/** Without an option it is `--info`. */
function wantedActions({ options, isAll }: IoctlPlan, transport: Device['transport']): Action[] {
  const wanted = ACTIONS.filter(({ option, isInAll }) => options[option] !== undefined || (isAll && isInAll === true))
  return wanted.length > 0 ? inOrder(wanted, transport) : ACTIONS.filter(({ option }) => option === 'info')
}

/** The values of an option, as often as it is repeated; one without a value is done once. */
function textsOf({ option, valueHint }: Action, { options }: IoctlPlan): readonly string[] {
  return valueHint === undefined ? [''] : (options[option] ?? [])
}

/** Rejects what is wrong before anything is done. What fails in the device here fails again when it is performed. */
async function check(inspected: InspectedDevice, actions: readonly Action[], plan: IoctlPlan): Promise<void> {
  for (const action of actions) {
    for (const text of textsOf(action, plan)) {
      await action.check?.(inspected, text).catch((error: unknown) => {
        if (!(error instanceof V4l2EncoderError)) throw error
      })
    }
  }
}

/** `--all` leaves out what the device does not have: no device has everything. */
function isUnasked({ option, isInAll }: Action, { isAll, options }: IoctlPlan): boolean {
  return isAll && isInAll === true && options[option] === undefined
}

/** Where the answers of options that wait are printed, and what ends them. */
export interface Watcher {
  readonly print: (text: string) => Promise<void>
  readonly signal: AbortSignal
}

interface Performance {
  readonly inspected: InspectedDevice
  readonly plan: IoctlPlan
  readonly watcher: Watcher
  readonly outcome: Outcome
}

async function performOnce(action: Action, text: string, performance: Performance): Promise<void> {
  const { inspected, outcome, watcher } = performance
  if (!action.watch) return outcome.add(action.option, await action.run(inspected, text))
  await watcher.print(outcome.takeText())
  for await (const answer of action.watch(inspected, text, watcher.signal)) {
    outcome.add(action.option, answer)
    await watcher.print(outcome.takeText())
  }
}

/** A failure is reported, and does not end the others. */
async function performAction(action: Action, performance: Performance): Promise<void> {
  const { plan, outcome } = performance
  for (const text of textsOf(action, plan)) {
    try {
      await performOnce(action, text, performance)
    } catch (error) {
      if (!isFailure(error)) throw error
      if (!isNotHere(error) || !isUnasked(action, plan)) outcome.addFailure(action.option, error)
    }
    if (outcome.isOver) return
  }
}

async function performAll(inspected: InspectedDevice, plan: IoctlPlan, watcher: Watcher): Promise<Outcome> {
  const { device } = inspected
  const outcome = new Outcome(plan.isJson)
  const actions = wantedActions(plan, device.transport)
  await check(inspected, actions, plan)
  for (const action of actions) {
    await performAction(action, { inspected, plan, watcher, outcome })
    if (outcome.isOver) break
  }
  return outcome
}

/** Performs everything that a command line requests. */
export async function perform(
  loadAddon: () => NativeAddon,
  plan: IoctlPlan,
  watcher: Watcher = { print: () => Promise.resolve(), signal: new AbortController().signal },
): Promise<Performed> {
  const device = await openDeviceOn(loadAddon, plan.node, plan.opening)
  let outcome: Outcome
  try {
    outcome = await performAll(new InspectedDevice(device, loadAddon, plan.opening.timeout), plan, watcher)
  } catch (error) {
    await device.close().catch(() => {})
    throw error
  }
  await device.close().catch((error: unknown) => {
    if (!isFailure(error)) throw error
    // A device that hangs also hangs when it is closed, and that it hangs is reported already.
    if (!outcome.isOver) outcome.addError(error)
  })
  return outcome.end()
}
