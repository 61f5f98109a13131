import test from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { ExecutionContext } from 'ava'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import type { EncodedChunk } from '../../ts/output/chunk.js'
import { countPictures } from '../support/judge.js'
import { encodeNoise } from '../support/rate.js'

const software = (options: Partial<EncoderOptions>) =>
  createEncoder({ codec: 'h264', width: 160, height: 96, hardware: 'never', log: 'silent', ...options })

test('a parameter below, above or between its values is ERR_CONFIG with the range, before any device is touched', async (t) => {
  for (const [option, low, high] of [
    ['maxBitrate', 9999, 240_000_001],
    ['bufferMs', 0, 60_001],
    ['quantizer', -1, 64],
    ['minQuantizer', -1, 64],
    ['maxQuantizer', -1, 64],
    ['minKeyQuantizer', -1, 64],
    ['maxKeyQuantizer', -1, 64],
    ['intraFrameInterval', 0, 1_000_001],
    ['intraRefreshPeriod', 1, 10_001],
    ['intraRefreshRows', 0, 513],
    ['sliceCount', 0, 257],
    ['sliceBytes', 255, 1_000_001],
    ['referenceFrames', 0, 17],
  ] as const) {
    for (const value of [low, high, low + 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const error = await t.throwsAsync(software({ [option]: value }), { code: 'ERR_CONFIG' }, `${option} ${value}`)
      t.true(error.message.includes(option), error.message)
    }
    await t.throwsAsync(software({ [option]: '30' }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
  }
})

test('what the encoder has no control for is an error that names it, or with onUnsupported a warning, and never a setting that is in force', async (t) => {
  const error = await t.throwsAsync(software({ intraRefreshPeriod: 30 }), { code: 'ERR_NO_ENCODER' })
  t.regex(error.message, /no control for `intraRefreshPeriod`/)

  const encoder = await software({ intraRefreshPeriod: 30, onUnsupported: 'warn' })
  t.teardown(() => encoder.close())
  const named = <T extends { setting?: string }>(list: readonly T[]) =>
    list.filter(({ setting }) => setting === 'intraRefreshPeriod')
  t.is(named(encoder.warnings).length, 1)
  t.deepEqual(
    encoder.settings.find(({ name }) => name === 'intraRefreshPeriod'),
    { name: 'intraRefreshPeriod', requested: 30, actual: null, source: 'unsupported' },
  )
})

/** The NAL units of an Annex B chunk. */
function units(data: Uint8Array): Uint8Array[] {
  const bytes = Buffer.from(data)
  const found: Uint8Array[] = []
  for (let start = bytes.indexOf('000001', 0, 'hex'); start >= 0;) {
    const next = bytes.indexOf('000001', start + 3, 'hex')
    const end = next < 0 ? bytes.length : bytes[next - 1] === 0 ? next - 1 : next
    found.push(bytes.subarray(start + 3, end))
    start = next
  }
  return found
}

const isSlice = (unit: Uint8Array) => [1, 5].includes(unit[0]! & 31)
const slicesOf = (chunk: EncodedChunk) => units(chunk.data).filter(isSlice)

/** The chunks of two seconds of noise in software. */
async function encoded(options: Partial<EncoderOptions>, seconds = 2): Promise<EncodedChunk[]> {
  const encoder = await software({ width: 320, height: 192, ...options })
  const chunks = await encodeNoise(encoder, 30, seconds)
  await encoder.close()
  return chunks
}

const decodable = async (t: ExecutionContext, chunks: readonly EncodedChunk[]) =>
  t.is(await countPictures('h264', Buffer.concat(chunks.map(({ data }) => data)), 320, 192), chunks.length)

test('slices by count and by bytes are in the stream', async (t) => {
  const byCount = await encoded({ sliceCount: 3 })
  t.deepEqual([...new Set(byCount.map((chunk) => slicesOf(chunk).length))], [3])
  await decodable(t, byCount)

  const byBytes = await encoded({ sliceBytes: 1000, bitrate: 2_000_000 })
  t.true(byBytes.every((chunk) => slicesOf(chunk).every(({ length }) => length <= 1000)))
  t.true(byBytes.some((chunk) => slicesOf(chunk).length > 2))
  await decodable(t, byBytes)
})

test('a quantizer has the same size whatever the bit rate would be, and a finer one costs more', async (t) => {
  const bytes = async (quantizer: number) =>
    (await encoded({ quantizer }, 1)).reduce((sum, { data }) => sum + data.byteLength, 0)
  const [fine, middle, coarse] = [await bytes(20), await bytes(30), await bytes(42)]
  t.true(fine > 1.5 * middle && middle > 1.5 * coarse, `${fine} ${middle} ${coarse}`)
})

test('a coarsest quantizer keeps the stream from getting coarser, whatever it costs', async (t) => {
  const bytes = async (options: Partial<EncoderOptions>) =>
    (await encoded({ bitrate: 100_000, ...options }, 1)).reduce((sum, { data }) => sum + data.byteLength, 0)
  t.true((await bytes({ maxQuantizer: 30 })) > 3 * (await bytes({})))
})

for (const [scalabilityMode, period] of [
  ['L1T2', 2],
  ['L1T3', 4],
] as const) {
  test(`${scalabilityMode}: what is above the base layer is not referred to, so a stream without it is decoded`, async (t) => {
    const chunks = await encoded({ scalabilityMode, keyFrameInterval: 30 })
    // nal_ref_idc 0: of each period, the base layer and, in L1T3, the middle layer are referred to.
    const isReference = chunks.map((chunk) => slicesOf(chunk).some((unit) => unit[0]! >> 5 > 0))
    const top = isReference.filter((one) => !one).length
    t.is(top, chunks.length / 2)
    t.is(chunks.findIndex(({ type }, index) => index > 0 && type === 'key') % period, 0)
    const base = chunks.filter((_, index) => isReference[index])
    await decodable(t, base)
    await decodable(t, chunks)
  })
}

test('what the software encoder raises is reported as it is', async (t) => {
  const encoder = await software({ minQuantizer: 5, sliceBytes: 256, scalabilityMode: 'L1T3', keyFrameInterval: 30 })
  t.teardown(() => encoder.close())
  const actual = Object.fromEntries(encoder.settings.map((setting) => [setting.name, setting.actual]))
  t.deepEqual([actual.minQuantizer, actual.sliceBytes, actual.keyFrameInterval], [12, 421, 32])
  const changed = new Set(encoder.warnings.map(({ setting }) => setting))
  t.deepEqual(changed, new Set(['keyFrameInterval', 'minQuantizer', 'sliceBytes']))
})
