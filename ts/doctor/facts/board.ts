import { printable } from '../machine.js'
import type { Machine } from '../machine.js'

/** Which board this is. */
export interface BoardFacts {
  /** What the board calls itself, such as `'NVIDIA Jetson Orin NX Engineering Reference Developer Kit'`; null when it does not say. */
  model: string | null
  /** The names that drivers know it by, such as `'nvidia,tegra234'`, most particular first; at most 16. */
  compatible: readonly string[]
  /** The chip, such as `'tegra234'` or `'bcm2711'`; null when unknown. */
  soc: string | null
  /** The kinds of board that have findings of their own; null for every other. */
  family: 'jetson' | 'orin-nano' | 'thor' | 'raspberry-pi' | 'raspberry-pi-5' | null
}

const NAMES = 16

/** Modules of the Orin Nano: 8 GB, 4 GB, and the developer kit's. Orin NX has 0000 and 0001, and fits on the same board. */
const ORIN_NANO_MODULE = /p3767-000[345]/
const ORIN_NX_MODULE = /p3767-000[01]/

function familyOf(model: string, compatible: readonly string[], soc: string | null): BoardFacts['family'] {
  const names = compatible.join(' ')
  if (soc?.startsWith('tegra')) {
    if (soc === 'tegra264') return 'thor'
    const isNano = ORIN_NANO_MODULE.test(names) || (/Orin Nano/i.test(model) && !ORIN_NX_MODULE.test(names))
    return soc === 'tegra234' && isNano ? 'orin-nano' : 'jetson'
  }
  if (!/raspberrypi|Raspberry Pi/.test(`${names} ${model}`)) return null
  return soc === 'bcm2712' ? 'raspberry-pi-5' : 'raspberry-pi'
}

/**
 * Reads the device tree. Containers see the host's.
 *
 * @internal
 */
export function boardFacts(machine: Machine): BoardFacts {
  const tree = ['/proc/device-tree', '/sys/firmware/devicetree/base'].find((place) => machine.exists(place))
  const read = (name: string) => (tree === undefined ? '' : (machine.text(`${tree}/${name}`) ?? ''))
  const model = printable(read('model').split('\0', 1)[0]!)
  const compatible = read('compatible').split('\0').map(printable).filter(Boolean).slice(0, NAMES)
  const chips = compatible.map((name) => /,((?:tegra|bcm)\d+[a-z]*)$/.exec(name)?.[1])
  const soc = chips.findLast((chip) => chip !== undefined) ?? null
  return { model: model || null, compatible, soc, family: familyOf(model, compatible, soc) }
}
