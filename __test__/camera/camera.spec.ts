import { getEventListeners } from 'node:events'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { openCameraOn } from '../../ts/camera/open-camera.js'
import { listCamerasOn } from '../../ts/camera/list-cameras.js'
import type { LogRecord } from '../../ts/shared/log.js'
import type { Camera, CameraDmabufFrame, CameraFrame } from '../../ts/camera/camera.js'
import type { DmabufPlane } from '../../ts/frame/frame.js'
import { FakeAddon, openFake, settle } from '../support/fake-addon.js'

async function open(options: object = {}): Promise<{ camera: Camera; addon: FakeAddon }> {
  const addon = new FakeAddon()
  return { camera: await openCameraOn(() => addon, options), addon }
}

test('a camera is named by its index, its node or a part of its name', async (t) => {
  for (const [camera, expected] of [
    [undefined, { index: 0 }],
    [2, { index: 2 }],
    ['/dev/video3', { path: '/dev/video3' }],
    ['./camera', { path: './camera' }],
    ['Logitech', { name: 'Logitech' }],
  ] as const) {
    const { addon } = await open({ camera })
    const { index, path, name } = addon.cameraOptions[0]!
    t.deepEqual(JSON.parse(JSON.stringify({ index, path, name })), expected)
  }
})

test('wrong options are rejected before the addon is asked', async (t) => {
  for (const [options, message] of [
    [{ camera: -1 }, /index, its device node or a part of its name/],
    [{ width: 640 }, /width and height of openCamera\(\) go together/],
    [{ format: 'YUYV' }, /format must be one of "NV12", "I420"/],
    [{ framrate: 30 }, /no option "framrate"/],
  ] as const) {
    const addon = new FakeAddon()
    const error = await t.throwsAsync(
      openCameraOn(() => addon, options),
      { code: 'ERR_CONFIG' },
    )
    t.regex(error.message, message)
    t.is(addon.cameraOptions.length, 0)
  }
})

test('what the addon rejects is an error of its kind', async (t) => {
  const addon = new FakeAddon()
  addon.refusal = { kind: 'range', code: 'ERR_CONFIG', message: 'No such size.', device: '/dev/video7' }
  const error = await t.throwsAsync(
    openCameraOn(() => addon, {}),
    { instanceOf: RangeError },
  )
  t.is((error as Error & { device?: string }).device, '/dev/video7')
})

test('the configuration is what createEncoder() takes', async (t) => {
  const { camera } = await open()
  t.deepEqual(camera.config, {
    width: 64,
    height: 64,
    framerate: 25,
    format: 'NV12',
    colorSpace: { matrix: 'smpte170m', fullRange: true },
  })
  t.is(camera.device, '/dev/video7')
  t.is(camera.cameraFormat, 'NV12')
  t.is(camera.stats.dropped, 5)
})

test('interlaced video is logged once, and visible', async (t) => {
  for (const interlaced of [true, false]) {
    const addon = new FakeAddon()
    addon.camera.interlaced = interlaced
    const lines: string[] = []
    const camera = await openCameraOn(() => addon, {
      log: ({ level, message }: LogRecord) => lines.push(`${level}: ${message}`),
    })
    t.is(camera.interlaced, interlaced)
    t.is(lines.length, interlaced ? 1 : 0)
    if (interlaced) t.regex(lines[0]!, /^warn: A camera \(\/dev\/video7\): the video is interlaced/)
  }
})

test('frames are read in order, also those that come while a loop waits', async (t) => {
  const { camera, addon } = await open()
  addon.camera.picture(1)
  const frames = camera.frames()
  const first = (await frames.next()).value as CameraFrame
  const { data, timestamp, duration, width, height, format } = first
  t.deepEqual(
    { timestamp, duration, width, height, format },
    {
      timestamp: 1000,
      duration: 40_000,
      width: 64,
      height: 64,
      format: 'NV12',
    },
  )
  t.true(data.every((byte) => byte === 1) && data.length === 6144)
  const next = frames.next()
  addon.camera.picture(2)
  t.is((await next).value!.data[0], 2)
  await camera.close()
})

test('a frame says when it was taken, and an encoder with metadata puts that into the stream', async (t) => {
  const metadata = { captureTime: 1_796_083_200_001_000, captureTimeUncertainty: 2 }
  for (const dmabuf of [false, true]) {
    const { camera, addon } = await open()
    const { encoder, session } = await openFake(t, { metadata: true, width: 64, height: 64, format: 'NV12' })
    addon.camera.picture(1)
    const frame = (await camera.frames({ dmabuf }).next()).value!
    t.deepEqual(frame.metadata, metadata)
    await encoder.encode(frame)
    t.is(session.calls[0], `metadata ${metadata.captureTime} 2 0 -`)
    await camera.close()
  }
})

test('a frame is given back once, and its memory is no longer there', async (t) => {
  const { camera, addon } = await open()
  const picture = addon.camera.picture(1)
  const { value: frame } = await camera.frames().next()
  frame!.release()
  frame!.release()
  t.is(picture.released.length, 1)
  t.is(frame!.data.byteLength, 0)
})

test('where camera and frames agree in the format, frames are DMABUFs for who asks', async (t) => {
  const { camera, addon } = await open()
  const picture = addon.camera.picture(1)
  t.true(camera.dmabuf)
  const { value: frame } = await camera.frames({ dmabuf: true }).next()
  t.true('planes' in frame! && frame.planes.length === 2 && frame.planes[1]!.offset === 4096)
  frame!.release()
  t.deepEqual(picture.released, [undefined])
})

/** A camera's frame in a DMABUF, with an encoder to give it to. */
async function sharedFrame(t: ExecutionContext) {
  const { camera, addon } = await open()
  const picture = addon.camera.picture(1)
  const { value: frame } = await camera.frames({ dmabuf: true }).next()
  return { frame: frame as CameraDmabufFrame, picture, ...(await openFake(t)) }
}

test('an encoder takes a DMABUF of the camera as the addon knows it, and holds it itself', async (t) => {
  const { frame, picture, encoder, session } = await sharedFrame(t)
  session.room = 0
  t.false(encoder.tryEncode(frame))
  await Promise.resolve()
  t.deepEqual(picture.released, [])
  session.room = 8
  t.true(encoder.tryEncode(frame))
  t.deepEqual([session.pictures, session.leased], [[picture], []])
  await Promise.resolve()
  t.deepEqual(picture.released, [undefined])
})

test('several encoders get it that are given it at once, in whichever way each has room', async (t) => {
  const { frame, picture, encoder, session } = await sharedFrame(t)
  const [late, never] = [await openFake(t), await openFake(t)]
  late.session.room = never.session.room = 0
  const both = Promise.all([late.encoder.encode(frame), encoder.encode(frame)])
  const refused = never.encoder.encode(frame)
  await Promise.all([never.encoder.close({ discard: true }), t.throwsAsync(refused, { code: 'ERR_CLOSED' })])
  await t.throwsAsync(never.encoder.encode(frame), { code: 'ERR_CLOSED' })
  t.deepEqual([session.pictures, late.session.pictures, picture.released], [[picture], [], []])
  late.session.room = 1
  late.session.emit({ type: 'room' })
  await both
  t.deepEqual([late.session.pictures, picture.released], [[picture], [undefined]])
})

test('one that never comes to its turn is released', async (t) => {
  const { frame, picture, encoder, session } = await sharedFrame(t)
  session.room = 0
  const encoding = encoder.encode(frame)
  await encoder.close({ discard: true })
  await t.throwsAsync(encoding, { code: 'ERR_CLOSED' })
  t.deepEqual(picture.released, [undefined])
})

test('its planes cannot be changed', async (t) => {
  const { frame } = await sharedFrame(t)
  t.throws(() => ((frame.planes[0] as DmabufPlane).offset = 8), { instanceOf: TypeError })
})

test('what the program has made of it is a frame like any other, with its own release()', async (t) => {
  const { frame, picture, encoder, session } = await sharedFrame(t)
  let released = 0
  t.true(encoder.tryEncode({ ...frame, timestamp: 7, release: () => void released++ }))
  const planes = frame.planes.map((plane) => ({ ...plane }))
  t.true(encoder.tryEncode({ ...frame, planes }))
  t.is(session.leased.length, 2)
  session.release()
  session.release()
  t.deepEqual([released, picture.released, session.pictures], [1, [undefined], []])
})

test('where the driver shares nothing they are converted all the same', async (t) => {
  const addon = new FakeAddon()
  addon.camera.dmabuf = false
  const camera = await openCameraOn(() => addon, {})
  addon.camera.picture(3)
  const { value: frame } = await camera.frames({ dmabuf: true }).next()
  t.true('data' in frame! && frame.data[0] === 3)
})

test('a damaged picture is left out', async (t) => {
  const { camera, addon } = await open()
  addon.camera.picture(1, { kind: 'error', code: 'ERR_FRAME', message: 'The JPEG picture cannot be decoded.' })
  addon.camera.picture(2)
  t.is((await camera.frames().next()).value!.data[0], 2)
})

test('a picture of another size ends the camera', async (t) => {
  const { camera, addon } = await open()
  addon.camera.picture(1, { kind: 'error', code: 'ERR_FORMAT_CHANGED', message: 'Another size.' })
  await t.throwsAsync(camera.frames().next(), { code: 'ERR_FORMAT_CHANGED' })
  t.is(addon.camera.closed, 1)
})

test('a camera that is unplugged ends a waiting loop with its error', async (t) => {
  const { camera, addon } = await open()
  const next = camera.frames().next()
  addon.camera.end('ERR_DEVICE_LOST')
  await t.throwsAsync(next, { code: 'ERR_DEVICE_LOST' })
  t.is(addon.camera.closed, 1)
})

test('one loop reads at a time, and another may follow', async (t) => {
  const { camera, addon } = await open()
  const first = camera.frames()
  t.throws(() => camera.frames(), { code: 'ERR_BUSY' })
  const next = first.next()
  await first.return!()
  t.true((await next).done)
  addon.camera.picture(4)
  for await (const frame of camera) {
    t.is(frame.data[0], 4)
    break
  }
  t.notThrows(() => camera.frames())
  t.is(addon.camera.closed, 0)
})

test('close() ends a waiting loop, and a second call waits for the first', async (t) => {
  const { camera, addon } = await open()
  const next = camera.frames().next()
  await Promise.all([camera.close(), camera.close()])
  t.true((await next).done)
  t.is(addon.camera.closed, 1)
})

test('a signal closes the camera, and its reason ends the loop', async (t) => {
  const abort = new AbortController()
  const { camera, addon } = await open({ signal: abort.signal })
  const next = camera.frames().next()
  abort.abort(new Error('enough'))
  await t.throwsAsync(next, { message: 'enough' })
  t.is(addon.camera.closed, 1)
})

test('a camera that is over releases the addon’s and the signal', async (t) => {
  for (const end of ['close', 'unplug'] as const) {
    const { signal } = new AbortController()
    const { camera, addon } = await open({ signal })
    t.is(getEventListeners(signal, 'abort').length, 1)
    if (end === 'close') await camera.close()
    else addon.camera.end('ERR_DEVICE_LOST')
    t.is(getEventListeners(signal, 'abort').length, 0, end)
    await camera.close()
    t.is(addon.camera.released, 1, end)
  }
})

test('a camera that opens after it was given up is closed and released', async (t) => {
  const addon = new FakeAddon()
  const controller = new AbortController()
  const opening = openCameraOn(() => addon, { signal: controller.signal })
  controller.abort(new Error('Enough.'))
  await t.throwsAsync(opening, { message: 'Enough.' })
  await settle()
  t.deepEqual([addon.camera.closed, addon.camera.released], [1, 1])
})

test('controls are data, and are set by name', async (t) => {
  const { camera, addon } = await open()
  const [gain] = await camera.controls()
  t.deepEqual(
    { ...gain, menu: undefined, label: undefined },
    {
      name: 'gain',
      type: 'integer',
      minimum: 0,
      maximum: 255,
      step: 1,
      default: 64,
      value: 70,
      readOnly: false,
      inactive: true,
      menu: undefined,
      label: undefined,
    },
  )
  t.is(await camera.setControl('gain', 80), 80)
  await camera.setControl('auto', true)
  t.deepEqual(addon.camera.set, [
    ['gain', 80],
    ['auto', 1],
  ])
  await t.throwsAsync(camera.setControl('gain', 1.5), { instanceOf: RangeError, code: 'ERR_CONTROL' })
  addon.camera.refusal = { error: { kind: 'range', code: 'ERR_CONTROL', message: 'The control gain takes 0 to 255.' } }
  await t.throwsAsync(camera.setControl('gain', 999), { instanceOf: RangeError, message: /takes 0 to 255/ })
})

test('cameras are listed with their index, and what cannot be used with its reason', async (t) => {
  const addon = new FakeAddon()
  const size = { minWidth: 640, minHeight: 480, maxWidth: 640, maxHeight: 480, stepWidth: 0, stepHeight: 0 }
  const range = { minWidth: 32, minHeight: 30, maxWidth: 1920, maxHeight: 1080, stepWidth: 32, stepHeight: 2 }
  addon.cameras = {
    cameras: [
      {
        device: '/dev/video0',
        name: 'A camera',
        driver: 'uvcvideo',
        bus: 'usb-1',
        formats: [
          {
            code: 'YUYV',
            name: 'YUYV',
            description: 'YUYV 4:2:2',
            sizes: [{ ...size, rates: [30, 15], isRange: false }],
          },
          {
            code: 'NV12',
            name: 'NV12',
            description: 'Y/UV 4:2:0',
            sizes: [{ ...range, rates: [1, 60], isRange: true }],
          },
          { code: 'H264', description: 'H.264', sizes: [] },
        ],
      },
    ],
    unusable: [{ kind: 'error', code: 'ERR_PERMISSION', message: 'No.', hint: 'Ask.', device: '/dev/video1' }],
  }
  const [camera, other] = await listCamerasOn(() => addon, {})
  t.is(camera!.index, 0)
  t.deepEqual(camera!.formats[0]!.sizes, [{ width: 640, height: 480, framerates: [30, 15], anyFramerate: false }])
  t.deepEqual(camera!.formats[1]!.sizes[0], {
    width: 1920,
    height: 1080,
    range: { minWidth: 32, minHeight: 30, stepWidth: 32, stepHeight: 2 },
    framerates: [60, 1],
    anyFramerate: true,
  })
  t.is(camera!.formats[2]!.name, null)
  t.deepEqual([other!.index, other!.available, other!.code, other!.hint], [null, false, 'ERR_PERMISSION', 'Ask.'])
})
