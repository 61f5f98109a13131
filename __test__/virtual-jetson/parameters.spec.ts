import type { ExecutionContext } from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { EncodedChunk } from '../../ts/index.js'
import type { EncoderOptions } from '../../ts/encoder/options.js'
import { ordering } from '../support/ordering.js'
import { encodeNoise } from '../support/rate.js'
import { quantizersOf, streamFields } from '../support/stream-fields.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 192, height: 160 }

/** Noise at 15 frames per second, as this configuration encodes it. */
async function encoded(
  t: ExecutionContext,
  options: Partial<EncoderOptions>,
  seconds = 1,
  settings: VirtualConfig = {},
): Promise<EncodedChunk[]> {
  const { device, library } = virtualJetson(t, settings)
  const encoder = await createEncoder({
    codec: 'h264',
    ...SIZE,
    framerate: 15,
    device,
    library,
    hardware: 'require',
    log: 'silent',
    ...options,
  })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  const chunks = await encodeNoise(encoder, 15, seconds)
  await encoder.close()
  t.is(chunks.length, 15 * seconds)
  return chunks
}

const streamOf = (chunks: readonly EncodedChunk[]) => Buffer.concat(chunks.map(({ data }) => data))
const bytesOf = (chunks: readonly EncodedChunk[]) => streamOf(chunks).length

for (const codec of ['h264', 'h265'] as const) {
  onVirtualJetson(`${codec}: no frame is held back for order`, async (t) => {
    t.is(ordering(streamOf(await encoded(t, { codec })), codec).hasBFrames, '0')
  })

  onVirtualJetson(`${codec}: an access unit delimiter comes before each frame where asked for`, async (t) => {
    const delimiters = (chunks: EncodedChunk[]) => chunks.filter(({ data }) => startsWithDelimiter(data, codec)).length
    t.is(delimiters(await encoded(t, { codec, accessUnitDelimiters: true })), 15)
    t.is(delimiters(await encoded(t, { codec })), 0)
  })

  onVirtualJetson(`${codec}: a smaller buffer has a smaller largest frame`, async (t) => {
    const largest = async (bufferMs: number) => {
      const chunks = await encoded(t, { codec, bufferMs, bitrate: 300_000 }, 2)
      return Math.max(...chunks.map(({ data }) => data.byteLength))
    }
    const [small, large] = [await largest(70), await largest(1000)]
    t.true(small < large, `${small} ${large}`)
  })
}

function startsWithDelimiter(data: Uint8Array, codec: 'h264' | 'h265'): boolean {
  const at = data[2] === 1 ? 3 : 4
  return codec === 'h264' ? (data[at]! & 31) === 9 : ((data[at]! >> 1) & 63) === 35
}

onVirtualJetson('h264: slices by count and by bytes are in the stream', async (t) => {
  const slices = (chunk: EncodedChunk[]) => quantizersOf(streamOf(chunk), 'h264').length
  t.is(slices(await encoded(t, { sliceCount: 3 })), 45)
  const bytes = await encoded(t, { sliceBytes: 600, bitrate: 1_000_000 })
  t.true(slices(bytes) > 45, `${slices(bytes)} of ${bytesOf(bytes)} bytes`)
})

onVirtualJetson('h264: references are in the parameter sets', async (t) => {
  const chunks = await encoded(t, { referenceFrames: 3 })
  const counts = streamFields(streamOf(chunks), 'h264', ['max_num_ref_frames']).map(([, value]) => value)
  t.deepEqual([...new Set(counts)], [3])
})

onVirtualJetson('h264: intra frames between key frames are no key frames', async (t) => {
  const chunks = await encoded(t, { intraFrameInterval: 5, keyFrameInterval: 10 }, 2)
  const keys = chunks.flatMap(({ type }, index) => (type === 'key' ? [index] : []))
  t.deepEqual(keys, [0, 10, 20])
  const types = streamFields(streamOf(chunks), 'h264', ['slice_type']).map(([, value]) => value % 5)
  t.deepEqual(
    types.flatMap((type, index) => (type === 2 ? [index] : [])),
    [0, 5, 10, 15, 20, 25],
  )
})

onVirtualJetson('h264: the bounds of the quantizer hold, those of key frames for key frames', async (t) => {
  const coarse = await encoded(t, { minQuantizer: 35, bitrate: 5_000_000 })
  t.true(quantizersOf(streamOf(coarse), 'h264').every((quantizer) => quantizer >= 35))
  const fine = await encoded(t, { maxQuantizer: 30, maxKeyQuantizer: 25, bitrate: 50_000 })
  const quantizers = quantizersOf(streamOf(fine), 'h264')
  t.true(quantizers[0]! <= 25 && quantizers.every((quantizer) => quantizer <= 30), quantizers.join(' '))
})

for (const generation of [4, 5, 6] as const) {
  onVirtualJetson(`h264, JetPack ${generation}: a quantizer is that of every slice`, async (t) => {
    const chunks = await encoded(t, { quantizer: 31 }, 1, { generation })
    t.deepEqual([...new Set(quantizersOf(streamOf(chunks), 'h264'))], [31])
  })
}
