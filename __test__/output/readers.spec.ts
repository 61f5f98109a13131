import test from 'ava'
import type { EncodedChunk } from '../../ts/output/chunk.js'
import { chunkOf, frameAt, openFake, settle } from '../support/fake-addon.js'
import type { FakeSession } from '../support/fake-addon.js'

const key = (timestamp: number, bytes = 4) => chunkOf({ timestamp, keyFrame: true }, bytes)
const delta = (timestamp: number, bytes = 4) => chunkOf({ timestamp, keyFrame: false }, bytes)

/** One key chunk at 0, then deltas. */
function emitStream(session: FakeSession, timestamps: number[]): void {
  for (const timestamp of timestamps) session.emit(timestamp === 0 ? key(0) : delta(timestamp))
}

async function take(chunks: AsyncIterable<EncodedChunk>, count = Infinity): Promise<number[]> {
  const taken: number[] = []
  for await (const { timestamp } of chunks) {
    taken.push(timestamp)
    if (taken.length === count) break
  }
  return taken
}

test('chunks that came before the first loop are kept for it', async (t) => {
  const { encoder, session } = await openFake(t)
  emitStream(session, [0, 1, 2])
  t.deepEqual(await take(encoder, 3), [0, 1, 2])
})

test('break detaches a loop without closing, and a later one goes on where it stopped', async (t) => {
  const { encoder, session } = await openFake(t)
  emitStream(session, [0, 1, 2])
  t.deepEqual(await take(encoder, 1), [0])
  emitStream(session, [3])
  t.deepEqual(await take(encoder, 3), [1, 2, 3])
  t.deepEqual(session.calls, [])
})

test('a second loop at the same time is rejected with ERR_BUSY, and the first goes on', async (t) => {
  const { encoder, session } = await openFake(t)
  const first = take(encoder, 1)
  const error = await t.throwsAsync(take(encoder), { code: 'ERR_BUSY' })
  t.regex((error as Error & { hint: string }).hint, /subscribe/)
  emitStream(session, [0])
  t.deepEqual(await first, [0])
})

test('an iterator that was never started does not count as a reader', async (t) => {
  const { encoder, session } = await openFake(t)
  encoder[Symbol.asyncIterator]()
  emitStream(session, [0])
  t.deepEqual(await take(encoder, 1), [0])
})

test('with 64 MiB unread encode() rejects, and goes on once the chunks are read', async (t) => {
  const { encoder, session } = await openFake(t)
  for (let index = 0; index < 64; index++) session.emit(key(index, 1024 * 1024))
  const error = await t.throwsAsync(encoder.encode(frameAt(0)), { code: 'ERR_QUEUE_FULL' })
  t.regex(error.message, /^64 MiB of encoded chunks are waiting to be read\.$/)
  t.false(encoder.tryEncode(frameAt(0)))
  await take(encoder, 1)
  await t.notThrowsAsync(encoder.encode(frameAt(0)))
})

test('with subscribers only, nothing is kept for a loop that never came', async (t) => {
  const { encoder, session } = await openFake(t)
  const subscription = encoder.subscribe()
  for (let index = 0; index < 65; index++) session.emit(key(index, 1024 * 1024))
  await t.notThrowsAsync(encoder.encode(frameAt(0)))
  t.is((await take(subscription, 65)).length, 65)
})

test('a loop that comes after chunks went by begins with a key frame, which it asks for', async (t) => {
  const { encoder, session } = await openFake(t)
  await encoder.subscribe({ start: 'now' }).return!()
  emitStream(session, [0, 1])
  const taken = take(encoder, 2)
  emitStream(session, [2])
  await encoder.encode(frameAt(3))
  t.true(session.frames[0]!.keyFrame)
  await settle()
  session.emit(delta(4))
  t.deepEqual(await taken, [3, 4])
})

test('every reader gets all chunks, with bytes of its own', async (t) => {
  const { encoder, session } = await openFake(t)
  const readers = [encoder[Symbol.asyncIterator](), encoder.subscribe(), encoder.subscribe({ start: 'now' })]
  const first = readers.map((reader) => reader.next())
  session.emit(key(0))
  const chunks = (await Promise.all(first)).map(({ value }) => value as EncodedChunk)
  t.is(new Set(chunks.map(({ data }) => data.buffer)).size, 3)
  for (const { data } of chunks) {
    t.is(data.byteOffset, 0)
    structuredClone(data, { transfer: [data.buffer] })
  }
  await Promise.all(readers.map((reader) => reader.return!()))
})

test('a subscription begins with a key frame and asks for one when the stream runs already', async (t) => {
  const { encoder, session } = await openFake(t)
  emitStream(session, [0, 1])
  const subscription = encoder.subscribe()
  emitStream(session, [2])
  await encoder.encode(frameAt(3))
  t.true(session.frames[0]!.keyFrame)
  t.deepEqual(await take(subscription, 1), [3])
})

test('a subscription from now begins with whatever comes', async (t) => {
  const { encoder, session } = await openFake(t)
  emitStream(session, [0])
  const subscription = encoder.subscribe({ start: 'now' })
  emitStream(session, [1])
  t.deepEqual(await take(subscription, 1), [1])
})

test('the first key chunk of each reader says how to decode, even if the stream said so before', async (t) => {
  const { encoder, session } = await openFake(t)
  session.emit(key(0))
  const subscription = encoder.subscribe()
  session.emit({ type: 'chunk', data: new Uint8Array(1), key: true, timestamp: 1 })
  const { value } = await subscription.next()
  t.is((value as EncodedChunk).decoderConfig?.codec, 'avc1.42e01f')
})

test('a slow subscriber drops what lies unread and goes on with a key frame, which it asks for', async (t) => {
  const { encoder, session } = await openFake(t)
  const subscription = encoder.subscribe({ limit: 2 })
  emitStream(session, [0, 1, 2, 3])
  t.is(subscription.dropped, 4)
  const next = subscription.next()
  await encoder.encode(frameAt(4))
  t.true(session.frames[0]!.keyFrame)
  t.is(((await next).value as EncodedChunk).timestamp, 4)
})

test('a slow subscriber with whenFull: "error" gets what is queued and then ERR_QUEUE_FULL', async (t) => {
  const { encoder, session } = await openFake(t)
  const subscription = encoder.subscribe({ limit: 2, whenFull: 'error' })
  emitStream(session, [0, 1, 2, 3])
  t.is(((await subscription.next()).value as EncodedChunk).timestamp, 0)
  t.is(((await subscription.next()).value as EncodedChunk).timestamp, 1)
  const readerOfTheSubscription = async () => {
    await subscription.next()
  }
  const { stack, cause } = await t.throwsAsync(readerOfTheSubscription(), { code: 'ERR_QUEUE_FULL' })
  t.regex(stack!, /readerOfTheSubscription .*readers\.spec\.ts/, stack)
  t.is(cause, undefined)
  t.true((await subscription.next()).done)
})

test('a signal ends a subscription with its reason', async (t) => {
  const { encoder } = await openFake(t)
  const stop = new AbortController()
  const next = encoder.subscribe({ signal: stop.signal }).next()
  stop.abort(new Error('enough'))
  await t.throwsAsync(next, { message: 'enough' })
  await t.throwsAsync(encoder.subscribe({ signal: stop.signal }).next(), { message: 'enough' })
})

test('a signal ends a subscription with its reason also before the end of a closed encoder, and not after it', async (t) => {
  const { encoder, session } = await openFake(t)
  const stop = new AbortController()
  const [early, late] = [encoder.subscribe({ signal: stop.signal }), encoder.subscribe({ signal: stop.signal })]
  emitStream(session, [0, 1])
  await encoder.close()
  await early.next()
  t.deepEqual(await take(late), [0, 1])
  stop.abort(new Error('enough'))
  await t.throwsAsync(early.next(), { message: 'enough' })
  t.true((await early.next()).done)
  t.true((await late.next()).done)
})

test('wrong subscribe options are rejected with the nearest name', async (t) => {
  const { encoder } = await openFake(t)
  t.regex(t.throws(() => encoder.subscribe({ strat: 'key' } as never), { code: 'ERR_CONFIG' }).message, /"start"/)
  t.throws(() => encoder.subscribe({ limit: 0 }), { instanceOf: RangeError, code: 'ERR_CONFIG' })
})

test('close() ends every reader after what is queued, and readers that come later too', async (t) => {
  const { encoder, session } = await openFake(t)
  const subscription = encoder.subscribe()
  const waiting = encoder.subscribe().next()
  const loop = encoder[Symbol.asyncIterator]()
  const first = loop.next()
  emitStream(session, [0, 1])
  await encoder.close()
  t.is(((await first).value as EncodedChunk).timestamp, 0)
  t.deepEqual(await take(loop), [1])
  t.deepEqual(await take(subscription), [0, 1])
  t.is(((await waiting).value as EncodedChunk).timestamp, 0)
  t.deepEqual(await take(encoder), [])
  t.deepEqual(await take(encoder.subscribe()), [])
})
