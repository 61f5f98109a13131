import type { DiagnosedEncoder, Diagnosis, Finding, Probe } from './diagnosis.js'
import type { Facts } from './facts/facts.js'
import { frameMs, isThor, listed, namedDevice } from './findings/evidence.js'

type Hardware = Diagnosis['hardware']

function encoderOf(
  info: Facts['encoders'][number],
  probes: readonly Probe[],
  probed: boolean,
  isSound: boolean,
): DiagnosedEncoder {
  const { backend, name, codecs, available } = info
  const device = info.device!
  const own = probes.filter((probe) => probe.device === device)
  const working = own.filter(({ outcome }) => outcome === 'works').map(({ codec }) => codec)
  const tried = own.length > 0
  if (tried) return { backend, device, name, codecs: working, tried, works: working.length > 0 }
  const works = !probed && available && (isSound || backend === 'v4l2')
  return { backend, device, name, codecs, tried, works }
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
  const speed = probe === undefined ? '' : ` in ${frameMs(probe)} ms a frame`
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
  const reason = reasonOf(findings, probes, works)
  if (works && probed) return `Hardware encodes ${listed(each)}.`
  const against = reason === undefined ? '' : ` This speaks against it: ${reason}`
  if (works) return `Hardware should encode ${listed(each)}; it was not tried.${against}`
  const names = encoders.map(namedDevice)
  const mayEncode = reason !== undefined || encoders.some(({ codecs }) => codecs.length > 0)
  if (!probed && encoders.length > 0 && mayEncode) {
    return `Whether hardware encodes here was not tried: there is ${listed(names)}.${against}`
  }
  const unusable = names.length === 0 ? 'there is no encoder.' : `${listed(names)} cannot be used.`
  return `Hardware does not encode here: ${reason ?? unusable}`
}

/**
 * What keeps hardware from encoding; a note never does.
 *
 * @internal
 */
export function reasonOf(findings: readonly Finding[], probes: readonly Probe[], works: boolean): string | undefined {
  const problem = findings.find(({ severity }) => severity === 'problem')
  const failed = probes.find(({ outcome }) => outcome !== 'works')
  const warning = findings.find(({ severity }) => severity === 'warning')
  return (problem ?? (works ? undefined : warning))?.message ?? failed?.message
}
