import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'

const ROOT = join(import.meta.dirname, '..')
const NATIVE = `native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`
const PROGRAM = `
  import { createEncoder } from './ts/index.ts'
  createEncoder({ codec: 'h264' }).catch(({ name, code, message, hint }) => console.log(JSON.stringify({ name, code, message, hint })))
`

interface Told {
  name: string
  code: string
  message: string
  hint: string
}

/** What the package says in a checkout of its own, which `change` has changed. */
function loadIn(t: ExecutionContext, change: (folder: string) => void): Told {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const name of ['ts', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'native'))
  writeFileSync(join(folder, 'program.ts'), PROGRAM)
  change(folder)
  const register = import.meta.resolve('@oxc-node/core/register')
  const { stdout, stderr } = spawnSync(process.execPath, [`--import=${register}`, 'program.ts'], { cwd: folder })
  t.not(stdout.toString(), '', stderr.toString())
  return JSON.parse(stdout.toString()) as Told
}

test('a native part that is not installed is ERR_NATIVE_LOAD with this machine’s facts and the cure', (t) => {
  const { name, code, message, hint } = loadIn(t, () => {})
  t.is(name, 'V4l2EncoderError')
  t.is(code, 'ERR_NATIVE_LOAD')
  t.regex(message, /is not installed/)
  for (const fact of [process.platform, process.arch, process.version, 'glibc']) t.true(message.includes(fact), fact)
  t.regex(hint, /npm run build/)
})

test('a native part that cannot be loaded says what the system said', (t) => {
  const { code, message } = loadIn(t, (folder) => writeFileSync(join(folder, NATIVE), 'no library'))
  t.is(code, 'ERR_NATIVE_LOAD')
  t.regex(message, /could not be loaded: .*(file too short|invalid ELF header)/)
})

const build = existsSync(join(ROOT, NATIVE)) ? test : test.skip
if (build === test.skip) console.log(`skipped: ${NATIVE} is not built`)

build('a native part of another version is refused', (t) => {
  const { code, message } = loadIn(t, (folder) => {
    cpSync(join(ROOT, NATIVE), join(folder, NATIVE))
    const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...manifest, version: '99.0.0' }))
  })
  t.is(code, 'ERR_NATIVE_LOAD')
  t.regex(message, /is version .*, but the package is version 99\.0\.0/)
})
