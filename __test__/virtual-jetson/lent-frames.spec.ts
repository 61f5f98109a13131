import type { ExecutionContext } from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/index.js'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { assertGoodStream } from '../support/judge.js'
import { INTERVAL_US, originals, range } from '../support/record.js'
import { tightPlanes, writeRows } from '../support/surfaces.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 322, height: 242 }

async function open(t: ExecutionContext, config: VirtualConfig = {}, options: Partial<EncoderOptions> = {}) {
  const { device, library } = virtualJetson(t, { stdoutMessages: false, ...config })
  const fixed = { codec: 'h264', ...SIZE, bitrate: 2_000_000, hardware: 'require', log: 'silent' } as const
  const encoder = await createEncoder({ ...fixed, device, library, ...options })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return encoder
}

const WAYS = [
  [{ generation: 4, alignment: 64 }, 'I420', 'h264'],
  [{ generation: 5, alignment: 128, delay: 1 }, 'NV12', 'h265'],
  [{ generation: 6, alignment: 256, delay: 2, latencyMs: 3 }, 'I420', 'h264'],
  [{ generation: 6, bytesPerLineZero: true }, 'NV12', 'h264'],
] as const

for (const [config, format, codec] of WAYS) {
  onVirtualJetson(
    `pictures written into lent buffers of ${format} come out as they were: ${JSON.stringify(config)}`,
    async (t) => {
      const encoder = await open(t, config, { codec, format })
      const source = new TestSource(SIZE.width, SIZE.height, format)
      for (const number of range(30)) {
        const frame = await encoder.acquireFrame()
        t.deepEqual([frame.format, frame.width, frame.height], [format, SIZE.width, SIZE.height])
        const tight = tightPlanes(source.draw(number), SIZE.width, SIZE.height, format)
        tight.forEach((plane, index) => writeRows(frame.planes[index]!.data, frame.planes[index]!.stride, plane))
        frame.timestamp = number * INTERVAL_US
        await encoder.encode(frame)
        t.is(frame.planes[0]!.data.length, 0, 'the memory is the device’s')
      }
      await encoder.close()
      const stream: Uint8Array[] = []
      for await (const { data } of encoder) stream.push(data)
      const { framesLent, framesCopied } = encoder.stats
      t.deepEqual([framesLent, framesCopied], [30, 0])
      const original = originals(SIZE.width, SIZE.height)
      const one = { stream: Buffer.concat(stream), codec, ...SIZE, stamps: range(30), source: original }
      await assertGoodStream(t, one)
    },
  )
}

onVirtualJetson('frames behind the only buffer, which is lent, neither lock nor lose their order', async (t) => {
  const encoder = await open(t, {}, { queueDepth: 1, timeout: 1000 })
  const source = new TestSource(SIZE.width, SIZE.height, 'I420')
  const bytes = (number: number) => ({ data: source.draw(number), timestamp: number * INTERVAL_US })
  for (const first of range(10).map((turn) => 3 * turn)) {
    const lent = await encoder.acquireFrame()
    const tight = tightPlanes(source.draw(first + 1), SIZE.width, SIZE.height, 'I420')
    tight.forEach((plane, index) => writeRows(lent.planes[index]!.data, lent.planes[index]!.stride, plane))
    lent.timestamp = (first + 1) * INTERVAL_US
    const waiting = [encoder.encode(bytes(first)), encoder.encode(lent), encoder.encode(bytes(first + 2))]
    await Promise.all([...waiting, encoder.flush()])
  }
  const held = await encoder.acquireFrame()
  await t.throwsAsync(encoder.encode(bytes(30)), { code: 'ERR_TIMEOUT', message: /1 lent frame/ })
  await encoder.close()
  held.close()
  const stream: Uint8Array[] = []
  for await (const { data } of encoder) stream.push(data)
  const one = { stream: Buffer.concat(stream), codec: 'h264', ...SIZE, stamps: range(30) } as const
  await assertGoodStream(t, { ...one, source: originals(SIZE.width, SIZE.height) })
})

onVirtualJetson('a lent buffer is used once, for the encoder that lent it, or closed', async (t) => {
  const encoder = await open(t)
  const other = await open(t)
  const frame = await encoder.acquireFrame()
  await t.throwsAsync(other.encode(frame), { instanceOf: TypeError, code: 'ERR_FRAME', message: /another encoder/ })
  await encoder.encode(frame)
  await t.throwsAsync(encoder.encode(frame), {
    instanceOf: TypeError,
    code: 'ERR_FRAME',
    message: /already encoded or closed/,
  })
  const closed = await encoder.acquireFrame()
  closed.close()
  t.is(closed.planes[0]!.data.length, 0)
  t.throws(() => encoder.tryEncode(closed), { instanceOf: TypeError, code: 'ERR_FRAME' })
  // Every buffer can be had again, one after the other.
  for (let count = 0; count < 20; count++) (await encoder.acquireFrame()).close()
  await encoder.close()
  t.is(encoder.stats.chunksOut, 1)
  t.is(other.stats.framesIn, 0)
})

onVirtualJetson('closing does not wait for a buffer that is still lent, which is refused afterwards', async (t) => {
  const encoder = await open(t)
  const frame = await encoder.acquireFrame()
  await encoder.close()
  await t.throwsAsync(encoder.encode(frame), { code: 'ERR_CLOSED' })
  // Its memory is there until it is given back: a program that writes late writes into nothing of anybody else's.
  for (const { data } of frame.planes) data.fill(1)
  frame.close()
  t.is(frame.planes[0]!.data.length, 0)
})
