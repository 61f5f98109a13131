import { libc } from '../../shared/libc.js'
import type { Machine } from '../machine.js'

/** What runs on the board. */
export interface SystemFacts {
  /** As Node.js names it: `'linux'`. */
  platform: string
  /** As Node.js names it: `'arm64'`, `'x64'`. */
  arch: string
  /** Such as `'Ubuntu 22.04.5 LTS'`; null when unknown. */
  distribution: string | null
  /** The kernel's version, such as `'5.15.148-tegra'`; null when unknown. */
  kernel: string | null
  /** Such as `'glibc 2.35'`, or `'musl'`. */
  libc: string
  /** The version of Node.js, such as `'v22.12.0'`. */
  node: string
  /** NVIDIA's release of Linux for Tegra, such as `'36.4.3'`; null when this is none. */
  l4t: string | null
  /** NVIDIA's name for that release, such as `'JetPack 6'`; null when unknown. */
  jetpack: string | null
}

/** By the start of L4T's version, longest first. */
const JETPACKS: readonly (readonly [l4t: string, jetpack: string])[] = [
  ['38.2', 'JetPack 7.0'],
  ['38.4', 'JetPack 7.1'],
  ['32.7', 'JetPack 4.6'],
  ['39', 'JetPack 7.2'],
  ['38', 'JetPack 7'],
  ['36', 'JetPack 6'],
  ['35', 'JetPack 5'],
  ['32', 'JetPack 4'],
]

/**
 * From `# R36 (release), REVISION: 4.3, …`.
 *
 * @internal
 */
export function l4tOf(machine: Machine): string | null {
  const line = machine.line('/etc/nv_tegra_release') ?? ''
  const match = /^# R(\d{1,3}) \(release\), REVISION: ([\d.]{1,12})/.exec(line)
  return match ? `${match[1]}.${match[2]}` : null
}

function jetpackOf(l4t: string | null): string | null {
  if (l4t === null) return null
  return JETPACKS.find(([start]) => l4t === start || l4t.startsWith(`${start}.`))?.[1] ?? null
}

/**
 * What the system, and NVIDIA's release of it, call themselves.
 *
 * @internal
 */
export function systemFacts(machine: Machine): SystemFacts {
  const { platform, arch } = machine
  const release = machine.text('/etc/os-release') ?? ''
  const distribution = /^PRETTY_NAME="?([^"\n]{1,80})/m.exec(release)?.[1] ?? null
  const kernel = machine.line('/proc/sys/kernel/osrelease') ?? null
  const l4t = l4tOf(machine)
  const cLibrary = machine.libc ?? (platform === 'linux' ? libc() : 'none')
  return { platform, arch, distribution, kernel, libc: cLibrary, node: process.version, l4t, jetpack: jetpackOf(l4t) }
}
