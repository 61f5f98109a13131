/**
 * 300 pictures of 1280x720 from a file to a file: this package, v4l2-ctl and GStreamer, each from its start to its exit, Node.js's
 * start and the loading of the package included.
 *
 * On an emulated processor a time tells little: what else the computer does is in it, and code that was just compiled, as
 * JavaScript is, costs more than it will ever again, because the emulator compiles it once more. So the bounds are kept in a machine
 * whose clock counts instructions. By the host's clock, for two processors, the same race is run without a bound.
 */
import { figure, median } from '../report.js'
import { pictures } from './machine.js'
import { code, PROGRAMS, run } from './programs.js'
import type { Program, Run } from './programs.js'
import { warmUp } from './warm-up.js'

type Runs = Record<Program, Run[]>

/** Against the better of the two others. */
const MOST = 1.05

/** For a machine whose clock counts instructions: rounds differ by thousandths. */
export const raceByInstructions = (): Promise<void> => race(2, MOST)

/** By the host's clock, which has one and the same program take half as long again within minutes. */
export const raceByTheClock = (): Promise<void> => race(3)

async function race(rounds: number, most?: number): Promise<void> {
  const file = pictures()
  await warmUp()
  const runs: Runs = { 'this package': [], 'v4l2-ctl': [], GStreamer: [] }
  const nodeAlone: Run[] = []
  for (let round = 0; round < rounds; round++) {
    // Each of them begins in its turn.
    for (let turn = 0; turn < PROGRAMS.length; turn++) {
      const program = PROGRAMS[(round + turn) % PROGRAMS.length]!
      runs[program].push(await code(program, file))
    }
    nodeAlone.push(await run(process.execPath, '-e', '0'))
  }
  compare(runs, nodeAlone, 'wall', 'wall time', most)
  compare(runs, nodeAlone, 'cpu', 'CPU time of the machine', most)
}

function compare(runs: Runs, nodeAlone: Run[], measure: keyof Run, name: string, most?: number): void {
  const typical = (of: Run[]) => median(of.map((one) => one[measure]))
  for (const program of PROGRAMS) {
    const all = runs[program].map((one) => one[measure].toFixed(2)).join(', ')
    figure(`300 pictures, ${name}: ${program} (${all})`, typical(runs[program]), 's')
  }
  const ours = typical(runs['this package'])
  const theirs = Math.min(typical(runs['v4l2-ctl']), typical(runs.GStreamer))
  const start = typical(nodeAlone)
  figure(`300 pictures, ${name}: ratio to the better of the others`, ours / theirs, '×', most ? { most } : undefined)
  figure(`Node.js alone, which starts and ends: ${name}`, start, 's')
  figure("the ratio without Node.js's start", (ours - start) / theirs, '×')
}
