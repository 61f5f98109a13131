import test from 'ava'
import { createEncoder } from '../../ts/index.js'
import { bitrateBetween, encodeNoise } from '../support/rate.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'

const TARGET = 600_000

/** Bits per second, as a part of the target, that a source at 15 frames a second gets where 30 were promised. */
async function spent(options: Partial<EncoderOptions>): Promise<number> {
  const encoder = await createEncoder({
    codec: 'h264',
    width: 320,
    height: 192,
    bitrate: TARGET,
    keyFrameInterval: 60,
    log: 'silent',
    ...options,
  })
  const chunks = await encodeNoise(encoder, 15, 8)
  await encoder.close()
  return bitrateBetween(chunks, 4, 8) / TARGET
}

test('a source at half of its promised rate gets the whole bit rate in software', async (t) => {
  const adapted = await spent({ hardware: 'never' })
  t.true(adapted > 0.9 && adapted < 1.1, `${adapted}`)
  const kept = await spent({ hardware: 'never', adaptFramerate: false })
  t.true(kept > 0.4 && kept < 0.6, `${kept} with adaptFramerate: false`)
})

for (const codec of ['h264', 'h265'] as const) {
  onVirtualJetson(
    `a source at half of its promised rate gets the whole bit rate of a Jetson in ${codec}`,
    async (t) => {
      const { device, library } = virtualJetson(t)
      const adapted = await spent({ codec, device, library, hardware: 'require' })
      t.true(adapted > 0.85 && adapted < 1.15, `${adapted}`)
    },
  )
}
