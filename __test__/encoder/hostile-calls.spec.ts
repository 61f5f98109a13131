import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { withCodes } from '../../ts/native/addon-errors.js'
import { openCameraOn } from '../../ts/camera/open-camera.js'
import { listCamerasOn } from '../../ts/camera/list-cameras.js'
import { openEncoder } from '../../ts/encoder/create.js'
import * as deviceLayer from '../../ts/device/index.js'
import { openDeviceOn } from '../../ts/device/open-device.js'
import { diagnoseOn } from '../../ts/doctor/diagnose.js'
import * as api from '../../ts/index.js'
import { listOn, supportOn } from '../../ts/encoder/list.js'
import type { NativeAddon } from '../../ts/native/addon.js'
import { openPipeOn } from '../../ts/source/open-pipe.js'
import { openSourceOn } from '../../ts/source/open-source.js'
import { allocateSurfaceOn } from '../../ts/frame/surface.js'
import { FakeAddon, frameAt, openFake } from '../support/fake-addon.js'
import { view } from '../support/fake-device.js'
import { complaintOf, hostileValues, unreadable } from '../support/hostile.js'

/** A public function on a made-up machine, and arguments that it takes. */
interface Entry {
  name: string
  call: (...given: never[]) => unknown
  valid: readonly unknown[]
  /** Whether it gives a promise, and so may not throw. */
  isAsync?: boolean
}

const entry = (name: string, call: (...given: never[]) => unknown, ...valid: unknown[]): Entry => ({
  name,
  call,
  valid,
  isAsync: true,
})
const sync = (name: string, call: (...given: never[]) => unknown, ...valid: unknown[]): Entry => ({
  name,
  call,
  valid,
})

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** The options of a function, as its own error lists them. */
async function optionsOf({ call, valid }: Entry, place: number): Promise<string[]> {
  const given = valid.with(place, { 'no such option': 1 })
  try {
    await (call as (...args: unknown[]) => unknown)(...given)
  } catch (error) {
    const list = /^The options of .* are (.*)\.$/.exec((error as { hint?: string }).hint ?? '')?.[1]
    if (list !== undefined) return list.split(', ')
  }
  return []
}

/** A value with one of its members, at whatever depth, replaced. */
function* replaced(value: unknown, hostile: unknown, path = ''): Generator<[path: string, value: unknown]> {
  yield [path, hostile]
  if (Array.isArray(value)) {
    for (const [index, one] of value.entries()) {
      for (const [inner, other] of replaced(one, hostile, `${path}[${index}]`)) yield [inner, value.with(index, other)]
    }
  } else if (isPlain(value) && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [name, one] of Object.entries(value)) {
      for (const [inner, other] of replaced(one, hostile, `${path}.${name}`)) yield [inner, { ...value, [name]: other }]
    }
  }
}

/** Every hostile value in every place of every call. */
async function complaintsOf(entries: readonly Entry[]): Promise<string[]> {
  const complaints: string[] = []
  for (const one of entries) {
    const { name, call, valid, isAsync = false } = one
    const attempt = async (where: string, given: readonly unknown[]) => {
      const complaint = await complaintOf(() => (call as (...args: unknown[]) => unknown)(...given), isAsync)
      if (complaint !== undefined) complaints.push(`${name} with ${where}: ${complaint}`)
    }
    for (let count = 0; count < valid.length; count++) await attempt(`${count} arguments`, valid.slice(0, count))
    for (const [place, argument] of valid.entries()) {
      const options = await optionsOf(one, place)
      const full = isPlain(argument)
        ? { ...Object.fromEntries(options.map((option) => [option, undefined])), ...argument }
        : argument
      for (const option of isPlain(full) ? Object.keys(full) : [])
        await attempt(`a getter ${option}`, valid.with(place, unreadable(option)))
      for (const [what, hostile] of hostileValues()) {
        for (const [path, value] of replaced(full, hostile))
          await attempt(`${what} at ${place}${path}`, valid.with(place, value))
      }
    }
  }
  return complaints
}

function emptyRoot(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'v4l2-encoder-hostile-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  return root
}

/** The names of the functions that a module exports. */
const functionsOf = (module: object) =>
  Object.entries(module)
    .filter(([, value]) => typeof value === 'function' && !String(value).startsWith('class '))
    .map(([name]) => name)

test('whatever is given to a function that opens or lists something, its error has a code', async (t) => {
  const root = emptyRoot(t)
  const addon = new FakeAddon()
  const load = () => withCodes(plain(addon))
  const options = { codec: 'h264', log: 'silent', colorSpace: { matrix: 'bt709' } }
  const entries = [
    entry('createEncoder', (given) => openEncoder(load, given), options),
    entry('isSupported', (given, more = {} as never) => supportOn(load, given, more), options, { probe: false }),
    entry('listEncoders', (given = {} as never) => listOn(load, given), {}),
    entry('diagnose', (given = {} as never) => diagnoseOn(load, given, { root }), { probe: false }),
    entry('listCameras', (given = {} as never) => listCamerasOn(load, given), {}),
    entry('openCamera', (given = {} as never) => openCameraOn(load, given), { camera: 0, width: 64, height: 64 }),
    entry('allocateSurface', (given) => allocateSurfaceOn(load, given), { width: 64, height: 64 }),
    entry('openPipe', (command, given = {} as never) => openPipeOn(load, command, given), ['true', 'x'], {
      width: 64,
      height: 64,
    }),
    entry('openSource', (source, given = {} as never) => openSourceOn(load, source, given), join(root, 'none'), {
      width: 64,
      height: 64,
    }),
  ]
  t.deepEqual(entries.map(({ name }) => name).toSorted(), functionsOf(api).toSorted())
  t.deepEqual(await complaintsOf(entries), [])
})

test('whatever is given to an encoder, its error has a code', async (t) => {
  const { encoder } = await openFake(t, { maxPendingFrames: 4 })
  const { data } = frameAt(0)
  const frame = {
    data,
    timestamp: 0,
    duration: 1,
    format: 'I420',
    width: 64,
    height: 64,
    layout: [0, 4096, 5120].map((offset, index) => ({ offset, stride: index === 0 ? 64 : 32 })),
    release: () => {},
  }
  const dmabuf = {
    planes: [0, 1, 2].map((fd) => ({ fd, offset: 0, stride: 64 })),
    timestamp: 0,
    surface: { mapParams: data },
  }
  const subscriber = encoder.subscribe({ start: 'now', limit: 1 })
  const anything = encoder as unknown as Record<string, (...given: unknown[]) => unknown>
  const entries = [
    entry('encode', (...given: unknown[]) => anything.encode!(...given), frame, { keyFrame: true }),
    entry('encode', (...given: unknown[]) => anything.encode!(...given), dmabuf, {}),
    sync('tryEncode', (...given: unknown[]) => anything.tryEncode!(...given), frame, { keyFrame: true }),
    sync('tryEncode', (...given: unknown[]) => anything.tryEncode!(...given), dmabuf, {}),
    entry('setBitrate', (...given: unknown[]) => anything.setBitrate!(...given), 1_000_000, {}),
    entry('setFramerate', (...given: unknown[]) => anything.setFramerate!(...given), 30, {}),
    entry('update', (...given: unknown[]) => anything.update!(...given), { bitrate: 1_000_000 }, { restart: false }),
    entry('flush', (...given: unknown[]) => anything.flush!(...given), {}),
    entry('acquireFrame', (...given: unknown[]) => anything.acquireFrame!(...given), {}),
    sync('subscribe', (...given: unknown[]) => anything.subscribe!(...given), {}),
    sync('encodeAll', (...given: unknown[]) => anything.encodeAll!(...given), [], {}),
  ]
  t.deepEqual(await complaintsOf(entries), [])
  await subscriber.return!()
  const close = entry('close', (...given: unknown[]) => anything.close!(...given), {})
  t.deepEqual(await complaintsOf([close]), [])
})

test('whatever is given to a camera or a surface, its error has a code', async (t) => {
  const addon = new FakeAddon()
  const camera = (await openCameraOn(() => addon, {})) as unknown as Record<string, (...given: unknown[]) => unknown>
  const surface = await allocateSurfaceOn(() => addon, { width: 64, height: 64 })
  const entries = [
    entry('setControl', (...given: unknown[]) => camera.setControl!(...given), 'gain', 1),
    sync('frames', (...given: unknown[]) => camera.frames!(...given), {}),
    sync('toFrame', (...given: never[]) => surface.toFrame(...(given as [never])), { timestamp: 0 }),
  ]
  t.deepEqual(await complaintsOf(entries), [])
  await camera.close!()
})

/** An addon as it is loaded: an object whose functions are its own. */
function plain(addon: FakeAddon): NativeAddon {
  const names = [...Object.getOwnPropertyNames(FakeAddon.prototype), ...Object.keys(addon)] as (keyof NativeAddon)[]
  const functions = names.filter((name) => typeof addon[name] === 'function')
  return Object.fromEntries(functions.map((name) => [name, (addon[name] as () => unknown).bind(addon)])) as never
}

test('a number that does not fit into the native part’s is rejected before anything is opened, not cut to one that does', async (t) => {
  for (const [name, options] of [
    ['width', { width: 2 ** 32 + 640, height: 480 }],
    ['height', { width: 640, height: 2 ** 32 + 480 }],
    ['buffers', { buffers: 2 ** 32 + 6 }],
    ['limit', { limit: 2 ** 32 + 2 }],
  ] as const) {
    const message = new RegExp(`option \`${name}\` is `)
    await t.throwsAsync(api.openCamera({ camera: '/dev/none', ...options }), { code: 'ERR_CONFIG', message })
  }
  for (const options of [
    { width: 2 ** 32 + 640, height: 480 },
    { width: 640, height: 2 ** 32 + 480 },
  ])
    await t.throwsAsync(api.allocateSurface(options), { code: 'ERR_CONFIG' })
  await t.throwsAsync(api.isSupported({ codec: 'h264', hardware: 'never', width: 2 ** 32 + 640 }), {
    code: 'ERR_CONFIG',
  })
})

const CAPTURE = 1
const INTEGER = 1

/** A device that can everything: what is asked for is so. */
async function anyDevice(t: ExecutionContext) {
  const addon = new FakeAddon()
  const { v4l2_capability: capability, v4l2_query_ext_ctrl: control } = deviceLayer.structs
  addon.driver = (name, blocks) => {
    const words = view(blocks[0]!)
    if (name === 'VIDIOC_QUERYCAP') words.setUint32(capability.offsets.capabilities!, 0x0400_0001, true)
    if (name === 'VIDIOC_DQEVENT') return 'ENOENT'
    if (name === 'VIDIOC_DQBUF') return 'EPIPE'
    if (!/QUERY_EXT_CTRL|ENUM_/.test(name)) return undefined
    if (name !== 'VIDIOC_QUERY_EXT_CTRL' || (words.getUint32(control.offsets.id!, true) & 0xffff_ffff) !== 0x0098_0900)
      return 'EINVAL'
    words.setUint32(control.offsets.type!, INTEGER, true)
    words.setBigInt64(control.offsets.maximum!, 255n, true)
    return undefined
  }
  const device = await openDeviceOn(() => addon, '/dev/made-up', {})
  t.teardown(() => device.close())
  return { device, addon }
}

test('whatever is given to an open device, its error has a code', async (t) => {
  const { device } = await anyDevice(t)
  const anything = device as unknown as Record<string, (...given: unknown[]) => unknown>
  const of = (name: string, ...valid: unknown[]) =>
    entry(name, (...given: unknown[]) => anything[name]!(...given), ...valid)
  const { Requests } = deviceLayer
  // What it is made of is the caller's own.
  const layout = Object.create(deviceLayer.structs.v4l2_format)
  const rect = { left: 0, top: 0, width: 1, height: 1 }
  const brightness = 0x0098_0900
  const entries = [
    of('request', Requests.G_PARM, { type: CAPTURE, parm: { capture: { timeperframe: { numerator: 1 } } } }),
    of('request', Requests.S_EXT_CTRLS, { count: 1, controls: [{ id: 1, size: 1, u: { ptr: new Uint8Array(1) } }] }),
    of('request', Requests.G_EDID, { blocks: 1, edid: new Uint8Array(128) }),
    of('request', { name: 'VIDIOC_MADE_UP', number: 1, layout }, {}),
    of('formats', CAPTURE),
    of('frameSizes', 'NV12'),
    of('frameIntervals', 'NV12', 64, 64),
    of('format', CAPTURE),
    of('setFormat', { type: CAPTURE, code: 'NV12', planes: [{ bytesPerLine: 64 }] }),
    of('tryFormat', { type: CAPTURE, fourcc: 1, width: 64 }),
    of('selection', CAPTURE, 0),
    of('setSelection', CAPTURE, 0, rect, 0),
    of('streamParm', CAPTURE),
    of('setFrameInterval', CAPTURE, { numerator: 1, denominator: 30 }),
    of('control', brightness),
    of('getControl', brightness),
    of('getControls', [brightness]),
    of('setControl', brightness, 1),
    of('setControls', [[brightness, 1]]),
    of('resetControl', brightness),
    of('events', [{ type: 1, id: 0, initial: false }], {}),
    of('queue', CAPTURE, { count: 1, memory: 'dmabuf' }),
  ]
  t.deepEqual(await complaintsOf(entries), [])
})

test('whatever is given to a queue of a device, its error has a code', async (t) => {
  const { device } = await anyDevice(t)
  const queue = await device.queue(CAPTURE, { count: 1, memory: 'dmabuf' })
  const anything = queue as unknown as Record<string, (...given: unknown[]) => unknown>
  const of = (name: string, ...valid: unknown[]) =>
    entry(name, (...given: unknown[]) => anything[name]!(...given), ...valid)
  const enqueue = { bytesUsed: [1], lengths: [1], fds: [3], timestamp: 0, flags: 0, field: 0 }
  const entries = [of('enqueue', 0, enqueue), of('dequeue', { timeout: 1 }), of('export', 0, 0)]
  t.deepEqual(await complaintsOf(entries), [])
  await queue.free()
})

test('whatever is given to the other functions of the device layer, their errors have codes', async (t) => {
  const addon = new FakeAddon()
  const { fourcc, fourccText, formatByCode, controlById, controlByName, encodePayload, decodePayload, isLast } =
    deviceLayer
  const entries = [
    entry('openDevice', (path, options = {} as never) => openDeviceOn(() => addon, path, options), '/dev/x', {}),
    sync('fourcc', fourcc, 'NV12'),
    sync('fourccText', fourccText, 1),
    sync('formatByCode', formatByCode, 'NV12', 'nvidia'),
    sync('controlById', controlById, 1, 'kernel'),
    sync('controlByName', controlByName, 'brightness', 'kernel'),
    sync('encodePayload', encodePayload, 'qp-range', { minQpI: 1 }),
    sync('decodePayload', decodePayload, 'qp-range', new Uint8Array(64)),
    sync('isLast', isLast, { flags: 0 }),
  ]
  t.deepEqual(entries.map(({ name }) => name).toSorted(), functionsOf(deviceLayer).toSorted())
  t.deepEqual(await complaintsOf(entries), [])
})
