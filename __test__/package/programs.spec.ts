import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import ava from 'ava'
import type { ExecutionContext } from 'ava'
import ts from 'typescript'
import { ROOT } from '../support/type-checker.js'

const run = promisify(execFile)
const EXAMPLES = join(ROOT, 'examples')
const BUILT = [
  join(ROOT, `native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`),
  join(ROOT, 'dist/index.cjs'),
]
const missing = BUILT.filter((file) => !existsSync(file))
const mayRun = missing.length === 0 || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${missing.join(' and ')} missing; "npm test" builds them`)
const test = mayRun ? ava : ava.skip

/** What each program prints and leaves; those of the device layer need devices of the kernel. */
const PROGRAMS: Readonly<Record<string, { prints: RegExp; leaves: string; frames: number; hasCamera?: boolean }>> = {
  'record.ts': { prints: /^60 frames in clip\.h264 by software$/, leaves: 'clip.h264', frames: 60 },
  'camera-without-copies.ts': {
    prints: /^0 frames without a copy, 2\d copied$/,
    leaves: 'clip.h264',
    frames: 20,
    hasCamera: true,
  },
  'worker.ts': { prints: /^60 frames in clip\.h264$/, leaves: 'clip.h264', frames: 60 },
  'commonjs.cts': { prints: /^30 frames in clip\.h264$/, leaves: 'clip.h264', frames: 30 },
}
const ON_DEVICES = ['encode-through-ioctls.ts', 'grab-from-camera.ts']

/** A folder in which the program, compiled, finds the package as a dependency: this checkout, or one with a fake camera. */
function project(t: ExecutionContext, file: string, hasCamera: boolean): string {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-program-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  const installed = join(folder, 'node_modules/v4l2-encoder')
  if (hasCamera) {
    mkdirSync(installed)
    writeFileSync(join(installed, 'package.json'), '{ "type": "module", "exports": "./index.js" }')
    const standIn = pathToFileURL(join(ROOT, '__test__/support/examples/with-camera.ts')).href
    writeFileSync(join(installed, 'index.js'), `export * from '${standIn}'\n`)
  } else {
    symlinkSync(ROOT, installed)
  }
  const isCommonJs = file.endsWith('.cts')
  const { outputText } = ts.transpileModule(readFileSync(join(EXAMPLES, file), 'utf8'), {
    fileName: isCommonJs ? 'program.cts' : 'program.mts',
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext },
  })
  writeFileSync(join(folder, isCommonJs ? 'program.cjs' : 'program.mjs'), outputText)
  return folder
}

for (const [file, { prints, leaves, frames, hasCamera = false }] of Object.entries(PROGRAMS)) {
  test(`examples/${file} runs, and leaves a video of ${frames} frames`, async (t) => {
    t.timeout(120_000)
    const cwd = project(t, file, hasCamera)
    const program = readdirSync(cwd).find((name) => name.startsWith('program.'))!
    const flags = hasCamera ? [`--import=${import.meta.resolve('@oxc-node/core/register')}`] : []
    const to = file === 'record.ts' ? basename(leaves, '.h264') : leaves
    const env = { ...process.env, V4L2_ENCODER_LOG: 'error' }
    const { stdout } = await run(process.execPath, [...flags, program, to, String(frames)], {
      cwd,
      env,
      timeout: 90_000,
    })
    t.regex(stdout.trimEnd(), prints)
    const count = ['-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0']
    const { stdout: counted } = await run('ffprobe', ['-v', 'error', ...count, leaves], { cwd })
    t.is(counted.trim(), String(frames))
  })
}

ava('every program of examples/ is run: here, or on a device of the kernel', (t) => {
  t.deepEqual(readdirSync(EXAMPLES).toSorted(), [...Object.keys(PROGRAMS), ...ON_DEVICES].toSorted())
  const onDevices = readdirSync(join(ROOT, '__test__/vm')).map((name) =>
    readFileSync(join(ROOT, '__test__/vm', name), 'utf8'),
  )
  for (const name of ON_DEVICES)
    t.true(
      onDevices.some((text) => text.includes(basename(name, '.ts'))),
      name,
    )
})
