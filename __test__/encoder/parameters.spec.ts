import test from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'

const software = (options: Partial<EncoderOptions>) =>
  createEncoder({ codec: 'h264', width: 160, height: 96, hardware: 'never', log: 'silent', ...options })

test('a parameter below, above or between its values is ERR_CONFIG with the range, before any device is touched', async (t) => {
  for (const [option, low, high] of [
    ['maxBitrate', 9999, 240_000_001],
    ['bufferMs', 0, 60_001],
    ['quantizer', -1, 64],
    ['minQuantizer', -1, 64],
    ['maxQuantizer', -1, 64],
    ['minKeyQuantizer', -1, 64],
    ['maxKeyQuantizer', -1, 64],
    ['intraFrameInterval', 0, 1_000_001],
    ['intraRefreshPeriod', 1, 10_001],
    ['intraRefreshRows', 0, 513],
    ['sliceCount', 0, 257],
    ['sliceBytes', 255, 1_000_001],
    ['referenceFrames', 0, 17],
    ['bFrames', -1, 5],
  ] as const) {
    for (const value of [low, high, low + 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = await t.throwsAsync(software({ [option]: value }), { code: 'ERR_CONFIG' }, `${option} ${value}`)
      t.true(error.message.includes(option), error.message)
    }
    await t.throwsAsync(software({ [option]: '30' }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
  }
})

test('what the encoder has no control for is an error that names it, or with onUnsupported a warning, and never a setting that is in force', async (t) => {
  const error = await t.throwsAsync(software({ intraRefreshPeriod: 30 }), { code: 'ERR_NO_ENCODER' })
  t.regex(error.message, /no control for `intraRefreshPeriod`/)

  const encoder = await software({ intraRefreshPeriod: 30, onUnsupported: 'warn' })
  t.teardown(() => encoder.close())
  const named = <T extends { setting?: string }>(list: readonly T[]) =>
    list.filter(({ setting }) => setting === 'intraRefreshPeriod')
  t.is(named(encoder.warnings).length, 1)
  t.deepEqual(
    encoder.settings.find(({ name }) => name === 'intraRefreshPeriod'),
    { name: 'intraRefreshPeriod', requested: 30, actual: null, source: 'unsupported' },
  )
})
