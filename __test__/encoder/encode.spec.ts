import test from 'ava'
import { frameAt, nativeError, openFake, settle } from '../support/fake-addon.js'

test('a frame goes in, its chunk comes out, and closing ends the reader', async (t) => {
  const { encoder } = await openFake(t)
  await encoder.encode({ ...frameAt(40), duration: 33 })
  await encoder.flush()
  await encoder.close()
  const chunks = []
  for await (const chunk of encoder) chunks.push(chunk)
  t.deepEqual(
    chunks.map(({ type, timestamp }) => ({ type, timestamp })),
    [{ type: 'key', timestamp: 40 }],
  )
  t.is(encoder.decoderConfig?.codec, 'avc1.42e01f')
  await encoder.closed
})

test('encode() has read the frame when it returns, as long as the device has room', async (t) => {
  const { encoder, session } = await openFake(t)
  const frame = frameAt(0)
  frame.data.fill(7)
  void encoder.encode(frame)
  frame.data.fill(9)
  t.true(session.frames[0]!.bytes.every((byte) => byte === 7))
  await encoder.close()
})

test('frames that find no room wait, in order, and are taken when there is room', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const order: number[] = []
  const all = [0, 1, 2].map((timestamp) => encoder.encode(frameAt(timestamp)).then(() => order.push(timestamp)))
  await settle()
  t.deepEqual(order, [0])
  t.is(encoder.encodeQueueSize, 2)
  for (let turn = 0; turn < 2; turn++) {
    session.deliver(1)
    session.emit({ type: 'room' })
  }
  await Promise.all(all)
  t.deepEqual(order, [0, 1, 2])
  t.deepEqual(session.calls, ['encode 0', 'encode 1', 'encode 2'])
})

test('more waiting frames than maxPendingFrames are rejected with ERR_QUEUE_FULL', async (t) => {
  const { encoder, session } = await openFake(t, { maxPendingFrames: 2 })
  session.room = 0
  void encoder.encode(frameAt(0))
  void encoder.encode(frameAt(1))
  const error = await t.throwsAsync(encoder.encode(frameAt(2)), { code: 'ERR_QUEUE_FULL' })
  t.regex(error.message, /2 frames already wait/)
})

test('tryEncode() takes a frame, or says that there is no room or that others wait', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  t.true(encoder.tryEncode(frameAt(0)))
  t.false(encoder.tryEncode(frameAt(1)))
  void encoder.encode(frameAt(2))
  session.room = 2
  t.false(encoder.tryEncode(frameAt(3)), 'a frame waits that came earlier')
  session.emit({ type: 'room' })
  t.deepEqual(session.calls, ['encode 0', 'encode 2'])
})

test('tryEncode() throws for a bad frame', async (t) => {
  const { encoder } = await openFake(t)
  t.throws(() => encoder.tryEncode({ ...frameAt(0), timestamp: Number.NaN }), {
    instanceOf: RangeError,
    code: 'ERR_FRAME',
  })
})

test('requestKeyFrame() makes a key frame of the next frame that is taken, once', async (t) => {
  const { encoder, session } = await openFake(t)
  await encoder.encode(frameAt(0))
  encoder.requestKeyFrame()
  await encoder.encode(frameAt(1))
  await encoder.encode(frameAt(2))
  await encoder.encode(frameAt(3), { keyFrame: true })
  t.deepEqual(
    session.frames.map(({ keyFrame }) => keyFrame),
    [false, true, false, true],
  )
})

test('flush(), setBitrate() and setFramerate() take effect after the frames before them', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const all = [encoder.encode(frameAt(0)), encoder.setBitrate(5), encoder.setFramerate(15), encoder.flush()]
  await settle()
  t.deepEqual(session.calls, [])
  session.room = 1
  session.emit({ type: 'room' })
  await Promise.all(all)
  t.deepEqual(session.calls, ['encode 0', 'setBitrate 5', 'setFramerate 15', 'flush'])
})

test('two flushes at once both resolve', async (t) => {
  const { encoder } = await openFake(t)
  await encoder.encode(frameAt(0))
  await t.notThrowsAsync(Promise.all([encoder.flush(), encoder.flush()]))
})

test('a signal takes back a frame that waits, and has no effect on one that was taken', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const stop = new AbortController()
  const taken = encoder.encode(frameAt(0), { signal: stop.signal })
  const waiting = encoder.encode(frameAt(1), { signal: stop.signal })
  stop.abort()
  await taken
  await t.throwsAsync(waiting, { name: 'AbortError', any: true })
  await t.throwsAsync(encoder.encode(frameAt(2), { signal: stop.signal }), { name: 'AbortError', any: true })
  session.deliver(1)
  session.emit({ type: 'room' })
  await encoder.encode(frameAt(3))
  t.deepEqual(session.calls, ['encode 0', 'encode 3'])
})

test('each frame is released once, also where the release of one takes back another', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const stop = new AbortController()
  const released = [0, 0]
  const release = (index: number) => {
    released[index]!++
    stop.abort()
  }
  const frames = [0, 1].map((index) => ({ ...frameAt(index), release: () => release(index) }))
  const waiting = frames.map((frame) => encoder.encode(frame, { signal: stop.signal }))
  await encoder.close({ discard: true })
  await Promise.allSettled(waiting)
  t.deepEqual(released, [1, 1])
})

test('a signal ends the waiting for a flush; the flush itself goes on', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const stop = new AbortController()
  const flushed = encoder.flush({ signal: stop.signal })
  stop.abort(new Error('enough'))
  await t.throwsAsync(flushed, { message: 'enough' })
  t.deepEqual(session.calls, ['flush'])
  session.emit({ type: 'done', id: session.lastId })
})

test('a frame that the device rejects fails its own promise only', async (t) => {
  const { encoder, session } = await openFake(t)
  session.takeError = nativeError('ERR_DEVICE')
  await t.throwsAsync(encoder.encode(frameAt(0)), { code: 'ERR_DEVICE' })
  session.takeError = null
  await t.notThrowsAsync(encoder.encode(frameAt(1)))
})

test('functions that return a promise reject instead of throwing', async (t) => {
  const { encoder } = await openFake(t)
  const bad = undefined as never
  const wrong = { nonsense: 1 } as never
  for (const call of [
    () => encoder.encode(bad),
    () => encoder.encode(frameAt(0), wrong),
    () => encoder.flush(wrong),
    () => encoder.close(wrong),
    () => encoder.setBitrate(bad),
    () => encoder.setFramerate('30' as never),
  ]) {
    let promise: Promise<void> | undefined
    t.notThrows(() => {
      promise = call()
    })
    await t.throwsAsync(promise!, { instanceOf: TypeError })
  }
})
