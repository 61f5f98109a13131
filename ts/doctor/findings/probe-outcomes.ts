import { ErrorCode } from '../../shared/errors.js'
import type { Probe, Severity } from '../diagnosis.js'
import { alike, named } from './evidence.js'
import { LIBRARY_RULES } from './libraries.js'
import { isForbidden, RIGHTS_RULES } from './permissions.js'
import type { Evidence, Occurrence, Rule } from './rule.js'
import { isChatter, isExplained, saidRefused } from './log-patterns.js'

/** What can become of a trial encode; the first row that fits says it. */
interface End {
  id: string
  severity: Severity
  fits: (probe: Probe) => boolean
  /** `trial` is "The trial encode of H264 on /dev/v4l2-nvenc", or of several codecs that ended alike. */
  message: (trial: string, probe: Probe) => string
  hint: (probe: Probe) => string
}

/** Requests at which NVIDIA's driver makes the encoder, so that whatever is amiss shows there. */
const CREATING = new Set(['VIDIOC_REQBUFS', 'VIDIOC_STREAMON', 'VIDIOC_S_FMT'])

function lacksSession({ backend, code, ioctl = '' }: Probe): boolean {
  return code === ErrorCode.Busy || (backend === 'jetson' && CREATING.has(ioctl))
}

function lacksMemory({ backend, errno }: Probe): boolean {
  return backend === 'v4l2' && errno === 'ENOMEM'
}

/** The last line that it printed and that is not usual, which is the nearest to a reason. */
function lastLine({ output }: Probe): string {
  const last = output.split('\n').findLast((line) => line !== '' && !isChatter(line))
  return last === undefined ? '' : ` The last that it printed was: ${last}`
}

/** Measured is software only, which does not crash; the doctor's part of it still tries the hardware, in processes of its own. */
const REPORT = 'please report what "npx v4l2-encoder bench --report --software-encoder" prints'

const ENDS: readonly End[] = [
  {
    id: 'probe-crashed',
    severity: 'problem',
    fits: ({ outcome }) => outcome === 'crashes',
    message: (trial, probe) => `${trial} took the process down. ${probe.message}${lastLine(probe)}`,
    hint: () => `Code in software (hardware: 'never') in programs that must not end. See dmesg, and ${REPORT}.`,
  },
  {
    id: 'crash-at-exit',
    severity: 'warning',
    fits: ({ outcome, signal }) => outcome === 'works' && signal !== undefined,
    message: (trial, { signal }) => `${trial} went well, but the process was then ended by ${signal}.`,
    hint: () =>
      "Load no other library of NVIDIA's (EGL, CUDA, nvbufsurftransform) before the encoder. What was written until then is complete.",
  },
  {
    id: 'probe-hung',
    severity: 'problem',
    fits: ({ outcome }) => outcome === 'hangs',
    message: (trial, probe) => `${trial} did not come to an end. ${probe.message}${lastLine(probe)}`,
    hint: () =>
      'See dmesg for what the driver logged, end other programs that encode, and restart the board if it stays like this.',
  },
  {
    id: 'codec-rejected',
    severity: 'warning',
    fits: ({ code }) => code === ErrorCode.CodecUnsupported,
    message: (trial, { message }) => `${trial} was rejected: ${message}`,
    hint: ({ hint }) => hint ?? "Give a list of codecs in order of preference: codec: ['h265', 'h264'].",
  },
  {
    id: 'nobody-behind-node',
    severity: 'problem',
    fits: ({ code }) => code === ErrorCode.NotAnEncoder,
    message: (trial, { message }) => `${trial} found nobody who answers on the node: ${message}`,
    hint: ({ hint }) => hint ?? "See that libnvv4l2.so is NVIDIA's and that its plugin is there.",
  },
  {
    id: 'out-of-device-memory',
    severity: 'problem',
    fits: lacksMemory,
    message: (trial, { message }) => `${trial} got no memory: ${message}`,
    hint: () =>
      'Close other encoders, or give devices more memory: cma=256M for the kernel, gpu_mem=128 in config.txt of a Raspberry Pi.',
  },
  {
    id: 'no-session',
    severity: 'problem',
    fits: lacksSession,
    message: (trial, { code, message }) =>
      code === ErrorCode.Busy
        ? `${trial} found the encoder in use by another program, or all its sessions taken: ${message}`
        : `${trial} got no encoder from the driver: ${message}`,
    hint: ({ device }) =>
      `End other programs that encode (sudo fuser -v ${device} names those of its node); if there are none, fix the other findings here, see dmesg, and restart the board.`,
  },
  {
    id: 'rejected-when-opened',
    severity: 'problem',
    fits: ({ code }) =>
      code === ErrorCode.LibraryMissing || code === ErrorCode.Permission || code === ErrorCode.DeviceNotFound,
    message: (trial, { message }) => `${trial} could not begin: ${message}`,
    hint: ({ hint }) => hint ?? "See that the node and NVIDIA's library are there and may be read.",
  },
  {
    id: 'probe-failed',
    severity: 'problem',
    fits: () => true,
    message: (trial, probe) => `${trial} failed: ${probe.message}${lastLine(probe)}`,
    hint: ({ hint }) =>
      hint ?? 'See dmesg, and run it with V4L2_ENCODER_LOG=debug to see every request with its result.',
  },
]

/** What became of a trial; nothing where all went well, or where another finding says it. */
function endOf(probe: Probe): End | undefined {
  const { outcome, signal } = probe
  if (outcome === 'works' && signal === undefined) return undefined
  if (outcome !== 'crashes' && (isExplained(probe) || isForbidden(probe))) return undefined
  return ENDS.find(({ fits }) => fits(probe))
}

/**
 * Whether it failed as it does where other programs have taken all that the encoder can give.
 *
 * @internal
 */
export function isCrowdedOut(probe: Probe): boolean {
  const end = endOf(probe)?.id
  return end === 'no-session' || end === 'out-of-device-memory' || saidRefused(probe)
}

/** Whether permissions or files already show why it could not begin. */
function isShown(evidence: Evidence): boolean {
  return [...RIGHTS_RULES, ...LIBRARY_RULES].some((rule) =>
    rule.test(evidence).some(({ severity = rule.severity }) => severity === 'problem'),
  )
}

function occurrences(end: End, { probes }: Evidence): Occurrence[] {
  const ended = probes.filter((probe) => endOf(probe) === end)
  return alike(ended).map((group) => ({
    message: end.message(named(group), group[0]!),
    hint: end.hint(group[0]!),
  }))
}

/**
 * What became of the encodes that were tried.
 *
 * @internal
 */
export const TRIED_RULES: readonly Rule[] = ENDS.map((end) => ({
  id: end.id,
  severity: end.severity,
  ofProbe: true,
  test: (evidence) => (end.id === 'rejected-when-opened' && isShown(evidence) ? [] : occurrences(end, evidence)),
}))
