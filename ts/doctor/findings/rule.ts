import type { Finding, Probe, Severity } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'

/**
 * What findings follow from.
 *
 * @internal
 */
export interface Evidence {
  facts: Facts
  probes: readonly Probe[]
}

/**
 * One case of a finding.
 *
 * @internal
 */
export interface Occurrence {
  message: string
  hint: string
  /** Where it is graver, or less so, than the finding usually is. */
  severity?: Severity
}

/**
 * A row of the table of findings.
 *
 * @internal
 */
export interface Rule {
  /** Also the anchor in `docs/troubleshooting.md`. */
  id: string
  severity: Severity
  /** Whether it is about what an encode did, so that it stays a problem where another encode went well. */
  ofProbe?: boolean
  /** The cases of it; none when all is well. */
  test: (evidence: Evidence) => readonly Occurrence[]
}

/**
 * One occurrence if the condition holds.
 *
 * @internal
 */
export function when(condition: boolean, message: string, hint: string): Occurrence[] {
  return condition ? [{ message, hint }] : []
}

const GRAVITY: Record<Severity, number> = { problem: 0, warning: 1, note: 2 }

function gravity(rule: Rule, { severity = rule.severity }: Occurrence, { probes }: Evidence): Severity {
  // Where hardware was seen to encode, nothing that precedes the encode was in its way.
  const worked = probes.some(({ outcome }) => outcome === 'works')
  return severity === 'problem' && worked && !rule.ofProbe ? 'warning' : severity
}

/**
 * What the rules find, worst first, in the order of the rules within a severity.
 *
 * @internal
 */
export function findingsBy(rules: readonly Rule[], evidence: Evidence): Finding[] {
  const found = rules.flatMap((rule) =>
    rule.test(evidence).map((occurrence): Finding => {
      const { message, hint } = occurrence
      return { id: rule.id, severity: gravity(rule, occurrence, evidence), message, hint }
    }),
  )
  return found.toSorted((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity])
}
