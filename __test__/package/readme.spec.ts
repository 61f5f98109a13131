import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ava from 'ava'
import type { ExecutionContext } from 'ava'
import { problemsOf, ROOT } from '../support/type-checker.js'

const run = promisify(execFile)
const NATIVE = join(ROOT, `native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)
const BUILT = [NATIVE, join(ROOT, 'dist/index.js')]
const missing = BUILT.filter((file) => !existsSync(file))
const mayRun = missing.length === 0 || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${missing.join(' and ')} missing; "npm run build" builds them`)
const test = mayRun ? ava : ava.skip

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')
const EXAMPLES = [...README.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, code]) => code!)
const FIRST = EXAMPLES[0]!

/** The same program for people who do not use modules. */
function asCommonJs(code: string): string {
  const required = code.replaceAll(/^import (\{.*\}) from ('.*')$/gm, 'const $1 = require($2)')
  return `(async () => {\n${required}\n})()\n`
}

/** A folder whose programs find the package as a dependency. */
function project(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-readme-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/v4l2-encoder'))
  return folder
}

for (const [name, file, code] of [
  ['as it stands', 'first.mjs', FIRST],
  ['through require()', 'first.cjs', asCommonJs(FIRST)],
] as const) {
  test(`the first example of the README runs ${name} and leaves a file that can be decoded`, async (t) => {
    const cwd = project(t)
    writeFileSync(join(cwd, file), code)
    const { stdout } = await run(process.execPath, [file], { cwd, timeout: 60_000 })
    t.true(README.replaceAll(/\s+/g, ' ').includes(`\`${stdout.trim()}\``), `the README does not say: ${stdout}`)
    const [clip] = /clip\.h26[45]/.exec(stdout)!
    const entries = ['-count_frames', '-show_entries', 'stream=width,height,nb_read_frames', '-of', 'csv=p=0']
    const probed = await run('ffprobe', ['-v', 'error', ...entries, clip], { cwd })
    t.is(probed.stdout.trim(), '640,480,90')
  })
}

test('the first example of the README is eight lines', (t) => {
  t.is(FIRST.split('\n').filter((line) => line.trim() !== '').length, 8)
})

/** What the other examples take from the first, or from their reader's program. */
const GIVEN = `
import { createWriteStream } from 'node:fs'
import { ReadableStream, WritableStream } from 'node:stream/web'
import { allocateSurface, createEncoder, diagnose, listCameras, openCamera, openPipe, openSource, ErrorCode } from 'v4l2-encoder'
import type { EncodedChunk, Frame, Surface } from 'v4l2-encoder'
import { openDevice } from 'v4l2-encoder/device'
const encoder = await createEncoder({ codec: 'h264' })
const socket = createWriteStream('out'), viewer = { send: (data: Uint8Array) => data }
const sink = new WritableStream<EncodedChunk>()
const frames: Frame[] = [], data = new Uint8Array(1), timestamp = 0, duration = 0
const fd = 3, stride = 2048, size = 4096, release = () => {}
const render = (...memory: unknown[]) => memory, reuse = (surface: Surface) => surface
`

/** A scope of its own, in which an example may name its own encoder. */
function asProgram(code: string): string {
  const body = code.replaceAll(/^import .*$/gm, '').replaceAll('catch (error)', 'catch (error: any)')
  return `${GIVEN}{\n${body}}\n`
}

test('every JavaScript example of the README compiles', (t) => {
  const sources = new Map(EXAMPLES.map((code, index) => [join(ROOT, `readme-${index}.mts`), asProgram(code)]))
  t.true(sources.size > 5)
  t.deepEqual(problemsOf(sources), [])
})

test('no example writes video to standard output, where NVIDIA’s library prints', (t) => {
  for (const code of EXAMPLES) t.false(code.includes('process.stdout'), code)
})

test('the first command line works where there is no hardware, and players are told the frame rate', (t) => {
  t.regex(/v4l2-encoder record .*/.exec(README)![0], / clip\.h264 /)
  t.true(/^## Limits[^]*?^## /m.exec(README)![0].includes('ffmpeg -framerate 60 -i clip.h264 -c copy clip.mp4'))
})
