import { homedir } from 'node:os'
import type { BenchResult } from '../../bench/results.js'
import { withoutUsersInPaths } from '../../doctor/anonymous.js'
import { plotsOf, tableLines } from './bench-text.js'
import type { Canvas } from './plot.js'

/** Lines that an issue is still read with. */
const MOST_LINES = 150
/** What the doctor may take of them. */
const MOST_DOCTOR_LINES = 80

function shortened(lines: readonly string[], most: number, rest: string): string[] {
  if (lines.length <= most) return [...lines]
  return [...lines.slice(0, most - 1), `(${lines.length - most + 1} more lines: ${rest})`]
}

/** As many plots as there is room for, each whole. */
function fitting(plots: readonly string[][], room: number): string[] {
  const lines: string[] = []
  for (const [index, plot] of plots.entries()) {
    const isLast = index === plots.length - 1
    if (lines.length + plot.length + 1 > room - (isLast ? 0 : 1)) {
      return [...lines, `(${plots.length - index} more plots: v4l2-encoder bench)`]
    }
    lines.push('', ...plot)
  }
  return lines
}

/** Without what would tell who ran it, or end the block early; drivers may name themselves anything. */
function harmless(text: string): string {
  const home = homedir()
  return withoutUsersInPaths(home.length > 1 ? text.replaceAll(home, '~') : text)
    .replaceAll('```', "'''")
    .replaceAll(/[^\P{Cc}\n]/gu, ' ')
}

function titleOf({ version, date, node, platform, processors }: BenchResult): string {
  return `v4l2-encoder ${version}, ${date.slice(0, 10)}, Node.js ${node}, ${platform}, ${processors} processors`
}

/** One block for an issue: who measured with what, what the doctor says, what was measured. */
export function reportOf(result: BenchResult, doctorText: string, canvas: Canvas): string {
  const doctor = shortened(doctorText.trimEnd().split('\n'), MOST_DOCTOR_LINES, 'v4l2-encoder doctor')
  const head = [titleOf(result), '', 'DOCTOR', '', ...doctor, '', 'BENCH', '']
  // The two fences are lines too.
  const room = MOST_LINES - 2 - head.length
  // One line is left for saying that there are plots as well.
  const table = shortened(tableLines(result), room - 1, 'v4l2-encoder bench')
  const plots = fitting(plotsOf(result, canvas), room - table.length)
  return ['```', harmless([...head, ...table, ...plots].join('\n')), '```', ''].join('\n')
}
