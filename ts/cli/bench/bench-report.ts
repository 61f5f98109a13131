import { homedir } from 'node:os'
import type { BenchResult } from '../../bench/results.js'
import { withoutUsersInPaths } from '../../doctor/anonymous.js'
import { tableLines } from './bench-text.js'

/** Lines that an issue is still read with. */
const MAX_LINES = 150
/** What the doctor may take of them. */
const MAX_DOCTOR_LINES = 80

function shortened(lines: readonly string[], most: number, rest: string): string[] {
  if (lines.length <= most) return [...lines]
  return [...lines.slice(0, most - 1), `(${lines.length - most + 1} more lines: ${rest})`]
}

/** Without what would identify the user, or end the block early; names of drivers may be anything. */
function harmless(text: string): string {
  const home = homedir()
  return withoutUsersInPaths(home.length > 1 ? text.replaceAll(home, '~') : text)
    .replaceAll('```', "'''")
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
}

function titleOf({ version, date, node, platform, processors }: BenchResult): string {
  return `v4l2-encoder ${version}, ${date.slice(0, 10)}, Node.js ${node}, ${platform}, ${processors} processors`
}

/** One block for an issue: who measured with what, the diagnosis, what was measured. */
export function reportOf(result: BenchResult, doctorText: string): string {
  const doctor = shortened(doctorText.trimEnd().split('\n'), MAX_DOCTOR_LINES, 'v4l2-encoder doctor')
  const head = [titleOf(result), '', 'DOCTOR', '', ...doctor, '', 'BENCH', '']
  // The two fences are lines too.
  const table = shortened(tableLines(result), MAX_LINES - 2 - head.length, 'v4l2-encoder bench')
  return ['```', harmless([...head, ...table].join('\n')), '```', ''].join('\n')
}
