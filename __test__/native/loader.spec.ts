import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'

const ROOT = join(import.meta.dirname, '../..')
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

/** What the package says in a checkout of its own, which `change` has changed, after `fake` ran as a program. */
function loadIn(t: ExecutionContext, change: (folder: string) => void, fake = ''): Told {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  for (const name of ['ts', 'package.json']) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  mkdirSync(join(folder, 'native'))
  writeFileSync(join(folder, 'program.ts'), PROGRAM)
  writeFileSync(join(folder, 'fake.mjs'), fake)
  change(folder)
  const imports = [import.meta.resolve('@oxc-node/core/register'), './fake.mjs'].map((name) => `--import=${name}`)
  const { stdout, stderr } = spawnSync(process.execPath, [...imports, 'program.ts'], { cwd: folder })
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
    writeFileSync(join(folder, 'ts/shared/version.ts'), `export const VERSION = '99.0.0'`)
  })
  t.is(code, 'ERR_NATIVE_LOAD')
  t.regex(message, /is version .*, but the package is version 99\.0\.0/)
})

const MUSL = 'process.report.getReport = () => ({ header: {} })'

function machine(platform: string, arch: string): string {
  return `Object.defineProperties(process, { platform: { value: '${platform}' }, arch: { value: '${arch}' } })`
}

/** The dynamic linker refuses the native part with these words. */
function refused(words: string): [change: (folder: string) => void, fake: string] {
  const error = `Object.assign(new Error(${JSON.stringify(words)}), { code: 'ERR_DLOPEN_FAILED' })`
  return [(folder) => writeFileSync(join(folder, NATIVE), ''), `process.dlopen = () => { throw ${error} }`]
}

for (const [platform, arch, cure] of [
  ['darwin', 'arm64', /run it on the board, or in a Linux container/],
  ['win32', 'x64', /run it on the board, or in a Linux container/],
  ['linux', 'arm', /32-bit Node\.js; .* install the ARM64 build/],
  ['linux', 'riscv64', /Linux with glibc 2\.28 or later on ARM64 .* and x86-64/],
] as const) {
  test(`${platform} on ${arch} gets an error that there is no build, and what there is`, (t) => {
    const { code, message, hint } = loadIn(t, () => {}, machine(platform, arch))
    t.is(code, 'ERR_NATIVE_LOAD')
    t.true(message.startsWith('v4l2-encoder has no build for this kind of machine.'), message)
    t.true(message.includes(`${platform} on ${arch}`), message)
    t.regex(hint, /^Builds exist for Linux with glibc/)
    t.regex(hint, cure)
  })
}

test('musl is advised to use glibc, whether npm left the native part out or it does not load', (t) => {
  const [change, fake] = refused('Error loading shared library ld-linux-x86-64.so.2: No such file or directory')
  for (const { code, message, hint } of [loadIn(t, () => {}, MUSL), loadIn(t, change, `${MUSL}\n${fake}`)]) {
    t.is(code, 'ERR_NATIVE_LOAD')
    t.regex(message, /, musl, Node v/)
    t.regex(hint, /Debian or Ubuntu instead of Alpine/)
  }
})

test('a package of another machine’s node_modules is found missing, with the command for this one', (t) => {
  const { message, hint } = loadIn(t, () => {}, machine('linux', 'arm64'))
  t.regex(message, /is not installed \(@v4l2-encoder\/linux-arm64-gnu\)/)
  t.regex(hint, /"npm ci --cpu arm64 --os linux --libc glibc"/)
})

test('for an old C library the error names the version that is needed', (t) => {
  const { message, hint } = loadIn(t, ...refused("/lib/libc.so.6: version `GLIBC_2.28' not found (required by x.node)"))
  t.regex(message, /could not be loaded: .*GLIBC_2\.28/)
  t.regex(hint, /C library is older than GLIBC_2\.28\. .*newer system or image/)
})

test('for a full static TLS block the error names what to load first', (t) => {
  const { hint } = loadIn(t, ...refused('/lib/libgomp.so.1: cannot allocate memory in static TLS block'))
  t.regex(hint, /LD_PRELOAD=\/lib\/libgomp\.so\.1 node/)
})
