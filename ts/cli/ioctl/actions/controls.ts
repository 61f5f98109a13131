import type { ControlInfo, ControlValue } from '../../../device/types.js'
import { V4l2EncoderError } from '../../../shared/errors.js'
import { command } from '../action.js'
import type { Action } from '../action.js'
import { controlValueLines } from '../controls.js'
import { findControls } from '../find-controls.js'
import { givenValue } from '../given-value.js'
import { assignments } from '../parse.js'
import { endsEverything, failureData, failureLines, failuresOf } from '../refusal.js'
import type { InspectedDevice } from '../inspected-device.js'

const checkNames = async (inspected: InspectedDevice, text: string): Promise<void> => {
  await findControls(inspected, text.split(','))
}

interface ControlResult {
  readonly control: ControlInfo
  readonly value?: ControlValue
  /** Why there is no value. */
  readonly failure?: Error
}

type Ask = (inspected: InspectedDevice, control: ControlInfo) => Promise<ControlValue>

/** One control after the other: one that fails does not keep the others from being read. */
async function eachControl(
  inspected: InspectedDevice,
  controls: readonly ControlInfo[],
  ask: Ask,
): Promise<ControlResult[]> {
  const results: ControlResult[] = []
  for (const control of controls) {
    try {
      results.push({ control, value: await ask(inspected, control) })
    } catch (error) {
      if (!(error instanceof V4l2EncoderError)) throw error
      results.push({ control, failure: error })
      if (endsEverything(error)) return results
    }
  }
  return results
}

/** By classes, as v4l2-ctl asks for them. */
async function getControls(inspected: InspectedDevice, text: string): Promise<ControlResult[]> {
  const controls = await findControls(inspected, text.split(','))
  const inOrder = controls.toSorted((a, b) => (a.id >>> 16) - (b.id >>> 16))
  return eachControl(inspected, inOrder, ({ device }, { id }) => device.getControl(id))
}

async function resetControls(inspected: InspectedDevice, text: string): Promise<ControlResult[]> {
  const controls = await findControls(inspected, text.split(','))
  return eachControl(inspected, controls, ({ device }, { id }) => device.resetControl(id))
}

async function givenValues(inspected: InspectedDevice, text: string): Promise<[ControlInfo, ControlValue | boolean][]> {
  const given = assignments(text, 'set-ctrl')
  const controls = await findControls(
    inspected,
    given.map(([name]) => name),
  )
  return controls.map((control, index) => [control, givenValue(control, given[index]![1])])
}

async function setControls(inspected: InspectedDevice, text: string): Promise<ControlResult[]> {
  const values = await givenValues(inspected, text)
  const taken = await inspected.device.setControls(values.map(([{ id }, value]) => [id, value]))
  return values.map(([control], index) => ({ control, value: taken[index]! }))
}

const resultLines = ({ control, value, failure }: ControlResult): string[] => {
  if (failure) return failureLines(failure)
  return value === undefined ? [] : controlValueLines(control, value)
}

/** The error in its place. */
const resultData = (all: readonly ControlResult[]): object[] =>
  all.map(({ failure, ...result }) => (failure ? { ...result, error: failureData(failure) } : result))

export const SET_CONTROLS: readonly Action[] = [
  command(
    {
      option: 'set-ctrl',
      alias: 'c',
      valueHint: 'name=value',
      description: 'Set controls, several between commas',
      check: async (inspected, text) => void (await givenValues(inspected, text)),
    },
    setControls,
    () => [],
    { failuresOf, dataOf: resultData },
  ),
  command(
    { option: 'reset-ctrl', valueHint: 'names', description: 'Set controls to their defaults', check: checkNames },
    resetControls,
    (results) => results.flatMap(({ failure }) => (failure ? failureLines(failure) : [])),
    { failuresOf, dataOf: resultData },
  ),
]

export const GET_CONTROLS: Action = command(
  {
    option: 'get-ctrl',
    alias: 'C',
    valueHint: 'names',
    description: 'The values of controls, several between commas',
    check: checkNames,
  },
  getControls,
  (results) => results.flatMap(resultLines),
  { failuresOf, dataOf: resultData },
)
