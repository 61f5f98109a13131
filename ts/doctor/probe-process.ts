import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { deferred } from '../shared/deferred.js'
import { onAbort } from '../shared/abort.js'
import { withTimeout } from '../shared/with-timeout.js'
import { ANSWER_DESCRIPTOR } from './probe-request.js'
import type { ProbeAnswer, ProbeRequest } from './probe-request.js'
import { OutputTail } from '../shared/output-tail.js'
import { printable } from './machine.js'

/**
 * How a probing process ended.
 *
 * @internal
 */
export interface ProbeEnd {
  answer: ProbeAnswer | undefined
  /** Of a process that ended by itself. */
  exitStatus: number | null
  signal: string | null
  /** Whether it had to be ended, since it had not come to an end within the deadline. */
  isLate: boolean
  /** Why there was no process. */
  failure: string | undefined
  output: string
}

/** From its answer to the end of the process: unloading a library that hangs is no reason to wait longer. */
const LINGER_MS = 2000
/** From the end of the process to that of its streams, which a program that it started may have inherited. */
const STREAMS_MS = 200
/** A process that sleeps inside of a driver does not end at once, or ever. */
const KILLED_MS = 1000
const PRINTED_LINES = 20
const ANSWER_CHARACTERS = 64 * 1024

/**
 * The module that the process runs. Written so that it is also found from a chunk of the published package, which lies in another
 * folder of the same depth; a program that was bundled as a CommonJS module does not know where it is.
 */
function probeModule(): string {
  const here = import.meta.url as string | undefined
  if (here === undefined) return 'doctor/probe.js'
  return fileURLToPath(new URL(`../doctor/probe${extname(here)}`, here))
}

/** The flags of the loader, where the sources run as they are. */
function nodeFlags(module: string): string[] {
  return module.endsWith('.ts') ? process.execArgv.filter((flag) => flag.startsWith('--import=')) : []
}

/** Flags for our process, such as a debugger's, are not for this one; a desktop program's binary must run as Node. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, ...rest } = process.env
  return { ...rest, ELECTRON_RUN_AS_NODE: '1' }
}

/** @internal */
export function start(request: ProbeRequest, module: string): ChildProcess {
  const child = spawn(process.execPath, [...nodeFlags(module), module, JSON.stringify(request)], {
    // Nothing is written to its standard input, whose end is that of this process.
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: environment(),
  })
  child.stdin?.on('error', () => {})
  return child
}

function parsed(text: string): ProbeAnswer | undefined {
  try {
    return JSON.parse(text) as ProbeAnswer
  } catch {
    return undefined
  }
}

/** The first line on the answer's descriptor. */
function answerOf(child: ChildProcess): Promise<ProbeAnswer | undefined> {
  const stream = child.stdio[ANSWER_DESCRIPTOR] as Readable
  const { promise, resolve } = deferred<ProbeAnswer | undefined>()
  let text = ''
  stream.setEncoding('utf8')
  stream.on('data', (part: string) => {
    text = (text + part).slice(0, ANSWER_CHARACTERS)
    if (text.includes('\n')) resolve(parsed(text.slice(0, text.indexOf('\n'))))
  })
  stream.on('error', () => {})
  stream.on('close', () => resolve(undefined))
  return promise
}

interface Exit {
  code: number | null
  signal: string | null
  error?: Error
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => resolve({ code, signal }))
    child.on('error', (error) => resolve({ code: null, signal: null, error }))
  })
}

/** Releases a process that does not die, so that it keeps nothing here alive. */
function letGo(child: ChildProcess): void {
  child.unref()
  for (const stream of child.stdio) stream?.destroy()
}

function unstarted(failure: string): ProbeEnd {
  return { answer: undefined, exitStatus: null, signal: null, isLate: false, failure, output: '' }
}

/**
 * Runs the probe in a process of its own and never waits for longer than the deadline and a few seconds.
 *
 * @internal
 */
export async function runProbe(
  request: ProbeRequest,
  deadlineMs: number,
  signal: AbortSignal | undefined,
  module = probeModule(),
): Promise<ProbeEnd> {
  signal?.throwIfAborted()
  if (!existsSync(module)) return unstarted(`${module} is missing, so leave v4l2-encoder out of the bundle`)
  const child = start(request, module)
  const output = new OutputTail(PRINTED_LINES, printable)
  for (const stream of [child.stdout!, child.stderr!]) output.listen(stream)
  const closed = new Promise((resolve) => {
    child.on('close', resolve)
  })
  const exit = exitOf(child)
  const answering = answerOf(child)
  const ignore = onAbort(signal, () => child.kill('SIGKILL'))
  try {
    // An answer's descriptor that closes without one is followed by the end of the process.
    const answeredOrEnded: Promise<unknown> = answering.then((answer): unknown => answer ?? exit)
    const answered = await withTimeout(deadlineMs, Promise.race([answeredOrEnded, exit]))
    const ended = answered === undefined ? undefined : await withTimeout(LINGER_MS, exit)
    if (!ended) child.kill('SIGKILL')
    const { code, signal: ending, error } = (await withTimeout(KILLED_MS, exit)) ?? { code: null, signal: 'SIGKILL' }
    await withTimeout(STREAMS_MS, closed)
    signal?.throwIfAborted()
    const answer = await withTimeout(0, answering)
    const how = { exitStatus: code, signal: ended ? ending : null, isLate: !ended, failure: error?.message }
    return { answer, ...how, output: output.text }
  } finally {
    ignore()
    letGo(child)
  }
}
