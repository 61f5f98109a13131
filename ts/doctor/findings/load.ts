import type { Probe } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'
import type { ClockFacts } from '../facts/power.js'
import { PROBE_FRAMERATE } from '../probe-request.js'
import { hasKernelEncoder, isSimulated, listed, middleOf, named, steady } from './evidence.js'
import { isCrowdedOut } from './probe-outcomes.js'
import { when } from './rule.js'
import type { Occurrence, Rule } from './rule.js'

const MEBIBYTE = 1024 * 1024
/**
 * What an encoder of 1920x1080 frames takes at most: eight buffers of 3 MiB for frames and as many of up to 1 MiB for coded
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

/** So long lasts a picture of the trials. */
const FRAME_MS = 1000 / PROBE_FRAMERATE

/** Frames that are held back wait for those that follow, however fast the device is. */
function isSlow({ outcome, latenciesMs, pipelineDelay }: Probe): boolean {
  return outcome === 'works' && middleOf(steady(latenciesMs)) - (pipelineDelay ?? 0) * FRAME_MS > FRAME_MS
}

function slowness(probe: Probe): string {
  const { latenciesMs, width, height, pipelineDelay } = probe
  const counted = steady(latenciesMs)
  const median = `median of ${counted.length} frames after ${latenciesMs.length - counted.length} to warm up`
  const took = `${named([probe])} took ${middleOf(counted).toFixed(1)} ms for a frame of ${width}x${height} (${median})`
  if (pipelineDelay === null) {
    return `${took}, which is longer than a frame lasts at ${PROBE_FRAMERATE} a second: the device is slow, or holds frames back.`
  }
  const beside = pipelineDelay === 0 ? '' : `, also without the wait for the ${pipelineDelay} that it holds back,`
  return `${took}, which${beside} is longer than a frame lasts at ${PROBE_FRAMERATE} a second.`
}

/** The mode has to be named by its number, which is another one on each board; where it is the fastest already, clocks remain. */
function haste(facts: Facts): string {
  if (facts.board.family !== 'jetson') return 'Encode smaller frames, or fewer streams at once.'
  const fastest = fastestMode(facts)
  const isFastest = fastest === undefined || facts.power.mode?.id === fastest.id
  return isFastest ? 'sudo jetson_clocks' : `sudo nvpmodel -m ${fastest.id} && sudo jetson_clocks`
}

/** The probes that showed so many frames held back, by device and number. */
function holdingBack(probes: readonly Probe[]): Probe[][] {
  const holding = probes.filter(({ outcome, pipelineDelay }) => outcome === 'works' && (pipelineDelay ?? 0) > 0)
  const keyOf = ({ device, pipelineDelay }: Probe) => `${device} ${pipelineDelay}`
  const keys = [...new Set(holding.map(keyOf))]
  return keys.map((key) => holding.filter((probe) => keyOf(probe) === key))
}

function holdBack(group: readonly Probe[]): Occurrence {
  const frames = group[0]!.pipelineDelay!
  const wait = `${(frames * FRAME_MS).toFixed(0)} ms at ${PROBE_FRAMERATE} frames a second`
  return {
    message: `${named(group)} showed that the device holds ${frames} ${frames === 1 ? 'frame' : 'frames'} back until more follow, which is ${wait}.`,
    hint: 'Nothing needs to be done. Where latency counts, more frames a second make the wait shorter.',
  }
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
      probes.filter(isSlow).map((probe): Occurrence => {
        const message = slowness(probe)
        if (!isSimulated(facts, probe.device)) return { message, hint: haste(facts) }
        return {
          message: `${message} It is simulated, so that is the time of this processor.`,
          hint: 'Nothing needs to be done: a simulated device says nothing about hardware.',
          severity: 'note',
        }
      }),
  },
  {
    id: 'frames-held-back',
    severity: 'note',
    test: ({ probes }) => holdingBack(probes).map(holdBack),
  },
  {
    id: 'device-in-use',
    severity: 'note',
    test: ({ facts, probes }) =>
      facts.deviceUsers.seen.map(({ pid, command, path }): Occurrence => {
        const isInTheWay = probes.some((probe) => probe.device === path && isCrowdedOut(probe))
        return {
          message: `The process ${pid} (${command}) has ${path} open; encoders of one chip share its time and its sessions.`,
          hint: isInTheWay
            ? `End ${command} and try again.`
            : `End ${command} if more frames or sessions are needed than are left.`,
          ...(isInTheWay && { severity: 'problem' }),
        }
      }),
  },
  {
    id: 'others-processes-unseen',
    severity: 'note',
    test: ({ facts: { deviceUsers }, probes }) =>
      when(
        deviceUsers.unseen > 0 && probes.some(({ outcome }) => outcome !== 'works'),
        `${deviceUsers.unseen} processes of other users could not be looked into, so one of them may be using the encoder.`,
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
            `Only ${inMebibytes(memory.available)} of memory are available; an encoder of 1920x1080 frames and Node.js need up to ${inMebibytes(LEAST_AVAILABLE)}.`,
            'End other programs, or encode smaller frames.',
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
            `Only ${inMebibytes(cmaTotal)} are set aside for devices (CMA); an encoder of 1920x1080 frames needs up to ${inMebibytes(ENCODER_BYTES)}.`,
            'Give cma=256M to the kernel; on a Raspberry Pi write dtoverlay=vc4-kms-v3d,cma-256 into config.txt.',
          )
        : []
    },
  },
  {
    id: 'too-hot',
    severity: 'warning',
    test: ({ facts: { power } }) =>
      power.thermal
        .filter(({ celsius, limit }) => limit !== null && celsius >= limit)
        .map(({ name, celsius, limit }) => ({
          message: `${name} is at ${celsius} degrees Celsius, and from ${limit} on the board slows down.`,
          hint: 'Cool the board, or choose a lower power mode.',
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
