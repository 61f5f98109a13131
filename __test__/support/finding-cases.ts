import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Diagnosis } from '../../ts/doctor/diagnosis.js'
import type { MadeUpRoot } from './fake-root.js'

/** A finding, the machine that shows it, what is said of it, and the findings that are told before it; none as a rule. */
export type Case = [
  id: string,
  make: (t: ExecutionContext) => MadeUpRoot,
  message: RegExp,
  hint: RegExp,
  before?: readonly string[],
]

export function idsOf({ findings }: Diagnosis): string[] {
  return findings.map(({ id }) => id)
}

/** A test for each case: the machine is made up, and the finding is there, at its place, with its sentence and its hint. */
export function reproduce(cases: Record<string, Case>): void {
  for (const [name, [id, make, message, hint, before = []]] of Object.entries(cases)) {
    test(`${name}: ${id}`, async (t) => {
      const diagnosis = await make(t).diagnose()
      const ids = idsOf(diagnosis)
      t.deepEqual(ids.slice(0, before.length + 1), [...before, id], `found ${ids.join(', ')}`)
      const finding = diagnosis.findings[before.length]!
      t.regex(finding.message, message)
      t.regex(finding.hint, hint)
    })
  }
}

/** A user whom nobody has put into the group. */
export function asStranger(root: MadeUpRoot): MadeUpRoot {
  root.machine.gids = [1000]
  return root.file('/etc/group', 'root:x:0:\nvideo:x:44:\nrender:x:104:\nrobot:x:1000:\n')
}

export function withEnv(root: MadeUpRoot, env: (root: MadeUpRoot) => Record<string, string>): MadeUpRoot {
  Object.assign(root.env, env(root))
  return root
}
