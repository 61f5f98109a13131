import test from 'ava'
import { flawIn } from '../../ts/doctor/usable.js'

const unit = (...bytes: number[]) => [0, 0, 0, 1, ...bytes, 0x88, 0x84]
const chunk = (type: 'key' | 'delta', ...bytes: number[]) => ({ type, timestamp: 0, data: Uint8Array.from(bytes) })

const H264 = { sets: [...unit(0x67), ...unit(0x68)], key: unit(0x65), delta: unit(0x41) }
const H265 = { sets: [...unit(0x40, 1), ...unit(0x42, 1), ...unit(0x44, 1)], key: unit(0x26, 1), delta: unit(0x02, 1) }

for (const [codec, { sets, key, delta }] of Object.entries({ h264: H264, h265: H265 })) {
  test(`${codec}: a picture with what a decoder needs is usable`, (t) => {
    t.is(flawIn(codec, chunk('key', ...sets, ...key)), undefined)
    t.is(flawIn(codec, chunk('delta', ...delta)), undefined)
  })

  test(`${codec}: what arrives is not usable for having arrived`, (t) => {
    t.is(flawIn(codec, chunk('delta')), 'is empty')
    t.is(flawIn(codec, chunk('delta', ...Buffer.alloc(4096))), 'has no start code')
    t.is(flawIn(codec, chunk('delta', ...Buffer.alloc(4096, 0xff))), 'has no start code')
    t.is(flawIn(codec, chunk('delta', 0, 0, 1, 0xff, 0xff)), 'has bytes that are not a NAL unit')
    t.is(flawIn(codec, chunk('key', ...sets)), 'has no picture')
    t.is(flawIn(codec, chunk('key', ...key)), 'has no parameter sets')
    t.is(flawIn(codec, chunk('delta', ...sets)), 'has no picture')
  })
}

test('vp8 and vp9: a frame begins as the format says', (t) => {
  t.is(flawIn('vp8', chunk('key', 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 5)), undefined)
  t.is(flawIn('vp8', chunk('delta', 0x31, 0, 0)), undefined)
  t.is(flawIn('vp8', chunk('key', 0x10, 0, 0, 0, 0, 0)), 'has no start code')
  t.is(flawIn('vp8', chunk('delta', 0x10, 0, 0)), 'is not the kind of frame that its type names')
  t.is(flawIn('vp9', chunk('key', 0x82, 0x49)), undefined)
  t.is(flawIn('vp9', chunk('key', 0x00, 0x49)), 'has no frame marker')
})

test('of a codec that is not known here, only an empty chunk is reported', (t) => {
  t.is(flawIn('fwht', chunk('key', 1)), undefined)
  t.is(flawIn('fwht', chunk('key')), 'is empty')
})
