import { spawn } from 'node:child_process'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const TS = join(import.meta.dirname, '../../ts')
const ROUNDS = 100

/** What is under way when the process exits, as a function of a program. */
const ASKS = {
  'encoders are listed': 'listEncoders({ probe: true, library })',
  'a configuration is asked for': "isSupported({ ...OPTIONS, hardware: 'require' }, { probe: true })",
  'an encoder is opened': "createEncoder({ ...OPTIONS, hardware: 'require' })",
  'an encoder is given up': "createEncoder({ ...OPTIONS, hardware: 'require', signal: AbortSignal.timeout(1) })",
  'a device is opened': "openDevice(OPTIONS.device, { transport: 'nvidia', library })",
  'a surface is allocated': 'allocateSurface({ width: 64, height: 64, library })',
  'cameras are listed': 'listCameras()',
}

/** Runs a program that is told of the virtual device; returns what it says, its exit status, and how long it took to exit. */
async function run(program: string, options: object): Promise<{ said: string; end: unknown[] }> {
  const text = `
    import { readdirSync, readFileSync } from 'node:fs'
    import { allocateSurface, createEncoder, isSupported, listCameras, listEncoders } from '${TS}/index.ts'
    import { loadAddon } from '${TS}/native/loader.ts'
    import { openDevice } from '${TS}/device/index.ts'
    const OPTIONS = { codec: 'h264', width: 64, height: 64, log: 'silent', ...${JSON.stringify(options)} }
    const { library } = OPTIONS
    const nvenc = OPTIONS.device
    const threads = () => readdirSync('/proc/self/task').map((id) => {
      try { return readFileSync('/proc/self/task/' + id + '/comm', 'utf8').trim() } catch { return '' }
    }).filter((name) => name.startsWith('v4l2') && name !== 'v4l2enc watch')
    const listeners = process.listenerCount('exit')
    const turn = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
    ${program}`
  const args = ['--import=@oxc-node/core/register', '--input-type=module', '--eval', text]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 })
  let said = ''
  child.stdout.on('data', (data) => (said += data))
  const end = await new Promise<unknown[]>((resolve) => {
    child.on('close', (...both) => resolve(both))
  })
  return { said, end }
}

async function leavesNoThread(t: ExecutionContext, ask: string): Promise<void> {
  const { device, library } = virtualJetson(t, { stdoutMessages: false, latencyMs: 0 })
  const program = `
    const addon = loadAddon()
    let [left, began] = [0, 0]
    for (let round = 0; round < ${ROUNDS}; round++) {
      const asked = Promise.resolve(${ask}).catch(() => {})
      if (round % 2) await turn(0)
      began += addon.isBusy() ? 1 : 0
      // What process.exit() does before it ends the process.
      process.emit('exit', 0)
      left += addon.isBusy() ? 1 : 0
      await asked.then((made) => made?.close?.()).catch(() => {})
    }
    console.log(JSON.stringify({ left, began: began > 0 }))
    ${ask}.catch(() => {})
    process.exit(7)`
  const { said, end } = await run(program, { device, library })
  // What NVIDIA's library says comes before.
  t.deepEqual(JSON.parse(said.trim().split('\n').at(-1)!), { left: 0, began: true })
  t.deepEqual(end, [7, null])
}

for (const [what, ask] of Object.entries(ASKS)) {
  onVirtualJetson(`the exit of a process waits for the threads while ${what}`, leavesNoThread, ask)
}

onVirtualJetson('what hangs in the library is waited for, also when it was given up, but not for long', async (t) => {
  const { device, library } = virtualJetson(t, { stdoutMessages: false, faults: { hang: 'v4l2_open' } })
  const program = `
    await createEncoder({ ...OPTIONS, hardware: 'require', timeout: 100 }).catch(() => {})
    await turn(200)
    const before = performance.now()
    process.emit('exit', 0)
    console.log(threads().length, Math.round(performance.now() - before))
    process.exit(7)`
  const { said, end } = await run(program, { device, library })
  const [hanging, took] = said.split(' ').map(Number)
  t.is(hanging, 1)
  t.true(took! >= 450 && took! < 5000, `${took} ms`)
  t.deepEqual(end, [7, null])
})

test('where nothing is under way, an exit waits for nothing, and no listener stays', async (t) => {
  const program = `
    const encoder = await createEncoder({ ...OPTIONS, hardware: 'never' })
    await encoder.close()
    await listCameras()
    await turn(300)
    console.log(process.listenerCount('exit') - listeners)`
  const { said, end } = await run(program, {})
  t.is(said.trim(), '0')
  t.deepEqual(end, [0, null])
})
