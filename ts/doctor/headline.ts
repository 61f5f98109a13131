import type { DiagnosedEncoder, Diagnosis, Probe } from './diagnosis.js'
import { codecNames, frameMs, listed, namedDevice } from './findings/evidence.js'
import { reasonOf } from './verdict.js'

const byDevice = (encoders: readonly DiagnosedEncoder[]): string =>
  listed(encoders.map((encoder) => [codecNames(encoder.codecs), namedDevice(encoder)].filter(Boolean).join(' on ')))

/** What `createEncoder()` uses here. */
function encoderLine({ hardware, findings, probes, facts }: Diagnosis): string {
  if (!facts.native.loads) return 'none: the native part of this package cannot be loaded.'
  const { works, probed, encoders } = hardware
  const working = encoders.filter((encoder) => encoder.works)
  if (works && probed) return `hardware, ${byDevice(working)}.`
  const reason = reasonOf(findings, probes, works)
  const against = reason === undefined ? '' : ` ${reason}`
  if (works) return `hardware, not tried: ${byDevice(working)}.${against}`
  const untried = encoders.filter(({ tried }) => !tried)
  if (!probed && untried.length > 0) return `hardware not tried: ${byDevice(untried)}.${against}`
  return `software (OpenH264), H264 only.${against}`
}

const speedOf = (probe: Probe): string =>
  `${codecNames([probe.codec])} ${frameMs(probe)} ms a frame at ${probe.width}x${probe.height}`

function speedLine({ hardware, probes }: Diagnosis): string {
  const working = probes.filter(({ outcome }) => outcome === 'works')
  if (working.length > 0) return `${listed(working.map(speedOf))} (median).`
  return hardware.probed ? 'not measured; "v4l2-encoder bench" measures it.' : 'not tried.'
}

function nextStep({ hardware, findings, probes }: Diagnosis): string {
  const finding = findings.find(({ severity }) => severity !== 'note')
  if (finding) return finding.hint
  if (!hardware.probed && hardware.encoders.length > 0) return 'Run it without --no-probe, which tries the encoder.'
  if (hardware.works) return 'Nothing.'
  return probes.find(({ hint }) => hint !== undefined)?.hint ?? 'Nothing that this program knows of.'
}

/**
 * The answer in three lines: which encoder runs, how fast, and what to do next.
 *
 * @internal
 */
export function headlineOf(diagnosis: Diagnosis): string[] {
  return [`Encoder  ${encoderLine(diagnosis)}`, `Speed    ${speedLine(diagnosis)}`, `To do    ${nextStep(diagnosis)}`]
}
