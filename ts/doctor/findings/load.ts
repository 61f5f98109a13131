import type { Probe } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'
import type { ClockFacts } from '../facts/power.js'
import { hasKernelEncoder, listed, middleOf, named } from './evidence.js'
import { when } from './rule.js'
import type { Occurrence, Rule } from './rule.js'

const MEBIBYTE = 1024 * 1024
/**
 * What an encoder of 1920x1080 pictures takes at most: eight buffers of 3 MiB for pictures and as many of up to 1 MiB for coded
 * frames.
 */
const ENCODER_BYTES = 32 * MEBIBYTE
/** Node.js with its code and a few pictures beside the encoder. */
const LEAST_AVAILABLE = 4 * ENCODER_BYTES

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / MEBIBYTE)} MiB`
}

function inMegahertz(hertz: number): string {
  return `${Math.round(hertz / 1e6)} MHz`
}

/** The mode without limits, where the board has a name for it. */
function fastestMode({ power }: Facts) {
  return power.modes.find(({ name }) => name?.startsWith('MAXN'))
}

function isSlowed({ current, most, governor }: ClockFacts): boolean {
  return current !== null && most !== null && current < most && governor !== 'performance'
}

/** Pictures that come at 30 a second last so long. */
const FRAME_MS = 1000 / 30

function isSlow({ outcome, latenciesMs }: Probe): boolean {
  return outcome === 'works' && middleOf(latenciesMs) > FRAME_MS
}

/**
 * How long frames take, and what makes them take so long.
 *
 * @internal
 */
export const LOAD_RULES: readonly Rule[] = [
  {
    id: 'slow-encoder',
    severity: 'warning',
    test: ({ facts, probes }) =>
      probes.filter(isSlow).map((probe): Occurrence => ({
        message: `${named([probe])} took ${middleOf(probe.latenciesMs).toFixed(1)} ms for a frame of ${probe.width}x${probe.height} (median), which is longer than a frame lasts at 30 a second: the device is slow, or holds frames back.`,
        cure:
          facts.board.family === 'jetson'
            ? `sudo nvpmodel -m ${fastestMode(facts)?.id ?? 0} && sudo jetson_clocks`
            : 'Encode smaller pictures, or fewer streams at once.',
      })),
  },
  {
    id: 'device-in-use',
    severity: 'note',
    test: ({ facts, probes }) =>
      facts.holders.seen.map(({ pid, command, path }): Occurrence => {
        const failed = probes.some(({ device, outcome }) => device === path && outcome !== 'works')
        return {
          message: `The process ${pid} (${command}) has ${path} open; encoders of one chip share its time and its sessions.`,
          cure: failed
            ? `End it and try again: kill ${pid}`
            : 'End it if more frames or sessions are needed than are left.',
          ...(failed && { severity: 'problem' }),
        }
      }),
  },
  {
    id: 'others-processes-unseen',
    severity: 'note',
    test: ({ facts: { holders }, probes }) =>
      when(
        holders.unseen > 0 && probes.some(({ outcome }) => outcome !== 'works'),
        `${holders.unseen} processes of other users could not be looked into, so one of them may be using the encoder.`,
        'Run it as root to see them: sudo npx v4l2-encoder doctor',
      ),
  },
  {
    id: 'low-memory',
    severity: 'warning',
    test: ({ facts: { memory } }) =>
      memory.available !== null && memory.available < LEAST_AVAILABLE
        ? when(
            true,
            `Only ${inMebibytes(memory.available)} of memory are available; an encoder of 1920x1080 pictures and Node.js need up to ${inMebibytes(LEAST_AVAILABLE)}.`,
            'End other programs, or encode smaller pictures.',
          )
        : [],
  },
  {
    id: 'little-cma',
    severity: 'warning',
    test: ({ facts }) => {
      const { cmaTotal } = facts.memory
      const isNeeded = hasKernelEncoder(facts) && cmaTotal !== null && cmaTotal > 0
      return isNeeded && cmaTotal < ENCODER_BYTES
        ? when(
            true,
            `Only ${inMebibytes(cmaTotal)} are set aside for devices (CMA); an encoder of 1920x1080 pictures needs up to ${inMebibytes(ENCODER_BYTES)}.`,
            'Give cma=256M to the kernel; on a Raspberry Pi write dtoverlay=vc4-kms-v3d,cma-256 into config.txt.',
          )
        : []
    },
  },
  {
    id: 'too-hot',
    severity: 'warning',
    test: ({ facts: { power } }) =>
      power.heat
        .filter(({ celsius, limit }) => limit !== null && celsius >= limit)
        .map(({ name, celsius, limit }) => ({
          message: `${name} is at ${celsius} degrees Celsius, and from ${limit} on the board slows down.`,
          cure: 'Cool the board, or choose a lower power mode.',
        })),
  },
  {
    id: 'power-mode-limits',
    severity: 'note',
    test: ({ facts }) => {
      const { mode } = facts.power
      const fastest = fastestMode(facts)
      return mode && fastest && mode.id !== fastest.id
        ? when(
            true,
            `The power mode is ${mode.name ?? mode.id}, which limits the clocks; ${fastest.name} does not.`,
            `sudo nvpmodel -m ${fastest.id}`,
          )
        : []
    },
  },
  {
    id: 'clocks-scale',
    severity: 'note',
    test: ({ facts: { power } }) => {
      const slowed = power.clocks.filter(isSlowed)
      const each = slowed.map(
        ({ name, current, most }) => `${name} runs at ${inMegahertz(current!)} of ${inMegahertz(most!)}`,
      )
      return when(
        slowed.length > 0,
        `The encoder's clock follows the load: ${listed(each)}. At a camera's rate frames then take longer than when the encoder is busy.`,
        'sudo jetson_clocks',
      )
    },
  },
]
