import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { runStopped } from '../support/run-stopped.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const PROGRAM = join(import.meta.dirname, '../support/programs/ending.ts')

interface End {
  code: number | null
  signal: NodeJS.Signals | null
  output: string
}

function run(t: ExecutionContext, ending: string): Promise<End> {
  const { device, library } = virtualJetson(t, { delay: 1, latencyMs: 2, stdoutMessages: false })
  const child = spawn(process.execPath, ['--import=@oxc-node/core/register', PROGRAM, ending, device, library], {
    timeout: 30_000,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data))
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, output }))
  })
}

onVirtualJetson('a program that leaves an encoder open ends with status 0', async (t) => {
  const { code, output } = await run(t, 'normal')
  t.is(code, 0, output)
})

onVirtualJetson('process.exit() in the middle keeps its status', async (t) => {
  const { code, output } = await run(t, 'process.exit')
  t.is(code, 7, output)
})

onVirtualJetson('an uncaught exception in the middle ends with status 1', async (t) => {
  const { code, output } = await run(t, 'uncaught exception')
  t.is(code, 1, output)
  t.regex(output, /on purpose/)
})

onVirtualJetson('SIGTERM in the middle ends by that signal', async (t) => {
  const { signal, output } = await run(t, 'SIGTERM')
  t.is(signal, 'SIGTERM', output)
})

onVirtualJetson('worker.terminate() in the middle ends the worker only', async (t) => {
  const { code, output } = await run(t, 'worker.terminate')
  t.is(code, 0, output)
  t.regex(output, /worker ended with 1/)
})

onVirtualJetson('a worker that exits in the middle keeps its status', async (t) => {
  const { code, output } = await run(t, 'worker ends')
  t.is(code, 0, output)
  t.regex(output, /worker ended with 3/)
})

onVirtualJetson('process.exit() with a buffer and surfaces in its hands keeps its status', async (t) => {
  const { code, output } = await run(t, 'process.exit with a lent frame')
  t.is(code, 7, output)
})

onVirtualJetson('worker.terminate() while a buffer and surfaces are written ends the worker only', async (t) => {
  const { code, output } = await run(t, 'worker.terminate with a lent frame')
  t.is(code, 0, output)
  t.regex(output, /worker ended with 1/)
})

onVirtualJetson('a process that is stopped for longer than the time-out goes on when it wakes', async (t) => {
  const { device, library } = virtualJetson(t, { stdoutMessages: false, delay: 2, latencyMs: 60 })
  const { code, output } = await runStopped(['320x240', '400', device, library])
  t.is(code, 0, output)
  t.regex(output, /^60 of 60$/m)
})
