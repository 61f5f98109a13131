// Draws the pictures of the documents from runs on this machine: npm run docs:pictures, or with a name only one of them.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { measureStep, onEach, STEPS } from '../../perf/bitrate-step.js'
import { bitrateStepPicture, latencyPicture } from './figures.js'
import type { BenchReport, StepReport } from './figures.js'
import { terminalPicture } from './terminal.js'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
const CLI = join(ROOT, 'dist/cli/main.js')
const LIBRARY = join(ROOT, '.cache/virtual-jetson/libnvv4l2.so')
const FOLDER = join(ROOT, 'docs/pictures')

const today = new Date().toISOString().slice(0, 10)

/** A run of `record` on the virtual Jetson, whose node is called as on a board. */
async function terminal(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-picture-'))
  try {
    writeFileSync(join(folder, 'v4l2-nvenc'), JSON.stringify({ stdoutMessages: false }))
    const shown = 'record clip.h265 --codec h265,h264 --duration 3 --log-level info --device ./v4l2-nvenc'.split(' ')
    const env = { ...process.env, FORCE_COLOR: '1', NO_COLOR: undefined, V4L2_ENCODER_LIBRARY: LIBRARY }
    const { stdout, stderr } = await run(process.execPath, [CLI, ...shown], { cwd: folder, env })
    const command = `npx v4l2-encoder ${shown.join(' ')}`
    const caption = `recorded on the virtual Jetson, the simulator of NVIDIA's encoder, ${today}`
    return terminalPicture(command, stdout + stderr, caption, /Using .* encoder for/)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Figures of this machine's software encoder. */
async function latency(): Promise<string> {
  const options = [
    '--software-encoder',
    '--codec',
    'h264',
    '--size',
    '320x240,640x360,1280x720',
    '--duration',
    '4',
    '--json',
  ]
  const [load] = loadavg()
  const { stdout } = await run(process.execPath, [CLI, 'bench', ...options], { maxBuffer: 1 << 28 })
  const model = cpus()[0]?.model.trim().replaceAll(/\s+/g, ' ') ?? process.arch
  const busy = load! > 1 ? ', beside other programs' : ''
  const machine = `${availableParallelism()} processors (${model})${busy}`
  return latencyPicture(JSON.parse(stdout) as BenchReport, `Software encoder (OpenH264), ${machine}, ${today}`)
}

/** A step of the bit rate, as the encoders of this machine make it. */
async function bitrateStep(): Promise<string> {
  const reports: StepReport[] = []
  await onEach(async (name, options) => {
    reports.push({ name, chunks: (await measureStep(options)).chunks })
  })
  return bitrateStepPicture(reports, STEPS, `1280x720, 30 frames a second, a key frame every two seconds, ${today}`)
}

const PICTURES: Readonly<Record<string, () => Promise<string>>> = {
  terminal,
  latency,
  'bitrate-step': bitrateStep,
}

const [only] = process.argv.slice(2)
if (only !== undefined && !PICTURES[only])
  throw new Error(`There is no picture ${only}; there are ${Object.keys(PICTURES).join(', ')}.`)
mkdirSync(FOLDER, { recursive: true })
for (const [name, draw] of Object.entries(PICTURES)) {
  if (only === undefined || only === name) writeFileSync(join(FOLDER, `${name}.svg`), await draw())
}
