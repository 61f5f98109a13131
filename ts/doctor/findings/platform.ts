import type { Facts } from '../facts/facts.js'
import { when } from './rule.js'
import type { Rule } from './rule.js'

const BUILDS = new Set(['arm64', 'x64'])

function isMusl({ system }: Facts): boolean {
  return system.libc.startsWith('musl')
}

function isSupported({ system: { platform, arch } }: Facts): boolean {
  return platform === 'linux' && BUILDS.has(arch)
}

function otherMachine({ system: { platform, arch } }: Facts): string {
  if (platform !== 'linux') return 'Run the program on the board itself, or in a Linux container there.'
  return arch === 'arm'
    ? 'If "uname -m" says aarch64, install the ARM64 build of Node.js.'
    : 'Use a board with an ARM64 or x86-64 processor.'
}

/**
 * Whether this package can run here at all.
 *
 * @internal
 */
export const PLATFORM_RULES: readonly Rule[] = [
  {
    id: 'unsupported-platform',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        !isSupported(facts),
        `This package has no build for ${facts.system.platform} on ${facts.system.arch}; there are builds for Linux on ARM64 and x86-64.`,
        otherMachine(facts),
      ),
  },
  {
    id: 'musl',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        isSupported(facts) && isMusl(facts),
        "The C library is musl, for which there is no build, and with which NVIDIA's libraries do not work.",
        'Use an image based on Debian or Ubuntu instead of Alpine.',
      ),
  },
  {
    id: 'native-part-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        isSupported(facts) && !isMusl(facts) && !facts.native.loads,
        facts.native.message ?? 'The native part of this package could not be loaded.',
        facts.native.hint ?? 'Install the package again, without --omit=optional.',
      ),
  },
  {
    id: 'listing-hangs',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        facts.native.loads && !facts.native.answers,
        facts.native.message ?? 'The video nodes could not be asked what they are.',
        facts.native.hint ?? 'See dmesg for what the driver logged, and restart the machine.',
      ),
  },
]
