import type { Diagnosis } from './diagnosis.js'

/**
 * What is meant for strangers: without the user's name and the group that bears it.
 *
 * @internal
 */
export function anonymous(diagnosis: Diagnosis): Diagnosis {
  const { user } = diagnosis.facts
  const groups = user.groups.filter((group) => group !== user.name)
  return { ...diagnosis, facts: { ...diagnosis.facts, user: { ...user, name: null, groups } } }
}
