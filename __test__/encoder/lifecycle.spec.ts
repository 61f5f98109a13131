import test from 'ava'
import { openEncoder } from '../../ts/encoder/create.js'
import { V4l2EncoderError } from '../../ts/shared/errors.js'
import { activeOf, FakeAddon, frameAt, nativeError, openFake, settle } from '../support/fake-addon.js'

test('an encoder says which one runs, why, and with what', async (t) => {
  const { encoder, addon, session } = await openFake(t, { timeout: 1234 })
  t.is(encoder.backend, 'jetson')
  t.is(encoder.device, '/dev/v4l2-nvenc')
  t.deepEqual(encoder.rejected, [])
  t.is(encoder.config.timeout, 1234)
  t.is(encoder.decoderConfig, null)
  const setting = { name: 'bitrate', requested: 2, actual: 3, source: 'readback' as const }
  const active = activeOf(addon.configs[0]!)
  const warnings = [{ code: 'ERR_CONTROL', message: 'No.' }]
  session.emit({
    type: 'active',
    active: { ...active, settings: [setting], warnings, config: { ...active.config, bitrate: 3 } },
  })
  t.deepEqual(encoder.settings, [setting])
  t.is(encoder.config.bitrate, 3)
  t.is(encoder.warnings[0]?.code, 'ERR_CONTROL')
  session.emit({ type: 'active', active: { ...active, backend: 'software', device: null } })
  t.is(encoder.backend, 'software')
  t.is(encoder.device, null)
})

test('a configuration that the addon rejects fails with its class, code and hint', async (t) => {
  const addon = new FakeAddon()
  addon.refusal = { kind: 'range', code: 'ERR_CONFIG', message: 'The width 63 is odd.', hint: 'Use 64.' }
  const error = await t.throwsAsync(
    openEncoder(() => addon, { codec: 'h264', width: 63 }),
    { instanceOf: RangeError, code: 'ERR_CONFIG' },
  )
  t.is((error as RangeError & { hint: string }).hint, 'Use 64.')
})

test('where there is no encoder, the error lists what was tried', async (t) => {
  const addon = new FakeAddon()
  const rejected = [
    {
      backend: 'jetson',
      device: '/dev/v4l2-nvenc',
      codec: 'h264',
      code: 'ERR_PERMISSION',
      message: 'No.',
      hint: 'Ask.',
    } as const,
  ]
  addon.failure = { ...nativeError('ERR_NO_ENCODER'), rejected, cause: 'EACCES' }
  const error = await t.throwsAsync(
    openEncoder(() => addon, { codec: 'h265' }),
    { instanceOf: V4l2EncoderError, code: 'ERR_NO_ENCODER' },
  )
  t.deepEqual(error.rejected, rejected)
  t.is((error.cause as Error).message, 'EACCES')
})

test('a signal aborts opening and releases the device', async (t) => {
  const addon = new FakeAddon()
  addon.neverOpens = true
  const stop = new AbortController()
  const opening = openEncoder(() => addon, { codec: 'h264', signal: stop.signal })
  stop.abort(new Error('enough'))
  await t.throwsAsync(opening, { message: 'enough' })
  t.deepEqual(addon.sessions[0]!.calls, ['discard'])
  await t.throwsAsync(
    openEncoder(() => addon, { codec: 'h264', signal: stop.signal }),
    { message: 'enough' },
  )
  t.is(addon.sessions.length, 1)
})

test('close() comes after the frames that wait; what follows it is rejected with ERR_CLOSED', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const waiting = encoder.encode(frameAt(0))
  const closing = encoder.close()
  await t.throwsAsync(encoder.encode(frameAt(1)), { code: 'ERR_CLOSED' })
  await t.throwsAsync(encoder.flush(), { code: 'ERR_CLOSED' })
  await t.throwsAsync(encoder.setBitrate(1), { code: 'ERR_CLOSED' })
  t.throws(() => encoder.tryEncode(frameAt(1)), { code: 'ERR_CLOSED' })
  session.room = 1
  session.emit({ type: 'room' })
  await waiting
  await closing
  await encoder.closed
  t.deepEqual(session.calls, ['encode 0', 'close'])
})

test('a second close() resolves, during the first and after it', async (t) => {
  const { encoder, session } = await openFake(t)
  await Promise.all([encoder.close(), encoder.close()])
  await encoder.close()
  await encoder[Symbol.asyncDispose]()
  t.deepEqual(session.calls, ['close'])
})

test('close({ discard: true }) rejects what waits and does not wait for it', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const waiting = encoder.encode(frameAt(0))
  await encoder.close({ discard: true })
  await t.throwsAsync(waiting, { code: 'ERR_CLOSED' })
  t.deepEqual(session.calls, ['discard'])
})

test('close({ discard: true }) overtakes a close() that drains', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const draining = encoder.close()
  const discarding = encoder.close({ discard: true })
  session.emit({ type: 'done', id: session.lastId })
  await Promise.all([draining, discarding])
  t.deepEqual(session.calls, ['close', 'discard'])
})

test('a lost frame goes to onFrameLost with its timestamp, and the stream goes on', async (t) => {
  const lost: V4l2EncoderError[] = []
  const { encoder, session } = await openFake(t, { onFrameLost: (error) => lost.push(error) })
  session.emit({ type: 'lost', error: { ...nativeError('ERR_FRAME'), timestamp: 7 } })
  await settle()
  t.is(lost[0]?.timestamp, 7)
  t.is(lost[0]?.code, 'ERR_FRAME')
  await t.notThrowsAsync(encoder.encode(frameAt(8)))
})

test('a lost frame that nobody listens for is a warning in the log', async (t) => {
  const records: string[] = []
  const { session } = await openFake(t, { log: ({ level, message }) => records.push(`${level} ${message}`) })
  session.emit({ type: 'lost', error: { ...nativeError('ERR_FRAME', 'It broke.'), timestamp: 7 } })
  t.deepEqual(records, ['warn The frame at 7 µs is lost: It broke.'])
})

test('after a fatal error readers end with it, everything pending rejects, and nothing hangs', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  await encoder.encode(frameAt(0))
  const pending = [encoder.encode(frameAt(1)), encoder.flush()]
  session.emit({ type: 'chunk', data: new Uint8Array(1), key: true, timestamp: -1 })
  session.emit({ type: 'fatal', error: { ...nativeError('ERR_DEVICE_LOST'), lost: [0] } })
  for (const promise of pending) await t.throwsAsync(promise, { code: 'ERR_DEVICE_LOST' })
  const seen: number[] = []
  const error = await t.throwsAsync(
    async () => {
      for await (const { timestamp } of encoder) seen.push(timestamp)
    },
    { instanceOf: V4l2EncoderError },
  )
  t.deepEqual(seen, [-1])
  t.deepEqual(error.lost, [0])
  await t.throwsAsync(encoder.closed, { code: 'ERR_DEVICE_LOST' })
  await t.throwsAsync(encoder.encode(frameAt(2)), { code: 'ERR_DEVICE_LOST' })
  t.throws(() => encoder.tryEncode(frameAt(2)), { code: 'ERR_DEVICE_LOST' })
  session.emit({ type: 'done', id: session.lastId })
  await t.notThrowsAsync(encoder.close(), 'there is nothing left to fail')
})

test('a fatal error while closing rejects close()', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const closing = encoder.close()
  session.emit({ type: 'fatal', error: nativeError('ERR_TIMEOUT') })
  await t.throwsAsync(closing, { code: 'ERR_TIMEOUT' })
  session.emit({ type: 'done', id: session.lastId })
})

test('a device that fails while close() waits behind frames is released', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const waiting = encoder.encode(frameAt(0))
  const closing = encoder.close()
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  for (const promise of [waiting, closing]) await t.throwsAsync(promise, { code: 'ERR_DEVICE_LOST' })
  t.deepEqual(session.calls, ['discard'])
})

// AVA fails a run that has an unhandled rejection.
test('what the device has done ends no process unhandled, whichever call asked, before or after it', async (t) => {
  const { encoder, session } = await openFake(t)
  const { signal } = new AbortController()
  const ask = () => {
    void encoder.encode(frameAt(0))
    void encoder.encode(frameAt(1), { signal })
    void encoder.acquireFrame()
    void encoder.flush()
    void encoder.flush({ signal })
    void encoder.setBitrate(1_000_000, { signal })
  }
  session.automatic = false
  session.room = 0
  ask()
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await settle()
  ask()
  await settle()
  session.emit({ type: 'done', id: 0 })
  await t.throwsAsync(encoder.closed, { code: 'ERR_DEVICE_LOST' })
})

test('a close that the addon answers with an error rejects, and closed too', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const closing = encoder.close()
  session.emit({ type: 'done', id: session.lastId, error: nativeError('ERR_TIMEOUT') })
  await t.throwsAsync(closing, { code: 'ERR_TIMEOUT' })
  await t.throwsAsync(encoder.closed, { code: 'ERR_TIMEOUT' })
})

test.serial('the exit of the process closes what is open, and no listener stays behind', async (t) => {
  const before = process.listenerCount('exit')
  const addon = new FakeAddon()
  const open = () => openEncoder(() => addon, { codec: 'h264', log: 'silent' })
  const encoders = [await open(), await open()]
  t.is(process.listenerCount('exit'), before + 1)
  await encoders[0]!.close()
  t.is(process.listenerCount('exit'), before + 1)
  await encoders[1]!.close()
  t.is(process.listenerCount('exit'), before)
})
