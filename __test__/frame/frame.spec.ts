import test from 'ava'
import { prepareFrame } from '../../ts/frame/prepare.js'
import type { PreparedBytes } from '../../ts/frame/bytes.js'
import type { PreparedDmabuf } from '../../ts/frame/dmabuf.js'
import { LentFrame } from '../../ts/frame/lent-frame.js'
import { Surface } from '../../ts/frame/surface.js'
import { nativeError, openFake } from '../support/fake-addon.js'

const EXPECTED = { width: 64, height: 64, format: 'I420' }
const prepare = (frame: unknown) => prepareFrame(frame, EXPECTED) as PreparedBytes
const data = new Uint8Array(6144)

test('the data may be a buffer or any view of one, whose bytes are taken as they lie', (t) => {
  const bytes = Uint8Array.from({ length: 6160 }, (_, index) => index)
  const { buffer } = bytes
  const shared = new SharedArrayBuffer(6160)
  new Uint8Array(shared).set(bytes)
  const views = [
    bytes.subarray(8, 6152),
    Buffer.from(buffer, 8, 6144),
    // What a canvas gives.
    new Uint8ClampedArray(buffer, 8, 6144),
    new Int8Array(buffer, 8, 6144),
    new Uint16Array(buffer, 8, 3072),
    new Float64Array(buffer, 8, 768),
    new BigInt64Array(buffer, 8, 768),
    new DataView(buffer, 8, 6144),
    new Uint8Array(shared, 8, 6144),
    new DataView(shared, 8, 6144),
    buffer.slice(8, 6152),
    shared.slice(8, 6152),
  ]
  for (const view of views) t.deepEqual([...prepare({ data: view, timestamp: 0 }).data], [...(views[0] as Uint8Array)])
})

test('other data is rejected with what there was', (t) => {
  for (const [wrong, words] of [
    [undefined, /undefined was given/],
    [null, /null was given/],
    ['pixels', /the string "pixels" was given/],
    [[1, 2], /a list was given/],
    [Symbol('pixels'), /a symbol was given/],
  ] as const) {
    const error = t.throws(() => prepare({ data: wrong, timestamp: 0 }), { instanceOf: TypeError, code: 'ERR_FRAME' })
    t.regex(error.message, words)
  }
})

test('a frame whose members cannot be read is rejected with the reason', (t) => {
  const reason = new Error('the decoder is gone')
  const frame = {
    timestamp: 0,
    get data(): never {
      throw reason
    },
  }
  const error = t.throws(() => prepare(frame), { code: 'ERR_FRAME', message: /cannot be read: the decoder is gone/ })
  t.is(error.cause, reason)
})

test('what only looks like a frame of this package’s is not taken for one', (t) => {
  const surface = Object.create(Surface.prototype) as Surface
  const planes = [0, 1, 2].map((fd) => ({ fd, offset: 0, stride: 64 }))
  t.throws(() => prepare({ planes, surface, timestamp: 0 }), { instanceOf: TypeError, code: 'ERR_FRAME' })
  t.throws(() => prepare(Object.create(LentFrame.prototype)), { instanceOf: TypeError, code: 'ERR_FRAME' })
})

test('an option of encode() that was put into the frame is rejected, as it would do nothing there', (t) => {
  const error = t.throws(() => prepare({ data, timestamp: 0, keyFrame: true }), { code: 'ERR_FRAME' })
  t.is((error as Error & { hint: string }).hint, 'Give it beside the frame: encode(frame, { keyFrame: true }).')
})

test('a detached buffer is rejected, as a view and as itself', (t) => {
  const view = new Uint8Array(6144)
  const { buffer } = view
  const other = new DataView(buffer, 8)
  structuredClone(buffer, { transfer: [buffer] })
  for (const gone of [view, buffer, other]) {
    const error = t.throws(() => prepare({ data: gone, timestamp: 0 }), { instanceOf: TypeError, code: 'ERR_FRAME' })
    t.regex(error.message, /detached/)
  }
})

test('a buffer that is detached while its frame waits rejects that frame', async (t) => {
  const { encoder, session } = await openFake(t)
  session.room = 0
  const frame = { data: new Uint8Array(6144), timestamp: 0 }
  const encoded = encoder.encode(frame)
  structuredClone(frame.data.buffer, { transfer: [frame.data.buffer] })
  session.emit({ type: 'room' })
  session.room = 1
  session.emit({ type: 'room' })
  await t.throwsAsync(encoded, { instanceOf: TypeError, code: 'ERR_FRAME' })
})

test('timestamps may be negative or fractional; fractions are cut off', (t) => {
  t.is(prepare({ data, timestamp: -7 }).timestamp, -7)
  t.is(prepare({ data, timestamp: 33_366.7 }).timestamp, 33_366)
  t.is(prepare({ data, timestamp: -0.5 }).timestamp, 0)
  t.is(prepare({ data, timestamp: Number.MAX_SAFE_INTEGER }).timestamp, Number.MAX_SAFE_INTEGER)
})

test('timestamps and durations that are no finite safe numbers are rejected', (t) => {
  for (const wrong of [Number.NaN, Infinity, -Infinity, 2 ** 53, -(2 ** 53)]) {
    t.throws(() => prepare({ data, timestamp: wrong }), { instanceOf: RangeError, code: 'ERR_FRAME' })
    t.throws(() => prepare({ data, timestamp: 0, duration: wrong }), { instanceOf: RangeError, code: 'ERR_FRAME' })
  }
  for (const wrong of [undefined, null, '0', 0n]) {
    t.throws(() => prepare({ data, timestamp: wrong }), { instanceOf: TypeError, code: 'ERR_FRAME' })
  }
})

test('a duration is passed on, and none is NaN', (t) => {
  t.is(prepare({ data, timestamp: 0, duration: 40_000.9 }).duration, 40_000)
  t.is(prepare({ data, timestamp: 0 }).duration, Number.NaN)
})

test('the format is the encoder’s unless the frame has its own; unknown ones are rejected', (t) => {
  t.is(prepare({ data, timestamp: 0 }).format, 'I420')
  t.is(prepare({ data, timestamp: 0, format: 'NV12' }).format, 'NV12')
  const error = t.throws(() => prepare({ data, timestamp: 0, format: 'NV13' }), {
    instanceOf: TypeError,
    code: 'ERR_FRAME',
  })
  t.regex(error.message, /Did you mean "NV12"\?/)
  t.throws(() => prepare({ data, timestamp: 0, format: 12 }), { instanceOf: TypeError, code: 'ERR_FRAME' })
})

test('a size that is not the encoder’s is rejected', (t) => {
  t.notThrows(() => prepare({ data, timestamp: 0, width: 64, height: 64 }))
  t.throws(() => prepare({ data, timestamp: 0, width: 32 }), { instanceOf: RangeError, code: 'ERR_FRAME' })
})

test('a layout becomes offsets and strides, and must have one entry per plane', (t) => {
  const nv12 = { data, timestamp: 0, format: 'NV12' }
  const planes = [
    { offset: 0, stride: 64 },
    { offset: 4096, stride: 64 },
  ]
  t.deepEqual([...prepare({ ...nv12, layout: planes }).layout!], [0, 64, 4096, 64])
  t.is(prepare(nv12).layout, null)
  for (const wrong of [
    [],
    {},
    planes.slice(1),
    [...planes, ...planes],
    [planes[0], { offset: -1, stride: 64 }],
    [planes[0], {}],
    [null, null],
  ]) {
    t.throws(() => prepare({ ...nv12, layout: wrong }), { instanceOf: TypeError, code: 'ERR_FRAME' })
  }
})

test('a length that does not fit is rejected at once, also where frames wait', async (t) => {
  const { encoder, session } = await openFake(t)
  const good = { data: new Uint8Array(6144), timestamp: 0 }
  const wrong = { ...nativeError('ERR_FRAME', 'The data has 5 bytes, but 6144 are needed.'), kind: 'range' } as const
  const refuse = async () => {
    session.frameError = wrong
    const bad = { data: new Uint8Array(5), timestamp: 1 }
    await t.throwsAsync(encoder.encode(bad), { instanceOf: RangeError, code: 'ERR_FRAME' })
    t.throws(() => encoder.tryEncode(bad), { instanceOf: RangeError, code: 'ERR_FRAME' })
    session.frameError = null
  }
  await refuse()
  session.room = 0
  const waiting = encoder.encode(good)
  await refuse()
  t.deepEqual(session.calls, [])
  session.room = 8
  session.emit({ type: 'room' })
  await waiting
  t.deepEqual(session.calls, ['encode 0'])
})

test('a frame that need not wait is one call to the addon, and is checked before only where it has to wait', async (t) => {
  const { encoder, session } = await openFake(t)
  const good = (timestamp: number) => ({ data: new Uint8Array(6144), timestamp })
  await encoder.encode(good(0))
  t.is(session.crossings, 1)
  t.true(encoder.tryEncode(good(1)))
  t.is(session.crossings, 2)
  session.room = 0
  const waiting = [encoder.encode(good(2)), encoder.encode(good(3))]
  t.is(session.crossings, 4, 'one was tried, and the one behind it checked')
  session.room = 8
  session.emit({ type: 'room' })
  await Promise.all(waiting)
  t.is(session.crossings, 6)
})

test('a frame in DMABUFs has a descriptor, an offset and a stride for each plane', (t) => {
  const planes = [
    { fd: 20, offset: 0, stride: 64 },
    { fd: 21, offset: 4096, stride: 32 },
    { fd: 21, offset: 5120, stride: 32 },
  ]
  const prepared = prepareFrame({ planes, timestamp: 7 }, EXPECTED) as PreparedDmabuf
  t.deepEqual([...prepared.facts.descriptors], [20, 21, 21])
  t.deepEqual([...prepared.facts.layout], [0, 64, 4096, 32, 5120, 32])
  const wrong = [[], planes.slice(1), {}, [{ ...planes[0], fd: -1 }, planes[1], planes[2]], [{}, {}, {}]]
  for (const bad of wrong) {
    t.throws(() => prepareFrame({ planes: bad, timestamp: 7 }, EXPECTED), { instanceOf: TypeError, code: 'ERR_FRAME' })
  }
})
