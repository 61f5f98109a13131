import test from 'ava'
import { assignments, longNumber, oneWord, wholeNumber } from '../ts/cli/ioctl/parse.js'
import { planOf } from '../ts/cli/ioctl/options.js'
import { perform } from '../ts/cli/ioctl/perform.js'
import * as structs from '../ts/device/structs/index.js'
import { FakeAddon } from './support/fake-addon.js'
import { view } from './support/fake-device.js'
import type { Driver } from './support/fake-device.js'

const ENCODER = new TextEncoder()

/** A driver that says who it is; the rest is the test's. */
function addonWith(driver: Driver): FakeAddon {
  const addon = new FakeAddon()
  addon.driver = (name, blocks, pointers) => {
    if (name !== 'VIDIOC_QUERYCAP') return driver(name, blocks, pointers)
    const { offsets } = structs.v4l2_capability
    blocks[0]!.set(ENCODER.encode('made-up'), offsets.driver)
    view(blocks[0]!).setUint32(offsets.capabilities!, 0x8420_0001, true)
    view(blocks[0]!).setUint32(offsets.device_caps!, 0x0420_0001, true)
    return undefined
  }
  return addon
}

async function run(driver: Driver, ...args: string[]): Promise<{ text: string; hasFailed: boolean; addon: FakeAddon }> {
  const addon = addonWith(driver)
  const outcome = await perform(() => addon, planOf(['/dev/made-up', ...args]))
  return { ...outcome, addon }
}

/** A driver with one control of this type and value. */
function oneControl(type = 1, value = 77): Driver {
  return (name, blocks) => {
    const words = view(blocks[0]!)
    if (name === 'VIDIOC_G_EXT_CTRLS') view(blocks[1]!).setInt32(structs.v4l2_ext_control.offsets.u!, value, true)
    if (name !== 'VIDIOC_QUERY_EXT_CTRL') return name.includes('EXT_CTRLS') ? undefined : 'ENOTTY'
    const asked = words.getUint32(0, true)
    if (asked >= 0x8000_0000 && (asked & 0xfff_ffff) >= 0x980900) return 'EINVAL'
    const { offsets } = structs.v4l2_query_ext_ctrl
    words.setUint32(offsets.id!, 0x980900, true)
    words.setUint32(offsets.type!, type, true)
    words.setBigInt64(offsets.maximum!, 255n, true)
    words.setUint32(offsets.elem_size!, 4, true)
    words.setUint32(offsets.elems!, 1, true)
    blocks[0]!.set(ENCODER.encode('Brightness'), offsets.name)
    return undefined
  }
}

test('without an option it is told what the device is', async (t) => {
  const { text, hasFailed, addon } = await run(() => 'ENOTTY')
  t.regex(text, /^Driver Info:\n\tDriver name {6}: made-up\n/)
  t.false(hasFailed)
  t.true(addon.devices[0]!.isClosed)
})

test('a device may be named by its number, or as v4l2-ctl has it', (t) => {
  t.is(planOf(['3']).node, '/dev/video3')
  t.is(planOf(['-d', '/dev/video7']).node, '/dev/video7')
  t.is(planOf([]).node, '/dev/video0')
  t.throws(() => planOf(['0', '-d', '1']), { message: /One device at a time: 0 and 1/ })
})

test('options and their values are checked before anything is opened', (t) => {
  t.throws(() => planOf(['0', '--set-ctrl']), {
    message: 'The option --set-ctrl needs a value (name=value), but nothing was given.',
  })
  t.throws(() => planOf(['0', '--through', 'magic']), { message: /needs one of kernel, nvidia, auto/ })
  t.throws(() => planOf(['0', '--timeout', 'soon']), { message: /--timeout needs a time/ })
  t.deepEqual(planOf(['0', '--through', 'nvidia', '--library', 'a.so', '--timeout', '2s']).opening, {
    through: 'nvidia',
    library: 'a.so',
    timeout: 2000,
  })
})

test('a request that the driver refuses is told as v4l2-ctl tells it, and the others go on', async (t) => {
  const { text, hasFailed } = await run(oneControl(), '-P', '-C', 'brightness')
  t.is(text, 'brightness: 77\nVIDIOC_G_PARM: failed: Inappropriate ioctl for device\n')
  t.true(hasFailed)
})

test('of everything together nothing is told that the driver refuses', async (t) => {
  const { text, hasFailed } = await run(oneControl(), '--all')
  t.notRegex(text, /failed/)
  t.regex(text, /brightness 0x00980900 \(int\)/)
  t.false(hasFailed)
})

test('JSON has what was asked for by the names of the options, with the refusals', async (t) => {
  const { text } = await run(oneControl(), '--json', '-C', '0x00980900', '--get-priority')
  const told = JSON.parse(text) as { 'get-ctrl': object[]; 'get-priority': { error: object } }
  t.deepEqual(Object.keys(told), ['get-ctrl', 'get-priority'])
  t.like(told['get-ctrl'][0], { value: 77, control: { key: 'brightness', maximum: 255 } })
  t.like(told['get-priority'].error, { code: 'ERR_DEVICE', ioctl: 'VIDIOC_G_PRIORITY', errno: 'ENOTTY' })
})

test('controls are set before they are asked for, whatever the order of the options', async (t) => {
  const { addon } = await run(oneControl(), '-C', 'brightness', '-c', 'brightness=12')
  const asked = addon.devices[0]!.asked.filter((name) => name.endsWith('EXT_CTRLS'))
  t.deepEqual(asked, ['VIDIOC_S_EXT_CTRLS', 'VIDIOC_G_EXT_CTRLS'])
})

test('a control that there is none of and a value that is none are refused with the cure', async (t) => {
  await t.throwsAsync(run(oneControl(), '-C', 'brigthness'), {
    message: /no control "brigthness". Did you mean "brightness"\?/,
  })
  await t.throwsAsync(run(oneControl(), '-c', 'brightness'), { message: /"brightness" of --set-ctrl has no value/ })
  await t.throwsAsync(run(oneControl(), '-c', 'brightness=full'), {
    message: /brightness needs a whole number.*"full"/,
  })
  await t.throwsAsync(run(oneControl(), '-c', 'brightness=256'), { message: /whole numbers from 0 to 255/ })
})

test('a format that the device does not list is refused with those that it does', async (t) => {
  const driver: Driver = (name, blocks) => {
    const words = view(blocks[0]!)
    if (name === 'VIDIOC_G_FMT') return undefined
    if (name !== 'VIDIOC_ENUM_FMT' || words.getUint32(0, true) > 0) return 'EINVAL'
    blocks[0]!.set(ENCODER.encode('YUYV'), structs.v4l2_fmtdesc.offsets.pixelformat)
    return undefined
  }
  await t.throwsAsync(run(driver, '-v', 'pixelformat=NV12'), { message: /no format "NV12" there. It has YUYV./ })
  await t.throwsAsync(run(driver, '-v', 'heigth=2'), { message: /no part "heigth". Did you mean "height"\?/ })
  await t.throwsAsync(run(driver, '-v', 'field=up'), { message: /field has no "up"/ })
  await t.throwsAsync(run(driver, '--list-framesizes', 'NV12'), { message: /knows YUYV/ })
  await t.throwsAsync(run(driver, '-p', 'fast'), { message: /--set-parm needs frames per second/ })
})

test('a list that never ends is an error', async (t) => {
  const endless: Driver = (name) => (name === 'VIDIOC_ENUMINPUT' ? undefined : 'EINVAL')
  await t.throwsAsync(run(endless, '-n'), { code: 'ERR_DEVICE', message: /VIDIOC_ENUMINPUT.*never comes to an end/ })
})

test('a driver that never answers ends with the time-out', async (t) => {
  const silent: Driver = (name) => (name === 'VIDIOC_G_INPUT' ? 'never' : 'EINVAL')
  await t.throwsAsync(run(silent, '-I', '--timeout', '0.05'), {
    code: 'ERR_TIMEOUT',
    message: /VIDIOC_G_INPUT did not return within 50 ms/,
  })
})

test('numbers are read as C reads them, and nonsense is refused', (t) => {
  t.deepEqual(
    ['12', '-5', '0x1F', '010', '+3'].map((text) => wholeNumber(text, 'x')),
    [12, -5, 31, 8, 3],
  )
  t.is(longNumber('-9223372036854775808', 'x'), -(2n ** 63n))
  for (const wrong of ['', '1.5', 'ten', '9007199254740993'])
    t.throws(() => wholeNumber(wrong, 'x'), { message: /x needs/ })
  t.throws(() => longNumber('1e3', 'x'), { message: /x needs a whole number/ })
  t.deepEqual(assignments('a=1,b=x=y', 'o'), [
    ['a', '1'],
    ['b', 'x=y'],
  ])
  t.is(oneWord({ none: 1 }, 'none', 'field'), 1)
  t.throws(() => oneWord({ none: 1 }, 'toString', 'field'), { message: /field has no "toString"/ })
})
