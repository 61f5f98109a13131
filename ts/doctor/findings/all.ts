// ts/doctor/findings: rules that turn facts into findings, one file for each subject.
import type { Finding } from '../diagnosis.js'
import { BOARD_RULES } from './board.js'
import { CONTAINER_RULES } from './container.js'
import { KERNEL_RULES } from './kernel.js'
import { LIBRARY_RULES } from './libraries.js'
import { LOAD_RULES } from './load.js'
import { PLATFORM_RULES } from './platform.js'
import { RIGHTS_RULES } from './permissions.js'
import { findingsBy } from './rule.js'
import type { Evidence, Rule } from './rule.js'
import { SAID_RULES } from './log-patterns.js'
import { TRIED_RULES } from './probe-outcomes.js'

/**
 * Everything that can be found, in the order in which it is listed within a severity: causes before what follows from them.
 *
 * @internal
 */
export const RULES: readonly Rule[] = [
  ...PLATFORM_RULES,
  ...BOARD_RULES,
  ...RIGHTS_RULES,
  ...LIBRARY_RULES,
  ...CONTAINER_RULES,
  ...SAID_RULES,
  ...TRIED_RULES,
  ...LOAD_RULES,
  ...KERNEL_RULES,
]

/**
 * What the evidence shows, worst first.
 *
 * @internal
 */
export function findingsOf(evidence: Evidence): Finding[] {
  return findingsBy(RULES, evidence)
}
