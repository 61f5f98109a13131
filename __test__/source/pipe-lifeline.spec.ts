import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { leftOf, pictures } from '../support/pipe.js'
import { onAddon as test } from '../support/installed-programs.js'

const INDEX = JSON.stringify(join(import.meta.dirname, '../../ts/index.ts'))
/** As a camera's program that has stalled: it writes nothing more, so no reader's end would end it. */
const STALLED = `${pictures(1)}; sleep 60 & sleep 60`
const DEAF = `trap '' TERM; ${STALLED}`

/** A program with a source; it prints the source's group. */
async function owner(t: ExecutionContext, code: string): Promise<{ child: ReturnType<typeof spawn>; group: number }> {
  const args = ['--import=@oxc-node/core/register', '--input-type=module', '-e', code]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const [output] = (await once(child.stdout, 'data')) as [Buffer]
  const group = Number(String(output))
  t.true(group > 1)
  t.not((await leftOf(group, 1)).length, 0, 'the program runs')
  t.teardown(() => {
    try {
      process.kill(-group, 'SIGKILL')
    } catch {
      // As it should be.
    }
  })
  return { child, group }
}

const holding = (command: string) => `
  import { openPipe } from ${INDEX}
  const source = await openPipe(${JSON.stringify(command)}, { width: 64, height: 64 })
  console.log(source.pid)
  setInterval(() => {}, 1000)`

for (const signal of ['SIGHUP', 'SIGTERM', 'SIGKILL'] as const) {
  test(`a program and what it started end with a process that ${signal} ends`, async (t) => {
    const { child, group } = await owner(t, holding(STALLED))
    child.kill(signal)
    const [, how] = (await once(child, 'exit')) as [number | null, string]
    t.is(how, signal)
    t.deepEqual(await leftOf(group, 150), [])
  })
}

test('a program that does not listen to its signal is killed', async (t) => {
  const { child, group } = await owner(t, holding(DEAF))
  child.kill('SIGKILL')
  t.deepEqual(await leftOf(group, 250), [])
})

test('a program ends with a worker that is terminated, while the process lives on', async (t) => {
  const { child, group } = await owner(
    t,
    `import { Worker } from 'node:worker_threads'
     const worker = new Worker(${JSON.stringify(holding(STALLED))}, { eval: true })
     process.on('SIGUSR2', () => worker.terminate())
     setInterval(() => {}, 1000)`,
  )
  child.kill('SIGUSR2')
  t.deepEqual(await leftOf(group, 150), [])
  t.is(child.exitCode, null)
  t.is(child.signalCode, null)
})

/** The children of a process, zombies included. */
function childrenOf(parent: number): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return new RegExp(`\\) . ${parent} `).test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
      } catch {
        return false
      }
    })
}

function supervisorsOf(parent: number): number[] {
  return childrenOf(parent)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('lifeline'))
    .map(Number)
}

test('the supervisor is there for all programs, takes no signal of theirs, and is gone after the last', async (t) => {
  const { child } = await owner(
    t,
    `import { openPipe } from ${INDEX}
     const open = (command) => openPipe(command, { width: 64, height: 64 })
     const first = await open(${JSON.stringify(STALLED)})
     const second = await open(${JSON.stringify(STALLED)})
     process.on('SIGUSR2', async () => {
       await first.close()
       await second.close()
       await open('false').catch(() => {})
       console.log('closed')
     })
     console.log(first.pid)
     setInterval(() => {}, 1000)`,
  )
  const [supervisor, ...others] = supervisorsOf(child.pid!)
  t.deepEqual(others, [])
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(supervisor!, signal)
  t.is(childrenOf(child.pid!).length, 3)
  child.kill('SIGUSR2')
  await once(child.stdout!, 'data')
  for (let turn = 0; turn < 250 && childrenOf(child.pid!).length > 0; turn++) await sleep(20)
  t.deepEqual(childrenOf(child.pid!), [])
})

test('a supervisor that was killed is replaced', async (t) => {
  const { child, group } = await owner(t, holding(STALLED))
  await sleep(1200)
  const [first] = supervisorsOf(child.pid!)
  process.kill(first!, 'SIGKILL')
  for (let turn = 0; turn < 250 && (supervisorsOf(child.pid!)[0] ?? first) === first; turn++) await sleep(20)
  child.kill('SIGKILL')
  t.deepEqual(await leftOf(group, 150), [])
})
