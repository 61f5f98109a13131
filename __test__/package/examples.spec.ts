import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import ava from 'ava'
import type { ExecutionContext } from 'ava'
import { EXAMPLES } from '../support/documents.js'
import type { Example } from '../support/documents.js'
import { problemsOf, ROOT } from '../support/type-checker.js'
import { VIRTUAL_LIBRARY } from '../support/virtual-jetson.js'

const run = promisify(execFile)
const BUILT = [
  join(ROOT, `native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`),
  join(ROOT, 'dist/index.js'),
  VIRTUAL_LIBRARY,
]
const missing = BUILT.filter((file) => !existsSync(file))
const mayRun = missing.length === 0 || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${missing.join(' and ')} missing; "npm test" builds them`)
const test = mayRun ? ava : ava.skip

/** Examples that are only compiled here, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'docs/device.md#v4l2-from-typescript':
    'needs a V4L2 device of the kernel; __test__/vm/device.spec.ts does the same on one',
  'docs/device.md#events': 'needs a V4L2 device of the kernel; __test__/vm/device.spec.ts does the same on one',
  'docs/device.md#buffers':
    'needs a V4L2 device of the kernel; examples/grab-from-camera.ts does the same and runs on one',
}

/** Examples that need more than the software encoder: the machine that they get. */
const MACHINES: Readonly<Record<string, 'camera' | 'jetson'>> = {
  'docs/guide/cameras.md#cameras': 'camera',
  'docs/guide/cameras.md#which-camera': 'camera',
  'docs/guide/cameras.md#exposure-gain-and-other-controls': 'camera',
  'docs/guide/metadata.md#cameras': 'camera',
  'docs/guide/zero-copy.md#let-the-device-read-other-hardwares-memory': 'camera',
  'docs/guide/zero-copy.md#on-a-jetson': 'jetson',
}

const SUPPORT = join(ROOT, '__test__/support/examples')
const OXC = import.meta.resolve('@oxc-node/core/register')

interface Machine {
  /** What the package is there. */
  package: (folder: string) => void
  node: string[]
  env: Record<string, string>
}

/** A package that stands for ours. */
function standIn(file: string) {
  return (folder: string) => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
    writeFileSync(join(folder, 'index.js'), `export * from '${pathToFileURL(join(SUPPORT, file)).href}'\n`)
  }
}

const PLAIN: Machine = { package: (folder) => symlinkSync(ROOT, folder), node: [], env: {} }
const CAMERA: Machine = { package: standIn('with-camera.ts'), node: [`--import=${OXC}`], env: {} }
const JETSON: Machine = {
  package: standIn('on-virtual-jetson.js'),
  node: [],
  env: { V4L2_ENCODER_LIBRARY: VIRTUAL_LIBRARY, EXAMPLE_NODE: 'v4l2-nvenc' },
}

/** A folder in which a program finds the package as a dependency, a video file, and a virtual encoder's node. */
async function project(t: ExecutionContext, machine: Machine, code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-example-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  machine.package(join(folder, 'node_modules/v4l2-encoder'))
  writeFileSync(join(folder, 'v4l2-nvenc'), JSON.stringify({ log: join(folder, 'violations.log') }))
  if (code.includes("openSource('clip.mp4')")) {
    const made = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=30:duration=1', '-pix_fmt', 'yuv420p']
    await run('ffmpeg', ['-v', 'error', ...made, 'clip.mp4'], { cwd: folder })
  }
  return folder
}

/** At most two at a time: a machine with two processors does not get faster by more. */
let turn = 0
const turns: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()]
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const lane = turn++ % turns.length
  const result = turns[lane]!.then(work)
  turns[lane] = result.catch(() => {})
  return result
}

/** What a program's comments promise: `console.log(count) // prints 60`. */
function promised(code: string): string[] {
  return [...code.matchAll(/\/\/ prints (.*)$/gm)].map(([, line]) => line!)
}

async function runExample(t: ExecutionContext, { name, code }: Example): Promise<void> {
  const machine = { camera: CAMERA, jetson: JETSON, none: PLAIN }[MACHINES[name] ?? 'none']
  const cwd = await project(t, machine, code)
  writeFileSync(join(cwd, 'example.mjs'), code)
  const env = { ...process.env, ...machine.env, V4L2_ENCODER_LOG: 'error' }
  const { stdout, stderr } = await run(process.execPath, [...machine.node, 'example.mjs'], {
    cwd,
    env,
    timeout: 90_000,
  })
  t.is(stderr, '')
  for (const line of promised(code)) t.true(stdout.split('\n').includes(line), `it does not print ${line}: ${stdout}`)
  t.false(existsSync(join(cwd, 'violations.log')))
  for (const file of readdirSync(cwd).filter((entry) => /\.(h26[45]|mp4)$/.test(entry))) {
    const decoded = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-'], { cwd })
    t.is(decoded.stderr, '', `${file} is not whole`)
  }
}

for (const example of EXAMPLES.filter(({ name }) => NOT_RUN[name] === undefined)) {
  test(`${example.name} runs as it stands, and the files it leaves can be decoded`, (t) => {
    t.timeout(180_000)
    return inTurn(() => runExample(t, example))
  })
}

test('every example compiles as strict TypeScript', (t) => {
  t.timeout(120_000)
  t.true(EXAMPLES.length > 20, 'they are found')
  const sources = new Map(EXAMPLES.map(({ code }, index) => [join(ROOT, `example-${index}.mts`), code]))
  const names = EXAMPLES.map(({ name }, index): [string, string] => [join(ROOT, `example-${index}.mts:`), `${name}:`])
  const problems = problemsOf(sources).map((text) => names.reduce((all, [file, name]) => all.replace(file, name), text))
  t.deepEqual(problems, [])
})

test('what the lists name is there', (t) => {
  const names = new Set(EXAMPLES.map(({ name }) => name))
  t.deepEqual(
    [...Object.keys(NOT_RUN), ...Object.keys(MACHINES)].filter((name) => !names.has(name)),
    [],
  )
})

test('every example minds back-pressure: each write is awaited', (t) => {
  for (const { name, code } of EXAMPLES) {
    for (const line of code.split('\n').filter((text) => /\.(write|appendFile)\(/.test(text)))
      t.regex(line, /await /, name)
  }
})

test('no example writes video to standard output, where NVIDIA’s library prints', (t) => {
  for (const { name, code } of EXAMPLES) t.false(code.includes('process.stdout'), name)
})
