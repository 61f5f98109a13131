import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ava from 'ava'
import type { ExecutionContext } from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { Encoder, EncoderOptions, FrameMetadata } from '../../ts/index.js'
import { readMetadata } from '../../ts/metadata/index.js'
import { assertMetadataTravels, TIME } from '../support/sei.js'

const NATIVE = join(import.meta.dirname, `../../native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)
const mayRun = existsSync(NATIVE) || Boolean(process.env.CI)
if (!mayRun) console.log(`skipped: ${NATIVE} is missing; "npm run build" builds it`)
const test = mayRun ? ava : ava.skip

const SIZE = { width: 64, height: 48 }
const frame = (timestamp: number) => ({ data: new Uint8Array(64 * 48 * 1.5).fill(timestamp), timestamp })

function create(options: Partial<EncoderOptions> = {}): Promise<Encoder> {
  return createEncoder({ codec: 'h264', ...SIZE, hardware: 'never', log: 'silent', ...options })
}

/** What went into the stream with each chunk, by the encoder's word and by the stream's, which have to be the same. */
async function readAll(t: ExecutionContext, encoder: Encoder) {
  await encoder.close()
  const all = []
  for await (const chunk of encoder) {
    t.deepEqual(readMetadata(chunk.data, encoder.config), chunk.metadata ?? null)
    t.true(chunk.timing!.deviceOut >= chunk.timing!.taken)
    all.push(chunk.metadata)
  }
  return all
}

for (const bitstream of ['annexb', 'length-prefixed'] as const) {
  test(`in software, ${bitstream}: ffmpeg reads the metadata byte by byte, and decodes the frames as without`, async (t) => {
    await assertMetadataTravels(t, (metadata) =>
      createEncoder({ codec: 'h264', width: 320, height: 240, hardware: 'never', bitstream, metadata }),
    )
  })
}

test('frames get a running number unless they have one; what encode() is given comes before what the frame brings', async (t) => {
  const encoder = await create({ metadata: true })
  await encoder.encode(frame(0))
  await encoder.encode({ ...frame(1), metadata: { captureTime: TIME, frameId: 1 } }, { metadata: { frameId: 70n } })
  // tryEncode() does not wait for room, which a loaded machine may not have yet.
  await encoder.flush()
  t.true(encoder.tryEncode(frame(2), { metadata: { captureTime: BigInt(TIME), captureTimeUncertainty: 0 } }))
  await encoder.encode(frame(3), { metadata: { frameId: 0, userData: new Uint16Array([513]) } })
  t.deepEqual(await readAll(t, encoder), [
    { frameId: 0 },
    { captureTime: TIME, frameId: 70 },
    { captureTime: TIME, captureTimeUncertainty: 0, frameId: 2 },
    { frameId: 0, userData: Uint8Array.of(1, 2) },
  ])
})

test('what goes along by itself can be left out', async (t) => {
  const encoder = await create({ metadata: { captureTime: false, frameId: false } })
  const metadata = { captureTime: TIME, captureTimeUncertainty: 3 }
  await encoder.encode({ ...frame(0), metadata })
  await encoder.encode(frame(1), { metadata })
  await encoder.encode({ ...frame(2), metadata: { ...metadata, frameId: 5 } })
  t.deepEqual(await readAll(t, encoder), [undefined, metadata, { frameId: 5 }])
})

test('metadata of frames that wait goes with its own frame, as it was when encode() was called', async (t) => {
  const encoder = await create({ metadata: true })
  const userData = Uint8Array.of(0)
  const waiting = Array.from({ length: 12 }, (_, number) => {
    userData[0] = number
    return encoder.encode(frame(number), { metadata: { userData } })
  })
  userData[0] = 99
  const reading = readAllChunks(encoder)
  await Promise.all(waiting)
  await encoder.close()
  t.deepEqual(
    (await reading).map((chunk) => [chunk.timestamp, chunk.metadata!.userData![0]]),
    Array.from({ length: 12 }, (_, number) => [number, number]),
  )
})

async function readAllChunks(encoder: Encoder) {
  const chunks = []
  for await (const chunk of encoder) chunks.push(chunk)
  return chunks
}

test('without the option, metadata given to encode() is ERR_CONFIG, and what a frame brings stays unread', async (t) => {
  const encoder = await create()
  await t.throwsAsync(encoder.encode(frame(0), { metadata: { frameId: 1 } }), {
    code: 'ERR_CONFIG',
    message: /without the option metadata/,
  })
  await encoder.encode({ ...frame(1), metadata: { captureTime: TIME } })
  t.deepEqual(await readAll(t, encoder), [undefined])
})

test('wrong metadata is ERR_FRAME with what is allowed, and the encoder goes on', async (t) => {
  const encoder = await create({ metadata: true })
  const wrong: [unknown, RegExp][] = [
    [{ captureTime: -1 }, /captureTime must be a whole number from 0 to 9007199254740991, but -1/],
    [{ captureTime: NaN }, /captureTime must be/],
    [{ captureTime: 2n ** 70n }, /captureTime must be .* of more than 64 bits/],
    [{ captureTime: '1' }, /captureTime must be a whole number, but the string "1"/],
    [{ captureTimeUncertainty: 2 ** 32 }, /captureTimeUncertainty must be a whole number from 0 to 4294967295/],
    [{ frameId: Infinity }, /frameId must be/],
    [{ userData: 'text' }, /userData must be an ArrayBuffer/],
    [{ userData: new Uint8Array(65_537) }, /userData has 65537 bytes, but at most 65536 are allowed/],
    [{ userData: new Uint8Array(10 << 20) }, /userData has 10485760 bytes/],
    [{ frameID: 1 }, /metadata has no "frameID"\. Did you mean "frameId"\?/],
    [[], /metadata must be an object/],
    [null, /metadata must be an object/],
  ]
  for (const [metadata, message] of wrong) {
    await t.throwsAsync(encoder.encode(frame(0), { metadata: metadata as FrameMetadata }), {
      code: 'ERR_FRAME',
      message,
    })
    t.throws(() => encoder.tryEncode({ ...frame(0), metadata: metadata as FrameMetadata }), {
      code: 'ERR_FRAME',
      message,
    })
  }
  await encoder.encode(frame(1), { metadata: { userData: new Uint8Array(65_536) } })
  const [largest] = await readAll(t, encoder)
  t.deepEqual(largest, { frameId: 0, userData: new Uint8Array(65_536) })
})

test('the option is for codecs whose streams have a place for it, and takes nothing else', async (t) => {
  for (const codec of ['vp8', 'vp9', 'fwht'] as const) {
    const options = { codec: ['h264', codec], ...SIZE, metadata: true, hardware: 'never', log: 'silent' } as const
    await t.throwsAsync(createEncoder(options as never), {
      code: 'ERR_CONFIG',
      message: /`metadata` is for H\.264 and H\.265/,
    })
  }
  for (const [metadata, message] of [
    [1, /metadata must be true, false or an object/],
    [{ captureTimes: true }, /The option metadata has no member "captureTimes"\. Did you mean "captureTime"\?/],
    [{ frameId: 1 }, /metadata\.frameId must be true or false/],
  ] as const) {
    await t.throwsAsync(create({ metadata: metadata as never }), { code: 'ERR_CONFIG', message })
  }
})
