import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { ExecutionContext } from 'ava'
import { allocateSurface, createEncoder, V4l2EncoderError } from '../../ts/index.js'
import type { ArgumentError, EncoderOptions } from '../../ts/index.js'
import { assertGoodStream } from '../support/judge.js'
import { originals } from '../support/record.js'
import { draw, surfacesAlive } from '../support/surfaces.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualConfig } from '../support/virtual-jetson.js'

const SIZE = { width: 320, height: 240 }
const OWNER = join(import.meta.dirname, '../support/programs/surface-owner.ts')

async function open(t: ExecutionContext, config: VirtualConfig = {}, options: Partial<EncoderOptions> = {}) {
  const { device, library } = virtualJetson(t, { stdoutMessages: false, ...config })
  const fixed = { codec: 'h264', ...SIZE, bitrate: 2_000_000, hardware: 'require', log: 'silent' } as const
  const encoder = await createEncoder({ ...fixed, device, library, ...options })
  t.teardown(() => encoder.close({ discard: true }).catch(() => {}))
  return { encoder, library }
}

/** What the virtual surface library, which belongs to no device, is set to in this process. */
function surfaceSettings(t: ExecutionContext, settings: VirtualConfig): void {
  process.env.VIRTUAL_JETSON = JSON.stringify(settings)
  t.teardown(() => {
    delete process.env.VIRTUAL_JETSON
  })
}

onVirtualJetson('what is mapped is empty after unmap(), and after the surface is given to an encoder', async (t) => {
  const { encoder, library } = await open(t)
  const surface = await allocateSurface({ ...SIZE, format: 'I420', library })
  t.deepEqual([surface.format, surface.layout, surface.planes.length], ['I420', 'pitch', 3])
  const first = surface.map()
  t.is(first[0]!.length, surface.planes[0]!.stride * 239 + 320)
  t.is(surface.map(), first, 'mapped once')
  // Newer releases of Node.js throw, older ones leave it where it is.
  t.notThrows(() => {
    try {
      structuredClone(first[0], { transfer: [first[0]!.buffer as ArrayBuffer] })
    } catch (error) {
      if ((error as Error).name !== 'DataCloneError') throw error
    }
  })
  t.true(first[0]!.length > 0, 'it cannot be transferred')
  surface.unmap()
  surface.unmap()
  t.is(first[0]!.length, 0)
  const second = surface.map()
  second[0]![0] = 77
  await encoder.encode(surface.toFrame({ timestamp: 0 }))
  t.is(second[0]!.length, 0, 'the device sees what was written; the virtual one notes where it does not')
  await encoder.close()
  t.is(surface.map()[0]![0], 77)
  surface.close()
})

onVirtualJetson('a closed surface is refused everywhere, and its memory is gone', async (t) => {
  const { encoder, library } = await open(t)
  const before = surfacesAlive()
  const surface = await allocateSurface({ ...SIZE, library })
  t.is(surfacesAlive(), before + 1)
  surface.map()
  surface.close()
  surface.close()
  await sleep(20)
  t.is(surfacesAlive(), before)
  t.throws(() => surface.map(), { code: 'ERR_CLOSED' })
  t.throws(() => surface.mapParams(), { code: 'ERR_CLOSED' })
  await t.throwsAsync(encoder.encode(surface.toFrame({ timestamp: 0 })), { code: 'ERR_CLOSED' })
  const { planes } = surface
  const message = /Descriptor \d+ of plane 0 of the frame is no DMABUF: EBADF/
  await t.throwsAsync(encoder.encode({ planes, format: 'NV12', timestamp: 0 }), { code: 'ERR_FRAME', message })
})

onVirtualJetson('surfaces that nobody has any more are freed with the garbage', async (t) => {
  const { library } = await open(t)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const before = surfacesAlive()
  const use = async () => {
    for (let count = 0; count < 8; count++) (await allocateSurface({ ...SIZE, library })).map()
  }
  await use()
  for (let turn = 0; turn < 50 && surfacesAlive() > before; turn++) {
    collect()
    await sleep(20)
  }
  t.is(surfacesAlive(), before)
})

onVirtualJetson('a block-linear surface is not mapped: its memory holds no rows', async (t) => {
  const { library } = await open(t)
  const surface = await allocateSurface({ ...SIZE, layout: 'block-linear', library })
  t.throws(() => surface.map(), { code: 'ERR_FRAME', message: /blocks in an order of NVIDIA's own/ })
  surface.close()
})

onVirtualJetson('memory that cannot be synchronised is told', async (t) => {
  const { library } = await open(t)
  surfaceSettings(t, { syncFails: true })
  const surface = await allocateSurface({ ...SIZE, library })
  surface.map()
  t.throws(() => surface.unmap(), { code: 'ERR_DEVICE', message: /NvBufSurfaceSyncForDevice failed/ })
  t.notThrows(() => surface.unmap(), 'the mapping is over all the same')
})

onVirtualJetson('memory that is no surface of this process is ERR_FRAME before the device sees it', async (t) => {
  const { encoder, library } = await open(t)
  const folder = mkdtempSync(join(tmpdir(), 'no-surface-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'memory'), new Uint8Array(320 * 240 * 2))
  const foreign = openSync(join(folder, 'memory'), 'r+')
  const surface = await allocateSurface({ ...SIZE, library })
  // A duplicate is another number, and NVIDIA's library knows surfaces by their number.
  const duplicate = openSync(`/proc/self/fd/${surface.fd}`, 'r+')
  for (const fd of [foreign, duplicate]) {
    const planes = surface.planes.map((plane) => ({ ...plane, fd }))
    const error = await t.throwsAsync<ArgumentError>(encoder.encode({ planes, format: 'NV12', timestamp: 0 }), {
      code: 'ERR_FRAME',
      message: /is no surface of NVIDIA's memory manager in this process/,
    })
    t.regex(error.hint!, /list of surfaces in each process/)
    closeSync(fd)
  }
  const [luma, chroma] = surface.planes as [never, object]
  const split = encoder.encode({ planes: [luma, { ...chroma, fd: 0 }] as never, format: 'NV12', timestamp: 0 })
  await t.throwsAsync(split, { code: 'ERR_FRAME' })
  draw(surface, 0)
  await encoder.encode(surface.toFrame({ timestamp: 1 }))
  await encoder.close()
  t.is(encoder.stats.chunksOut, 1)
  t.is(encoder.stats.framesImported, 1)
})

/** A surface of another process with a test picture in it: its descriptor here, and what the other process said of it. */
async function surfaceOfAnother(t: ExecutionContext, library: string, layout: string) {
  const child = spawn(process.execPath, ['--import=@oxc-node/core/register', OWNER, library, layout])
  t.teardown(() => child.kill())
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(String(data)))
    child.once('close', (status) => reject(new Error(`The owner of the surface ended with ${status}.`)))
  })
  const { fd, planes, mapParams } = JSON.parse(line)
  // What a Unix socket would carry, from one process's table to the other's.
  const own = openSync(`/proc/${child.pid}/fd/${fd}`, 'r+')
  t.teardown(() => closeSync(own))
  return {
    planes: planes.map((plane: object) => ({ ...plane, fd: own })),
    mapParams: Uint8Array.from(Buffer.from(mapParams, 'base64')),
  }
}

for (const layout of ['pitch', 'block-linear']) {
  onVirtualJetson(`a ${layout} surface of another process is imported by its map parameters, once`, async (t) => {
    const { encoder, library } = await open(t)
    const { planes, mapParams } = await surfaceOfAnother(t, library, layout)
    t.is(mapParams.length, 520)
    const openBefore = surfacesAlive()
    let released = 0
    for (const timestamp of [0, 1, 2]) {
      const frame = {
        planes,
        format: 'NV12',
        surface: { mapParams },
        timestamp,
        release: () => void released++,
      } as const
      await encoder.encode(frame)
    }
    await encoder.flush()
    t.is(surfacesAlive(), openBefore + 1, 'the encoder has one descriptor more, not three')
    await encoder.close()
    const stream: Uint8Array[] = []
    for await (const { data } of encoder) stream.push(data)
    t.is(encoder.stats.framesImported, 3)
    t.is(released, 3)
    const source = originals(320, 240)
    const one = { stream: Buffer.concat(stream), codec: 'h264', ...SIZE, stamps: [7, 7, 7], source }
    await assertGoodStream(t, one)
  })
}

onVirtualJetson('map parameters that cannot be imported are ERR_FRAME with what helps', async (t) => {
  const { encoder, library } = await open(t)
  const { planes, mapParams } = await surfaceOfAnother(t, library, 'pitch')
  const frame = { planes, format: 'NV12', timestamp: 0 } as const
  const short = encoder.encode({ ...frame, surface: { mapParams: mapParams.subarray(1) } })
  await t.throwsAsync(short, { code: 'ERR_FRAME', message: /they have 519 bytes/ })
  const wrong = mapParams.slice().fill(255, 16, 20)
  const message = /NvBufSurfaceImport failed/
  await t.throwsAsync(encoder.encode({ ...frame, surface: { mapParams: wrong } }), { code: 'ERR_FRAME', message })
  surfaceSettings(t, { generation: 5 })
  const error = await t.throwsAsync<ArgumentError>(encoder.encode({ ...frame, surface: { mapParams } }), {
    code: 'ERR_FRAME',
    message,
  })
  t.regex(error.hint!, /JetPack 6 or later/)
  const own = await allocateSurface({ ...SIZE, library })
  const refused = { instanceOf: V4l2EncoderError, code: 'ERR_LIBRARY_MISSING', message: /NvBufSurfaceGetMapParams/ }
  t.throws(() => own.mapParams(), refused)
  await t.throwsAsync(encoder.encode({ ...frame, surface: {} as never }), { instanceOf: TypeError, code: 'ERR_FRAME' })
})

onVirtualJetson('on JetPack 4 surfaces and frames in DMABUFs say that they need JetPack 5', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'jetpack4-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const { device, library: newer } = virtualJetson(t, { generation: 4, stdoutMessages: false })
  // Another name for the same file would be the same library, with all functions of all releases.
  const built = readlinkSync(newer)
  for (const name of ['libnvv4l2.so', 'libnvbuf_utils.so']) symlinkSync(built, join(folder, name))
  const library = join(folder, 'libnvv4l2.so')
  const error = await t.throwsAsync<V4l2EncoderError>(allocateSurface({ ...SIZE, library }), {
    code: 'ERR_LIBRARY_MISSING',
    message: /Surfaces need JetPack 5 or later/,
  })
  t.regex(error.hint!, /acquireFrame/)
  const encoder = await createEncoder({ codec: 'h264', ...SIZE, device, library, hardware: 'require', log: 'silent' })
  t.deepEqual([encoder.input.dmabuf, encoder.input.dmabufFormats], ['nvbufsurface', []])
  const surface = await allocateSurface({ ...SIZE, library: newer })
  await t.throwsAsync(encoder.encode(surface.toFrame({ timestamp: 0 })), {
    code: 'ERR_FRAME',
    message: /need JetPack 5 or later/,
  })
  draw(surface, 0)
  await encoder.encode({ data: originals(320, 240)(0), timestamp: 0 })
  await encoder.close()
  t.is(encoder.stats.chunksOut, 1)
})

onVirtualJetson("without NVIDIA's library allocateSurface() says where it looked", async (t) => {
  const library = '/nowhere/libnvv4l2.so'
  const error = await t.throwsAsync<V4l2EncoderError>(allocateSurface({ ...SIZE, library }), {
    instanceOf: V4l2EncoderError,
    code: 'ERR_LIBRARY_MISSING',
  })
  t.true(error.message.includes(library), error.message)
  t.regex(error.hint!, /nvidia-l4t-multimedia/)
  const alone = mkdtempSync(join(tmpdir(), 'no-surfaces-'))
  t.teardown(() => rmSync(alone, { recursive: true }))
  const { library: whole } = virtualJetson(t)
  symlinkSync(readlinkSync(join(dirname(whole), 'libnvv4l2.so')), join(alone, 'libnvv4l2.so'))
  await t.throwsAsync(allocateSurface({ ...SIZE, library: join(alone, 'libnvv4l2.so') }), {
    code: 'ERR_LIBRARY_MISSING',
    message: /libnvbufsurface\.so was not found/,
  })
})

onVirtualJetson('what a surface cannot be is refused before any library is loaded', async (t) => {
  const library = '/nowhere/libnvv4l2.so'
  const wrong: [object, RegExp][] = [
    [{ width: 321, height: 240 }, /width of a surface must be even/],
    [{ width: 320, height: 16_386 }, /height of a surface must be even, from 16 to 16384/],
    [{ ...SIZE, format: 'NV21' }, /"NV21"/],
    [{ ...SIZE, layout: 'linear' }, /"linear"/],
    [{ ...SIZE, color: 'NV12' }, /no option "color"/],
  ]
  for (const [options, message] of wrong)
    await t.throwsAsync(allocateSurface({ library, ...options } as never), { code: 'ERR_CONFIG', message })
})
