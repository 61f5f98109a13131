import { constants } from 'node:os'
import { V4L2_CTRL_FLAG } from '../../../device/constants.js'
import { isBad } from '../../../device/control-info.js'
import type { BadControl } from '../../../device/control-info.js'
import type { ControlInfo } from '../../../device/types.js'
import { V4l2EncoderError } from '../../../shared/errors.js'
import { query } from '../action.js'
import type { Action } from '../action.js'
import { badControlLine, controlLines } from '../controls.js'
import type { ControlWithValue } from '../controls.js'
import { endsEverything, failureData, failuresOf, isNotHere } from '../refusal.js'
import type { InspectedDevice } from '../inspected-device.js'

const CANNOT_BE_READ = V4L2_CTRL_FLAG.WRITE_ONLY | V4L2_CTRL_FLAG.DISABLED

/** A control of a list, and why it has no value or no description. */
interface Listed {
  readonly entry: ControlWithValue | BadControl
  readonly failure?: Error
}

/** A control that cannot be read at the moment does not make a list fail. */
function isExpected(error: V4l2EncoderError): boolean {
  return isNotHere(error) || error.errno === 'EACCES'
}

async function listed({ device }: InspectedDevice, control: ControlInfo): Promise<Listed> {
  if (control.type === 'class' || control.type === 'button' || (control.flags & CANNOT_BE_READ) !== 0)
    return { entry: { control } }
  // NVIDIA's library reads hardly any value, and does not always report that.
  if (device.transport === 'nvidia') return { entry: { control, value: null } }
  try {
    return { entry: { control, value: await device.getControl(control.id) } }
  } catch (error) {
    if (!(error instanceof V4l2EncoderError)) throw error
    const errno = constants.errno[error.errno as keyof typeof constants.errno] ?? 0
    return { entry: { control, errno }, ...(isExpected(error) ? {} : { failure: error }) }
  }
}

/** Not those that were looked up before something was set, which may have changed their flags. */
async function listControls(inspected: InspectedDevice): Promise<Listed[]> {
  const all: Listed[] = []
  for await (const control of inspected.device.eachControl()) {
    const one = isBad(control) ? { entry: control, failure: control.error } : await listed(inspected, control)
    all.push(one)
    if (endsEverything(one.failure)) return all
  }
  return all
}

function listedData({ entry, failure }: Listed): object {
  const error = failure ? { error: failureData(failure) } : {}
  return 'control' in entry ? { ...entry, ...error } : { id: entry.id, name: entry.name, ...error }
}

const listLines = (withMenus: boolean) => (all: readonly Listed[]) =>
  all.flatMap(({ entry }) => ('control' in entry ? controlLines(entry, withMenus) : [badControlLine(entry.name)]))

const listData = (all: readonly Listed[]): object[] => all.map(listedData)

export const LIST_CONTROLS: readonly Action[] = [
  query(
    { option: 'list-ctrls-menus', alias: 'L', isInAll: true, description: 'Every control, with the entries of menus' },
    listControls,
    listLines(true),
    { failuresOf, dataOf: listData },
  ),
  query({ option: 'list-ctrls', alias: 'l', description: 'Every control' }, listControls, listLines(false), {
    failuresOf,
    dataOf: listData,
  }),
]
