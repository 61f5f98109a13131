import type { DiagnosedEncoder, Diagnosis, Finding, Probe } from './diagnosis.js'
import type { Facts } from './facts/facts.js'
import { isThor, listed, middleOf } from './findings/evidence.js'

type Hardware = Diagnosis['hardware']

function encoderOf(
  info: Facts['encoders'][number],
  probes: readonly Probe[],
  probed: boolean,
  isSound: boolean,
): DiagnosedEncoder {
  const { backend, name, codecs, available } = info
  const device = info.device!
  const working = probes
    .filter((probe) => probe.device === device && probe.outcome === 'works')
    .map(({ codec }) => codec)
  if (probed) return { backend, device, name, codecs: working, works: working.length > 0 }
  return { backend, device, name, codecs, works: available && (isSound || backend === 'v4l2') }
}

/**
 * Which hardware encodes. Where nothing was tried, a problem that was found counts against NVIDIA's, and so does a board on which nobody tried
 * it; a kernel encoder was asked.
 *
 * @internal
 */
export function hardwareOf(
  facts: Facts,
  probes: readonly Probe[],
  findings: readonly Finding[],
  probed: boolean,
): Hardware {
  const isSound = !isThor(facts) && findings.every(({ severity }) => severity !== 'problem')
  const devices = facts.encoders.filter(({ device }) => device !== null)
  const encoders = devices.map((info) => encoderOf(info, probes, probed, isSound))
  return { works: encoders.some(({ works }) => works), probed, encoders }
}

/** A codec, with the time of a frame where that was measured. */
function withSpeed(codec: string, device: string, probes: readonly Probe[]): string {
  const probe = probes.find((one) => one.device === device && one.codec === codec && one.outcome === 'works')
  const speed = probe === undefined ? '' : ` in ${middleOf(probe.latenciesMs).toFixed(1)} ms a frame`
  return `${codec.toUpperCase()}${speed}`
}

/**
 * The verdict in one sentence.
 *
 * @internal
 */
export function summaryOf(
  { works, probed, encoders }: Hardware,
  findings: readonly Finding[],
  probes: readonly Probe[],
): string {
  const working = encoders.filter((encoder) => encoder.works)
  const each = working.map(({ codecs, device, name }) => {
    return `${listed(codecs.map((codec) => withSpeed(codec, device, probes)))} by ${device} (${name})`
  })
  if (works && probed) return `Hardware encodes ${listed(each)}.`
  if (works) return `Hardware should encode ${listed(each)}; it was not tried.`
  const worst = findings.find(({ severity }) => severity === 'problem') ?? findings[0]
  const why = worst === undefined ? 'there is no encoder.' : worst.message
  return `Hardware does not encode here: ${why}`
}
