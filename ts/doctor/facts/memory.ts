import type { Machine } from '../machine.js'

/** How much memory there is, in bytes; null where the kernel does not report it. */
export interface MemoryFacts {
  /** All of it. */
  total: number | null
  /** What programs can still get. */
  available: number | null
  /** Set aside for devices that need it in one piece (CMA), as kernel encoders of small boards do. */
  cmaTotal: number | null
  /** What of that no program is using at the moment; the kernel can usually make more of it free. */
  cmaFree: number | null
}

const KIBIBYTE = 1024

/**
 * Reads `/proc/meminfo`.
 *
 * @internal
 */
export function memoryFacts(machine: Machine): MemoryFacts {
  const text = machine.text('/proc/meminfo') ?? ''
  const bytes = (name: string) => {
    const match = new RegExp(`^${name}:\\s+(\\d{1,12}) kB$`, 'm').exec(text)
    return match ? Number(match[1]) * KIBIBYTE : null
  }
  return {
    total: bytes('MemTotal'),
    available: bytes('MemAvailable'),
    cmaTotal: bytes('CmaTotal'),
    cmaFree: bytes('CmaFree'),
  }
}
