import { ReadableStream, WritableStream } from 'node:stream/web'
import test from 'ava'
import { forEncoder } from '../../ts/frame/negotiate.js'
import type { EncodedChunk } from '../../ts/output/chunk.js'
import { deferred } from '../../ts/shared/deferred.js'
import type { Encoder } from '../../ts/encoder/encoder.js'
import type { ArgumentError } from '../../ts/shared/errors.js'
import type { Frame } from '../../ts/frame/frame.js'
import { chunkOf, frameAt, nativeError, openFake, settle } from '../support/fake-addon.js'

const frames = (count: number) => Array.from({ length: count }, (_, index) => frameAt(index))

async function timestamps(chunks: AsyncIterable<EncodedChunk>): Promise<number[]> {
  const all: number[] = []
  for await (const { timestamp } of chunks) all.push(timestamp)
  return all
}

/** Frames without end that remember whether they were told to stop. */
function endless() {
  const source = {
    drawn: 0,
    returned: 0,
    next: () => Promise.resolve({ done: false as const, value: frameAt(source.drawn++) }),
    return: () => {
      source.returned++
      return Promise.resolve({ done: true as const, value: undefined })
    },
    [Symbol.asyncIterator]: () => source,
  }
  return source
}

test('encodeAll() yields the chunks of all frames, flushes, and leaves the encoder open', async (t) => {
  const { encoder, session } = await openFake(t)
  t.deepEqual(await timestamps(encoder.encodeAll(frames(3))), [0, 1, 2])
  t.is(session.calls.at(-1), 'flush')
  t.deepEqual(await timestamps(encoder.encodeAll(frames(2))), [0, 1])
})

test('encodeAll() takes generators, async generators and ReadableStreams', async (t) => {
  const { encoder } = await openFake(t)
  async function* generator() {
    yield* frames(2)
  }
  const stream = new ReadableStream<Frame>({
    start: (controller) => {
      for (const frame of frames(2)) controller.enqueue(frame)
      controller.close()
    },
  })
  for (const source of [frames(2).values(), generator(), stream])
    t.deepEqual(await timestamps(encoder.encodeAll(source)), [0, 1])
})

test('encodeAll() of nothing yields nothing', async (t) => {
  const { encoder } = await openFake(t)
  t.deepEqual(await timestamps(encoder.encodeAll([])), [])
})

test('break stops the source, leaves the encoder open and does not flush', async (t) => {
  const { encoder, session } = await openFake(t)
  const source = endless()
  for await (const chunk of encoder.encodeAll(source)) if (chunk.timestamp === 2) break
  await settle()
  t.is(source.returned, 1)
  t.false(session.calls.includes('flush'))
  await t.notThrowsAsync(encoder.encode(frameAt(0)))
})

test('break does not wait for a frame that never comes', async (t) => {
  const { encoder } = await openFake(t)
  async function* stuck() {
    yield frameAt(0)
    await new Promise(() => {})
  }
  for await (const _ of encoder.encodeAll(stuck())) break
  t.pass()
})

test('no more frames are drawn than somebody reads', async (t) => {
  const { encoder } = await openFake(t)
  const source = endless()
  const chunks = encoder.encodeAll(source)
  await chunks.next()
  for (let turn = 0; turn < 40; turn++) await settle()
  t.true(source.drawn < 40, `${source.drawn} frames drawn`)
  await chunks.return()
})

test('an error of the source comes out after the chunks of the frames before it', async (t) => {
  const { encoder } = await openFake(t)
  function* broken() {
    yield frameAt(0)
    throw new Error('no camera')
  }
  const seen: number[] = []
  const run = async () => {
    for await (const { timestamp } of encoder.encodeAll(broken())) seen.push(timestamp)
  }
  await t.throwsAsync(run, { message: 'no camera' })
  t.deepEqual(seen, [0])
})

test('a bad frame ends encodeAll() with its error and stops the source', async (t) => {
  const { encoder } = await openFake(t)
  let returned = false
  function* bad() {
    try {
      yield { data: new Uint8Array(6144), timestamp: Number.NaN }
    } finally {
      returned = true
    }
  }
  await t.throwsAsync(timestamps(encoder.encodeAll(bad())), { code: 'ERR_FRAME' })
  t.true(returned)
})

test('a fatal error ends encodeAll() with it and stops the source', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const source = endless()
  session.room = 1
  const run = timestamps(encoder.encodeAll(source))
  await settle()
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await t.throwsAsync(run, { code: 'ERR_DEVICE_LOST' })
  t.is(source.returned, 1)
})

test('a signal ends encodeAll() with its reason and stops the source', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const stop = new AbortController()
  const source = endless()
  session.room = 1
  const run = timestamps(encoder.encodeAll(source, { signal: stop.signal }))
  await settle()
  stop.abort(new Error('enough'))
  await t.throwsAsync(run, { message: 'enough' })
  t.is(source.returned, 1)
})

test('a signal ends encodeAll() with its reason also when all chunks are there already, so nothing looks complete', async (t) => {
  const { encoder } = await openFake(t)
  const stop = new AbortController()
  const chunks = encoder.encodeAll(frames(3), { signal: stop.signal })
  await chunks.next()
  for (let turn = 0; turn < 5; turn++) await settle()
  stop.abort(new Error('enough'))
  await t.throwsAsync(chunks.next(), { message: 'enough' })
  t.true((await chunks.next()).done)
})

test('a signal stops the source at once, while the body of the loop is busy', async (t) => {
  const { encoder, session } = await openFake(t)
  const stop = new AbortController()
  const source = endless()
  const chunks = encoder.encodeAll(source, { signal: stop.signal })
  await chunks.next()
  stop.abort(new Error('enough'))
  const { drawn } = source
  for (let turn = 0; turn < 5; turn++) await settle()
  t.true(source.drawn <= drawn + 1)
  t.is(source.returned, 1)
  t.false(session.calls.includes('flush'))
  await t.throwsAsync(chunks.next(), { message: 'enough' })
  t.is(source.returned, 1)
})

test('encodeAll() beside another loop is rejected before any frame is drawn', async (t) => {
  const { encoder } = await openFake(t)
  const loop = encoder[Symbol.asyncIterator]()
  void loop.next()
  const source = endless()
  await t.throwsAsync(timestamps(encoder.encodeAll(source)), { code: 'ERR_BUSY' })
  t.is(source.drawn, 0)
  t.is(source.returned, 1, 'it is for others to read again')
})

test('encodeAll() with a signal that is aborted already draws nothing, and stops the source', async (t) => {
  const { encoder } = await openFake(t)
  const source = endless()
  const signal = AbortSignal.abort(new Error('enough'))
  await t.throwsAsync(timestamps(encoder.encodeAll(source, { signal })), { message: 'enough' })
  t.is(source.drawn, 0)
  t.is(source.returned, 1)
})

test('encodeAll() of what gives no frames says what it takes, and leaves the encoder free', async (t) => {
  const { encoder } = await openFake(t)
  for (const nothing of [undefined, null, 3, 'frames', frameAt(0)]) {
    const error = await t.throwsAsync(timestamps(encoder.encodeAll(nothing as never)), {
      instanceOf: TypeError,
      code: 'ERR_CONFIG',
      message: /takes an iterable of frames/,
    })
    t.regex((error as ArgumentError).hint!, /Pass a single frame to encode\(\), or in an array/)
  }
  const locked = ReadableStream.from(frames(1)) as ReadableStream<Frame>
  locked.getReader()
  await t.throwsAsync(timestamps(encoder.encodeAll(locked)), { code: 'ERR_INVALID_STATE' })
  t.deepEqual(await timestamps(encoder.encodeAll(frames(1))), [0])
})

test('encodeAll() and transform() of a closed encoder are rejected', async (t) => {
  const { encoder, session } = await openFake(t)
  session.emit(chunkOf({ timestamp: 7, keyFrame: true }))
  await encoder.close()
  const source = endless()
  await t.throwsAsync(timestamps(encoder.encodeAll(source)), { code: 'ERR_CLOSED' })
  t.is(source.drawn, 0)
  t.is(source.returned, 1)
  const stream = ReadableStream.from(frames(2)) as ReadableStream<Frame>
  await t.throwsAsync(timestamps(stream.pipeThrough(encoder.transform())), { code: 'ERR_CLOSED' })
  t.deepEqual(await timestamps(encoder), [7], 'a loop that only reads gets what nobody has read')
})

test('encodeAll() of an encoder that failed is rejected with what it failed with', async (t) => {
  const { encoder, session } = await openFake(t)
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await t.throwsAsync(timestamps(encoder.encodeAll(frames(1))), { code: 'ERR_DEVICE_LOST' })
  await t.throwsAsync(timestamps(encoder.encodeAll(frames(1))), { code: 'ERR_DEVICE_LOST' })
})

for (const way of ['encodeAll()', 'transform()'] as const) {
  /** Reads what becomes of frames. */
  const through = (encoder: Encoder, source: AsyncIterable<Frame>): AsyncIterable<EncodedChunk> =>
    way === 'encodeAll()'
      ? encoder.encodeAll(source)
      : ReadableStream.from<Frame>(source).pipeThrough(encoder.transform())

  test(`close() during ${way}: the loop gets the chunks of all frames that were taken, and ends well`, async (t) => {
    const { encoder, session } = await openFake(t)
    session.automatic = false
    const next = deferred()
    async function* source() {
      yield* frames(3)
      await next.promise
      yield frameAt(3)
    }
    const run = timestamps(through(encoder, source()))
    await settle()
    t.is(session.inFlight.length, 3)
    session.deliver(1)
    const closed = encoder.close()
    next.resolve()
    await settle()
    session.deliver()
    session.emit({ type: 'done', id: session.lastId })
    t.deepEqual(await run, [0, 1, 2])
    await closed
  })

  test(`${way} of an encoder that is closing is rejected, after the chunks that were still to come`, async (t) => {
    const { encoder, session } = await openFake(t)
    session.automatic = false
    await encoder.encode(frameAt(5))
    const closed = encoder.close()
    const chunks = through(encoder, ReadableStream.from(frames(2)) as ReadableStream<Frame>)[Symbol.asyncIterator]()
    const first = chunks.next()
    await settle()
    session.deliver()
    t.is(((await first).value as EncodedChunk).timestamp, 5)
    session.emit({ type: 'done', id: session.lastId })
    await t.throwsAsync(chunks.next(), { code: 'ERR_CLOSED' })
    await closed
  })
}

test('an error of the source is not lost where the encoder closes', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  const fail = deferred<Frame>()
  async function* source() {
    yield frameAt(0)
    yield await fail.promise
  }
  const chunks = encoder.encodeAll(source())
  const first = chunks.next()
  await settle()
  const closed = encoder.close()
  fail.reject(new Error('no camera'))
  await settle()
  session.deliver()
  session.emit({ type: 'done', id: session.lastId })
  t.is(((await first).value as EncodedChunk).timestamp, 0)
  await t.throwsAsync(chunks.next(), { message: 'no camera' })
  await closed
})

test('an ERR_CLOSED of a frame ends encodeAll(), as its encoder does not close', async (t) => {
  const { encoder, session } = await openFake(t)
  session.takeError = nativeError('ERR_CLOSED')
  await t.throwsAsync(timestamps(encoder.encodeAll(frames(1))), { code: 'ERR_CLOSED' })
})

test('transform() is a pair of Web Streams: frames in, chunks out, flushed at the end', async (t) => {
  const { encoder, session } = await openFake(t)
  const stream = ReadableStream.from(frames(40)) as ReadableStream<Frame>
  const seen = await timestamps(stream.pipeThrough(encoder.transform()))
  t.deepEqual(
    seen,
    frames(40).map(({ timestamp }) => timestamp),
  )
  t.is(session.calls.at(-1), 'flush')
  await t.notThrowsAsync(encoder.encode(frameAt(0)))
})

test('cancelling the readable side of transform() stops the source', async (t) => {
  const { encoder } = await openFake(t)
  const source = endless()
  const stream = ReadableStream.from(source) as ReadableStream<Frame>
  for await (const chunk of stream.pipeThrough(encoder.transform())) if (chunk.timestamp === 2) break
  for (let turn = 0; turn < 10; turn++) await settle()
  t.is(source.returned, 1)
})

test('a fatal error errors both sides of transform()', async (t) => {
  const { encoder, session } = await openFake(t)
  session.automatic = false
  session.room = 1
  const { readable, writable } = encoder.transform()
  const writer = writable.getWriter()
  writer.closed.catch(() => {})
  const writes = [writer.write(frameAt(0)), writer.write(frameAt(1))]
  const read = readable.getReader().read()
  await settle()
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE_LOST') })
  await t.throwsAsync(read, { code: 'ERR_DEVICE_LOST' })
  await t.throwsAsync(writes[1]!, { code: 'ERR_DEVICE_LOST' })
})

test('a bad frame errors both sides of transform(), after the chunks of the frames before it', async (t) => {
  const { encoder } = await openFake(t)
  const bad = { data: new Uint8Array(6144), timestamp: Number.NaN }
  const seen: number[] = []
  const sink = new WritableStream<EncodedChunk>({ write: ({ timestamp }) => void seen.push(timestamp) })
  const source = ReadableStream.from([...frames(2), bad, frameAt(3)]) as ReadableStream<Frame>
  await t.throwsAsync(source.pipeThrough(encoder.transform()).pipeTo(sink), { code: 'ERR_FRAME' })
  t.deepEqual(seen, [0, 1])
  t.deepEqual(await timestamps(encoder.encodeAll(frames(1))), [0], 'nor is the encoder busy')
})

test('a flush that fails errors both sides of transform()', async (t) => {
  const { encoder, session } = await openFake(t)
  session.flush = (id) => session.emitLater({ type: 'done', id, error: nativeError('ERR_TIMEOUT') })
  const source = ReadableStream.from(frames(1)) as ReadableStream<Frame>
  await t.throwsAsync(timestamps(source.pipeThrough(encoder.transform())), { code: 'ERR_TIMEOUT' })
})

test('a source that can give its frames in more than one way learns how the encoder takes them, before the first', async (t) => {
  const { encoder } = await openFake(t)
  const told: unknown[] = []
  let drawn = 0
  const source = {
    [Symbol.asyncIterator]: () => ({
      [forEncoder]: (input: unknown) => told.push(input, drawn),
      next: async () => {
        drawn++
        return { done: true, value: undefined } as const
      },
    }),
  }
  for await (const chunk of encoder.encodeAll(source)) t.fail(`a chunk of nothing: ${chunk.timestamp}`)
  t.deepEqual(told, [encoder.input, 0])
  t.is(drawn, 1)
})
