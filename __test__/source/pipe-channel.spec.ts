import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { ExecutionContext } from 'ava'
import { loadAddon } from '../../ts/native/loader.js'
import { ChannelBytes } from '../../ts/source/channel-bytes.js'
import { FrameReader } from '../../ts/source/frame-reader.js'
import { BYTES, isRunning, SIZE, stamped } from '../support/pipe.js'
import { onAddon as test } from '../support/installed-programs.js'

/** What runtimes other than Node.js read with; it works in all of them. */
function reading(t: ExecutionContext, [program, ...words]: [string, ...string[]], limit = 2) {
  const channel = loadAddon().openChannel()
  const child = spawn(program, words, { stdio: ['ignore', channel.writer, 'inherit'] })
  channel.closeWriter()
  const bytes = new ChannelBytes(channel)
  t.teardown(() => {
    bytes.close()
    child.kill('SIGKILL')
  })
  const expected = { ...SIZE, format: 'I420', framerate: undefined, y4m: false } as const
  const reader = new FrameReader(bytes, { expected, whenFull: 'wait', limit, timestamps: 'rate' })
  return { bytes, reader, child }
}

test('the addon reads the frames of a program, to the end', async (t) => {
  const command = stamped(t, 'I420', SIZE.width, SIZE.height, 40)
  const { reader, bytes } = reading(t, command)
  const frames: Buffer[] = []
  for (let next = await reader.next(); !next.done; next = await reader.next()) frames.push(Buffer.from(next.value.data))
  const { stdout } = spawn(command[0], command.slice(1))
  const parts: Buffer[] = []
  for await (const part of stdout) parts.push(part as Buffer)
  t.is(frames.length, 40)
  t.true(Buffer.concat(frames).equals(Buffer.concat(parts)))
  t.false(bytes.drainNow(), 'nobody can write any more')
})

test('a program waits until its frames are read', async (t) => {
  const { reader, child } = reading(t, ['head', '-c', `${200 * BYTES}`, '/dev/zero'])
  t.false((await reader.next()).done)
  await sleep(100)
  t.true(isRunning(child.pid!))
  t.true(reader.stats.frames < 10)
  const { byteLength } = (await reader.next()).value!.data
  t.is(byteLength, BYTES)
  for (let next = await reader.next(); !next.done; next = await reader.next()) next.value.release()
  t.is(reader.stats.frames, 200)
})

test('what is drained comes to an end for the program, and a closed channel ends it', async (t) => {
  const drained = reading(t, ['head', '-c', '3000000', '/dev/zero'])
  t.false((await drained.reader.next()).done)
  drained.reader.stop()
  t.deepEqual(await once(drained.child, 'exit'), [0, null])
  const closed = reading(t, ['cat', '/dev/zero'])
  t.false((await closed.reader.next()).done)
  t.true(closed.bytes.drainNow(), 'somebody may write more')
  closed.bytes.close()
  t.deepEqual(await once(closed.child, 'exit'), [null, 'SIGPIPE'])
})

test('a worker reads a program without a warning', async (t) => {
  const index = join(import.meta.dirname, '../../ts/index.ts')
  const code = `
    import { parentPort } from 'node:worker_threads'
    import { openPipe } from ${JSON.stringify(index)}
    const warnings = []
    process.on('warning', ({ message }) => warnings.push(message))
    const source = await openPipe('head -c ${3 * BYTES} /dev/zero', { width: 64, height: 64 })
    let frames = 0
    for await (const frame of source) frames++
    await openPipe(['no-such-program'], { width: 64, height: 64 }).catch(() => {})
    await new Promise(setImmediate)
    parentPort.postMessage({ frames, warnings })`
  const worker = new Worker(code, { eval: true })
  const [message] = (await once(worker, 'message')) as [unknown]
  t.deepEqual(message, { frames: 3, warnings: [] })
})
