import type { Device } from '../../../device/device.js'
import { Requests } from '../../../device/requests.js'
import { suggestion } from '../../../shared/did-you-mean.js'
import { usageError } from '../../exit.js'
import { query, command } from '../action.js'
import type { Action } from '../action.js'
import { longNumber } from '../parse.js'
import type { InspectedDevice } from '../inspected-device.js'
import { STANDARD_WORDS, standardLines, standardListLines } from '../standards.js'
import { currentTimingLines, timingCapabilityLines, timingListLines } from '../timings.js'
import type { Timings } from '../timings.js'

/** Only this kind of timings is defined. */
const BT_656_1120 = 0

/** A standard by its place in the list, or by its bits. */
async function numberedStandard(device: Device, value: string): Promise<bigint> {
  if (!/^\d/.test(value)) {
    const guess = suggestion(value, Object.keys(STANDARD_WORDS))
    throw usageError(`--set-standard has no standard "${value}". ${guess}`)
  }
  const number = longNumber(value, '--set-standard')
  const listed = number < 256n ? (await device.entries(Requests.ENUMSTD))[Number(number)] : undefined
  return listed?.id ?? number
}

async function setStandard({ device }: InspectedDevice, value: string): Promise<bigint> {
  const word = value.toLowerCase()
  const known = Object.hasOwn(STANDARD_WORDS, word) ? STANDARD_WORDS[word] : undefined
  const standard = known ?? (await numberedStandard(device, value))
  await device.request(Requests.S_STD, standard)
  return standard
}

/** Those of the received signal, or those of the list. */
async function chosenTimings(device: Device, value: string) {
  if (value === 'query') return device.request(Requests.QUERY_DV_TIMINGS, {})
  const match = /^(?:index=)?(\d+)$/.exec(value)
  if (!match) throw usageError(`--set-dv-bt-timings needs index=NUMBER or query, not "${value}".`)
  const { timings } = await device.request(Requests.ENUM_DV_TIMINGS, { index: Number(match[1]) })
  return timings
}

export const SET_STANDARDS: readonly Action[] = [
  command(
    { option: 'set-standard', alias: 's', valueHint: 'standard', description: 'Choose a television standard' },
    setStandard,
    (standard) => [`Standard set to ${standard.toString(16).padStart(8, '0')}`],
  ),
  command(
    { option: 'set-dv-bt-timings', valueHint: 'index=number|query', description: 'Choose digital timings' },
    async ({ device }, value) => device.request(Requests.S_DV_TIMINGS, await chosenTimings(device, value)),
    () => ['BT timings set'],
  ),
]

interface DvTimings {
  readonly type: number
  readonly u: { readonly bt?: Timings }
}

const timingsOf = ({ type, u: { bt } }: DvTimings): Timings | undefined => (type === BT_656_1120 ? bt : undefined)

export const GET_STANDARDS: readonly Action[] = [
  query(
    { option: 'get-standard', alias: 'S', isInAll: true, description: 'The television standard' },
    ({ device }) => device.request(Requests.G_STD, 0n),
    standardLines,
  ),
  query(
    { option: 'get-dv-timings', isInAll: true, description: 'The digital timings' },
    ({ device }) => device.request(Requests.G_DV_TIMINGS, {}),
    (timings) => currentTimingLines(timingsOf(timings)),
  ),
  query(
    { option: 'get-dv-timings-cap', isInAll: true, description: 'The limits of digital timings' },
    ({ device }) => device.request(Requests.DV_TIMINGS_CAP, {}),
    ({ type, u: { bt } }) => timingCapabilityLines(type === BT_656_1120 ? bt : undefined),
  ),
  query(
    { option: 'get-detected-standard', description: 'The television standard of the received signal' },
    ({ device }) => device.request(Requests.QUERYSTD, 0n),
    standardLines,
  ),
  query(
    { option: 'query-dv-timings', description: 'The digital timings of the received signal' },
    ({ device }) => device.request(Requests.QUERY_DV_TIMINGS, {}),
    (timings) => currentTimingLines(timingsOf(timings)).slice(1),
  ),
]

export const LIST_STANDARDS: readonly Action[] = [
  query(
    { option: 'list-standards', description: 'Every television standard' },
    ({ device }) => device.entries(Requests.ENUMSTD),
    standardListLines,
  ),
  query(
    { option: 'list-dv-timings', description: 'All digital timings' },
    ({ device }) => device.entries(Requests.ENUM_DV_TIMINGS),
    (all) => timingListLines(all.map(({ timings }) => timingsOf(timings))),
  ),
]
