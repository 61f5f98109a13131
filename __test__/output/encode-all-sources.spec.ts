import test from 'ava'
import type { EncodedChunk } from '../../ts/output/chunk.js'
import type { Frame } from '../../ts/frame/frame.js'
import { frameAt, openFake } from '../support/fake-addon.js'

const frames = (count: number) => Array.from({ length: count }, (_, index) => frameAt(index))

async function timestamps(chunks: AsyncIterable<EncodedChunk>): Promise<number[]> {
  const all: number[] = []
  for await (const { timestamp } of chunks) all.push(timestamp)
  return all
}

test('what a source gives that is no frame is rejected, and not taken for its end', async (t) => {
  const { encoder } = await openFake(t)
  for (const nothing of [undefined, null]) {
    const seen: number[] = []
    const source = [frameAt(0), nothing as unknown as Frame, frameAt(1)]
    const run = async () => {
      for await (const { timestamp } of encoder.encodeAll(source)) seen.push(timestamp)
    }
    await t.throwsAsync(run, { code: 'ERR_FRAME' })
    t.deepEqual(seen, [0])
  }
})

test('a list of promises of frames is awaited', async (t) => {
  const { encoder } = await openFake(t)
  const source = frames(2).map((frame) => Promise.resolve(frame)) as unknown as Frame[]
  t.is((await timestamps(encoder.encodeAll(source))).length, 2)
})

test('a source that is no iterator says so with a code, and leaves the encoder free', async (t) => {
  const { encoder } = await openFake(t)
  const sources = [
    { [Symbol.asyncIterator]: () => ({}) },
    { [Symbol.asyncIterator]: async () => frames(1)[Symbol.iterator]() },
    { [Symbol.iterator]: () => 5 },
    { [Symbol.asyncIterator]: () => ({ next: () => undefined }) },
    { [Symbol.iterator]: () => ({ next: () => 'frame' }) },
  ]
  for (const source of sources) {
    const chunks = encoder.encodeAll(source as unknown as Iterable<Frame>)
    await t.throwsAsync(timestamps(chunks), { code: 'ERR_CONFIG', message: /source of encodeAll|encodeAll\(\) takes/ })
  }
  t.deepEqual(await timestamps(encoder.encodeAll(frames(1))), [frameAt(0).timestamp])
})
