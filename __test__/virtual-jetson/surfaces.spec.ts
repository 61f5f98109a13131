import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { allocateSurface, createEncoder } from '../../ts/index.js'
import type { EncodedChunk, Encoder, EncoderOptions, V4l2EncoderError } from '../../ts/index.js'
import type { SurfaceOptions } from '../../ts/frame/surface.js'
import { assertGoodStream } from '../support/judge.js'
import { INTERVAL_US, originals, pictures, range } from '../support/record.js'
import { draw, SurfacePool } from '../support/surfaces.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 322, height: 242 }

async function open(t: ExecutionContext, config: VirtualConfig = {}, options: Partial<EncoderOptions> = {}) {
  const log: string[] = []
  const { device, library } = virtualJetson(t, { stdoutMessages: false, ...config })
  const encoder = await createEncoder({
    codec: 'h264',
    ...SIZE,
    bitrate: 2_000_000,
    device: [device],
    library,
    hardware: 'require',
    log: ({ level, message }) => void log.push(`${level}: ${message}`),
    timeout: 10_000,
    ...options,
  })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return { encoder, library, log }
}

/** Encodes that many pictures in surfaces that go round, with `between` called before each. */
async function encodeInSurfaces(
  encoder: Encoder,
  pool: SurfacePool,
  numbers: readonly number[],
  between: (number: number) => Promise<unknown> = () => Promise.resolve(),
): Promise<void> {
  for (const number of numbers) {
    await between(number)
    const surface = await pool.take()
    draw(surface, number)
    const release = () => pool.giveBack(surface)
    await encoder.encode(surface.toFrame({ timestamp: number * INTERVAL_US, release }))
  }
}

async function rest(encoder: Encoder): Promise<EncodedChunk[]> {
  const chunks: EncodedChunk[] = []
  await encoder.close()
  for await (const chunk of encoder) chunks.push(chunk)
  return chunks
}

function streamOf(chunks: readonly EncodedChunk[]): Uint8Array {
  return Buffer.concat(chunks.map(({ data }) => data))
}

const MATRIX = ([5, 6] as const).flatMap((generation) =>
  (['pitch', 'block-linear'] as const).flatMap((layout) =>
    (['NV12', 'I420'] as const).map((format) => ({ generation, layout, format })),
  ),
)

for (const [index, { generation, layout, format }] of MATRIX.entries()) {
  const codec = index % 3 === 2 ? 'h265' : 'h264'
  onVirtualJetson(
    `pictures in ${layout} surfaces of ${format} are read where they are: JetPack ${generation}, ${codec}`,
    async (t) => {
      const { encoder, library } = await open(t, { generation, delay: (index % 3) as 0, latencyMs: 3 }, { codec })
      const pool = await SurfacePool.of(6, { ...SIZE, format, layout, library })
      await encodeInSurfaces(encoder, pool, range(30))
      const chunks = await rest(encoder)
      t.deepEqual(
        chunks.map(({ timestamp }) => timestamp),
        range(30).map((number) => number * INTERVAL_US),
      )
      t.is(pool.released, 30, 'each frame is released once')
      const { framesImported, framesCopied, framesLost } = encoder.stats
      t.deepEqual({ framesImported, framesCopied, framesLost }, { framesImported: 30, framesCopied: 0, framesLost: 0 })
      const stream = streamOf(chunks)
      await assertGoodStream(t, {
        stream,
        codec,
        ...SIZE,
        stamps: range(30),
        source: originals(SIZE.width, SIZE.height),
      })
      t.notThrows(() => pool.close())
    },
  )
}

onVirtualJetson('a frame is released when the device has read it, and not before', async (t) => {
  const { encoder, library } = await open(t, { latencyMs: 200 })
  const surface = await allocateSurface({ ...SIZE, library })
  draw(surface, 0)
  let releasedAt = 0
  const begun = performance.now()
  await encoder.encode(surface.toFrame({ timestamp: 0, release: () => void (releasedAt = performance.now()) }))
  t.is(releasedAt, 0, 'taken, but not read')
  const busy = { code: 'ERR_BUSY', message: /an encoder has a frame in it/ }
  t.throws(() => surface.map(), busy)
  t.throws(() => surface.close(), busy)
  t.is((await rest(encoder)).length, 1)
  t.true(releasedAt - begun >= 190, `released after ${releasedAt - begun} ms`)
  surface.close()
})

onVirtualJetson(
  'a surface that other code made is taken by its descriptor, and kept while the device has it',
  async (t) => {
    const { encoder, library } = await open(t, { latencyMs: 100 })
    const surface = await allocateSurface({ ...SIZE, library })
    draw(surface, 0)
    const { planes } = surface
    let released = 0
    await encoder.encode({ planes, format: 'NV12', timestamp: 0, release: () => void released++ })
    t.throws(() => surface.close(), { code: 'ERR_BUSY', message: /device has it/ })
    const chunks = await rest(encoder)
    t.is(released, 1)
    t.is(encoder.stats.framesImported, 1)
    surface.close()
    const source = originals(SIZE.width, SIZE.height)
    await assertGoodStream(t, { stream: streamOf(chunks), codec: 'h264', ...SIZE, stamps: [0], source })
  },
)

onVirtualJetson('an ordinary frame among surfaces makes copying the way, once, and the log says so', async (t) => {
  const { encoder, library, log } = await open(t)
  const pool = await SurfacePool.of(4, { ...SIZE, library })
  const ordinary = [...pictures(encoder, 9)]
  await encodeInSurfaces(encoder, pool, [0, 1, 2, 4, 5, 7, 8], async (number) => {
    if ([4, 7].includes(number)) await encoder.encode(ordinary[number - 1]!)
  })
  const chunks = await rest(encoder)
  t.is(encoder.stats.framesImported, 3)
  t.is(encoder.stats.framesCopied, 6)
  t.is(pool.released, 7)
  const told = log.filter((line) => /DMABUFs are copied/.test(line))
  t.deepEqual(told, [
    'warn: Frames in DMABUFs are copied: Frames in ordinary memory were mixed with frames in DMABUFs.',
  ])
  t.is(chunks.filter(({ type }) => type === 'key').length, 2, 'one for the change')
  const source = originals(SIZE.width, SIZE.height)
  await assertGoodStream(t, { stream: streamOf(chunks), codec: 'h264', ...SIZE, stamps: range(9), source })
})

onVirtualJetson('a block-linear surface cannot be copied, and is refused where that would be the way', async (t) => {
  const { encoder, library } = await open(t)
  const surface = await allocateSurface({ ...SIZE, layout: 'block-linear', library })
  const [ordinary] = pictures(encoder, 1)
  draw(surface, 0)
  await encoder.encode(surface.toFrame({ timestamp: 0 }))
  await encoder.encode({ ...ordinary!, timestamp: 1 })
  let released = 0
  const refused = surface.toFrame({ timestamp: 2, release: () => void released++ })
  await t.throwsAsync(encoder.encode(refused), { code: 'ERR_FRAME', message: /block-linear/ })
  t.is(released, 1)
  t.deepEqual(
    (await rest(encoder)).map(({ timestamp }) => timestamp),
    [0, 1],
  )
})

for (const discard of [false, true]) {
  onVirtualJetson(`close(${discard ? '{ discard: true }' : ''}) with frames in flight releases them all`, async (t) => {
    const { encoder, library } = await open(t, { latencyMs: 100, delay: 1 }, { onFrameLost: () => {} })
    const pool = await SurfacePool.of(3, { ...SIZE, library })
    await encodeInSurfaces(encoder, pool, range(3))
    await encoder.close({ discard })
    await sleep(20)
    t.is(pool.released, 3)
    const { framesIn, chunksOut, framesLost, inFlight } = encoder.stats
    t.deepEqual([framesIn, inFlight, chunksOut + framesLost], [3, 0, 3])
    t.notThrows(() => pool.close())
  })
}

onVirtualJetson(
  'software takes over with the pictures in surfaces of rows, when the device gives nothing',
  async (t) => {
    const { encoder, library } = await open(t, { faults: { noFirstChunk: true } }, { hardware: 'prefer' })
    const pool = await SurfacePool.of(3, { ...SIZE, library })
    await encodeInSurfaces(encoder, pool, range(3))
    await encoder.flush()
    t.is(encoder.backend, 'software')
    const chunks = await rest(encoder)
    t.is(pool.released, 3)
    t.is(encoder.stats.framesLost, 0)
    const source = originals(SIZE.width, SIZE.height)
    await assertGoodStream(t, { stream: streamOf(chunks), codec: 'h264', ...SIZE, stamps: range(3), source })
  },
)

onVirtualJetson('pictures in block-linear surfaces are lost then, by their timestamps', async (t) => {
  const lost: V4l2EncoderError[] = []
  const options = { hardware: 'prefer', onFrameLost: (error: V4l2EncoderError) => void lost.push(error) } as const
  const { encoder, library } = await open(t, { faults: { noFirstChunk: true } }, options)
  const pool = await SurfacePool.of(2, { ...SIZE, layout: 'block-linear', library })
  await encodeInSurfaces(encoder, pool, range(2))
  await encoder.flush()
  await encoder.close()
  await sleep(20)
  t.deepEqual(
    lost.map(({ timestamp }) => timestamp),
    [0, INTERVAL_US],
  )
  t.regex(lost[0]!.message, /block-linear/)
  t.is(pool.released, 2)
})

onVirtualJetson('a device that dies gives the surfaces back', async (t) => {
  const { encoder, library } = await open(t, { faults: { dieAfterFrames: 2 } }, { timeout: 1000 })
  const pool = await SurfacePool.of(8, { ...SIZE, library })
  const error = await t.throwsAsync<V4l2EncoderError>(async () => {
    await encodeInSurfaces(encoder, pool, range(8))
    await encoder.flush()
  })
  await encoder.close().catch(() => {})
  await sleep(20)
  t.true(error.lost.length > 0, `${error.code}: ${error.message}`)
  t.notThrows(() => pool.close(), 'nothing is held')
})

const WRONG: Record<string, [SurfaceOptions, RegExp]> = {
  'another width': [{ width: 640, height: SIZE.height }, /640.*322/],
  'another height': [{ width: SIZE.width, height: 480 }, /480.*242/],
  'ten bits': [{ ...SIZE, format: 'P010' }, /P010.*8 bits/],
}
for (const [what, [options, message]] of Object.entries(WRONG)) {
  onVirtualJetson(`a surface of ${what} is ERR_FRAME, and the encoder goes on`, async (t) => {
    const { encoder, library } = await open(t)
    const wrong = await allocateSurface({ ...options, library })
    let released = 0
    const frame = wrong.toFrame({ timestamp: 0, release: () => void released++ })
    await t.throwsAsync(encoder.encode(frame), { instanceOf: RangeError, code: 'ERR_FRAME', message })
    // Without a word of what it is, the library knows better.
    const { width: _width, height: _height, surface: _surface, ...bare } = frame
    const claimed = encoder.encode({ ...bare, format: 'NV12' })
    await t.throwsAsync(claimed, { instanceOf: RangeError, code: 'ERR_FRAME', message })
    t.is(released, 2)
    t.notThrows(() => wrong.close())
    const right = await allocateSurface({ ...SIZE, library })
    draw(right, 0)
    await encoder.encode(right.toFrame({ timestamp: 1 }))
    t.is((await rest(encoder)).length, 1)
  })
}

onVirtualJetson('a surface of another format than the frame says is ERR_FRAME with both', async (t) => {
  const { encoder, library } = await open(t)
  const surface = await allocateSurface({ ...SIZE, format: 'I420', library })
  const planes = surface.planes.slice(0, 2)
  const message = 'The surface is I420, but the frame says NV12.'
  await t.throwsAsync(encoder.encode({ planes, format: 'NV12', timestamp: 0 }), { code: 'ERR_FRAME', message })
})
