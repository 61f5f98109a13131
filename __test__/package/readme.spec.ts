import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ava from 'ava'
import { EXAMPLES, PAGES, proseOf } from '../support/documents.js'
import { ROOT } from '../support/type-checker.js'

const run = promisify(execFile)
const NATIVE = join(ROOT, `native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)
const BUILT = [NATIVE, join(ROOT, 'dist/index.js')]
const missing = BUILT.filter((file) => !existsSync(file))
const mayRun = missing.length === 0 || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${missing.join(' and ')} missing; "npm run build" builds them`)
const test = mayRun ? ava : ava.skip

const { text: README } = PAGES.find(({ path }) => path === 'README.md')!
const FIRST = EXAMPLES[0]!.code

/** The same program for people who do not use modules. */
function asCommonJs(code: string): string {
  const required = code.replaceAll(/^import (\{.*\}) from ('.*')$/gm, 'const $1 = require($2)')
  return `(async () => {\n${required}\n})()\n`
}

for (const [name, file, code] of [
  ['as it stands', 'first.mjs', FIRST],
  ['through require()', 'first.cjs', asCommonJs(FIRST)],
] as const) {
  test(`the first example runs ${name}, prints what the README shows, and leaves a file that can be decoded`, async (t) => {
    const cwd = mkdtempSync(join(tmpdir(), 'v4l2-encoder-readme-'))
    t.teardown(() => rmSync(cwd, { recursive: true }))
    mkdirSync(join(cwd, 'node_modules'))
    symlinkSync(ROOT, join(cwd, 'node_modules/v4l2-encoder'))
    writeFileSync(join(cwd, file), code)
    const { stdout } = await run(process.execPath, [file], { cwd, timeout: 60_000 })
    t.true(README.replaceAll(/\s+/g, ' ').includes(`\`${stdout.trim()}\``), `the README does not show: ${stdout}`)
    const [clip] = /clip\.h26[45]/.exec(stdout)!
    const entries = ['-count_frames', '-show_entries', 'stream=width,height,nb_read_frames', '-of', 'csv=p=0']
    const probed = await run('ffprobe', ['-v', 'error', ...entries, clip], { cwd })
    t.is(probed.stdout.trim(), '640,480,90')
  })
}

test('the first example of the README is eight lines', (t) => {
  t.is(FIRST.split('\n').filter((line) => line.trim() !== '').length, 8)
})

test('the README has at most 9 kB and 1,500 words', (t) => {
  t.true(Buffer.byteLength(README) <= 9000, `${Buffer.byteLength(README)} bytes`)
  const words = README.split(/\s+/).filter((word) => word !== '').length
  t.true(words <= 1500, `${words} words`)
})

test('the README shows the kinds of machines in six rows, and what was not tried on hardware', (t) => {
  const [section] = /^## What is supported$[^]*?(?=^## )/m.exec(README)!
  t.is(section.split('\n').filter((line) => line.startsWith('|')).length, 6 + 2)
  t.regex(proseOf(README), /not been run on a real board/)
})

test('the first command records a file, and the limits say how to give players another frame rate', (t) => {
  t.regex(/v4l2-encoder record .*/.exec(README)![0], / clip\.h264 /)
  t.true(/^## Limits[^]*?^## /m.exec(README)![0].includes('ffmpeg -framerate 60 -i clip.h264 -c copy clip.mp4'))
})
