import type { Diagnosis } from '../../ts/doctor/diagnosis.js'
import type { MadeUpRoot } from './fake-root.js'

/** What a healthy trial answers. */
export const SUCCESS = {
  openMs: 40,
  latenciesMs: [20, 9, 8, 9],
  types: ['key', 'delta', 'delta', 'delta'],
  bytes: 4000,
  framesIn: 4,
  framesLost: 0,
  pipelineDelay: 0,
}

/** A trial that answers so. */
export const answer = (content: object) => `writeSync(3, ${JSON.stringify(`${JSON.stringify(content)}\n`)})\n`
/** A trial that prints so. */
export const say = (line: string) => `console.error(${JSON.stringify(line)})\n`
/** A trial that was refused. */
export const refusal = (code: string, message: string, more: object = {}) => answer({ code, message, ...more })

/** Diagnoses with a program of the test's in the place of the trial encode. */
export function tried(root: MadeUpRoot, program: string, timeout = 5000): Promise<Diagnosis> {
  const module = root.file('/trial.mjs', `import { writeSync } from 'node:fs'\n${program}`).place('/trial.mjs')
  return root.diagnose({ timeout }, { probeModule: module })
}
