import test from 'ava'
import { assignments, bitMask, longNumber, oneWord, wholeNumber } from '../../ts/cli/ioctl/parse.js'
import { statusOf } from '../../ts/cli/exit.js'
import type { CommandError } from '../../ts/cli/exit.js'
import { perform } from '../../ts/cli/ioctl/perform.js'
import type { Performed } from '../../ts/cli/ioctl/outcome.js'
import * as structs from '../../ts/device/structs/index.js'
import { ioctlPlan } from '../support/parse-command.js'
import { FakeAddon } from '../support/fake-addon.js'
import { view } from '../support/fake-device.js'
import type { Driver } from '../support/fake-device.js'

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

async function run(driver: Driver, ...args: string[]): Promise<Performed & { addon: FakeAddon }> {
  const addon = addonWith(driver)
  const outcome = await perform(() => addon, ioctlPlan(['/dev/made-up', ...args]))
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

test('without an option it is --info', async (t) => {
  const { text, status, addon } = await run(() => 'ENOTTY')
  t.regex(text, /^Driver Info:\n\tDriver name {6}: made-up\n/)
  t.is(status, 0)
  t.true(addon.devices[0]!.isClosed)
})

test('a device may be named by its number, or as v4l2-ctl has it', (t) => {
  t.is(ioctlPlan(['3']).node, '/dev/video3')
  t.is(ioctlPlan(['-d', '/dev/video7']).node, '/dev/video7')
  t.is(ioctlPlan([]).node, '/dev/video0')
  t.throws(() => ioctlPlan(['0', '-d', '1']), { message: 'One device at a time, not 0 and 1.' })
})

test('options and their values are checked before anything is opened', (t) => {
  t.throws(() => ioctlPlan(['0', '--set-ctrl']), {
    message: "Option '-c, --set-ctrl <name=value>' argument missing.",
  })
  t.throws(() => ioctlPlan(['0', '--transport', 'magic']), {
    message: /'magic' is invalid. Allowed are kernel, nvidia, auto/,
  })
  t.throws(() => ioctlPlan(['0', '--timeout', 'soon']), { message: /'soon' is invalid. Allowed is a time/ })
  t.throws(() => ioctlPlan(['0', '--timeout', '700s']), {
    message: /--timeout <time>' argument '700s' is invalid. Allowed is a time from 0.001s to 10m/,
  })
  t.deepEqual(ioctlPlan(['0', '--transport', 'nvidia', '--library', 'a.so', '--timeout', '2s']).opening, {
    transport: 'nvidia',
    library: 'a.so',
    timeout: 2000,
  })
})

test('a request that the driver rejects is printed as by v4l2-ctl, and the others go on', async (t) => {
  const { text, errors, status } = await run(oneControl(), '-P', '-C', 'brightness')
  t.is(text, 'brightness: 77\nVIDIOC_G_PARM: failed: the driver said ENOTTY\n')
  t.deepEqual(errors, [])
  t.is(status, 1)
})

test('--all leaves out what the driver does not support', async (t) => {
  const { text, status } = await run(oneControl(), '--all')
  t.notRegex(text, /failed/)
  t.regex(text, /brightness 0x00980900 \(int\)/)
  t.is(status, 0)
})

test('--all reports what was requested by its own option as well, and other failures', async (t) => {
  const asked = await run(oneControl(), '--all', '-P')
  t.regex(asked.text, /VIDIOC_G_PARM: failed/)
  t.is(asked.status, 1)
  const broken: Driver = (name, blocks, pointers) =>
    name === 'VIDIOC_G_PRIORITY' ? 'EIO' : oneControl()(name, blocks, pointers)
  const { text, status } = await run(broken, '--all')
  t.regex(text, /VIDIOC_G_PRIORITY: failed: the driver said EIO\n[^]*brightness 0x00980900/)
  t.is(status, 1)
})

/** The same, but it refuses a request. */
function refusing(refused: string, errno: string, driver = oneControl()): Driver {
  return (name, blocks, pointers) => (name === refused ? errno : driver(name, blocks, pointers))
}

test('a control that the driver does not set is named, and the others are printed', async (t) => {
  const { text, errors, status } = await run(
    refusing('VIDIOC_S_EXT_CTRLS', 'EBUSY'),
    '-c',
    'brightness=1',
    '-C',
    'brightness',
  )
  t.is(text, 'VIDIOC_S_EXT_CTRLS: failed: the driver said EBUSY\nbrightness: 77\n')
  t.is(errors[0], 'brightness: the driver said EBUSY')
  t.regex(errors[1]!, /Close the other program/)
  t.is(status, 1)
})

test('a control that cannot be read does not end the others', async (t) => {
  const unreadable = await run(refusing('VIDIOC_G_EXT_CTRLS', 'EIO'), '-l', '-D')
  t.regex(unreadable.text, /^Driver Info:[^]*\nerror 5 getting ctrl Brightness\n$/)
  t.deepEqual(unreadable.errors, ['brightness: the driver said EIO'])
  t.is(unreadable.status, 1)
  t.is((await run(refusing('VIDIOC_G_EXT_CTRLS', 'EACCES'), '-l')).status, 0)
  const writeOnly: Driver = (name, blocks, pointers) => {
    const answer = oneControl()(name, blocks, pointers)
    if (name === 'VIDIOC_QUERY_EXT_CTRL')
      view(blocks[0]!).setUint32(structs.v4l2_query_ext_ctrl.offsets.flags!, 0x40, true)
    return answer
  }
  const { text, errors, status } = await run(writeOnly, '-D', '-C', 'brightness')
  t.regex(text, /^Driver Info:/)
  t.deepEqual(errors, ['The control brightness cannot be read.'])
  t.is(status, 1)
})

test('a control whose description is invalid is reported, and the others are printed', async (t) => {
  const driver: Driver = (name, blocks) => {
    if (name === 'VIDIOC_G_EXT_CTRLS') return undefined
    if (name !== 'VIDIOC_QUERY_EXT_CTRL') return 'ENOTTY'
    const words = view(blocks[0]!)
    const { offsets } = structs.v4l2_query_ext_ctrl
    const asked = words.getUint32(0, true)
    const id = asked < 0x8000_0000 ? asked : Math.max((asked & 0xfff_ffff) + 1, 0x980900)
    if (id > 0x980901) return 'EINVAL'
    const isMenu = id === 0x980900
    words.setUint32(offsets.id!, id, true)
    words.setUint32(offsets.type!, isMenu ? 3 : 1, true)
    blocks[0]!.set(ENCODER.encode(isMenu ? 'Mode\u001B' : 'Gain'), offsets.name)
    words.setBigInt64(offsets.minimum!, -1n, true)
    words.setUint32(offsets.elem_size!, 4, true)
    return undefined
  }
  const { text, errors, status } = await run(driver, '--all')
  t.regex(text, /\nerror describing ctrl Mode\?\n +gain 0x00980901 \(int\)/)
  t.regex(errors.join('\n'), /answered nonsense: a menu from -1 to 0\./)
  t.is(status, 1)
  t.is((await run(driver, '-C', 'gain')).text, 'gain: 0\n')
  t.is((await run(driver, '-C', '0x980900')).status, 1)
})

test('a device that goes away ends it, with the answers so far', async (t) => {
  let isGone = false
  const leaving: Driver = (name, blocks, pointers) => {
    if (isGone) return 'ENODEV'
    isGone = name === 'VIDIOC_G_EXT_CTRLS'
    return oneControl()(name, blocks, pointers)
  }
  const { text, errors, status, addon } = await run(leaving, '-C', 'brightness', '--get-priority', '-n', '-P')
  t.is(text, 'brightness: 77\nVIDIOC_G_PRIORITY: failed: the driver said ENODEV\n')
  t.deepEqual(errors, [])
  t.is(status, 1)
  t.is(addon.devices[0]!.asked.at(-1), 'VIDIOC_G_PRIORITY')
  const list = await run((name) => (name === 'VIDIOC_ENUMINPUT' ? 'ENODEV' : 'ENOTTY'), '--all', '-n')
  t.regex(list.text, /^Driver Info:[^]*VIDIOC_ENUMINPUT: failed: the driver said ENODEV\n$/)
  t.is(list.status, 1)
})

test('JSON has the answers and failures by the names of the options', async (t) => {
  const { text } = await run(oneControl(), '--json', '-C', '0x00980900', '--get-priority')
  const told = JSON.parse(text) as { 'get-ctrl': object[]; 'get-priority': { error: object } }
  t.deepEqual(Object.keys(told), ['get-ctrl', 'get-priority'])
  t.like(told['get-ctrl'][0], { value: 77, control: { key: 'brightness', maximum: 255 } })
  t.like(told['get-priority'].error, { code: 'ERR_DEVICE', ioctl: 'VIDIOC_G_PRIORITY', errno: 'ENOTTY' })
})

test('in JSON an option that is repeated has all its answers, and a failure its hint', async (t) => {
  const twice = await run(oneControl(), '--json', '-C', 'brightness', '-C', '0x980900')
  const told = JSON.parse(twice.text) as { 'get-ctrl': object[] }
  t.is(told['get-ctrl'].length, 2)
  const busy = await run(refusing('VIDIOC_S_INPUT', 'EBUSY'), '--json', '-i', '0', '-i', '1')
  const { 'set-input': inputs } = JSON.parse(busy.text) as { 'set-input': { error: { hint: string } }[] }
  t.is(inputs.length, 2)
  t.regex(inputs[1]!.error.hint, /Close the other program/)
  t.deepEqual(busy.errors, [])
  t.is(busy.status, 1)
})

test('controls are set before they are read, whatever the order of the options', async (t) => {
  const { addon } = await run(oneControl(), '-C', 'brightness', '-c', 'brightness=12')
  const asked = addon.devices[0]!.asked.filter((name) => name.endsWith('EXT_CTRLS'))
  t.deepEqual(asked, ['VIDIOC_S_EXT_CTRLS', 'VIDIOC_G_EXT_CTRLS'])
})

test('nothing is set where a name or a value further on is wrong', async (t) => {
  const addon = addonWith(oneControl())
  for (const wrong of [
    ['-C', 'nosuch'],
    ['--reset-ctrl', 'nosuch'],
    ['-c', 'brightness=08'],
  ]) {
    const plan = ioctlPlan(['/dev/made-up', '-c', 'brightness=5', ...wrong])
    const error = await t.throwsAsync(perform(() => addon, plan))
    t.is(statusOf(error), 2)
  }
  t.false(addon.devices.some(({ asked }) => asked.includes('VIDIOC_S_EXT_CTRLS')))
  t.true(addon.devices.every(({ isClosed }) => isClosed))
})

test('however many controls are named, they are listed once', async (t) => {
  const many = Array.from({ length: 20 }, () => 'brightness').join(',')
  const { addon } = await run(oneControl(), '-C', many)
  const { asked } = addon.devices[0]!
  t.is(asked.indexOf('VIDIOC_G_EXT_CTRLS'), 4, 'what the device is, the list and its end, and the one that is read')
  t.is(asked.filter((name) => name === 'VIDIOC_G_EXT_CTRLS').length, 20)
})

test('an unknown control and an invalid value are rejected with a hint', async (t) => {
  await t.throwsAsync(run(oneControl(), '-C', 'brigthness'), {
    message: /no control "brigthness". Did you mean "brightness"\?/,
  })
  await t.throwsAsync(run(oneControl(), '-c', 'brightness'), { message: /"brightness" of --set-ctrl has no value/ })
  await t.throwsAsync(run(oneControl(), '-c', 'brightness=full'), {
    message: /brightness needs a whole number.*"full"/,
  })
  const { errors, status } = await run(oneControl(), '-c', 'brightness=256')
  t.regex(errors[0]!, /whole numbers from 0 to 255/)
  t.is(status, 1)
  const { addon } = await run(oneControl(2), '-c', 'brightness=true')
  t.true(addon.devices[0]!.asked.includes('VIDIOC_S_EXT_CTRLS'))
})

test('a menu without entries accepts no value, and says so', async (t) => {
  const { errors, status } = await run(oneControl(3), '-c', 'brightness=0')
  t.deepEqual(errors, ['The control brightness has an empty menu, and takes no value.'])
  t.is(status, 1)
})

test('control characters in the entries of a menu are not printed', async (t) => {
  const driver: Driver = (name, blocks, pointers) => {
    if (name !== 'VIDIOC_QUERYMENU') return oneControl(3)(name, blocks, pointers)
    if (view(blocks[0]!).getUint32(4, true) > 0) return 'EINVAL'
    blocks[0]!.set(ENCODER.encode('\u001B[31mred'), structs.v4l2_querymenu.offsets.u)
    return undefined
  }
  const { errors } = await run(driver, '-c', 'brightness=1')
  t.deepEqual(errors, ['The control brightness takes one of 0 (?[31mred), but 1 was given.'])
})

test('options are read as those of v4l2-ctl are', (t) => {
  t.deepEqual(ioctlPlan(['-d0', '-LD', '-cbrightness=1']).options, {
    'list-ctrls-menus': [''],
    info: [''],
    'set-ctrl': ['brightness=1'],
  })
  const error = t.throws(() => ioctlPlan(['--list-ctrl']), { message: "Unknown option '--list-ctrl'." })
  t.is((error as CommandError).hint, 'Did you mean --list-ctrls?')
  t.throws(() => ioctlPlan(['-q']), { message: "Unknown option '-q'." })
  t.throws(() => ioctlPlan(['--all=1']), { message: "Unknown option '--all=1'." })
  t.deepEqual(ioctlPlan(['-C', 'gain', '-C', 'hue']).options, { 'get-ctrl': ['gain', 'hue'] })
})

test('a television standard is a word, a place in the list, or bits', async (t) => {
  const tv: Driver = (name, blocks) => {
    if (name === 'VIDIOC_S_STD') return undefined
    if (name !== 'VIDIOC_ENUMSTD' || view(blocks[0]!).getUint32(0, true) > 0) return 'EINVAL'
    view(blocks[0]!).setBigUint64(structs.v4l2_standard.offsets.id!, 0xb000n, true)
    return undefined
  }
  const set = async (word: string) => (await run(tv, '-s', word)).text
  t.is(await set('pal'), 'Standard set to 000000ff\n')
  t.is(await set('SECAM-Lc'), 'Standard set to 00800000\n')
  t.is(await set('0'), 'Standard set to 0000b000\n')
  t.is(await set('0x1000'), 'Standard set to 00001000\n')
  const { errors, status } = await run(tv, '-s', 'pal-x')
  t.regex(errors[0]!, /no standard "pal-x". Did you mean "pal/)
  t.is(status, 2)
})

test('a format that the device does not list is rejected with those that it does', async (t) => {
  const driver: Driver = (name, blocks) => {
    const words = view(blocks[0]!)
    if (name === 'VIDIOC_G_FMT') return undefined
    if (name !== 'VIDIOC_ENUM_FMT' || words.getUint32(0, true) > 0) return 'EINVAL'
    blocks[0]!.set(ENCODER.encode('YUYV'), structs.v4l2_fmtdesc.offsets.pixelformat)
    return undefined
  }
  for (const [option, value, message] of [
    ['-v', 'pixelformat=NV12', /no format "NV12" there. It has YUYV./],
    ['-v', 'heigth=2', /no part "heigth". Did you mean "height"\?/],
    ['-v', 'field=up', /field has no "up"/],
    ['--list-framesizes', 'NV12', /knows YUYV/],
    ['-p', 'fast', /--set-parm needs frames per second/],
  ] as const) {
    const { text, errors, status } = await run(driver, option, value)
    t.is(text, '')
    t.regex(errors.join('\n'), message)
    t.is(status, 2)
  }
  const told = await run(driver, '-D', '--list-framesizes', 'NV12')
  t.regex(told.text, /^Driver Info:/)
  t.is(told.status, 1, 'what was told before was done')
})

test('a device that does not close is reported, with its answers', async (t) => {
  const addon = addonWith(() => 'ENOTTY')
  const open = addon.openDevice.bind(addon)
  addon.openDevice = (options, onAnswer) => Object.assign(open(options, onAnswer), { close: () => {} })
  const { text, errors, status } = await perform(() => addon, ioctlPlan(['/dev/made-up', '--timeout', '0.05']))
  t.regex(text, /^Driver Info:/)
  t.regex(errors[0]!, /^Closing \/dev\/made-up did not return within 50 ms/)
  t.is(status, 1)
})

test('an array of very many rows is printed', async (t) => {
  const rows = 300_000
  const driver: Driver = (name, blocks, pointers) => {
    const answer = oneControl(0x100)(name, blocks, pointers)
    if (name !== 'VIDIOC_QUERY_EXT_CTRL' || answer !== undefined) return answer
    const { offsets } = structs.v4l2_query_ext_ctrl
    const words = view(blocks[0]!)
    words.setUint32(offsets.elem_size!, 1, true)
    words.setUint32(offsets.elems!, rows, true)
    words.setUint32(offsets.nr_of_dims!, 2, true)
    words.setUint32(offsets.dims!, rows, true)
    words.setUint32(offsets.dims! + 4, 1, true)
    return undefined
  }
  const { text, status } = await run(driver, '-C', 'brightness')
  t.is(text.split('\n').length, rows + 1)
  t.is(status, 0)
})

test('a list that never ends is an error', async (t) => {
  const endless: Driver = (name) => (name === 'VIDIOC_ENUMINPUT' ? undefined : 'EINVAL')
  const { errors, status } = await run(endless, '-n')
  t.regex(errors.join('\n'), /VIDIOC_ENUMINPUT.*never comes to an end/)
  t.is(status, 1)
})

test('a driver that never answers ends with the time-out', async (t) => {
  const silent: Driver = (name) => (name === 'VIDIOC_G_INPUT' ? 'never' : 'EINVAL')
  const { text, errors, status } = await run(silent, '-D', '-I', '-P', '--timeout', '0.05')
  t.regex(text, /^Driver Info:/)
  t.regex(errors[0]!, /VIDIOC_G_INPUT did not return within 50 ms/)
  t.regex(errors[1]!, /The driver hangs/)
  t.is(status, 1)
})

test('numbers are read as C reads them, and anything else is rejected', (t) => {
  t.deepEqual(
    ['12', '-5', '0x1F', '010', '+3', '0'].map((text) => wholeNumber(text, 'x')),
    [12, -5, 31, 8, 3, 0],
  )
  t.is(longNumber('-9223372036854775808', 'x'), -(2n ** 63n))
  t.is(longNumber('010', 'x'), 8n)
  t.deepEqual(
    ['-1', '-2147483648', '0xffffffff'].map((text) => bitMask(text, 'x')),
    [0xffff_ffff, 0x8000_0000, 0xffff_ffff],
  )
  for (const wrong of ['-4294967295', '-2147483649', '4294967296'])
    t.throws(() => bitMask(wrong, 'x'), { message: /x needs 32 bits/ })
  for (const wrong of ['', '1.5', 'ten', '9007199254740993', '08', '0190', '0x'])
    t.throws(() => wholeNumber(wrong, 'x'), { message: /x needs/ })
  t.throws(() => longNumber('1e3', 'x'), { message: /x needs a whole number/ })
  t.deepEqual(assignments('a=1,b=x=y', 'o'), [
    ['a', '1'],
    ['b', 'x=y'],
  ])
  t.is(oneWord({ none: 1 }, 'none', 'field'), 1)
  t.throws(() => oneWord({ none: 1 }, 'toString', 'field'), { message: /field has no "toString"/ })
})
