import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { EncodedChunk } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { countPictures } from '../support/judge.js'
import { bitrateBetween, encodeNoise, noisyFrame } from '../support/rate.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const SMALL = { width: 160, height: 96 }
const LARGE = { width: 320, height: 192 }

const software = (): Partial<EncoderOptions> => ({ hardware: 'never' })
const jetson = (t: ExecutionContext): Partial<EncoderOptions> => {
  const { device, library } = virtualJetson(t)
  return { device, library, hardware: 'require' }
}

async function open(t: ExecutionContext, options: Partial<EncoderOptions>) {
  const encoder = await createEncoder({ codec: 'h264', ...SMALL, log: 'silent', ...options })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return encoder
}

let stamp = 0
const frame = ({ width, height }: { width: number; height: number }) => ({
  data: noisyFrame(width, height, stamp),
  timestamp: stamp++ * 33_333,
})

/** The same specification for each encoder. */
const each: [
  name: string,
  declare: typeof test.serial.skip,
  options: (t: ExecutionContext) => Partial<EncoderOptions>,
][] = [
  ['software', test, software],
  ['a Jetson', onVirtualJetson, jetson],
]

for (const [name, declare, options] of each) {
  declare(
    `${name}: frames before a change of the size have the old one, frames after it the new one, and none is lost`,
    async (t) => {
      const encoder = await open(t, options(t))
      const chunks: EncodedChunk[] = []
      const reading = (async () => {
        for await (const chunk of encoder) chunks.push(chunk)
      })()
      const given: Promise<void>[] = []
      for (let number = 0; number < 8; number++) given.push(encoder.encode(frame(SMALL)))
      const update = encoder.update(LARGE)
      for (let number = 0; number < 4; number++) given.push(encoder.encode(frame(LARGE)))
      await t.throwsAsync(encoder.encode(frame(SMALL)), { code: 'ERR_FRAME' })
      await t.throwsAsync(encoder.encode({ ...frame(SMALL), width: 160 }), { code: 'ERR_FRAME', message: /320/ })
      await Promise.all(given)
      t.deepEqual(
        (await update).map((change) => [change.name, change.requested, change.effect]),
        [
          ['width', 320, 'restarted'],
          ['height', 192, 'restarted'],
        ],
      )
      t.deepEqual([encoder.config.width, encoder.config.height], [320, 192])
      const back = encoder.update({ width: 160, height: 96 })
      await encoder.encode(frame(SMALL))
      await back
      await encoder.close()
      await reading
      t.is(chunks.length, 13)
      t.deepEqual(
        chunks.flatMap(({ type, decoderConfig }, index) =>
          decoderConfig ? [[index, type, decoderConfig.codedWidth, decoderConfig.codedHeight]] : [],
        ),
        [
          [0, 'key', 160, 96],
          [8, 'key', 320, 192],
          [12, 'key', 160, 96],
        ],
      )
      const stream = (from: number, to: number) => Buffer.concat(chunks.slice(from, to).map(({ data }) => data))
      t.is(await countPictures('h264', stream(0, 8), 160, 96), 8)
      t.is(await countPictures('h264', stream(8, 12), 320, 192), 4)
      t.is(encoder.stats.framesLost, 0)
    },
  )

  declare(`${name}: what is taken only at the start waits for a restart, and is in force after one`, async (t) => {
    const encoder = await open(t, options(t))
    await encoder.encode(frame(SMALL))
    const [waits] = await encoder.update({ sliceCount: 2 })
    t.is(waits!.effect, 'needs-restart')
    t.is(
      encoder.settings.find((setting) => setting.name === 'sliceCount'),
      undefined,
    )
    const [made] = await encoder.update({ sliceCount: 2 }, { restart: true })
    t.is(made!.effect, 'restarted')
    t.is(encoder.settings.find((setting) => setting.name === 'sliceCount')?.requested, 2)
    await encoder.encode(frame(SMALL))
    await encoder.close()
  })
}

test(`software: after a step of the bit rate the mean from 1.0 to 3.0 s after it is within 10 %`, async (t) => {
  const encoder = await open(t, { ...software(), ...LARGE, bitrate: 800_000, keyFrameInterval: 30 })
  const chunks: EncodedChunk[] = []
  for (const chunk of await encodeNoise(encoder, 30, 2)) chunks.push(chunk)
  for (const bitrate of [200_000, 800_000]) {
    const [change] = await encoder.update({ bitrate })
    t.is(change!.effect, 'applied')
    const from = chunks.length / 30
    for (const chunk of await encodeNoise(encoder, 30, 4, chunks.length)) chunks.push(chunk)
    const part = bitrateBetween(chunks, from + 1, from + 3) / bitrate
    t.true(part > 0.9 && part < 1.1, `${bitrate}: ${part.toFixed(2)}`)
  }
})

test('an update is checked as a whole, with the range or the other setting, and nothing of it is made', async (t) => {
  const encoder = await open(t, { ...software(), bitrate: 300_000 })
  for (const [changes, message] of [
    [{ bitrate: 1 }, /`bitrate` is 1, but must be between 10000 and 240000000/],
    [{ framerate: 0 }, /`framerate` is 0/],
    [{ keyFrameInterval: -1 }, /keyFrameInterval/],
    [{ width: 161 }, /`width` is 161, but must be even/],
    [{ width: 100_000 }, /`width`/],
    [{ quantizer: 30 }, /contradict each other/],
    [{ minQuantizer: 40, maxQuantizer: 30 }, /`minQuantizer` is 40, which is above `maxQuantizer`, 30/],
    [{ bitrate: 500_000, sliceCount: 2, sliceBytes: 1000 }, /`sliceCount` and `sliceBytes` contradict/],
    [{}, /without a change/],
    [{ gop: 5 }, /no option "gop"\. Use keyFrameInterval/],
    [{ bitrate: '5' }, /bitrate/],
  ] as [object, RegExp][]) {
    await t.throwsAsync(encoder.update(changes), { code: 'ERR_CONFIG', message })
  }
  const error = await t.throwsAsync(encoder.update({ bitrate: 500_000, intraRefreshPeriod: 30 }), {
    code: 'ERR_CONTROL',
  })
  t.regex(error.message, /no control for intraRefreshPeriod/)
  t.is(encoder.config.bitrate, 300_000)
})

test('updates before the first frame, during a flush and from many callers are made in order; after close() they are ERR_CLOSED', async (t) => {
  const encoder = await open(t, software())
  await encoder.update({ bitrate: 200_000, framerate: 25 })
  await encoder.encode(frame(SMALL))
  const flush = encoder.flush()
  const many = Array.from({ length: 50 }, (_, index) => encoder.update({ bitrate: 100_000 + index * 1000 }))
  await Promise.all([flush, ...many])
  t.deepEqual([encoder.config.bitrate, encoder.config.framerate], [149_000, 25])
  await encoder.close()
  await t.throwsAsync(encoder.update({ bitrate: 200_000 }), { code: 'ERR_CLOSED' })
})

test('observations tell the rate of each second and the first frame of a change, and end with the encoder', async (t) => {
  const encoder = await open(t, { ...software(), ...LARGE, bitrate: 400_000 })
  const observed: string[] = []
  const observing = (async () => {
    for await (const one of encoder.observations()) {
      if (one.type === 'bitrate') observed.push(`${one.type} ${one.target}`)
      if (one.type === 'change') observed.push(`${one.type} ${one.timestamp} ${one.settings.join()}`)
    }
  })()
  await encodeNoise(encoder, 30, 1.2)
  await encoder.update({ bitrate: 300_000 })
  await encodeNoise(encoder, 30, 1.2, 36)
  await encoder.close()
  await observing
  t.deepEqual(observed, ['bitrate 400000', 'change 1200000 bitrate', 'bitrate 300000'])
})
