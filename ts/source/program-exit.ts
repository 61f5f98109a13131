import { readFileSync } from 'node:fs'

/** How long the end of our process may wait for the programs it started. */
const EXIT_MS = 500
const LOOK_MS = 2

interface Guarded {
  pid: number | undefined
  signal: NodeJS.Signals
  /** Whether neither the program nor anything it left behind runs; its number may be somebody else's then. */
  isGone: () => boolean
  /** Takes what the program has written: one that waits for room would not see the signal. Says whether more may come. */
  drain: () => boolean
}

const running = new Set<Guarded>()

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has ended.
  }
}

/** Nobody collects its status any more at this point, so an ended program is still there as a zombie. */
function hasEnded(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return true
  }
}

function endAll(): void {
  const left = [...running].flatMap((one) => (one.pid === undefined || one.isGone() ? [] : [{ ...one, pid: one.pid }]))
  for (const { pid, signal } of left) kill(pid, signal)
  const clock = new Int32Array(new SharedArrayBuffer(4))
  const deadline = Date.now() + EXIT_MS
  // All of them are drained, whichever is found to run first.
  const anyRuns = () => left.filter(({ pid, drain }) => drain() || !hasEnded(pid)).length > 0
  while (Date.now() < deadline && anyRuns()) Atomics.wait(clock, 0, 0, LOOK_MS)
  for (const { pid } of left) kill(pid, 'SIGKILL')
}

/**
 * Has a program ended when this thread exits, with what it left behind; the returned function says that it is over. What ends
 * without the event `exit` is the lifeline's concern.
 *
 * @internal
 */
export function guardExit(program: Guarded): () => void {
  if (running.size === 0) process.on('exit', endAll)
  running.add(program)
  return () => {
    running.delete(program)
    if (running.size === 0) process.off('exit', endAll)
  }
}
