import test from 'ava'
import { createEncoder } from '../../ts/index.js'
import { Losses } from '../../ts/encoder/loss.js'

test('a burst of losses costs one key frame, and what was lost before the last one costs none', (t) => {
  let requested = 0
  const losses = new Losses(() => requested++)
  losses.key(0)
  t.deepEqual(
    [10, 20, 15].map((lost) => losses.report(lost, false)),
    ['key-frame', 'none', 'none'],
  )
  losses.key(40)
  t.deepEqual(
    [20, 40, 50].map((lost) => losses.report(lost, false)),
    ['none', 'key-frame', 'none'],
  )
  t.is(requested, 2)
})

test('intra refresh covers a loss, but not that of the key frame', (t) => {
  const losses = new Losses(() => {})
  losses.key(0)
  t.is(losses.report(10, true), 'intra-refresh')
  t.is(losses.report(0, true), 'key-frame')
})

test('software: a loss that was reported makes a key frame of the next frame', async (t) => {
  const encoder = await createEncoder({ codec: 'h264', width: 64, height: 48, hardware: 'never', log: 'silent' })
  const frame = (timestamp: number) => ({ data: new Uint8Array(64 * 48 * 1.5), timestamp })
  for (const timestamp of [0, 1, 2]) await encoder.encode(frame(timestamp))
  await encoder.flush()
  t.is(encoder.reportLoss(1), 'key-frame')
  t.is(encoder.reportLoss(2), 'none')
  await encoder.encode(frame(3))
  await encoder.flush()
  t.is(encoder.reportLoss(2), 'none')
  t.throws(() => encoder.reportLoss('1' as unknown as number), { code: 'ERR_CONFIG' })
  await encoder.close()
  const types: string[] = []
  for await (const { type } of encoder) types.push(type)
  t.deepEqual(types, ['key', 'delta', 'delta', 'key'])
})
