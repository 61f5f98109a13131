import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { leftOf, scratch } from '../support/pipe.js'
import { onAddon as test, testWith } from '../support/installed-programs.js'
import { range } from '../support/record.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
const NODE = ['--import=@oxc-node/core/register', MAIN, 'record']
const SMALL = ['--software-encoder', '--size', '64x64']
const DEADLINE_MS = 30_000
/** A process that is asked to end shall not take longer. */
const END_MS = 5000

function namedPipe(t: ExecutionContext): string {
  const path = join(scratch(t), 'fifo')
  t.is(spawnSync('mkfifo', [path]).status, 0)
  return path
}

interface Running {
  child: ChildProcess
  stderr: () => string
  /** How it ended, or undefined when it did not within the time that an end may take. */
  ended: () => Promise<{ code: number | null; signal: NodeJS.Signals | null } | undefined>
}

function start(t: ExecutionContext, args: string[], before: string[] = []): Running {
  const child = spawn(process.execPath, [...before, ...NODE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += data))
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
  })
  const late = (): Promise<undefined> => sleep(END_MS, undefined, { ref: false })
  return { child, stderr: () => stderr, ended: () => Promise.race([exit, late()]) }
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`)
    await sleep(20)
  }
}

/** Whether a process has the file open. */
function holds(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(join(folder, name)) === path
    } catch {
      return false
    }
  })
}

const BY_SIGINT = { code: null, signal: 'SIGINT' } as const

test('Ctrl-C ends a program whose input has no writer', async (t) => {
  const pipe = namedPipe(t)
  const { child, stderr, ended } = start(t, ['-', '--input', pipe, ...SMALL])
  await until('the input to be open', () => holds(child.pid!, pipe))
  child.kill('SIGINT')
  t.deepEqual(await ended(), BY_SIGINT)
  t.regex(stderr(), /Interrupted before anything was encoded/)
})

test('SIGTERM does too, and the process ends by it', async (t) => {
  const pipe = namedPipe(t)
  const { child, ended } = start(t, ['-', '--input', pipe, ...SMALL])
  await until('the input to be open', () => holds(child.pid!, pipe))
  child.kill('SIGTERM')
  t.deepEqual(await ended(), { code: null, signal: 'SIGTERM' })
})

test('Ctrl-C finishes the file although the input has stalled', async (t) => {
  const folder = scratch(t)
  const pipe = namedPipe(t)
  const file = join(folder, 'clip.h264')
  const { child, stderr, ended } = start(t, [file, '--input', pipe, ...SMALL])
  await until('the input to be open', () => holds(child.pid!, pipe))
  const writer = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK)
  t.teardown(() => closeSync(writer))
  const source = new TestSource(64, 64)
  for (const index of range(5)) writeSync(writer, source.draw(index))
  await until('a stream', () => stderr().includes('Using software encoder'))
  await sleep(500)
  child.kill('SIGINT')
  t.deepEqual(await ended(), { code: 0, signal: null }, stderr())
  t.regex(stderr(), /5 frames, /)
  t.deepEqual([...readFileSync(file).subarray(0, 4)], [0, 0, 0, 1])
})

test('Ctrl-C before the first frame is encoded is no success with an empty file', async (t) => {
  // It comes when the output is opened, which is the last thing before the frames.
  const interrupt = `
    import files from 'node:fs/promises'
    import { syncBuiltinESMExports } from 'node:module'
    const { open } = files
    files.open = (path, ...rest) => {
      if (String(path).endsWith('early.h264')) process.emit('SIGINT', 'SIGINT')
      return open(path, ...rest)
    }
    syncBuiltinESMExports()`
  const before = [`--import=data:text/javascript,${encodeURIComponent(interrupt)}`]
  const { stderr, ended } = start(t, [join(scratch(t), 'early.h264'), ...SMALL], before)
  // The time that an end may take begins with the request, which comes late where Node.js starts slowly.
  await until('the end', () => stderr().includes('Interrupted before anything was encoded'))
  t.deepEqual(await ended(), BY_SIGINT, stderr())
})

test('Ctrl-C ends a program whose output has no reader', async (t) => {
  const pipe = namedPipe(t)
  const { child, stderr, ended } = start(t, [pipe, '--frames', '3', ...SMALL])
  await until('the encoder', () => stderr().includes('Using software encoder'))
  await sleep(200)
  child.kill('SIGINT')
  t.deepEqual(await ended(), BY_SIGINT)
})

test('an output that is a pipe with a name gets the stream once there is a reader', async (t) => {
  const pipe = namedPipe(t)
  const { stderr, ended } = start(t, [pipe, '--frames', '3', ...SMALL])
  await until('the encoder', () => stderr().includes('Using software encoder'))
  const reader = spawn('cat', [pipe])
  t.teardown(() => reader.kill('SIGKILL'))
  const parts: Buffer[] = []
  reader.stdout.on('data', (part: Buffer) => parts.push(part))
  t.deepEqual(await ended(), { code: 0, signal: null }, stderr())
  await until('the stream', () => reader.exitCode === 0)
  t.deepEqual([...Buffer.concat(parts).subarray(0, 4)], [0, 0, 0, 1])
})

test('Ctrl-C twice ends a program whose output nobody reads', async (t) => {
  // Nobody takes what is in the pipe of standard output.
  const pid = join(scratch(t), 'pid')
  const input = `pipe:echo $$ >${pid}; exec cat /dev/urandom`
  const { child, stderr, ended } = start(t, ['-', '--input', input, '--software-encoder', '--size', '640x480'])
  child.stdout!.pause()
  await until('the encoder', () => stderr().includes('Using software encoder'))
  await sleep(2000)
  child.kill('SIGINT')
  await until('the first request', () => stderr().includes('Finishing'))
  await sleep(500)
  t.is(child.exitCode, null, 'it waits for the reader')
  child.kill('SIGINT')
  t.deepEqual(await ended(), BY_SIGINT)
  t.deepEqual(await leftOf(Number(readFileSync(pid, 'utf8'))), [], 'the program of the input has ended too')
})

/** As a camera's program that has stalled: it writes nothing more. */
function stalled(pid: string): string {
  return `pipe:echo $$ >${pid}; head -c ${5 * 64 * 96} /dev/zero; sleep 60 & sleep 60`
}

test('SIGHUP finishes the file as Ctrl-C does, once for all who send it, and the program of the input ends', async (t) => {
  const folder = scratch(t)
  const [file, pid] = [join(folder, 'clip.h264'), join(folder, 'pid')]
  const { child, stderr, ended } = start(t, [file, '--input', stalled(pid), ...SMALL])
  await until('a stream', () => stderr().includes('Using software encoder'))
  await sleep(500)
  for (const signal of ['SIGHUP', 'SIGTERM', 'SIGHUP'] as const) child.kill(signal)
  t.deepEqual(await ended(), { code: 0, signal: null }, stderr())
  t.regex(stderr(), /5 frames, /)
  t.deepEqual([...readFileSync(file).subarray(0, 4)], [0, 0, 0, 1])
  t.deepEqual(await leftOf(Number(readFileSync(pid, 'utf8'))), [])
})

test('a later request ends a program at once that SIGHUP has asked to finish', async (t) => {
  const input = 'pipe:cat /dev/urandom'
  const { child, stderr, ended } = start(t, ['-', '--input', input, '--software-encoder', '--size', '640x480'])
  child.stdout!.pause()
  await until('the encoder', () => stderr().includes('Using software encoder'))
  child.kill('SIGHUP')
  await sleep(1100)
  t.is(child.exitCode, null, 'it waits for the reader')
  child.kill('SIGTERM')
  t.deepEqual(await ended(), { code: null, signal: 'SIGTERM' })
})

const onTerminal = testWith('script', ['--version'], 'it is in the package bsdutils')

onTerminal('a terminal that is closed ends nothing half-way', async (t) => {
  const folder = scratch(t)
  const inFolder = (name: string) => join(folder, name)
  const [file, pid, status, script] = [inFolder('clip.h264'), inFolder('pid'), inFolder('status'), inFolder('script')]
  const words = [process.execPath, ...NODE, file, '--input', stalled(pid), ...SMALL]
  // The kernel tells the first process of the terminal, and at its end the others.
  writeFileSync(script, `trap '' HUP; ${words.map((word) => `'${word}'`).join(' ')}; echo $? >${status}`)
  const terminal = spawn('script', ['-qec', `sh ${script}; true`, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'] })
  t.teardown(() => terminal.kill('SIGKILL'))
  let shown = ''
  terminal.stdout.on('data', (data) => (shown += data))
  await until('a stream', () => shown.includes('5 frames'))
  terminal.kill('SIGKILL')
  await until('the end', () => existsSync(status) && readFileSync(status, 'utf8') !== '')
  t.is(readFileSync(status, 'utf8'), '0\n')
  t.deepEqual([...readFileSync(file).subarray(0, 4)], [0, 0, 0, 1])
  t.deepEqual(await leftOf(Number(readFileSync(pid, 'utf8'))), [])
})

onTerminal('a terminal is not an input', (t) => {
  const command = [process.execPath, ...NODE, '/dev/null', '--input', '-', ...SMALL]
    .map((word) => `'${word}'`)
    .join(' ')
  const { stdout, status } = spawnSync('script', ['-qec', command, '/dev/null'], { timeout: DEADLINE_MS })
  t.is(status, 2)
  t.regex(stdout.toString(), /Standard input is a terminal, which has no frames/)
})
