import test from 'ava'
import { activeOf, nativeError, openFake, settle } from '../support/fake-addon.js'
import { moveAway } from '../support/transfer-buffer.js'

const PLANES = [0, 1, 2].map((plane) => ({ fd: 20, offset: plane * 4096, stride: 64 }))

test('a frame in DMABUFs is released when the device has released it, not when it is taken', async (t) => {
  const { encoder, session } = await openFake(t)
  let released = 0
  await encoder.encode({ planes: PLANES, timestamp: 5, release: () => void released++ })
  await encoder.flush()
  t.is(released, 0)
  session.release()
  t.is(released, 1)
  t.deepEqual([...session.frames[0]!.bytes], [20, 20, 20])
})

test('a frame in DMABUFs that is not taken is released at once, and never twice', async (t) => {
  const { encoder, session } = await openFake(t)
  session.takeError = { ...nativeError('ERR_FRAME', 'Descriptor 20 is no DMABUF.'), kind: 'range' }
  let released = 0
  const frame = { planes: PLANES, timestamp: 5, release: () => void released++ }
  await t.throwsAsync(encoder.encode(frame), { instanceOf: RangeError, code: 'ERR_FRAME' })
  t.is(released, 1)
  session.takeError = null
  session.room = 0
  t.false(encoder.tryEncode(frame))
  t.is(released, 1, 'still the caller’s')
  session.room = 8
  t.true(encoder.tryEncode(frame))
  t.is(released, 1)
  session.release()
  t.is(released, 2)
})

test('a lent frame has the device’s format and strides, and is encoded under its own timestamp', async (t) => {
  const { encoder, session } = await openFake(t)
  const frame = await encoder.acquireFrame()
  t.is(frame.format, 'NV12')
  t.deepEqual(
    frame.planes.map(({ data, stride }) => [data.byteLength, stride]),
    [
      [128 * 63 + 64, 128],
      [128 * 31 + 64, 128],
    ],
  )
  frame.planes[1]!.data[0] = 99
  frame.timestamp = 33
  await encoder.encode(frame, { keyFrame: true })
  t.is(session.frames[0]!.bytes[8192], 99)
  t.deepEqual([session.frames[0]!.timestamp, session.frames[0]!.keyFrame], [33, true])
})

test('a lent frame can be used once', async (t) => {
  const { encoder, session } = await openFake(t)
  const frame = await encoder.acquireFrame()
  await encoder.encode(frame)
  await t.throwsAsync(encoder.encode(frame), {
    instanceOf: TypeError,
    code: 'ERR_FRAME',
    message: /already encoded or closed/,
  })
  const closed = await encoder.acquireFrame()
  closed.close()
  closed.close()
  t.throws(() => encoder.tryEncode(closed), { instanceOf: TypeError, code: 'ERR_FRAME' })
  t.deepEqual(
    session.calls.filter((call) => call === 'give back'),
    ['give back'],
  )
})

test('a lent frame is for the encoder that lent it', async (t) => {
  const [{ encoder }, { encoder: other }] = [await openFake(t), await openFake(t)]
  const frame = await encoder.acquireFrame()
  await t.throwsAsync(other.encode(frame), { instanceOf: TypeError, code: 'ERR_FRAME', message: /another encoder/ })
})

test('a lent frame whose memory was moved elsewhere does not go back to the device', async (t) => {
  const { encoder, session } = await openFake(t)
  const [frame, closed] = [await encoder.acquireFrame(), await encoder.acquireFrame()]
  for (const { planes } of [frame, closed]) moveAway(planes[0]!.data.buffer)
  await t.throwsAsync(encoder.encode(frame), { instanceOf: TypeError, code: 'ERR_FRAME', message: /moved/ })
  closed.close()
  t.deepEqual(session.frames, [])
  t.false(session.calls.includes('give back'))
})

test('encodeAll() gives back lent frames that it does not encode', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const frame = await encoder.acquireFrame()
  session.room = 0
  const before = t.throwsAsync(encoder.encode({ data: new Uint8Array(6144), timestamp: 0 }), {
    code: 'ERR_DEVICE_LOST',
  })
  const reading = encoder.encodeAll([frame]).next()
  await settle()
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await t.throwsAsync(reading, { code: 'ERR_DEVICE_LOST' })
  await before
  t.deepEqual(
    session.calls.filter((call) => call === 'give back'),
    ['give back'],
  )
})

test('acquireFrame() waits for room in its turn, and rejects after close()', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  await encoder.encode({ data: new Uint8Array(6144), timestamp: 0 })
  let acquired = false
  const acquiring = encoder.acquireFrame().then((frame) => {
    acquired = true
    return frame
  })
  await new Promise(setImmediate)
  t.false(acquired)
  session.deliver()
  session.emit({ type: 'room' })
  const frame = await acquiring
  frame.close()
  session.automatic = true
  await encoder.close()
  await t.throwsAsync(encoder.acquireFrame(), { code: 'ERR_CLOSED' })
})

test('what needs no room does not wait for another acquireFrame(), which may wait for it', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 1
  const first = await encoder.acquireFrame()
  const second = encoder.acquireFrame()
  const third = encoder.acquireFrame()
  t.is(encoder.encodeQueueSize, 0, 'an acquisition is no frame yet')
  await encoder.setBitrate(1_000_000)
  first.timestamp = 1
  await encoder.encode(first)
  await encoder.flush()
  const frame = await second
  frame.timestamp = 2
  t.true(encoder.tryEncode(frame))
  const last = await third
  const fourth = encoder.acquireFrame()
  await encoder.close()
  last.close()
  await t.throwsAsync(fourth, { code: 'ERR_CLOSED' })
  t.deepEqual(session.calls, ['setBitrate 1000000', 'encode 1', 'flush', 'encode 2', 'close', 'give back'])
})

test('frames that wait for room keep their order, also those in lent buffers', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const lent = await encoder.acquireFrame()
  lent.timestamp = 2
  const acquiring = encoder.acquireFrame()
  session.room = 0
  lent.planes[1]!.data[0] = 99
  const waiting = [encoder.encode({ data: new Uint8Array(6144), timestamp: 1 }), encoder.encode(lent), encoder.flush()]
  t.is(encoder.encodeQueueSize, 2)
  t.deepEqual(session.calls, ['give back'], 'the frame before it may wait for its buffer')
  session.room = 8
  session.automatic = true
  session.emit({ type: 'room' })
  await Promise.all(waiting)
  t.deepEqual(session.calls, ['give back', 'encode 1', 'encode 2', 'flush'])
  const { format, layout, bytes } = session.frames[1]!
  t.deepEqual([format, layout], ['NV12', [0, 128, 128 * 63 + 64, 128]])
  t.is(bytes[128 * 63 + 64], 99)
  ;(await acquiring).close()
})

test('where the runtime forbids it, acquireFrame() rejects and says so', async (t) => {
  const { encoder, session } = await openFake(t)
  session.takeError = nativeError('ERR_FRAME', 'This runtime forbids memory outside of its heap.')
  await t.throwsAsync(encoder.acquireFrame(), { code: 'ERR_FRAME', message: /forbids/ })
})

test('encoder.input follows the device', async (t) => {
  const { addon, encoder, session } = await openFake(t)
  t.is(encoder.input.dmabuf, 'none')
  const input = { ...encoder.input, format: 'NV12', dmabuf: 'same-layout', dmabufFormats: [] } as never
  session.emit({ type: 'active', active: { ...activeOf(addon.configs[0]!), input } })
  t.is(encoder.input.format, 'NV12')
})
