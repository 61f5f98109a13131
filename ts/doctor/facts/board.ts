// ts/doctor/facts: what the doctor reads from the machine, one file for each subject.
import { printable } from '../machine.js'
import type { Machine } from '../machine.js'
import { l4tOf } from './system.js'

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

/** Chips by the number that the kernel gives them (`include/soc/tegra/fuse.h`), which it shows as a decimal one. */
const TEGRA_CHIPS: Record<string, string> = {
  24: 'tegra186',
  25: 'tegra194',
  33: 'tegra210',
  35: 'tegra234',
  38: 'tegra264',
}

/** Where the kernel describes the chip, which containers see that do not see the device tree. */
const SOC = '/sys/devices/soc0'

function fromSoc(machine: Machine): BoardFacts {
  const isTegra = machine.line(`${SOC}/family`) === 'Tegra'
  const soc = (isTegra && TEGRA_CHIPS[machine.line(`${SOC}/soc_id`) ?? '']) || null
  const model = machine.line(`${SOC}/machine`) ?? null
  const family = soc === null && isThorByRelease(machine) ? 'thor' : familyOf(model ?? '', [], soc)
  return { model, compatible: [], soc, family }
}

/** L4T 38 is for Thor alone; 39 is for Orin too. */
function isThorByRelease(machine: Machine): boolean {
  return (l4tOf(machine)?.startsWith('38.') ?? false) && machine.exists('/dev/nvidia0')
}

/**
 * Reads the device tree, or where a container does not see it, what the kernel reports of the chip.
 *
 * @internal
 */
export function boardFacts(machine: Machine): BoardFacts {
  const tree = ['/proc/device-tree', '/sys/firmware/devicetree/base'].find((place) => machine.exists(place))
  if (tree === undefined) return fromSoc(machine)
  const read = (name: string) => machine.text(`${tree}/${name}`) ?? ''
  const model = printable(read('model').split('\0', 1)[0]!)
  const compatible = read('compatible').split('\0').map(printable).filter(Boolean).slice(0, NAMES)
  const chips = compatible.map((name) => /,((?:tegra|bcm)\d+[a-z]*)$/.exec(name)?.[1])
  const soc = chips.findLast((chip) => chip !== undefined) ?? null
  return { model: model || null, compatible, soc, family: familyOf(model, compatible, soc) }
}
