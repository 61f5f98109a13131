import { isBad } from '../../device/control-info.js'
import type { ControlInfo } from '../../device/types.js'
import { suggestion } from '../../shared/did-you-mean.js'
import { usageError } from '../exit.js'
import { wholeNumber } from './parse.js'
import type { Described, InspectedDevice } from './inspected-device.js'

/** A control by the short name that v4l2-ctl gives it, or by its number. */
function findIn(controls: Described, reference: string, path: string): ControlInfo {
  const named = controls.filter((control): control is ControlInfo => !isBad(control))
  const found = named.find(({ key }) => key === reference)
  if (found) return found
  const number = /^\d+$|^0x/i.test(reference) ? wholeNumber(reference, 'A control') : undefined
  const numbered = named.find(({ id }) => id === number)
  if (numbered) return numbered
  const bad = controls.find((control) => isBad(control) && control.id === number)
  if (bad && isBad(bad)) throw bad.error
  const keys = named.filter(({ type }) => type !== 'class').map(({ key }) => key)
  throw usageError(`${path} has no control "${reference}". ${suggestion(reference, keys)}`)
}

/** Controls by their names or numbers; wrong ones are rejected. */
export async function findControls(inspected: InspectedDevice, references: readonly string[]): Promise<ControlInfo[]> {
  const controls = await inspected.controls()
  return references.map((reference) => findIn(controls, reference, inspected.device.path))
}
