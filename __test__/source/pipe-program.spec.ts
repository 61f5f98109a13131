import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { statusOf } from '../../ts/cli/exit.js'
import { openPipe } from '../../ts/index.js'
import { loadAddon } from '../../ts/native/loader.js'
import { withoutSecrets } from '../../ts/shared/output-tail.js'
import { planPipe } from '../../ts/source/open-pipe.js'
import { PipeSource } from '../../ts/source/pipe-source.js'
import { installHint } from '../../ts/source/programs.js'
import { framesOf, isRunning, leftOf, pictures, scratch, SIZE, writing } from '../support/pipe.js'
import { onAddon as test } from '../support/installed-programs.js'

test("a program's arguments are not seen by a shell, and a string is", async (t) => {
  const marker = join(tmpdir(), `v4l2-encoder-injected-${process.pid}`)
  await t.throwsAsync(openPipe(['printf', '%s', `$(touch ${marker}); touch ${marker}`], SIZE), { code: 'ERR_SOURCE' })
  const shell = openPipe(`touch ${marker}; ${pictures(1)}`, SIZE)
  await (await shell).close()
  t.true(existsSync(marker), 'the marker itself works')
  rmSync(marker)
  await t.throwsAsync(openPipe(['printf', '%s', `$(touch ${marker}); touch ${marker}`], SIZE), { code: 'ERR_SOURCE' })
  t.false(existsSync(marker))
})

test('a program that is not there, or may not be run, is an error that says what helps', async (t) => {
  const missing = async (command: Parameters<typeof openPipe>[0], message: RegExp, hint: RegExp) => {
    const error = await t.throwsAsync(openPipe(command, SIZE), { code: 'ERR_SOURCE', message })
    t.regex((error as { hint?: string }).hint!, hint)
    t.is(statusOf(error), 4)
  }
  await missing(['no-such-program'], /no-such-program does not exist/, /Install it/)
  await missing(['constructor'], /constructor does not exist/, /^Install it, or write its whole path\.$/)
  await missing(['cat /dev/zero'], /does not exist/, /first entry of a list is the program alone/)
  await missing('no-such-program', /exit status 127.*\n.*not found/, /install it/)
  await missing(writing(t, Buffer.alloc(1)).slice(1) as [string], /may not be run/, /chmod \+x/)
})

test('of the programs that presets need the package is named', (t) => {
  t.regex(installHint('ffmpeg'), /apt-get install ffmpeg/)
  t.regex(installHint('gst-launch-1.0'), /gstreamer1\.0-tools/)
  t.regex(installHint('rpicam-vid'), /rpicam-apps/)
  t.regex(installHint('libcamera-vid'), /libcamera-apps/)
})

const trickle = (before: string) => `${before}; while printf x; do sleep 0.02; done`

test('a program that writes on and on without a whole frame is given up, in whichever frame', async (t) => {
  const options = { ...SIZE, timeout: 800 }
  const first = await t.throwsAsync(openPipe(trickle('true'), options), { code: 'ERR_TIMEOUT' })
  t.regex(first.message, /wrote no frame within 800 ms\. \d+ bytes came, less than a frame\./)
  t.regex((first as { hint?: string }).hint!, /size and format/)
  let count = 0
  const read = async () => {
    for await (const _ of await openPipe(trickle(pictures(2)), options)) count++
  }
  await t.throwsAsync(read, { code: 'ERR_TIMEOUT', message: /wrote no further frame within 800 ms\. \d+ bytes came/ })
  t.is(count, 2)
})

test('a program may pause within a frame, as what it writes is buffered', async (t) => {
  const half = writing(t, Buffer.alloc((SIZE.width * SIZE.height * 3) / 4)).join(' ')
  const frames = await framesOf(`${pictures(1)}; ${half}; sleep 1.2; ${half}`, { ...SIZE, timeout: 800 })
  t.is(frames.length, 2)
})

test('what a program failed with comes after the frames before it, with its last words', async (t) => {
  const command = `echo first >&2; ${pictures(2)}; echo cannot open rtsp://me:secret@camera/live >&2; exit 3`
  const source = await openPipe(command, SIZE)
  let count = 0
  const run = async () => {
    for await (const _ of source) count++
  }
  const error = await t.throwsAsync(run, { code: 'ERR_SOURCE' })
  t.is(count, 2)
  t.is(error.message, 'The program sh ended with exit status 3. It printed:\nfirst\ncannot open rtsp://***@camera/live')
  const killed = framesOf(`${pictures(1)}; kill -KILL $$`, SIZE)
  await t.throwsAsync(killed, { code: 'ERR_SOURCE', message: /was ended by SIGKILL/ })
})

test('of a program that talks much only the last lines are reported', async (t) => {
  const error = await t.throwsAsync(openPipe('seq 1 100000 >&2; exit 1', SIZE), { code: 'ERR_SOURCE' })
  t.true(error.message.endsWith('\n99997\n99998\n99999\n100000'))
})

test('a program that gives nothing is an error after the time-out, and does not live on', async (t) => {
  const begun = performance.now()
  await t.throwsAsync(openPipe(['sleep', '60'], { ...SIZE, timeout: 200 }), {
    code: 'ERR_TIMEOUT',
    message: /sleep wrote no frame within 200 ms/,
  })
  t.true(performance.now() - begun < 10_000)
  const stalled = framesOf(`${pictures(1)}; exec sleep 60`, { ...SIZE, idleTimeout: 200 })
  await t.throwsAsync(stalled, { code: 'ERR_TIMEOUT', message: /no further frame within 200 ms/ })
})

test('break ends the program and everything of its pipeline', async (t) => {
  const source = await openPipe('cat /dev/zero | cat', SIZE)
  const { pid } = source
  for await (const _ of source) break
  t.false(isRunning(pid), 'nor is it a zombie')
  t.deepEqual(await leftOf(pid), [])
})

test('close() ends what a shell left running', async (t) => {
  for (const left of ['sleep 60', 'sh -c "trap \'\' TERM; sleep 60; sleep 60"', 'cat /dev/zero']) {
    const source = await openPipe(`${pictures(1)}; ${left} & exit 0`, SIZE)
    while (isRunning(source.pid)) await sleep(5)
    t.not((await leftOf(source.pid, 1)).length, 0)
    await source.close()
    t.deepEqual(await leftOf(source.pid), [], left)
  }
})

test('what a program leaves running without its output is its own', async (t) => {
  const source = await openPipe(`${pictures(1)}; sleep 60 >/dev/null 2>&1 & exit 0`, SIZE)
  for await (const _ of source) continue
  const left = await leftOf(source.pid, 1)
  t.is(left.length, 1)
  process.kill(-source.pid, 'SIGKILL')
})

/** Whether a program runs that was given this argument. */
function runsWith(argument: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').includes(argument)
    } catch {
      return false
    }
  })
}

test('a program whose pictures nobody can take does not live on', async (t) => {
  const seconds = `60.${process.pid}`
  const plan = planPipe(['sleep', seconds], { ...SIZE, y4m: false })
  const expected = { ...plan.expected, width: 200_000, height: 200_000 }
  await t.throwsAsync(PipeSource.open(loadAddon(), { ...plan, expected }), { code: 'ERR_SOURCE' })
  t.false(runsWith(seconds))
})

test('a program that does not listen to SIGTERM is ended all the same', async (t) => {
  const source = await openPipe(`trap '' TERM; ${pictures(1)}; sleep 60; sleep 60`, SIZE)
  const begun = performance.now()
  await source.close()
  const took = performance.now() - begun
  t.true(took > 1900 && took < 20_000, `${took} ms`)
  t.deepEqual(await leftOf(source.pid), [])
})

test('a program that waits for room gets to end in good order', async (t) => {
  const folder = scratch(t)
  const script = `const fs = require('node:fs'); process.on('SIGTERM', () => { fs.writeFileSync('${folder}/ended', ''); process.exit() })
    const write = () => { fs.writeSync(1, Buffer.alloc(1e6)); setImmediate(write) }; write()`
  const source = await openPipe([process.execPath, '-e', script], SIZE)
  await sleep(100)
  await source.close()
  t.true(existsSync(join(folder, 'ended')))
})

test('a signal ends the opening, and the iteration, with its reason', async (t) => {
  const reason = new Error('enough')
  await t.throwsAsync(openPipe('true', { ...SIZE, signal: AbortSignal.abort(reason) }), { is: reason })
  const opening = new AbortController()
  const opened = openPipe(['sleep', '60'], { ...SIZE, signal: opening.signal })
  setTimeout(() => opening.abort(reason), 50)
  await t.throwsAsync(opened, { is: reason })
  const running = new AbortController()
  const source = await openPipe(`${pictures(1)}; exec sleep 60`, { ...SIZE, signal: running.signal })
  const run = async () => {
    for await (const _ of source) setTimeout(() => running.abort(reason), 50)
  }
  await t.throwsAsync(run, { is: reason })
  await source.close()
  t.false(isRunning(source.pid))
})

test('a signal ends the iteration with its reason also when the program has ended well, but not all frames are read', async (t) => {
  const stop = new AbortController()
  const source = await openPipe(pictures(3), { ...SIZE, limit: 8, signal: stop.signal })
  while (isRunning(source.pid) || source.stats.frames < 3) await sleep(5)
  // The end comes after the last frame.
  await sleep(20)
  const run = async () => {
    for await (const _ of source) stop.abort(new Error('enough'))
  }
  await t.throwsAsync(run, { message: 'enough' })
})

test('secrets of URLs do not get into messages', (t) => {
  t.is(withoutSecrets('open rtsp://admin:p@ss@10.0.0.2/live failed'), 'open rtsp://***@10.0.0.2/live failed')
  t.is(
    withoutSecrets('http://h/x?user=a&password=b&access_token=c#d'),
    'http://h/x?user=a&password=***&access_token=***',
  )
  t.is(withoutSecrets('no secret: me@example.org'), 'no secret: me@example.org')
})

/** A program with a source; prints the pid of what it runs. */
function start(ending: string, command = "trap '' TERM; cat /dev/zero; sleep 60") {
  const code = `
    import { openPipe } from ${JSON.stringify(join(import.meta.dirname, '../../ts/index.ts'))}
    const source = await openPipe(${JSON.stringify(command)}, { width: 64, height: 64 })
    console.log(source.pid)
    ${ending}`
  const args = ['--import=@oxc-node/core/register', '--input-type=module', '-e', code]
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000 })
}

for (const [how, ending, command] of [
  ['forgets to close its source', ''],
  ['calls process.exit()', 'process.exit(0)'],
  ['dies of an exception', 'process.on("uncaughtException", () => process.exit(0)); throw new Error("x")'],
  ['ends after the shell that it ran', '', `${pictures(1)}; trap '' TERM; sleep 60 & exit 0`],
] as const) {
  test(`nothing of a source is left when the program ${how}`, async (t) => {
    const child = start(ending, command)
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    const [status] = await once(child, 'exit')
    t.is(status, 0)
    const pid = Number(String(output))
    t.true(pid > 1)
    t.deepEqual(await leftOf(pid), [])
  })
}
