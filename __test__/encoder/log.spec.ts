import test from 'ava'
import type { LogRecord } from '../../ts/shared/log.js'
import { Logger } from '../../ts/shared/log.js'
import { openFake } from '../support/fake-addon.js'

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

test('a writer gets the records of its level and graver ones, and the addon is told the level', async (t) => {
  const records: LogRecord[] = []
  const { session, addon } = await openFake(t, { log: { level: 'warn', write: (record) => records.push(record) } })
  for (const level of ['debug', 'info', 'warn', 'error'] as const) session.emit({ type: 'log', level, message: level })
  t.deepEqual(records, [
    { level: 'warn', message: 'warn' },
    { level: 'error', message: 'error' },
  ])
  t.is(addon.configs[0]!.logLevel, 'warn')
})
