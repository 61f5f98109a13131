import { spawn } from 'node:child_process'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, 'programs/stopped.ts')
/** Longer than the time-outs of those who use it. */
const STOPPED_MS = 1200

/** What became of a program that was stopped while it encoded. */
export function runStopped(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['--import=@oxc-node/core/register', PROGRAM, ...args], { timeout: 30_000 })
  let output = ''
  child.stderr.on('data', (data) => (output += data))
  child.stdout.on('data', (data) => {
    output += data
    if (!`${data}`.includes('encoding')) return
    child.kill('SIGSTOP')
    setTimeout(() => child.kill('SIGCONT'), STOPPED_MS)
  })
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }))
  })
}
