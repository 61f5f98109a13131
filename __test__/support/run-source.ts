import { spawn } from 'node:child_process'

/** How a program ended, and what it printed. */
export interface End {
  code: number | null
  stdout: string
  stderr: string
  /** From its start to its end. */
  ms: number
}

/** Runs one of our sources as a program; after `timeout` milliseconds it is ended. */
export function runSource(
  program: string,
  args: readonly string[],
  { timeout = 30_000, env = {} }: { timeout?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<End> {
  const start = performance.now()
  const flags = ['--import=@oxc-node/core/register', program, ...args]
  const child = spawn(process.execPath, flags, { timeout, env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - start }))
  })
}
