import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { ownDescriptor, pathForOthers } from '../../ts/source/own-descriptor.js'
import { BYTES, scratch } from '../support/pipe.js'
import { onAddon as test, testWith } from '../support/installed-programs.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
const NODE = [process.execPath, '--import=@oxc-node/core/register', MAIN, 'record']
const SMALL = ['--software-encoder', '--size', '64x64', '--log-level', 'error']
const PICTURES = Buffer.alloc(3 * BYTES, 100)
/** How a stream of H.264 begins. */
const BEGINNING = [0, 0, 0, 1, 0x67]

interface End {
  code: number | null
  stdout: Buffer
  stderr: string
}

/** Runs it with sockets as its standard streams, or what a shell makes of them. */
function record(args: string[], { before = '', redirected = '' } = {}): Promise<End> {
  const line = `${before} exec "$0" "$@" ${redirected}`
  const child = spawn('sh', ['-c', line, ...NODE, ...args, ...SMALL], { timeout: 30_000 })
  child.stdin.on('error', () => {})
  child.stdin.end(PICTURES)
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (part: Buffer) => stdout.push(part))
  child.stderr.on('data', (part: Buffer) => stderr.push(part))
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(stdout), stderr: String(Buffer.concat(stderr)) }))
  })
}

function isStream(t: ExecutionContext, { code, stderr }: End, bytes: Buffer): void {
  t.is(code, 0, stderr)
  t.regex(stderr, /^3 frames, /)
  t.deepEqual([...bytes.subarray(0, 5)], BEGINNING)
}

test('a path is recognized as a descriptor of this process, by whichever name', (t) => {
  const folder = scratch(t)
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const descriptor = openSync(file, 'r')
  t.teardown(() => closeSync(descriptor))
  symlinkSync('/dev/stdout', join(folder, 'link'))
  symlinkSync(join(folder, 'link'), join(folder, 'second'))
  symlinkSync('/proc/self/fd', join(folder, 'folder'))
  symlinkSync('circle', join(folder, 'circle'))
  for (const [path, expected] of [
    ['/dev/stdin', 0],
    ['/dev/stdout', 1],
    ['/dev/../dev/stderr', 2],
    [`/dev/fd/${descriptor}`, descriptor],
    ['/proc/self/fd/1', 1],
    [`/proc/${process.pid}/fd/1`, 1],
    ['/proc/thread-self/fd/1', 1],
    [join(folder, 'link'), 1],
    [join(folder, 'second'), 1],
    [join(folder, 'folder/0'), 0],
    [`/proc/${process.ppid}/fd/1`, undefined],
    [file, undefined],
    [join(folder, 'circle'), undefined],
    ['/dev/null', undefined],
    ['/no/such/folder/file', undefined],
    ['testsrc', undefined],
  ] as const)
    t.is(ownDescriptor(path), expected, path)
  t.is(pathForOthers('/dev/stdin'), `/proc/${process.pid}/fd/0`, 'whose own /dev/stdin is another')
  t.is(pathForOthers(file), file)
})

test('standard output is the same by its names of a file, and so is standard input, also as sockets', async (t) => {
  const link = join(scratch(t), 'link')
  symlinkSync('/dev/stdout', link)
  const names = ['-', '/dev/stdout', '/dev/fd/1', link]
  const inputs = ['-', '/dev/stdin', '/proc/self/fd/0', '/dev/fd/0']
  const ends = await Promise.all(names.map((name, index) => record([name, '--h264', '--input', inputs[index]!])))
  for (const end of ends) {
    isStream(t, end, end.stdout)
    t.regex(end.stderr, / in standard output$/m)
  }
})

test('a descriptor that the shell opened is written and read where it stands', async (t) => {
  const folder = scratch(t)
  const [out, pictures] = [join(folder, 'out'), join(folder, 'pictures')]
  writeFileSync(pictures, Buffer.concat([Buffer.from('skipped'), PICTURES]))
  writeFileSync(out, 'kept')
  const before = `exec 3>>'${out}' 4<'${pictures}'; dd bs=7 count=1 <&4 >/dev/null 2>&1;`
  const end = await record(['/dev/fd/3', '--h264', '--input', '/dev/fd/4'], { before })
  isStream(t, end, readFileSync(out).subarray(4))
  t.is(readFileSync(out, 'latin1').slice(0, 4), 'kept')
})

test('what cannot carry a stream is rejected before anything is opened', async (t) => {
  const file = join(scratch(t), 'clip.h264')
  const refused = async (args: string[], message: RegExp, redirected = '') => {
    const { code, stdout, stderr } = await record([...args, '--h264'], { redirected })
    t.is(code, /not open/.test(message.source) ? 4 : 2, stderr)
    t.regex(redirected === '' ? stderr : readFileSync(file, 'utf8'), message)
    t.is(stdout.length, 0)
  }
  await Promise.all([
    refused(['/dev/stderr', '-i', '-'], /The output \/dev\/stderr is where standard error goes as well/),
    refused(['-', '-i', '-'], /Standard output is where standard error goes as well/, `>'${file}' 2>&1`),
    refused(['/dev/fd/77', '-i', '-'], /The output \/dev\/fd\/77 cannot be written: it is not open/),
    // Nobody has opened it, and so it is the event loop's own.
    refused(['/dev/fd/3', '-i', '-'], /The output \/dev\/fd\/3 cannot be written: it is not open/),
    refused([file, '-i', '/dev/fd/3'], /The input \/dev\/fd\/3 cannot be read: it is not open/),
    refused([file, '-i', '/dev/stdout'], /The input \/dev\/stdout is where this program writes to/),
  ])
  t.true(statSync(file).size < 500)
})

testWith(
  'script',
  ['--version'],
  'it is in the package bsdutils',
)('a terminal shows no video, by whichever name', async (t) => {
  const commands = ['/dev/stdout', '/dev/tty', '-'].map((name) => [...NODE, name, ...SMALL])
  const line = commands.map((words) => words.map((word) => `'${word}'`).join(' ')).join('; ')
  const child = spawn('script', ['-qec', line, '/dev/null'], { timeout: 30_000 })
  let shown = ''
  child.stdout.on('data', (part) => (shown += part))
  await new Promise((resolve) => {
    child.on('close', resolve)
  })
  t.is(shown.match(/Standard output is a terminal, which cannot show/g)?.length, 2, shown)
  t.regex(shown, /The output \/dev\/tty is a terminal, which cannot show/)
})
