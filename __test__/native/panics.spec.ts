import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createEncoder, isSupported, listEncoders, openCamera, openPipe } from '../../ts/index.js'
import { openDevice } from '../../ts/device/index.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const TS = join(import.meta.dirname, '../../ts')

/** Runs a program in which the addon panics at `place`, and which has to come to its end all the same. Returns what it says. */
async function afterPanic(t: ExecutionContext, place: string, program: string): Promise<unknown> {
  const text = `
    import { createEncoder, listCameras, listEncoders, openCamera } from '${TS}/index.ts'
    import { openDevice } from '${TS}/device/index.ts'
    import { loadAddon } from '${TS}/native/loader.ts'
    import { Worker } from 'node:worker_threads'
    const SMALL = { codec: 'h264', width: 64, height: 64, hardware: 'never', log: 'silent' }
    const frame = (timestamp) => ({ data: new Uint8Array(64 * 64 * 1.5), timestamp })
    const code = (error) => error.code
    const turn = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms))
    const say = (value) => console.log(JSON.stringify(value))
    ${program}`
  const args = ['--expose-gc', '--import=@oxc-node/core/register', '--input-type=module', '--eval', text]
  const env = { ...process.env, V4L2_ENCODER_PANIC: place }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  const [status, signal] = await new Promise<[number | null, string | null]>((resolve) => {
    child.on('close', (...end) => resolve(end))
  })
  t.deepEqual([status, signal], [0, null], stderr)
  t.true(stderr.includes(`a test of a panic in ${place}`), `it panicked: ${stderr}`)
  return JSON.parse(stdout)
}

test('a function that panics throws an error with a code', async (t) => {
  t.is(
    await afterPanic(t, 'function', `try { loadAddon().countOpen() } catch (error) { say(error.code) }`),
    'ERR_DEVICE',
  )
})

test('a method that panics throws an error with a code, and the encoder goes on', async (t) => {
  const program = `
    const encoder = await createEncoder(SMALL)
    let thrown
    try { encoder.stats } catch (error) { thrown = error.code }
    await encoder.encode(frame(0))
    await encoder.close()
    say(thrown)`
  t.is(await afterPanic(t, 'method', program), 'ERR_DEVICE')
})

test('an event that cannot be made fails the opening', async (t) => {
  t.is(await afterPanic(t, 'event', `say(await createEncoder(SMALL).then(() => 'opened', code))`), 'ERR_DEVICE')
})

test('a question whose thread panics is answered', async (t) => {
  const program = `say(await Promise.all([listEncoders().then(() => 'listed', code), listCameras().then(() => 'listed', code)]))`
  t.deepEqual(await afterPanic(t, 'question', program), ['ERR_DEVICE', 'ERR_DEVICE'])
  t.deepEqual(await afterPanic(t, 'answer', program), ['ERR_DEVICE', 'ERR_DEVICE'])
})

test('an opening whose thread panics is rejected', async (t) => {
  t.is(await afterPanic(t, 'opening', `say(await createEncoder(SMALL).then(() => 'opened', code))`), 'ERR_DEVICE')
  const camera = `say(await openCamera({ camera: '/dev/null' }).then(() => 'opened', code))`
  t.is(await afterPanic(t, "camera's opening", camera), 'ERR_DEVICE')
  t.true(['ERR_DEVICE', 'ERR_TIMEOUT'].includes((await afterPanic(t, 'camera', camera)) as string))
})

test('a session whose thread panics reports every frame that it had', async (t) => {
  const program = `
    const encoder = await createEncoder(SMALL)
    await Promise.allSettled([0, 1, 2].map((at) => encoder.encode(frame(at))))
    const error = await encoder.closed.catch((error) => error)
    await encoder.close().catch(() => {})
    const { framesIn, chunksOut, framesLost, inFlight } = encoder.stats
    const open = loadAddon().countOpen().sessions
    say({ code: error.code, isAll: framesIn > 0 && framesIn === chunksOut + framesLost, lost: error.lost.length === framesLost, inFlight, open })`
  t.deepEqual(await afterPanic(t, 'session', program), {
    code: 'ERR_DEVICE',
    isAll: true,
    lost: true,
    inFlight: 0,
    open: 0,
  })
})

test('other sessions go on when the watchdog panics', async (t) => {
  const program = `
    const encoder = await createEncoder(SMALL)
    await encoder.encode(frame(0))
    await turn(100)
    await encoder.close()
    say(encoder.stats.chunksOut)`
  t.is(await afterPanic(t, 'watch', program), 1)
})

test('a device whose thread panics answers what was asked, and closes', async (t) => {
  const program = `say([await openDevice('/dev/null', { transport: 'kernel' }).then(() => 'opened', code), loadAddon().countOpen().devices])`
  t.deepEqual(await afterPanic(t, 'device', program), ['ERR_CLOSED', 0])
})

test('memory that panics when it is collected, and a clean-up that panics, leave the process alive', async (t) => {
  const lend = `
    await (async () => {
      const encoder = await createEncoder(SMALL)
      const lent = await encoder.acquireFrame()
      lent.close()
      await encoder.close()
    })()
    for (let round = 0; round < 10; round++) { gc(); await turn() }
    say('alive')`
  t.is(await afterPanic(t, 'finalizer', lend), 'alive')
  const worker = `
    const text = "import('${TS}/index.ts').then(({ createEncoder }) => createEncoder({ codec: 'h264', width: 64, height: 64, hardware: 'never' })).then(() => process.exit())"
    const worker = new Worker(text, { eval: true })
    await new Promise((resolve) => worker.on('exit', resolve))
    say('alive')`
  t.is(await afterPanic(t, 'clean-up', worker), 'alive')
})

onVirtualJetson('an encoder whose waiting thread panics looks by itself', async (t) => {
  const { device, library } = virtualJetson(t, { stdoutMessages: false })
  const options = JSON.stringify({ device, library, hardware: 'require', devicePoll: true })
  const program = `
    const encoder = await createEncoder({ ...SMALL, ...${options} })
    for (let at = 0; at < 5; at++) await encoder.encode(frame(at))
    await encoder.close()
    say(encoder.stats.chunksOut)`
  t.is(await afterPanic(t, 'poller', program), 5)
})

test('a pipe whose waiting thread panics ends with an error', async (t) => {
  const program = `
    const { ChannelBytes } = await import('${TS}/source/channel-bytes.ts')
    const { writeSync } = await import('node:fs')
    const alive = setTimeout(() => {}, 20_000)
    const channel = loadAddon().openChannel()
    const bytes = new ChannelBytes(channel)
    const error = await new Promise((resolve) => {
      bytes.start({ buffer: new Uint8Array(4), advance: () => {} }, resolve)
      writeSync(channel.writer, 'a')
    })
    bytes.close()
    clearTimeout(alive)
    say(error.code)`
  t.is(await afterPanic(t, 'pipe', program), 'ERR_DEVICE')
})

test('every function of the addon catches its panics', (t) => {
  const folder = join(import.meta.dirname, '../../crates/node/src')
  let functions = 0
  for (const file of readdirSync(folder)) {
    const source = readFileSync(join(folder, file), 'utf8')
    for (const [, attribute = '', item] of source.matchAll(
      /#\[napi(.*)\]\n(?:\s*#\[.*\]\n)*\s*pub (fn|struct|enum)/g,
    )) {
      if (item !== 'fn') continue
      functions++
      t.true(attribute.includes('catch_unwind'), `${file}: ${attribute}`)
    }
  }
  t.true(functions > 50)
})

test('a string with NUL is rejected at the door', async (t) => {
  const bad = 'a\0b'
  const nul = { code: 'ERR_CONFIG', message: /NUL/ }
  for (const name of ['device', 'library'] as const) {
    await t.throwsAsync(createEncoder({ codec: 'h264', [name]: bad }), nul, name)
    await t.throwsAsync(isSupported({ codec: 'h264', [name]: bad }), nul, name)
  }
  await t.throwsAsync(createEncoder({ codec: 'h264', device: ['/dev/video11', bad] }), nul)
  await t.throwsAsync(listEncoders({ library: bad }), nul)
  await t.throwsAsync(openCamera({ camera: bad }), nul)
  await t.throwsAsync(openCamera({ cameraFormat: bad }), nul)
  await t.throwsAsync(openDevice(bad), nul)
  await t.throwsAsync(openDevice('/dev/null', { library: bad }), nul)
  await t.throwsAsync(openPipe(['cat', bad]), { code: 'ERR_CONFIG' })
})
