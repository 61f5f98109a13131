import { inspect } from 'node:util'
import test from 'ava'
import { openEncoder } from '../../ts/encoder/create.js'
import { V4l2EncoderError } from '../../ts/shared/errors.js'
import { FakeAddon, nativeError, openFake } from '../support/fake-addon.js'

const frame = (timestamp: number) => ({ data: new Uint8Array(64 * 64 * 1.5), timestamp })

/** The error of a promise that is awaited in a function of this name. */
async function failure(work: () => Promise<unknown>): Promise<V4l2EncoderError> {
  const callerOfTheEncoder = async () => {
    await work()
  }
  return callerOfTheEncoder().then(
    () => {
      throw new Error('It should have failed.')
    },
    (error: V4l2EncoderError) => error,
  )
}

test('what waits when the device fails rejects with an error whose stack leads to the caller', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 0
  const failures = Promise.all([
    failure(() => encoder.encode(frame(1))),
    failure(() => encoder.flush()),
    failure(() => encoder.acquireFrame()),
    failure(() => encoder.close()),
  ])
  await new Promise(setImmediate)
  session.emit({ type: 'fatal', error: { ...nativeError('ERR_DEVICE', 'The device failed.'), lost: [1] } })
  const errors = await failures
  for (const error of errors) {
    t.is(error.code, 'ERR_DEVICE')
    t.regex(error.stack!, /callerOfTheEncoder .*errors\.spec\.ts/, error.stack)
    t.deepEqual(error.lost, [1])
  }
})

test('a failure that several promises share is the cause of each one’s own error, and is not changed', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 0
  const failures = Promise.all([failure(() => encoder.encode(frame(1))), failure(() => encoder.encode(frame(2)))])
  const closed = t.throwsAsync(encoder.closed, { instanceOf: V4l2EncoderError })
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  const [first, second] = await failures
  const shared = await closed
  const stack = shared.stack
  t.not(first, second)
  t.is(first.cause, shared)
  t.is(second.cause, shared)
  const later = await failure(() => encoder.encode(frame(3)))
  t.is(later.cause, shared)
  t.regex(later.stack!, /errors\.spec\.ts/)
  t.is(t.throws(() => encoder.tryEncode(frame(4)), { code: 'ERR_DEVICE_LOST' }).cause, shared)
  t.is(shared.stack, stack)
  t.is(shared.cause, undefined)
})

test('a loop over the encoder throws an error whose stack leads to the loop, with the shared failure as its cause', async (t) => {
  const { encoder, session } = await openFake(t)
  const read = async (chunks: AsyncIterable<unknown>) => {
    for await (const _ of chunks) t.fail('There is no chunk.')
  }
  const failures = Promise.all([failure(() => read(encoder)), failure(() => read(encoder.subscribe()))])
  await new Promise(setImmediate)
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE') })
  const shared = await t.throwsAsync(encoder.closed, { code: 'ERR_DEVICE' })
  for (const error of await failures) {
    t.is(error.cause, shared)
    t.regex(error.stack!, /at async read .*errors\.spec\.ts[^]*callerOfTheEncoder/, error.stack)
  }
})

test('an encoder that cannot be opened rejects with a stack that leads to the caller', async (t) => {
  const addon = new FakeAddon()
  addon.failure = nativeError('ERR_NO_ENCODER')
  const error = await failure(() => openEncoder(() => addon, { codec: 'h264' }))
  t.regex(error.stack!, /callerOfTheEncoder .*errors\.spec\.ts/, error.stack)
})

test('the reason of a signal stays as it is', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  session.automatic = false
  const stop = new AbortController()
  const reason = new V4l2EncoderError('ERR_CLOSED', 'Enough.')
  const encoding = failure(() => encoder.encode(frame(1), { signal: stop.signal }))
  stop.abort(reason)
  t.is(await encoding, reason)
})

test('empty lists of an error are not printed, but can be read', (t) => {
  const plain = new V4l2EncoderError('ERR_TIMEOUT', 'Too late.')
  t.notRegex(inspect(plain), /rejected|lost/)
  t.deepEqual([plain.rejected, plain.lost], [[], []])
  const lossy = new V4l2EncoderError('ERR_DEVICE', 'It failed.', { lost: [7] })
  t.regex(inspect(lossy), /lost: \[ 7 \]/)
  t.notRegex(inspect(lossy), /rejected/)
})
