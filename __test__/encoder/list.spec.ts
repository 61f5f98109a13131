import test from 'ava'
import { listOn, supportOn } from '../../ts/encoder/list.js'
import { activeOf, FakeAddon, nativeError } from '../support/fake-addon.js'

test('listEncoders() passes on what the addon found', async (t) => {
  const addon = new FakeAddon()
  addon.encoders = [{ backend: 'software', device: null, name: 'openh264', codecs: ['h264'], available: true }]
  t.deepEqual(await listOn(() => addon, {}), addon.encoders)
})

test('isSupported() answers with the encoder, or with everything that was rejected', async (t) => {
  const addon = new FakeAddon()
  const config = activeOf({ codecs: [{ codec: 'h264' }], timeout: 7 } as never).config
  addon.support = { supported: true, backend: 'software', device: null, config, rejected: [] }
  const support = await supportOn(() => addon, { codec: 'h264' }, {})
  t.true(support.supported)
  t.is(support.config?.timeout, 7)
  const rejected = [
    { backend: 'jetson', device: null, codec: 'h265', code: 'ERR_LIBRARY_MISSING', message: 'No.' } as const,
  ]
  addon.support = { supported: false, device: null, rejected }
  t.deepEqual(await supportOn(() => addon, { codec: 'h265' }, { probe: true }), {
    supported: false,
    device: null,
    rejected,
  })
})

test('wrong options reject, whichever side finds them', async (t) => {
  const addon = new FakeAddon()
  await t.throwsAsync(
    listOn(() => addon, { prob: true }),
    { instanceOf: TypeError, message: /Did you mean "probe"/ },
  )
  await t.throwsAsync(
    supportOn(() => addon, { codec: 'h264' }, { prob: true }),
    { instanceOf: TypeError, code: 'ERR_CONFIG' },
  )
  addon.support = { error: { ...nativeError('ERR_CONFIG'), kind: 'range' } }
  await t.throwsAsync(
    supportOn(() => addon, { codec: 'h264', width: 1 }, {}),
    { instanceOf: RangeError, code: 'ERR_CONFIG' },
  )
})

test('a signal ends the waiting', async (t) => {
  const addon = new FakeAddon()
  const signal = AbortSignal.abort(new Error('enough'))
  await t.throwsAsync(
    listOn(() => addon, { signal }),
    { message: 'enough' },
  )
  await t.throwsAsync(
    supportOn(() => addon, { codec: 'h264', signal }, {}),
    { message: 'enough' },
  )
})
