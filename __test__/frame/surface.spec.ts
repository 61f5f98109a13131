import test from 'ava'
import type { ExecutionContext } from 'ava'
import { allocateSurfaceOn } from '../../ts/frame/surface.js'
import { nativeError, openFake, settle } from '../support/fake-addon.js'
import { moveAway } from '../support/transfer-buffer.js'

const SIZE = { width: 64, height: 64 }

async function open(t: ExecutionContext) {
  const log: string[] = []
  const { encoder, session, addon } = await openFake(t, { log: ({ message }) => void log.push(message) })
  const surface = await allocateSurfaceOn(() => addon, { ...SIZE, format: 'I420' })
  return { encoder, session, addon, surface, log }
}

test('allocateSurface() requests NV12 in rows by default', async (t) => {
  const { addon } = await openFake(t)
  const surface = await allocateSurfaceOn(() => addon, SIZE)
  t.deepEqual(addon.surfaceCalls, [{ ...SIZE, format: 'NV12', blockLinear: false }])
  t.deepEqual([surface.format, surface.layout, surface.fd], ['NV12', 'pitch', 20])
  t.deepEqual(surface.planes[1], { fd: 20, offset: 4096, stride: 64 })
  t.deepEqual([...surface.mapParams()], [1, 2, 3])
})

test('a surface is the encoder’s from encode() on, also while its frame waits, until the frame is released', async (t) => {
  const { encoder, session, surface } = await open(t)
  session.room = 0
  let mappedInRelease = 0
  const release = () => void (mappedInRelease = surface.map().length)
  const encoded = encoder.encode(surface.toFrame({ timestamp: 1, release }))
  t.throws(() => surface.map(), { code: 'ERR_BUSY' })
  t.throws(() => surface.close(), { code: 'ERR_BUSY' })
  session.room = 8
  session.emit({ type: 'room' })
  await encoded
  t.throws(() => surface.close(), { code: 'ERR_BUSY' })
  session.release()
  t.is(mappedInRelease, 3, 'release() may write the next picture')
  surface.close()
})

test('what was mapped is unmapped before the encoder sees it', async (t) => {
  const { encoder, addon, surface } = await open(t)
  surface.map()
  await encoder.encode(surface.toFrame({ timestamp: 1 }))
  t.deepEqual(addon.surfaceCalls.slice(1), ['unmap'])
})

test('a surface whose memory was moved elsewhere stays mapped', async (t) => {
  const { encoder, addon, surface, log } = await open(t)
  moveAway(surface.map()[0]!.buffer)
  t.throws(() => surface.unmap(), { code: 'ERR_FRAME', message: /moved/ })
  await encoder.encode(surface.toFrame({ timestamp: 1 }))
  t.regex(log.join(), /moved.*may be wrong/)
  t.false(addon.surfaceCalls.includes('unmap'))
})

test('a frame that is not taken leaves its surface with the caller', async (t) => {
  const { encoder, session, surface } = await open(t)
  session.room = 0
  t.false(encoder.tryEncode(surface.toFrame({ timestamp: 1 })))
  t.notThrows(() => surface.map())
  session.room = 8
  session.takeError = nativeError('ERR_FRAME')
  t.throws(() => encoder.tryEncode(surface.toFrame({ timestamp: 1 })), { code: 'ERR_FRAME' })
  await t.throwsAsync(encoder.encode(surface.toFrame({ timestamp: 1 })), { code: 'ERR_FRAME' })
  await t.throwsAsync(encoder.encode({ ...surface.toFrame({ timestamp: 1 }), width: 9 }), { code: 'ERR_FRAME' })
  t.notThrows(() => surface.close())
})

test('a surface in two frames is free after both', async (t) => {
  const { encoder, session, surface } = await open(t)
  await encoder.encode(surface.toFrame({ timestamp: 1 }))
  await encoder.encode(surface.toFrame({ timestamp: 2 }))
  session.release()
  t.throws(() => surface.close(), { code: 'ERR_BUSY' })
  session.release()
  t.notThrows(() => surface.close())
})

test('a picture that could not be made visible is a warning', async (t) => {
  const { encoder, addon, surface, log } = await open(t)
  addon.syncError = nativeError('ERR_DEVICE', 'The memory could not be synchronised.')
  surface.map()
  await encoder.encode(surface.toFrame({ timestamp: 1 }))
  t.deepEqual(log, ['The memory could not be synchronised. The frame may be wrong.'])
})

test('map parameters go with the frame', async (t) => {
  const { encoder, session } = await openFake(t)
  const planes = [0, 1, 2].map((plane) => ({ fd: 9, offset: plane, stride: 64 }))
  await encoder.encode({ planes, timestamp: 1, surface: { mapParams: Uint8Array.of(7, 8) } })
  t.true(session.calls.includes('map parameters 7 8'))
  for (const surface of [{ mapParams: [7, 8] }, 7, 'surface', Symbol('surface')]) {
    const wrong = { planes, timestamp: 1, surface } as never
    const refusal = { instanceOf: TypeError, code: 'ERR_FRAME', message: /^A frame's surface must be one of/ }
    await t.throwsAsync(encoder.encode(wrong), refusal)
  }
})

test('a frame that meets a device which just failed gets the device’s error', async (t) => {
  const { encoder, session, surface } = await open(t)
  session.closed = true
  let released = 0
  const encoded = encoder.encode(surface.toFrame({ timestamp: 1, release: () => void released++ }))
  await settle()
  t.false(encoder.tryEncode({ data: new Uint8Array(6144), timestamp: 2 }))
  session.emit({ type: 'fatal', error: nativeError('ERR_DEVICE', 'It died.') })
  await t.throwsAsync(encoded, { code: 'ERR_DEVICE', message: 'It died.' })
  t.is(released, 1)
  surface.close()
})
