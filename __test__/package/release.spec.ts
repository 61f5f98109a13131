import { ReadableStream } from 'node:stream/web'
import test from 'ava'
import type { Frame } from '../../ts/frame/frame.js'
import { frameAt, nativeError, openFake, settle } from '../support/fake-addon.js'

/** A frame whose memory is lent, and how often it was given back. */
function lent(timestamp: number, onRelease = () => {}): Frame & { released: number } {
  const frame = {
    ...frameAt(timestamp),
    released: 0,
    release() {
      frame.released++
      onRelease()
    },
  }
  return frame
}

test('a frame is released once, as soon as it is taken', async (t) => {
  const { encoder } = await openFake(t)
  const frame = lent(0)
  const taken = encoder.encode(frame)
  t.is(frame.released, 1, 'before encode() returns, since there was room')
  await taken
  await encoder.flush()
  await encoder.close()
  t.is(frame.released, 1)
})

test('a frame that waits for room is released when it is taken, not before', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const [first, second] = [lent(0), lent(1)]
  const all = [first, second].map((frame) => encoder.encode(frame))
  await settle()
  t.deepEqual([first.released, second.released], [1, 0])
  session.deliver(1)
  session.emit({ type: 'room' })
  t.is(second.released, 1)
  await Promise.all(all)
  t.is(second.released, 1)
})

test('a frame that encode() rejects is released once, whatever the reason', async (t) => {
  const { encoder, session } = await openFake(t, { maxPendingFrames: 1 })
  const released = async (frame: Frame & { released: number }, promise: Promise<void>, reason: object) => {
    await t.throwsAsync(promise, reason)
    t.is(frame.released, 1)
  }
  const bad = Object.assign(lent(0), { timestamp: Number.NaN })
  await released(bad, encoder.encode(bad), { code: 'ERR_FRAME' })
  const misspelt = lent(0)
  await released(misspelt, encoder.encode(misspelt, { keyframe: true } as never), { code: 'ERR_CONFIG' })
  const late = lent(0)
  await released(late, encoder.encode(late, { signal: AbortSignal.abort(new Error('late')) }), { message: 'late' })
  session.takeError = nativeError('ERR_FRAME')
  const refused = lent(0)
  await released(refused, encoder.encode(refused), { code: 'ERR_FRAME' })
  session.takeError = null

  session.room = 0
  const stop = new AbortController()
  const waiting = lent(0)
  const takenBack = encoder.encode(waiting, { signal: stop.signal })
  const surplus = lent(1)
  await released(surplus, encoder.encode(surplus), { code: 'ERR_QUEUE_FULL' })
  t.is(waiting.released, 0)
  stop.abort(new Error('enough'))
  await released(waiting, takenBack, { message: 'enough' })

  const doomed = lent(2)
  const failed = encoder.encode(doomed)
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await released(doomed, failed, { code: 'ERR_DEVICE_LOST' })
  const after = lent(3)
  await released(after, encoder.encode(after), { code: 'ERR_DEVICE_LOST' })
})

test('frames that still wait when the encoder is closed are released', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const frame = lent(0)
  const waiting = encoder.encode(frame)
  await encoder.close({ discard: true })
  await t.throwsAsync(waiting, { code: 'ERR_CLOSED' })
  t.is(frame.released, 1)
})

test('tryEncode() releases the frame when it took it, and only then', async (t) => {
  const { encoder, session } = await openFake(t)
  const frame = lent(0)
  t.true(encoder.tryEncode(frame))
  t.is(frame.released, 1)
  session.room = 0
  const refused = lent(1)
  t.false(encoder.tryEncode(refused))
  t.throws(() => encoder.tryEncode({ ...refused, timestamp: Number.NaN }), { code: 'ERR_FRAME' })
  t.is(refused.released, 0)
})

test('a release that encodes the next frame keeps the order, and none is taken twice', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const chained = lent(2)
  const second = lent(1, () => void encoder.encode(chained))
  const all = [encoder.encode(lent(0)), encoder.encode(second)]
  for (let turn = 0; turn < 3; turn++) {
    session.deliver(1)
    session.emit({ type: 'room' })
  }
  await Promise.all(all)
  t.deepEqual(session.calls, ['encode 0', 'encode 1', 'encode 2'])
  t.deepEqual([second.released, chained.released], [1, 1])
})

test('a release that is no function is rejected', async (t) => {
  const { encoder } = await openFake(t)
  await t.throwsAsync(encoder.encode({ ...frameAt(0), release: true as never }), {
    instanceOf: TypeError,
    code: 'ERR_FRAME',
    message: /release must be a function/,
  })
})

test('encodeAll() releases every frame that it drew, also the one that came too late', async (t) => {
  const { encoder } = await openFake(t)
  const frames = [0, 1, 2].map((timestamp) => lent(timestamp))
  for await (const _ of encoder.encodeAll(frames)) continue
  t.deepEqual(
    frames.map(({ released }) => released),
    [1, 1, 1],
  )
  const drawn: ReturnType<typeof lent>[] = []
  let deliver = () => {}
  async function* slow() {
    drawn.push(lent(3))
    yield drawn[0]!
    drawn.push(lent(4))
    await new Promise<void>((resolve) => (deliver = resolve))
    yield drawn[1]!
  }
  for await (const _ of encoder.encodeAll(slow())) break
  deliver()
  await settle()
  t.deepEqual(
    drawn.map(({ released }) => released),
    [1, 1],
  )
})

test('transform() releases every frame that reaches it', async (t) => {
  const { encoder } = await openFake(t)
  const frames = [0, 1, 2].map((timestamp) => lent(timestamp))
  const stream = ReadableStream.from(frames) as ReadableStream<Frame>
  for await (const _ of stream.pipeThrough(encoder.transform())) continue
  t.deepEqual(
    frames.map(({ released }) => released),
    [1, 1, 1],
  )
})
