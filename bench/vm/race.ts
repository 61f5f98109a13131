/**
 * 300 pictures of 1280x720 from a file to a file: this package, v4l2-ctl and GStreamer, each from its start to its end.
 *
 * Whatever else the computer does only ever adds to a time, so of several rounds the shortest counts, of every program. What
 * Node.js takes to start and end with nothing to do is measured in the same rounds, and is no part of the bounds: who encodes in a
 * program of Node's has it running. Loading the package is part of them.
 */
import { figure } from '../report.js'
import { pictures } from './machine.js'
import { code, PROGRAMS, run } from './programs.js'
import type { Program, Run } from './programs.js'
import { warmUp } from './warm-up.js'

const ROUNDS = 5
/** Against the better of the two others. */
const MOST = 1.05

export async function race(): Promise<void> {
  const file = pictures()
  await warmUp()
  const runs: Record<Program, Run[]> = { 'this package': [], 'v4l2-ctl': [], GStreamer: [] }
  const nodeAlone: Run[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // Each of them begins in its turn.
    for (let turn = 0; turn < PROGRAMS.length; turn++) {
      const program = PROGRAMS[(round + turn) % PROGRAMS.length]!
      runs[program].push(await code(program, file))
    }
    nodeAlone.push(await run(process.execPath, '-e', '0'))
  }
  compare(runs, nodeAlone, 'wall', 'wall time')
  compare(runs, nodeAlone, 'cpu', 'CPU time of the machine')
}

function compare(runs: Record<Program, Run[]>, nodeAlone: Run[], measure: keyof Run, name: string): void {
  const shortest = (of: Run[]) => Math.min(...of.map((one) => one[measure]))
  for (const program of PROGRAMS) {
    const all = runs[program].map((one) => one[measure].toFixed(1)).join(', ')
    figure(`300 pictures, ${name}: ${program} (${all})`, shortest(runs[program]), 's')
  }
  const ours = shortest(runs['this package'])
  const theirs = Math.min(shortest(runs['v4l2-ctl']), shortest(runs.GStreamer))
  const start = shortest(nodeAlone)
  figure(`Node.js alone, which starts and ends: ${name}`, start, 's')
  figure(`300 pictures, ${name}: ratio to the better of the others`, (ours - start) / theirs, '×', { most: MOST })
  figure("300 pictures, the same with Node.js's start", ours / theirs, '×')
}
