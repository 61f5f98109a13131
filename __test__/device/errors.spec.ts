import { once } from 'node:events'
import { inspect } from 'node:util'
import test from 'ava'
import type { Device } from '../../ts/device/device.js'
import { V4L2_BUF_TYPE } from '../../ts/device/constants.js'
import type { Queue } from '../../ts/device/queue.js'
import { openDeviceOn } from '../../ts/device/open-device.js'
import { Requests } from '../../ts/device/requests.js'
import type { V4l2EncoderError } from '../../ts/shared/errors.js'
import { FakeAddon } from '../support/fake-addon.js'
import type { Driver } from '../support/fake-device.js'

const type = V4L2_BUF_TYPE.VIDEO_CAPTURE

const FORMAT = { type, width: 64, height: 64, fourcc: 0x3231_564e, planes: [] }

const open = (driver: Driver, timeout = 5000): Promise<Device> => {
  const addon = new FakeAddon()
  addon.driver = (...asked) => (asked[0] === 'VIDIOC_QUERYCAP' ? undefined : driver(...asked))
  return openDeviceOn(() => addon, '/dev/made-up', { timeout })
}

/** The error of a promise that is awaited in a function of this name. */
async function failure(work: () => Promise<unknown>): Promise<V4l2EncoderError> {
  const callerOfTheDevice = async () => {
    await work()
  }
  return callerOfTheDevice().then(
    () => {
      throw new Error('It should have failed.')
    },
    (error: V4l2EncoderError) => error,
  )
}

const CALLS: Readonly<Record<string, (device: Device) => Promise<unknown>>> = {
  request: (device) => device.request(Requests.G_INPUT, 0),
  formats: (device) => device.formats(type),
  frameSizes: (device) => device.frameSizes('NV12'),
  frameIntervals: (device) => device.frameIntervals('NV12', 64, 64),
  format: (device) => device.format(type),
  setFormat: (device) => device.setFormat(FORMAT),
  tryFormat: (device) => device.tryFormat(FORMAT),
  selection: (device) => device.selection(type, 0),
  setSelection: (device) => device.setSelection(type, 0, { left: 0, top: 0, width: 1, height: 1 }),
  streamParm: (device) => device.streamParm(type),
  setFrameInterval: (device) => device.setFrameInterval(type, { numerator: 1, denominator: 30 }),
  controls: (device) => device.controls(),
  control: (device) => device.control('brightness'),
  getControl: (device) => device.getControl('brightness'),
  getControls: (device) => device.getControls(['brightness']),
  setControl: (device) => device.setControl('brightness', 1),
  setControls: (device) => device.setControls([['brightness', 1]]),
  resetControl: (device) => device.resetControl('brightness'),
  events: (device) => device.events([{ type: 2 }]),
  queue: (device) => device.queue(type),
}

for (const [name, call] of Object.entries(CALLS)) {
  test(`${name}() of a device rejects with the caller's line: rejected, too late, and closed`, async (t) => {
    const refused = await open(() => 'EBUSY')
    const late = await open(() => 'never', 30)
    const closed = await open(() => undefined)
    await closed.close()
    for (const device of [refused, late, closed]) {
      const { stack, code } = await failure(() => call(device))
      t.regex(stack!, /callerOfTheDevice .*spec\.ts/, `${code} ${stack}`)
    }
  })
}

test('opening a device that does not answer rejects with the caller’s line', async (t) => {
  const addon = new FakeAddon()
  addon.driver = () => 'ENOTTY'
  const { stack } = await failure(() => openDeviceOn(() => addon, '/dev/made-up', {}))
  t.regex(stack!, /callerOfTheDevice .*spec\.ts/, stack)
})

const OF_A_QUEUE: Readonly<Record<string, (queue: Queue) => Promise<unknown>>> = {
  start: (queue) => queue.start(),
  stop: (queue) => queue.stop(),
  enqueue: (queue) => queue.enqueue(0, { fds: [1], lengths: [1] }),
  dequeue: (queue) => queue.dequeue({ timeout: 1 }),
  export: (queue) => queue.export(0),
  free: (queue) => queue.free(),
}

for (const [name, call] of Object.entries(OF_A_QUEUE)) {
  test(`${name}() of a queue rejects with the caller's line`, async (t) => {
    let isAllocated = false
    const device = await open((request, [block]) => {
      if (isAllocated) return 'EIO'
      if (request === 'VIDIOC_REQBUFS') new DataView(block!.buffer, block!.byteOffset).setUint32(0, 1, true)
      return undefined
    })
    const queue = await device.queue(type, { memory: 'dmabuf' })
    isAllocated = true
    const { stack } = await failure(() => call(queue))
    t.regex(stack!, /callerOfTheDevice .*spec\.ts/, stack)
  })
}

test('a wrong argument, however deep, rejects with the caller’s line', async (t) => {
  const device = await open(() => undefined)
  const wrong = { type, fmt: { pix: { width: 'wide' as unknown as number } } }
  const { stack, message } = await failure(() => device.request(Requests.S_FMT, wrong))
  t.regex(message, /fmt\.pix\.width must be a whole number/)
  t.regex(stack!, /callerOfTheDevice .*spec\.ts/, stack)
})

test('a device that fails ends each loop over its events with an error of its own', async (t) => {
  const device = await open((name) => (name === 'VIDIOC_DQEVENT' ? 'EIO' : undefined))
  const loop = async () => {
    for await (const _ of await device.events([{ type: 2 }])) t.fail('There is no event.')
  }
  const [first, second] = await Promise.all([failure(loop), failure(loop)])
  for (const { stack } of [first, second]) t.regex(stack!, /at async loop .*spec\.ts[^]*callerOfTheDevice/, stack)
  t.not(first, second)
})

test.serial('a rejection that nobody handles is reported by Node.js', async (t) => {
  const device = await open(() => 'EIO')
  // Those of the test runner.
  const listeners = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  t.teardown(() => listeners.forEach((listener) => process.on('unhandledRejection', listener)))
  const reported = once(process, 'unhandledRejection')
  const ignored = device.format(type)
  const [error, promise] = (await reported) as [V4l2EncoderError, Promise<unknown>]
  t.is(promise, ignored)
  t.is(error.errno, 'EIO')
})

test('console.log(device) shows what it is, and asks nothing of it', async (t) => {
  const device = await open(() => 'EIO')
  t.is(
    inspect(device, { breakLength: Infinity }),
    "Device { path: '/dev/made-up', driver: '', card: '', busInfo: '', state: 'open' }",
  )
  await device.close()
  t.regex(inspect(device), /state: 'closed'/)
})
