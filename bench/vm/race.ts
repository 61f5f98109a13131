/** 300 pictures of 1280x720 from a file to a file: this package, v4l2-ctl and GStreamer, each with its start. */
import { figure, median } from '../report.js'
import { pictures } from './machine.js'
import { code, PROGRAMS, run } from './programs.js'
import type { Program, Run } from './programs.js'
import { warmUp } from './warm-up.js'

const ROUNDS = 3
/** Against the better of the two others. */
const MOST = 1.05

export async function race(): Promise<void> {
  const file = pictures()
  await warmUp()
  const runs: Record<Program, Run[]> = { 'this package': [], 'v4l2-ctl': [], GStreamer: [] }
  for (let round = 0; round < ROUNDS; round++) {
    // Each of them begins once.
    for (let turn = 0; turn < PROGRAMS.length; turn++) {
      const program = PROGRAMS[(round + turn) % PROGRAMS.length]!
      runs[program].push(await code(program, file))
    }
  }
  compare(runs, 'wall', 'wall time')
  compare(runs, 'cpu', 'CPU time of the machine')
  await nodeItself()
}

function compare(runs: Record<Program, Run[]>, measure: keyof Run, name: string): void {
  const medians = PROGRAMS.map((program) => median(runs[program].map((one) => one[measure])))
  for (const [index, program] of PROGRAMS.entries()) figure(`300 pictures, ${name}: ${program}`, medians[index]!, 's')
  const [ours, ...theirs] = medians
  figure(`300 pictures, ${name}: ratio to the better of the others`, ours! / Math.min(...theirs), '×', { most: MOST })
}

/** How much of our time is none of ours. */
async function nodeItself(): Promise<void> {
  const runs: Run[] = []
  for (let round = 0; round < ROUNDS; round++) runs.push(await run(process.execPath, '-e', '0'))
  figure('Node.js alone, which starts and ends: wall time', median(runs.map(({ wall }) => wall)), 's')
  figure('Node.js alone, which starts and ends: CPU time', median(runs.map(({ cpu }) => cpu)), 's')
}
