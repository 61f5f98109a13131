import { V4L2_PRIORITY } from '../../../device/constants.js'
import { mediaOf } from '../../../device/media.js'
import { Requests } from '../../../device/requests.js'
import { query, command } from '../action.js'
import type { Action } from '../action.js'
import { infoLines } from '../info.js'
import { mediaLines } from '../media.js'
import { wholeNumber } from '../parse.js'
import type { InspectedDevice } from '../inspected-device.js'
import { usageError } from '../../exit.js'

async function askInfo({ device, loadAddon, timeout }: InspectedDevice) {
  const media = device.transport === 'kernel' ? await mediaOf(loadAddon, device.path, timeout) : undefined
  return { ...device.capability, ...(media ? { media } : {}) }
}

const PRIORITIES = new Set<number>([V4L2_PRIORITY.BACKGROUND, V4L2_PRIORITY.INTERACTIVE, V4L2_PRIORITY.RECORD])

async function setPriority({ device }: InspectedDevice, value: string): Promise<number> {
  const priority = wholeNumber(value, '--set-priority')
  if (!PRIORITIES.has(priority)) {
    throw usageError(`--set-priority needs 1 (background), 2 (interactive) or 3 (record), not ${priority}.`)
  }
  await device.request(Requests.S_PRIORITY, priority)
  return priority
}

export const INFO_ACTIONS: readonly Action[] = [
  query(
    { option: 'info', alias: 'D', isInAll: true, description: 'What the device is' },
    askInfo,
    ({ media, ...capability }) => [...infoLines(capability), ...(media ? mediaLines(media) : [])],
  ),
]

export const SET_PRIORITY: Action = command(
  {
    option: 'set-priority',
    valueHint: 'number',
    description: 'Set the access priority: 1 background, 2 interactive, 3 record',
  },
  setPriority,
  (priority) => [`Priority set: ${priority}`],
)

export const GET_PRIORITY: Action = query(
  { option: 'get-priority', isInAll: true, description: 'The access priority' },
  ({ device }) => device.request(Requests.G_PRIORITY, 0),
  (priority) => [`Priority: ${priority}`],
)
