import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { NVIDIA_CONTROLS } from '../../ts/device/controls.js'
import type { Device } from '../../ts/device/device.js'
import { openDeviceOn } from '../../ts/device/open-device.js'
import { Requests } from '../../ts/device/requests.js'
import * as structs from '../../ts/device/structs/index.js'
import type { V4l2EncoderError } from '../../ts/index.js'
import { FakeAddon } from '../support/fake-addon.js'
import { view } from '../support/fake-device.js'
import type { Driver } from '../support/fake-device.js'

const CAPTURE = 1
const CAPTURE_MPLANE = 9
const INTEGER = 1
const MENU = 3

/** A camera's QUERYCAP; the rest of the driver is the test's. */
function camera(driver: Driver): Driver {
  return (name, blocks, pointers) => {
    if (name !== 'VIDIOC_QUERYCAP') return driver(name, blocks, pointers)
    blocks[0]!.set(new TextEncoder().encode('made-up'))
    view(blocks[0]!).setUint32(structs.v4l2_capability.offsets.capabilities!, 0x8420_0001, true)
    view(blocks[0]!).setUint32(structs.v4l2_capability.offsets.device_caps!, 0x0420_0001, true)
    return undefined
  }
}

async function open(t: ExecutionContext, driver: Driver, options: object = {}): Promise<[Device, FakeAddon]> {
  const addon = new FakeAddon()
  addon.driver = camera(driver)
  const device = await openDeviceOn(() => addon, '/dev/made-up', options)
  t.teardown(() => device.close())
  return [device, addon]
}

/** A driver's yes. */
function answer(fillIn: () => unknown): undefined {
  fillIn()
}

/** Fills in one control: an integer from 0 to 255, or what `more` says. */
function describe(block: Uint8Array, id: number, more: { type?: number; maximum?: bigint; name?: string } = {}): void {
  const { offsets } = structs.v4l2_query_ext_ctrl
  const { type = INTEGER, maximum = 255n, name = 'Brightness' } = more
  const words = view(block)
  words.setUint32(offsets.id!, id, true)
  words.setUint32(offsets.type!, type, true)
  block.set(new TextEncoder().encode(name), offsets.name)
  words.setBigInt64(offsets.maximum!, maximum, true)
  words.setUint32(offsets.elem_size!, 4, true)
  words.setUint32(offsets.elems!, 1, true)
}

/** A driver with one control. */
function oneControl(more: Parameters<typeof describe>[2] = {}): Driver {
  return (name, blocks) => {
    if (name !== 'VIDIOC_QUERY_EXT_CTRL') return undefined
    const asked = view(blocks[0]!).getUint32(0, true)
    if (asked >= 0x8000_0000 && (asked & 0xfff_ffff) >= 0x980900) return 'EINVAL'
    describe(blocks[0]!, 0x980900, more)
    return undefined
  }
}

test('what is no V4L2 device is reported, with the way to what might be meant', async (t) => {
  const addon = new FakeAddon()
  const error = await t.throwsAsync<V4l2EncoderError>(openDeviceOn(() => addon, '/dev/made-up', {}))
  t.is(error?.code, 'ERR_DEVICE')
  t.is(error?.message, '/dev/made-up does not answer as a V4L2 device does: VIDIOC_QUERYCAP failed with ENOTTY.')
  t.regex(error?.hint ?? '', /transport: "nvidia"/)
  t.true(addon.devices[0]!.isClosed)
})

test('wrong paths and options are rejected before anything is opened', async (t) => {
  const addon = new FakeAddon()
  const refusals: [unknown, unknown, RegExp][] = [
    [7, {}, /needs the path of a device/],
    ['', {}, /needs the path of a device/],
    ['/dev/video0', { transprot: 'kernel' }, /no option "transprot".*transport/],
    ['/dev/video0', { transport: 'magic' }, /must be one of "kernel", "nvidia", "auto"/],
    ['/dev/video0', { timeout: 0 }, /milliseconds from 1 to 600000/],
    ['/dev/video0', null, /must be an object/],
  ]
  for (const [path, options, message] of refusals) {
    const error = await t.throwsAsync(
      openDeviceOn(() => addon, path, options),
      { message },
    )
    t.is((error as unknown as V4l2EncoderError).code, 'ERR_CONFIG')
  }
  t.is(addon.devices.length, 0)
})

test('capabilities are those of the node where the driver reports them', async (t) => {
  const [device] = await open(t, () => 'ENOTTY')
  t.deepEqual([device.capability.driver, device.capability.deviceCaps], ['made-up', 0x0420_0001])
})

test('a request is filled in by names, and its answer read by them', async (t) => {
  const [device] = await open(t, (name, blocks) => {
    if (name !== 'VIDIOC_S_PARM') return 'ENOTTY'
    view(blocks[0]!).setUint32(12, 2, true)
    return undefined
  })
  const given = { type: CAPTURE, parm: { capture: { timeperframe: { numerator: 1, denominator: 30 } } } }
  const { parm } = await device.request(Requests.S_PARM, given)
  t.deepEqual(parm.capture?.timeperframe, { numerator: 2, denominator: 30 })
})

test('a wrong name, value, type or length is rejected before the driver sees it', async (t) => {
  const [device, addon] = await open(t, () => undefined)
  const before = addon.devices[0]!.asked.length
  const wrong: [() => Promise<unknown>, RegExp][] = [
    [
      () => device.request(Requests.REQBUFS, { cuont: 4 } as never),
      /VIDIOC_REQBUFS has no member "cuont". It has count/,
    ],
    [() => device.request(Requests.REQBUFS, { count: -1 }), /VIDIOC_REQBUFS.count must be a whole number from 0/],
    [() => device.request(Requests.REQBUFS, { count: 1.5 }), /must be a whole number/],
    [() => device.request(Requests.REQBUFS, { count: '4' as never }), /must be a whole number/],
    [() => device.request(Requests.S_STD, 5 as never), /must be a bigint of 64 bits/],
    [() => device.request(Requests.S_STD, 2n ** 64n), /must be a bigint of 64 bits/],
    [() => device.request(Requests.QBUF, { m: { offset: 1, fd: 2 } }), /takes one of offset, fd, userptr, planes/],
    [() => device.request(Requests.S_FMT, { fmt: { raw_data: new Uint8Array(201) } }), /at most 200 bytes/],
  ]
  for (const [ask, message] of wrong) {
    const error = await t.throwsAsync(ask, { message })
    t.is((error as unknown as V4l2EncoderError).code, 'ERR_CONFIG')
  }
  t.is(addon.devices[0]!.asked.length, before)
})

test('a control is set by its name, within its range, and anything else is rejected', async (t) => {
  const [device, addon] = await open(t, oneControl())
  t.is(await device.setControl('brightness', 200), 200)
  for (const value of [256, -1, 1.5, Number.NaN, '7', 7n, true])
    await t.throwsAsync(device.setControl('brightness', value), { code: 'ERR_CONTROL' })
  await t.throwsAsync(device.setControl('brightnes', 1), {
    message: /no control "brightnes". Did you mean "brightness"/,
  })
  t.is(addon.devices[0]!.asked.filter((name) => name === 'VIDIOC_S_EXT_CTRLS').length, 1)
})

test('of several controls, the rejected one is named', async (t) => {
  const [device] = await open(t, (name, blocks, pointers) => {
    if (name !== 'VIDIOC_S_EXT_CTRLS') return oneControl()(name, blocks, pointers)
    view(blocks[0]!).setUint32(structs.v4l2_ext_controls.offsets.error_idx!, 0, true)
    return 'EBUSY'
  })
  const error = await t.throwsAsync<V4l2EncoderError>(
    device.setControls([
      ['brightness', 1],
      ['brightness', 2],
    ]),
  )
  t.is(error?.message, 'VIDIOC_S_EXT_CTRLS of brightness on /dev/made-up failed with EBUSY: the driver said EBUSY.')
  t.is(error?.code, 'ERR_BUSY')
})

test('a text that the driver did not end ends with its array', async (t) => {
  const [device] = await open(t, oneControl({ name: 'x'.repeat(32) }))
  const [control] = await device.controls()
  t.is(control!.name, 'x'.repeat(32))
})

type Ask = (device: Device) => Promise<unknown>

const formats: Ask = (device) => device.formats(CAPTURE)
const controls: Ask = (device) => device.controls()

const GARBAGE: [what: string, driver: Driver, ask: Ask, message: RegExp][] = [
  [
    'a list of formats that never ends',
    (name) => (name === 'VIDIOC_ENUM_FMT' ? undefined : 'ENOTTY'),
    formats,
    /more than 4096/,
  ],
  [
    'controls that go round in a circle',
    (name, blocks) => (name === 'VIDIOC_QUERY_EXT_CTRL' ? answer(() => describe(blocks[0]!, 0x980900)) : 'ENOTTY'),
    controls,
    /control 9963776 after 9963776/,
  ],
  ['a menu of billions', oneControl({ type: MENU, maximum: 2n ** 40n }), controls, /a menu from 0 to 1099511627776/],
  [
    'more dimensions than the array has',
    (name, blocks) => {
      if (name !== 'VIDIOC_QUERY_EXT_CTRL') return 'ENOTTY'
      describe(blocks[0]!, 0x980900)
      return answer(() => view(blocks[0]!).setUint32(structs.v4l2_query_ext_ctrl.offsets.nr_of_dims!, 5, true))
    },
    controls,
    /5 dimensions/,
  ],
  [
    'an array of another length than its dimensions',
    (name, blocks) => {
      if (name !== 'VIDIOC_QUERY_EXT_CTRL') return 'ENOTTY'
      describe(blocks[0]!, 0x980900)
      view(blocks[0]!).setUint32(structs.v4l2_query_ext_ctrl.offsets.nr_of_dims!, 1, true)
      return answer(() => view(blocks[0]!).setUint32(structs.v4l2_query_ext_ctrl.offsets.dims!, 0xffff_ffff, true))
    },
    controls,
    /1 elements of an array of 4294967295/,
  ],
  [
    'more planes than there can be',
    (name, blocks) => {
      if (name !== 'VIDIOC_G_FMT') return 'ENOTTY'
      return answer(() => (blocks[0]![8 + 180] = 9))
    },
    (device) => device.format(CAPTURE_MPLANE),
    /9 planes, of which there are at most 8/,
  ],
  [
    'a million buffers',
    (name, blocks) =>
      name === 'VIDIOC_REQBUFS' ? answer(() => view(blocks[0]!).setUint32(0, 1_000_000, true)) : 'ENOTTY',
    (device) => device.queue(CAPTURE),
    /1000000 buffers/,
  ],
]
for (const [what, driver, ask, message] of GARBAGE) {
  test(`a driver that answers with ${what} is not believed`, async (t) => {
    const [device] = await open(t, driver)
    const error = await t.throwsAsync<V4l2EncoderError>(ask(device), { message })
    t.is(error?.code, 'ERR_DEVICE')
  })
}

test('a request that never returns is given up on in time, and so is everything behind it', async (t) => {
  const addon = new FakeAddon()
  addon.driver = camera((name) => (name === 'VIDIOC_G_FMT' ? 'never' : 'ENOTTY'))
  const device = await openDeviceOn(() => addon, '/dev/made-up', { timeout: 30 })
  const message = 'VIDIOC_G_FMT did not return within 30 ms (/dev/made-up).'
  await t.throwsAsync(device.format(CAPTURE), { code: 'ERR_TIMEOUT', message })
  await t.throwsAsync(device.formats(CAPTURE), { code: 'ERR_TIMEOUT', message })
  await device.close()
})

test('a device that is closed says so', async (t) => {
  const [device] = await open(t, () => undefined)
  const events = await device.events([{ type: 2 }])
  const next = events.next()
  await device.close()
  await device.close()
  t.true((await next).done)
  await t.throwsAsync(device.formats(CAPTURE), { code: 'ERR_CLOSED' })
})

test('errnos that a caller acts on have codes of their own', async (t) => {
  for (const [errno, code] of [
    ['ENODEV', 'ERR_DEVICE_LOST'],
    ['EBUSY', 'ERR_BUSY'],
    ['EACCES', 'ERR_PERMISSION'],
    ['EIO', 'ERR_DEVICE'],
  ] as const) {
    const [device] = await open(t, () => errno)
    const error = await t.throwsAsync<V4l2EncoderError>(device.request(Requests.G_INPUT, 0))
    t.deepEqual(
      [error?.code, error?.ioctl, error?.errno, error?.device],
      [code, 'VIDIOC_G_INPUT', errno, '/dev/made-up'],
    )
    if (code === 'ERR_PERMISSION') t.regex(String(error?.hint), /sudo usermod -a -G video \$USER/)
  }
})

/** A driver that gives buffers of others' memory, and has one control. */
const willing: Driver = (name, blocks, pointers) =>
  name === 'VIDIOC_QUERY_EXT_CTRL' ? oneControl()(name, blocks, pointers) : undefined

test('options of queues and buffers are checked before the driver sees them', async (t) => {
  const [device, addon] = await open(t, willing)
  const queue = await device.queue(CAPTURE, { memory: 'dmabuf' })
  const before = addon.devices[0]!.asked.length
  const wrong: [() => Promise<unknown>, RegExp][] = [
    [() => device.queue(2, { memory: 'userptr' as never }), /must be one of "mmap", "dmabuf"/],
    [() => device.queue(2, { count: 65 }), /whole number from 1 to 64/],
    [() => device.queue(2, { cuont: 1 } as never), /no option "cuont"/],
    [() => device.queue(13), /Buffer type 13 is not a queue of video frames/],
    [() => queue.enqueue(0, { timestamp: -1 }), /microseconds from 0 up/],
    [() => queue.enqueue(0, { bytesUsed: 5 as never }), /list of numbers/],
    [() => queue.enqueue(0), /needs the descriptor of its DMABUF/],
    [() => queue.enqueue(4), /buffers 0 to 3/],
    [() => queue.dequeue({ timeout: Number.NaN }), /must be a number/],
    [() => queue.dequeue({ timeout: Number.POSITIVE_INFINITY }), /from 0 to 600000/],
    [() => queue.dequeue({ tiemout: 5 } as never), /no option "tiemout"/],
  ]
  for (const [ask, message] of wrong) {
    const error = await t.throwsAsync(ask, { message })
    t.is((error as unknown as V4l2EncoderError).code, 'ERR_CONFIG')
  }
  t.is(addon.devices[0]!.asked.length, before)
})

test('a loop over events ends when its body closes the device', async (t) => {
  let pending = 1
  const [device] = await open(t, (name, blocks) => {
    if (name !== 'VIDIOC_DQEVENT') return undefined
    if (pending-- <= 0) return 'ENOENT'
    return answer(() => view(blocks[0]!).setUint32(0, 2, true))
  })
  const types: number[] = []
  for await (const event of await device.events([{ type: 2 }])) {
    types.push(event.type)
    await device.close()
  }
  t.deepEqual(types, [2])
})

test('an iterator over events ends with the reason of its signal, also when that comes while it is made', async (t) => {
  const reason = new Error('enough')
  const stop = new AbortController()
  const [device] = await open(t, (name) => {
    if (name === 'VIDIOC_SUBSCRIBE_EVENT') stop.abort(reason)
    return name === 'VIDIOC_DQEVENT' ? 'ENOENT' : undefined
  })
  const events = await device.events([{ type: 2 }], { signal: stop.signal })
  t.is(await t.throwsAsync(events.next()), reason)
})

test('no controls are got and set without a request', async (t) => {
  const [device, addon] = await open(t, willing)
  t.deepEqual([await device.getControls([]), await device.setControls([])], [[], []])
  t.false(addon.devices[0]!.asked.some((name) => name.includes('EXT_CTRLS')))
})

test('a list of controls that failed once is requested again', async (t) => {
  let fails = true
  const [device] = await open(t, (name, blocks, pointers) => {
    if (!fails) return willing(name, blocks, pointers)
    fails = false
    return 'EIO'
  })
  await t.throwsAsync(device.setControl('brightness', 1), { code: 'ERR_DEVICE' })
  t.is(await device.setControl('brightness', 1), 1)
})

test('the addon knows for each of NVIDIA’s controls whether it takes a number or a struct', (t) => {
  const source = readFileSync(join(import.meta.dirname, '../../crates/v4l2/src/raw/addresses/mod.rs'), 'utf8')
  const [pointed, numbers] = ['STRUCTS', 'NUMBERS'].map((list) => {
    const found = new RegExp(`NVIDIA_${list}: \\[u32; \\d+\\] =\\s*\\[([^\\]]*)\\]`).exec(source)
    return new Set(found![1]!.match(/\d+/g)!.map(Number))
  }) as [Set<number>, Set<number>]
  t.true(NVIDIA_CONTROLS.length > 50)
  for (const { id, kind, name } of NVIDIA_CONTROLS) {
    const number = id - 0x00990900
    t.deepEqual([pointed.has(number), numbers.has(number)], [kind === 'compound', kind !== 'compound'], name)
  }
})
