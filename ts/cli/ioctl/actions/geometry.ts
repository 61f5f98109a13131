import { V4L2_BUF_TYPE } from '../../../device/constants.js'
import { Requests } from '../../../device/requests.js'
import type { Fraction, Rect, Selection } from '../../../device/types.js'
import { usageError } from '../../exit.js'
import { query, command } from '../action.js'
import type { Action } from '../action.js'
import { cropCapabilityLines, cropLine, frameRateSetLine, selectionLine, SELECTION_TARGETS } from '../geometry.js'
import { SELECTION_FLAGS, streamParmLines } from '../geometry.js'
import { assignments, oneWord, wholeNumber } from '../parse.js'
import { ifAnswered } from '../inspected-device.js'
import type { InspectedDevice } from '../inspected-device.js'

const CAPTURE = V4L2_BUF_TYPE.VIDEO_CAPTURE
const OUTPUT = V4L2_BUF_TYPE.VIDEO_OUTPUT
const TARGETS = Object.fromEntries(SELECTION_TARGETS.map(([target, name]) => [name, target]))
const FLAGS = Object.fromEntries(SELECTION_FLAGS.map(([flag, name]) => [name, flag]))
const SIDES = ['left', 'top', 'width', 'height'] as const

function targetOf(given: ReadonlyMap<string, string>, option: string): number {
  return oneWord(TARGETS, given.get('target') ?? '', `--${option} target`)
}

const askSelection = (type: number, option: string) => async (inspected: InspectedDevice, value: string) =>
  inspected.device.selection(type, targetOf(new Map(assignments(value, option, ['target'])), option))

const changeSelection =
  (type: number, option: string) =>
  async ({ device }: InspectedDevice, value: string) => {
    const given = new Map(assignments(value, option, ['target', 'flags', ...SIDES]))
    const { target, rect } = await device.selection(type, targetOf(given, option))
    const sides = SIDES.filter((side) => given.has(side)).map((side) => [side, wholeNumber(given.get(side)!, side)])
    const words = given.get('flags')?.split('|') ?? []
    const flags = words.reduce((bits, word) => bits | oneWord(FLAGS, word, 'flags'), 0)
    return device.setSelection(type, target, { ...rect, ...(Object.fromEntries(sides) as Partial<Rect>) }, flags)
  }

/** Those that there are. */
const everySelection =
  (type: number) =>
  async ({ device }: InspectedDevice): Promise<Selection[]> => {
    const found: Selection[] = []
    for (const [target] of SELECTION_TARGETS) {
      const selection = await ifAnswered(device.selection(type, target))
      if (selection) found.push(selection)
    }
    return found
  }

const changeRate =
  (type: number, option: string) =>
  async ({ device }: InspectedDevice, value: string): Promise<Fraction> => {
    const rate = Number(value)
    if (!(rate > 0) || rate > 1_000_000) {
      throw usageError(`--${option} needs frames per second, such as 30 or 29.97, not "${value}".`)
    }
    const denominator = Math.trunc(rate * 1000)
    const { timePerFrame } = await device.setFrameInterval(type, { numerator: 1000, denominator })
    return timePerFrame
  }

export const SET_SELECTIONS: readonly Action[] = [
  ['set-selection', CAPTURE, 'Set a capture rectangle'] as const,
  ['set-selection-output', OUTPUT, 'Set an output rectangle'] as const,
].map(([option, type, description]) =>
  command({ option, valueHint: 'rectangle', description }, changeSelection(type, option), () => []),
)

export const SET_RATES: readonly Action[] = [
  { option: 'set-parm', alias: 'p', type: CAPTURE, description: 'Set the capture frame rate' } as const,
  { option: 'set-output-parm', type: OUTPUT, description: 'Set the output frame rate' } as const,
].map(({ type, ...names }) =>
  command({ ...names, valueHint: 'fps' }, changeRate(type, names.option), (taken) => [frameRateSetLine(taken)]),
)

export const CROP_ACTIONS: readonly Action[] = [
  ...[
    ['get-cropcap', CAPTURE, 'The limits of cropping, capture'] as const,
    ['get-cropcap-output', OUTPUT, 'The limits of cropping, output'] as const,
  ].map(([option, type, description]) =>
    query(
      { option, isInAll: true, description },
      ({ device }) => device.request(Requests.CROPCAP, { type }),
      cropCapabilityLines,
    ),
  ),
  ...[
    ['get-crop', CAPTURE, 'The cropping in force, capture'] as const,
    ['get-crop-output', OUTPUT, 'The cropping in force, output'] as const,
  ].map(([option, type, description]) =>
    query(
      { option, description },
      ({ device }) => device.request(Requests.G_CROP, { type }),
      ({ c }) => [cropLine(c)],
    ),
  ),
]

export const SELECTION_ACTIONS: readonly Action[] = [
  ...[
    ['get-selection', CAPTURE, 'A capture rectangle'] as const,
    ['get-selection-output', OUTPUT, 'An output rectangle'] as const,
  ].map(([option, type, description]) =>
    command({ option, valueHint: 'target', description }, askSelection(type, option), (one) => [selectionLine(one)]),
  ),
  ...[
    ['list-selections', CAPTURE, 'Every capture rectangle'] as const,
    ['list-selections-output', OUTPUT, 'Every output rectangle'] as const,
  ].map(([option, type, description]) =>
    query({ option, isInAll: true, description }, everySelection(type), (all) => all.map(selectionLine)),
  ),
]

export const RATE_ACTIONS: readonly Action[] = [
  { option: 'get-parm', alias: 'P', type: CAPTURE, description: 'The capture frame rate' } as const,
  { option: 'get-output-parm', type: OUTPUT, description: 'The output frame rate' } as const,
].map(({ type, ...names }) =>
  query({ ...names, isInAll: true }, ({ device }) => device.streamParm(type), streamParmLines),
)
