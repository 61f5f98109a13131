import { createEncoder } from '../../ts/index.js'
import type { Encoder, LentFrame } from '../../ts/index.js'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { assertGoodFwht, onKernel } from '../support/kernel.js'
import { range } from '../support/record.js'

const FRAMES = 10

const open = (format: 'I420' | 'NV12'): Promise<Encoder> =>
  createEncoder({ codec: 'fwht', width: 1280, height: 720, format, hardware: 'require', log: 'silent' })

/** Writes a tight picture into the planes, row by row. */
function write(frame: LentFrame, picture: Uint8Array): void {
  let from = 0
  for (const [index, { data, stride }] of frame.planes.entries()) {
    const columns = index === 0 || frame.format === 'NV12' ? frame.width : frame.width / 2
    const rows = index === 0 ? frame.height : frame.height / 2
    for (let row = 0; row < rows; row++, from += columns) data.set(picture.subarray(from, from + columns), row * stride)
  }
}

for (const format of ['I420', 'NV12'] as const) {
  onKernel(`pictures written into the device's own memory are coded without a copy: ${format}`, async (t) => {
    const encoder = await open(format)
    const source = new TestSource(1280, 720, format)
    const chunks: Uint8Array[] = []
    const reading = (async () => {
      for await (const { data } of encoder) chunks.push(data)
    })()
    for (const index of range(FRAMES)) {
      const frame = await encoder.acquireFrame()
      t.is(frame.format, format)
      write(frame, source.draw(index))
      frame.timestamp = index
      await encoder.encode(frame)
      t.is(frame.planes[0]!.data.byteLength, 0, 'the memory is the device’s')
    }
    await encoder.close()
    await reading
    const { framesLent, framesCopied } = encoder.stats
    t.deepEqual({ framesLent, framesCopied }, { framesLent: FRAMES, framesCopied: 0 })
    const stream = Buffer.concat(chunks)
    await assertGoodFwht(t, { stream, width: 1280, height: 720, stamps: range(FRAMES) })
  })
}

onKernel('lent frames that are closed, held at the end, or forgotten disturb nothing', async (t) => {
  const encoder = await open('I420')
  const closed = await encoder.acquireFrame()
  closed.close()
  t.is(closed.planes[0]!.data.byteLength, 0)
  await t.throwsAsync(encoder.encode(closed), { code: 'ERR_FRAME' })
  const held = await encoder.acquireFrame()
  await encoder.encode({ data: new Uint8Array(1280 * 720 * 1.5), timestamp: 1 })
  await encoder.close()
  t.is(encoder.stats.chunksOut, 1)
  held.planes[0]!.data[0] = 1
  held.close()
})
