import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { EncodedChunk, Encoder, FrameRegion } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { countPictures, decodePictures } from '../support/judge.js'
import { sliceQuantizers } from '../support/quantizers.js'
import { noisyFrame } from '../support/rate.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const SIZE = { width: 160, height: 96 }

type Options = Partial<EncoderOptions>
const software = (): Options => ({ hardware: 'never' })
const jetson =
  (settings = {}) =>
  (t: ExecutionContext): Options => {
    const { device, library } = virtualJetson(t, settings)
    return { device, library, hardware: 'require' }
  }

async function open(t: ExecutionContext, options: Options): Promise<Encoder> {
  const encoder = await createEncoder({ codec: 'h264', ...SIZE, log: 'silent', ...options })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return encoder
}

const frame = (number: number) => ({
  data: noisyFrame(SIZE.width, SIZE.height, number),
  timestamp: number * 33_333,
})

async function rest(encoder: Encoder): Promise<EncodedChunk[]> {
  const chunks: EncodedChunk[] = []
  const reading = (async () => {
    for await (const chunk of encoder) chunks.push(chunk)
  })()
  await encoder.close()
  await reading
  return chunks
}

const streamOf = (chunks: readonly EncodedChunk[]) => Buffer.concat(chunks.map(({ data }) => data))

const each: [name: string, declare: typeof test.serial.skip, options: (t: ExecutionContext) => Options][] = [
  ['software', test, software],
  ['a Jetson', onVirtualJetson, jetson()],
  ['a Jetson that holds two frames back', onVirtualJetson, jetson({ delay: 2 })],
]

for (const [name, declare, options] of each) {
  declare(`${name}: with exact, a key frame is of exactly its frame, and none is lost`, async (t) => {
    const encoder = await open(t, { keyFrameInterval: 0, ...options(t) })
    const chunks = rest.bind(null, encoder)
    const given: Promise<void>[] = []
    for (let number = 0; number < 12; number++) {
      given.push(encoder.encode(frame(number), number === 5 ? { keyFrame: true, exact: true } : undefined))
    }
    const all = chunks()
    await Promise.all(given)
    const types = (await all).map(({ type }) => type)
    t.is(types.length, 12)
    t.is(types[5], 'key')
    t.deepEqual([types[4], types[6]], ['delta', 'delta'])
    t.is(await countPictures('h264', streamOf(await all), SIZE.width, SIZE.height), 12)
  })
}

test('software: a quantizer is of its frame alone, and of exactly this one', async (t) => {
  const encoder = await open(t, { ...software(), quantizer: 30, keyFrameInterval: 0 })
  const asked = [undefined, 20, 44, undefined, undefined, 0, 51, 30]
  const given = asked.map((quantizer, number) => encoder.encode(frame(number), { quantizer }))
  const chunks = rest(encoder)
  await Promise.all(given)
  t.deepEqual(
    await sliceQuantizers(streamOf(await chunks)),
    asked.map((quantizer) => quantizer ?? 30),
  )
  t.is((await chunks).filter(({ type }) => type === 'key').length, 1)
})

test('software: a quantizer of the first frame, and with tryEncode(); what was not taken is asked of no other frame', async (t) => {
  const encoder = await open(t, { ...software(), quantizer: 30 })
  let taken = 0
  const asked: number[] = []
  for (let number = 0; number < 40; number++) {
    const quantizer = number % 3 === 0 ? 22 : undefined
    if (!encoder.tryEncode(frame(number), quantizer === undefined ? {} : { quantizer })) continue
    taken++
    asked.push(quantizer ?? 30)
  }
  t.true(taken < 40, 'there was always room')
  t.deepEqual(await sliceQuantizers(streamOf(await rest(encoder))), asked)
})

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(
    `a Jetson, JetPack ${generation}: a quantizer is of exactly its frame, and chunk.quantizer tells it`,
    async (t) => {
      const options = { ...jetson({ generation })(t), quantizer: 30, chunkStatistics: true }
      const encoder = await open(t, options)
      const asked = [undefined, 20, 44, undefined, undefined, 1, 51, 30]
      const given = asked.map((quantizer, number) => encoder.encode(frame(number), { quantizer }))
      const reading = rest(encoder)
      await Promise.all(given)
      const chunks = await reading
      const expected = asked.map((quantizer) => quantizer ?? 30)
      t.deepEqual(await sliceQuantizers(streamOf(chunks)), expected)
      t.deepEqual(
        chunks.map((chunk) => chunk.quantizer),
        expected,
      )
      t.deepEqual(encoder.warnings, [])
    },
  )
}

onVirtualJetson(
  'a Jetson: 0 is no quantizer of a single frame, and a device without the control rejects all',
  async (t) => {
    const encoder = await open(t, { ...jetson()(t), quantizer: 30 })
    await t.throwsAsync(encoder.encode(frame(0), { quantizer: 0 }), { code: 'ERR_FRAME', message: /1 to 51/ })
    const settings = { faults: { refuseControls: { 543: 'EINVAL' } } }
    const without = await open(t, { ...jetson(settings)(t), quantizer: 30 })
    await t.throwsAsync(without.encode(frame(0), { quantizer: 20 }), { code: 'ERR_CONTROL' })
  },
)

test('chunk.quantizer is absent where nobody asked for it, and chunkStatistics an error where the encoder tells nothing', async (t) => {
  const encoder = await open(t, software())
  await encoder.encode(frame(0))
  t.false('quantizer' in (await rest(encoder))[0]!)
  const error = await t.throwsAsync(open(t, { ...software(), chunkStatistics: true }), { code: 'ERR_NO_ENCODER' })
  t.regex(error.message, /no control for `chunkStatistics`/)
})

/** By how many decibels the columns of the last decoded frame are near those that went in. */
const quality = (decoded: Uint8Array, source: Uint8Array, from: number, to: number) => {
  let squares = 0
  for (let row = 0; row < SIZE.height; row++) {
    for (let x = from; x < to; x++) {
      squares += (decoded[row * SIZE.width + x]! - source[row * SIZE.width + x]!) ** 2
    }
  }
  return 10 * Math.log10((255 * 255 * SIZE.height * (to - from)) / squares)
}

onVirtualJetson(
  'a Jetson: regions are finer and coarser than the rest, and those outside the frame are rejected',
  async (t) => {
    const options = { ...jetson()(t), quantizer: 24, regionsOfInterest: true }
    const encoder = await open(t, options)
    const regions: FrameRegion[] = [
      { x: 0, y: 0, width: 64, height: 96, quantizerOffset: -14 },
      { x: 112, y: 0, width: 48, height: 96, quantizerOffset: 14 },
    ]
    const given = [0, 1, 2, 3].map((number) => encoder.encode(frame(number), { regions }))
    const chunks = rest(encoder)
    await Promise.all(given)
    const pictures: Uint8Array[] = []
    await decodePictures('h264', streamOf(await chunks), SIZE, (picture) => {
      pictures.push(picture.slice())
    })
    t.is(pictures.length, 4)
    const [last, source] = [pictures[3]!, frame(3).data]
    const [finer, plain, coarser] = [
      quality(last, source, 0, 64),
      quality(last, source, 64, 112),
      quality(last, source, 112, 160),
    ]
    t.true(finer > plain + 3 && plain > coarser + 1, `${finer} ${plain} ${coarser}`)
    await t.throwsAsync(openAndEncodeOutside(t, options), { code: 'ERR_FRAME', message: /not inside the frame/ })
  },
)

async function openAndEncodeOutside(t: ExecutionContext, options: Options): Promise<void> {
  const encoder = await open(t, options)
  await encoder.encode(frame(0), { regions: [{ x: 150, y: 0, width: 16, height: 16, quantizerOffset: 1 }] })
}

test('a quantizer in another mode, and one outside its range, are rejected before the frame is taken', async (t) => {
  const byRate = await open(t, software())
  await t.throwsAsync(byRate.encode(frame(0), { quantizer: 30 }), { code: 'ERR_CONFIG', message: /bitrateMode/ })
  const byQuantizer = await open(t, { ...software(), quantizer: 30 })
  for (const quantizer of [-1, 52, 64, 30.5, Number.NaN, Number.POSITIVE_INFINITY, '30', null, {}]) {
    const error = await t.throwsAsync(byQuantizer.encode(frame(0), { quantizer: quantizer as number }))
    t.is((error as { code?: string }).code, 'ERR_FRAME')
    t.throws(() => byQuantizer.tryEncode(frame(0), { quantizer: quantizer as number }), { code: 'ERR_FRAME' })
  }
  await byQuantizer.encode(frame(1))
  t.deepEqual(await sliceQuantizers(streamOf(await rest(byQuantizer))), [30])
})

const REGION: FrameRegion = { x: 0, y: 0, width: 16, height: 16, quantizerOffset: -10 }

test('regions without regionsOfInterest, and of a wrong form, are rejected before the frame is taken', async (t) => {
  const encoder = await open(t, software())
  await t.throwsAsync(encoder.encode(frame(0), { regions: [REGION] }), {
    code: 'ERR_CONFIG',
    message: /regionsOfInterest/,
  })
  for (const regions of [
    REGION,
    'all',
    [null],
    Array.from({ length: 1 }),
    [{ ...REGION, x: -1 }],
    [{ ...REGION, width: 1.5 }],
    [{ ...REGION, quantizerOffset: 52 }],
    [{ ...REGION, y: '0' }],
    Array.from({ length: 9 }, () => REGION),
  ]) {
    await t.throwsAsync(encoder.encode(frame(0), { regions: regions as FrameRegion[] }), { code: 'ERR_FRAME' })
  }
})

test('software has no regions: an error that names the option, or with onUnsupported a warning and ERR_CONTROL for a frame with some', async (t) => {
  const error = await t.throwsAsync(open(t, { ...software(), regionsOfInterest: true }), { code: 'ERR_NO_ENCODER' })
  t.regex(error.message, /no control for `regionsOfInterest`/)
  const encoder = await open(t, { ...software(), regionsOfInterest: true, onUnsupported: 'warn' })
  t.true(encoder.warnings.some(({ setting }) => setting === 'regionsOfInterest'))
  await t.throwsAsync(encoder.encode(frame(0), { regions: [REGION] }), { code: 'ERR_CONTROL' })
  await t.notThrowsAsync(open(t, { ...software(), regionsOfInterest: false }))
})
