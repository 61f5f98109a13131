import type { Machine } from '../machine.js'

/** A power mode of NVIDIA's `nvpmodel`. */
export interface PowerMode {
  /** Its number, for `nvpmodel -m`. */
  id: number
  /** Such as `'MAXN'` or `'15W'`; null when the list of modes does not name it. */
  name: string | null
}

/** How fast a part of the chip runs. */
export interface ClockFacts {
  /** The part, such as `'154c0000.nvenc'`. */
  name: string
  /** In hertz; null when unknown. */
  current: number | null
  /** The most it is allowed, in hertz; null when unknown. */
  most: number | null
  /** What decides, such as `'nvhost_podgov'` or `'performance'`; null when unknown. */
  governor: string | null
}

/** How warm a part of the board is. */
export interface ThermalFacts {
  /** The part, such as `'cpu-thermal'`. */
  name: string
  /** In degrees Celsius. */
  celsius: number
  /** Where the kernel begins to slow down, in degrees Celsius; null when it does not say. */
  limit: number | null
}

/** What decides how fast the encoder runs. */
export interface PowerFacts {
  /** NVIDIA's power mode; null when unknown. */
  mode: PowerMode | null
  /** The power modes that this board has. */
  modes: readonly PowerMode[]
  /** The encoder's clocks. */
  clocks: readonly ClockFacts[]
  /** The temperatures, at most 32. */
  thermal: readonly ThermalFacts[]
}

const SENSORS = 32
const TRIPS = 16

function powerModes(machine: Machine): PowerMode[] {
  const text = machine.text('/etc/nvpmodel.conf') ?? ''
  const found = text.matchAll(/^\s*<\s*POWER_MODEL\s+ID=(\d{1,3})\s+NAME=([\w.+-]{1,40})\s*>/gm)
  return [...found].map(([, id, name]) => ({ id: Number(id), name: name! }))
}

function currentMode(machine: Machine, modes: readonly PowerMode[]): PowerMode | null {
  const match = /\bpmode:(\d{1,4})\b/.exec(machine.text('/var/lib/nvpmodel/status') ?? '')
  if (!match) return null
  const id = Number(match[1])
  return modes.find((mode) => mode.id === id) ?? { id, name: null }
}

function clocks(machine: Machine): ClockFacts[] {
  const directory = '/sys/class/devfreq'
  const encoders = machine.names(directory).filter((name) => /nvenc|msenc/.test(name))
  return encoders.map((name) => {
    const place = `${directory}/${name}`
    return {
      name,
      current: machine.number(`${place}/cur_freq`) ?? null,
      most: machine.number(`${place}/max_freq`) ?? null,
      governor: machine.line(`${place}/governor`) ?? null,
    }
  })
}

/** The lowest temperature at which the kernel slows something down. */
function limitOf(machine: Machine, zone: string): number | null {
  const trips = Array.from({ length: TRIPS }, (_, trip) => `${zone}/trip_point_${trip}`)
  const slowing = trips.filter((trip) => machine.line(`${trip}_type`) === 'passive')
  const temperatures = slowing
    .map((trip) => machine.number(`${trip}_temp`))
    .filter((one) => one !== undefined && one > 0)
  return temperatures.length === 0 ? null : Math.min(...(temperatures as number[])) / 1000
}

function thermal(machine: Machine): ThermalFacts[] {
  const directory = '/sys/class/thermal'
  const zones = machine.names(directory).filter((name) => /^thermal_zone\d+$/.test(name))
  return zones.slice(0, SENSORS).flatMap((zone) => {
    const millidegrees = machine.number(`${directory}/${zone}/temp`)
    if (millidegrees === undefined) return []
    const name = machine.line(`${directory}/${zone}/type`) ?? zone
    return [{ name, celsius: millidegrees / 1000, limit: limitOf(machine, `${directory}/${zone}`) }]
  })
}

/**
 * What files say without running a program.
 *
 * @internal
 */
export function powerFacts(machine: Machine): PowerFacts {
  const modes = powerModes(machine)
  return { mode: currentMode(machine, modes), modes, clocks: clocks(machine), thermal: thermal(machine) }
}
