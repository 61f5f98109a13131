import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ava from 'ava'
import { createEncoder } from '../ts/index.js'
import { assertGoodStream } from './support/judge.js'
import { originals, range, record } from './support/record.js'

const NATIVE = join(import.meta.dirname, `../native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)
const mayRun = existsSync(NATIVE) || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${NATIVE} is missing; "npm run build" builds it`)
const test = mayRun ? ava : ava.skip

for (const latencyMode of ['realtime', 'quality'] as const) {
  for (const format of ['I420', 'NV12'] as const) {
    test(`the software encoder codes every picture, in ${latencyMode} mode from ${format}`, async (t) => {
      const size = { width: 322, height: 242 }
      const encoder = await createEncoder({
        codec: 'h264',
        ...size,
        hardware: 'never',
        bitrate: 1_000_000,
        latencyMode,
        format,
      })
      t.is(encoder.backend, 'software')
      t.is(encoder.device, null)
      const { chunks, stream } = await record(encoder, 20)
      await encoder.close()
      t.is(chunks[0]!.type, 'key')
      await assertGoodStream(t, { stream, codec: 'h264', ...size, stamps: range(20), source: originals(322, 242) })
    })
  }
}

test('H.265 in software is ERR_NO_ENCODER, and the hint shows the list that would do', async (t) => {
  const error = await t.throwsAsync(createEncoder({ codec: 'h265', hardware: 'never', log: 'silent' }), {
    code: 'ERR_NO_ENCODER',
  })
  t.regex((error as Error & { hint: string }).hint, /h265.*h264/)
})

test('a list falls back to the codec that can be had, and says what was tried before', async (t) => {
  const device = '/nowhere/v4l2-nvenc'
  const encoder = await createEncoder({ codec: ['h265', 'h264'], width: 320, height: 240, device, log: 'silent' })
  t.is(encoder.config.codec, 'h264')
  t.true(encoder.rejected.length > 0)
  await encoder.close()
})
