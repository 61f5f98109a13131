import { join } from 'node:path'
import test from 'ava'
import { runSource } from '../support/run-source.js'
import type { End } from '../support/run-source.js'

const PROGRAM = join(import.meta.dirname, '../support/programs/process.ts')

const run = (scenario: string): Promise<End> => runSource(PROGRAM, [scenario])

test('a program that forgets close() ends, and its encoder is closed at the exit', async (t) => {
  const { code, stdout } = await run('forgets close')
  t.is(code, 0)
  t.is(stdout, 'closed by exit: 1\n')
})

test('a waiting reader alone keeps nothing alive', async (t) => {
  t.is((await run('only reads')).code, 0)
})

test('a flush that is waited for keeps the process alive', async (t) => {
  t.regex((await run('waits for a flush')).stdout, /flushed/)
})

test('a frame in flight keeps the process alive until its chunk is there', async (t) => {
  t.regex((await run('waits for a chunk in flight')).stdout, /chunk/)
})

test('frames that the device holds back keep nothing alive', async (t) => {
  t.is((await run('has frames that the device holds back')).code, 0)
})

test('a fatal error that nobody handles does not end the process', async (t) => {
  const { code, stderr } = await run('ignores a fatal error')
  t.is(code, 0, stderr)
})

test('a bad frame that nobody handles is a mistake of the program and ends it', async (t) => {
  for (const scenario of ['ignores a bad frame', 'ignores a frame that the addon rejects']) {
    const { code, stderr } = await run(scenario)
    t.is(code, 1, scenario)
    t.regex(stderr, /ERR_FRAME/)
  }
})

test('process.exit() keeps its status, and the encoder is closed', async (t) => {
  const { code, stdout } = await run('calls process.exit(7)')
  t.is(code, 7)
  t.is(stdout, 'closed by exit: 1\n')
})

test('an exception in onFrameLost is the program’s', async (t) => {
  const { code, stderr } = await run('throws in onFrameLost')
  t.is(code, 1)
  t.regex(stderr, /from the listener/)
})

test('an exception in a frame’s release() is the program’s, and the frame is encoded all the same', async (t) => {
  const { code, stdout } = await run('throws in release')
  t.is(code, 0)
  t.is(stdout, 'uncaught: from release\nencoded: 1\nclosed by exit: 1\n')
})
