import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { LogRecord } from '../../ts/shared/log.js'
import { Logger } from '../../ts/shared/log.js'
import { chunkOf, openFake } from '../support/fake-addon.js'

type Opened = Awaited<ReturnType<typeof openFake>>

const thresholds = (option: Parameters<typeof Logger.from>[0]) => Logger.from(option).threshold

test.serial('the level is warn, unless the environment or the option says otherwise; the option wins', (t) => {
  delete process.env.V4L2_ENCODER_LOG
  t.is(thresholds(undefined), 'warn')
  t.is(
    thresholds(() => {}),
    'info',
  )
  process.env.V4L2_ENCODER_LOG = 'debug'
  t.is(thresholds(undefined), 'debug')
  t.is(
    thresholds(() => {}),
    'debug',
  )
  t.is(thresholds('error'), 'error')
  t.is(thresholds({ level: 'silent' }), 'silent')
  process.env.V4L2_ENCODER_LOG = 'nonsense'
  t.is(thresholds(undefined), 'warn')
  delete process.env.V4L2_ENCODER_LOG
})

test('a writer gets the records of its level and graver ones, and the addon gets the level', async (t) => {
  const records: LogRecord[] = []
  const { session, addon } = await openFake(t, { log: { level: 'warn', write: (record) => records.push(record) } })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) session.emit({ type: 'log', level, message: level })
  t.deepEqual(records, [
    { level: 'warn', message: 'warn' },
    { level: 'error', message: 'error' },
  ])
  t.is(addon.configs[0]!.logLevel, 'warn')
})

/** Longer than an encoder waits for its first reader. */
const LATE_MS = 2300

async function warningsOf(t: ExecutionContext, use: (opened: Opened) => void): Promise<string[]> {
  const records: LogRecord[] = []
  const opened = await openFake(t, { log: (record) => records.push(record) })
  use(opened)
  for (const timestamp of [0, 1]) opened.session.emit(chunkOf({ timestamp, keyFrame: timestamp === 0 }))
  await new Promise((resolve) => setTimeout(resolve, LATE_MS))
  opened.session.emit(chunkOf({ timestamp: 2, keyFrame: false }))
  return records.filter(({ level }) => level === 'warn').map(({ message }) => message)
}

test('chunks that nothing has read for two seconds are warned of, once', async (t) => {
  const warnings = await warningsOf(t, () => {})
  t.is(warnings.length, 1)
  t.regex(
    warnings[0]!,
    /^2 encoded chunks are waiting, and nothing has read this encoder for two seconds\. Read it with/,
  )
})

test('an encoder with a reader, with subscribers, or at its end is not warned of', async (t) => {
  const all = await Promise.all([
    warningsOf(t, ({ encoder }) => void encoder[Symbol.asyncIterator]().next()),
    warningsOf(t, ({ encoder }) => void encoder.subscribe({ start: 'now' })),
    warningsOf(t, ({ encoder }) => void setImmediate(() => void encoder.close())),
  ])
  t.deepEqual(all, [[], [], []])
})
