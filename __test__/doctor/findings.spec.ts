import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { diagnoseOn } from '../../ts/doctor/diagnose.js'
import { RULES } from '../../ts/doctor/findings/all.js'
import { V4l2EncoderError } from '../../ts/shared/errors.js'
import { asStranger, idsOf } from '../support/finding-cases.js'
import { board, laptop, orinNx, orinNxContainer, PLUGINS, raspberryPi4, thor } from '../support/fake-root.js'

const ORIN = 'nvidia,tegra234'

for (const [name, make] of Object.entries({ orinNx, orinNxContainer, raspberryPi4 })) {
  test(`nothing is found on a machine on which all is well: ${name}`, async (t) => {
    const { findings, hardware } = await make(t).diagnose()
    t.deepEqual(findings, [])
    t.true(hardware.works)
  })
}

test('boards without an encoder have that as their only finding', async (t) => {
  const nano = board(t, 'NVIDIA Jetson Orin Nano Developer Kit', 'nvidia,p3768-0000+p3767-0005', ORIN)
  t.deepEqual(idsOf(await nano.diagnose()), ['orin-nano'])
  const pi = board(t, 'Raspberry Pi 5 Model B', 'raspberrypi,5-model-b', 'brcm,bcm2712')
  t.deepEqual(idsOf(await pi.diagnose()), ['raspberry-pi-5'])
})

test('a Raspberry Pi whose nodes nobody could ask is not reported to have no encoder', async (t) => {
  const stranger = await asStranger(raspberryPi4(t)).diagnose()
  t.deepEqual(idsOf(stranger), ['video-node-permission'])
  t.is(stranger.findings[0]!.severity, 'problem')
  const { root, env, stats, machine } = raspberryPi4(t)
  const fail = () => {
    throw new V4l2EncoderError('ERR_NATIVE_LOAD', 'The native part is damaged.')
  }
  const unloaded = await diagnoseOn(fail, {}, { ...machine, root, env, stats })
  t.deepEqual(idsOf(unloaded), ['native-part-missing'])
})

test('a Jetson Thor has that as its only finding, and is not said to encode before it was tried', async (t) => {
  const whole = thor(t)
  const bare = thor(t).without('/usr/lib/aarch64-linux-gnu', '/usr/sbin/lsmod')
  const container = thor(t).file('/.dockerenv').without('/proc/device-tree')
  Object.assign(container.env, { NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'all' })
  for (const root of [whole, bare, container]) {
    const { findings, hardware, summary } = await root.diagnose()
    t.deepEqual(
      findings.map(({ id }) => id),
      ['thor'],
    )
    t.false(hardware.works)
    t.regex(summary, /^Whether hardware encodes here was not tried: .*against it: The encoder of a Jetson Thor/)
  }
})

test('a Jetson with Yocto, whose own libv4l2 finds NVIDIA’s plugin, is well', async (t) => {
  const root = orinNx(t).without('/usr/lib/aarch64-linux-gnu', '/etc/ld.so.conf.d', '/etc/nv_tegra_release')
  root.file('/usr/lib/libv4l2.so.0').file('/usr/lib/libv4l/plugins/libv4l2_nvvideocodec.so')
  t.deepEqual(idsOf(await root.diagnose()), [])
})

test('a webcam that this user may not open is known by its driver, and is no candidate', async (t) => {
  const root = laptop(t)
    .video(0, { code: 'ERR_PERMISSION', message: 'No.' }, { gid: 0, mode: 0o600 })
    .file('/sys/class/video4linux/video0/name', 'Webcam\n')
    .directory('/sys/bus/usb/drivers/uvcvideo')
    .link('/sys/class/video4linux/video0/device/driver', '../../../../bus/usb/drivers/uvcvideo')
  const { facts, findings, summary } = await root.diagnose()
  t.like(facts.nodes[0], { kind: 'camera', card: 'Webcam', driver: 'uvcvideo', mayOpen: false })
  t.deepEqual(
    findings.map(({ id }) => id),
    ['no-encoder'],
  )
  t.regex(summary, /This machine has no video encoder that V4L2 reaches/)
})

test('a link of libv4l2 that dangles on a laptop is no matter of NVIDIA’s', async (t) => {
  const root = laptop(t).link('/usr/lib/x86_64-linux-gnu/libv4l2.so.0', 'libv4l2.so.0.0.0')
  t.deepEqual(idsOf(await root.diagnose()), ['no-encoder'])
})

test('a closed node is no problem where another one encodes', async (t) => {
  const root = raspberryPi4(t).video(31, {}, { gid: 0, mode: 0o600 })
  const { findings, hardware } = await root.diagnose()
  t.like(findings[0], { id: 'video-node-permission', severity: 'warning' })
  t.true(hardware.works)
})

test('a container that CDI gave its nodes is well, though the variable is void', async (t) => {
  const root = orinNxContainer(t)
  Object.assign(root.env, { NVIDIA_VISIBLE_DEVICES: 'void', NVIDIA_DRIVER_CAPABILITIES: undefined })
  t.deepEqual((await root.diagnose()).findings, [])
})

test('a plugin for cameras whose link leads nowhere is no matter of the encoder', async (t) => {
  const root = orinNxContainer(t).link(`${PLUGINS}/libv4l2_nvargus.so`, '../../../nvidia/libv4l2_nvargus.so')
  t.deepEqual((await root.diagnose()).findings, [])
})

test('channels that only root may open on a board that is well are none that the encoder needs', async (t) => {
  const root = orinNx(t)
  for (const [index, name] of ['dbg-gpu', 'prof-gpu', 'power-gpu', 'ctrl-gpu'].entries()) {
    root.node(`/dev/nvhost-${name}`, `506:${10 + index}`, { gid: 0, mode: 0o600 })
  }
  const { findings, hardware } = await root.diagnose()
  t.deepEqual(findings, [])
  t.true(hardware.works)
})

test('every node that NVIDIA’s library needs counts when it is closed', async (t) => {
  for (const path of [
    '/dev/nvmap',
    '/dev/nvhost-ctrl',
    '/dev/nvhost-vic',
    '/dev/host1x-fence',
    '/dev/dri/renderD128',
  ]) {
    const root = orinNx(t).node(path, '506:20', { gid: 0, mode: 0o600 })
    t.deepEqual(idsOf(await root.diagnose()), ['nvidia-node-permission'], path)
  }
})

test('JetPack 5 opens the engines without a render node, and other boards have theirs for themselves', async (t) => {
  const root = orinNx(t).without('/dev/v4l2-nvenc').node('/dev/nvhost-msenc', '506:2')
  root
    .file('/etc/nv_tegra_release', '# R35 (release), REVISION: 4.1, X')
    .file('/proc/sys/kernel/osrelease', '5.10.192-tegra\n')
  root.node('/dev/dri/renderD128', '226:128', { gid: 0, mode: 0o600 })
  t.false(idsOf(await root.diagnose()).includes('nvidia-node-permission'))
  const { facts } = await raspberryPi4(t).node('/dev/dri/renderD128', '226:128').diagnose()
  t.false(facts.nodes.some(({ path }) => path.includes('/dri/')))
})

test('an Orin NX on the carrier board of an Orin Nano is an Orin NX', async (t) => {
  const root = board(t, 'NVIDIA Jetson Orin Nano Developer Kit', 'nvidia,p3768-0000+p3767-0001', ORIN)
  t.is((await root.diagnose()).facts.board.family, 'jetson')
})

test('a native part that does not load is a finding, and the rest is looked at nevertheless', async (t) => {
  const root = orinNx(t)
  const fail = () => {
    throw new V4l2EncoderError('ERR_NATIVE_LOAD', 'The native part is damaged.', { hint: 'Install it again.' })
  }
  const { root: place, env, stats, machine } = root
  const { findings, facts, hardware } = await diagnoseOn(fail, {}, { ...machine, root: place, env, stats })
  t.like(findings[0], {
    id: 'native-part-missing',
    severity: 'problem',
    message: 'The native part is damaged.',
    hint: 'Install it again.',
  })
  t.is(facts.board.soc, 'tegra234')
  t.false(hardware.works)
})

test('a driver that hangs while it is asked is a finding', async (t) => {
  const root = laptop(t)
  root.addon.listEncoders = () => new Promise(() => {})
  const { findings } = await root.diagnose({ probe: false }, { listingMs: 50 })
  t.like(findings[0], { id: 'listing-hangs', severity: 'problem' })
  t.regex(findings[0]!.message, /within 50 ms/)
})

test('one node that hangs does not keep the others from being named', async (t) => {
  const root = laptop(t).video(0, {}).video(1, { kind: 'camera' })
  root.machine.identify = () => new Promise(() => {})
  const { facts, findings } = await root.diagnose({ probe: false }, { listingMs: 50 })
  t.deepEqual(
    facts.nodes.map(({ path }) => path),
    ['/dev/video0', '/dev/video1'],
  )
  t.true(findings.some(({ id }) => id === 'node-silent'))
})

test('the worst comes first', async (t) => {
  const root = orinNx(t)
    .without('/dev/nvmap', '/usr/sbin/lsmod')
    .process(7, 'other', '/dev/v4l2-nvenc')
    .file('/proc/meminfo', 'MemAvailable: 1000 kB\n')
  const severities = (await root.diagnose()).findings.map(({ severity }) => severity)
  t.deepEqual(severities, ['problem', 'problem', 'warning', 'note'])
})

test('every finding has a name of its own, and a test that reproduces it', (t) => {
  const ids = RULES.map(({ id }) => id)
  t.is(new Set(ids).size, ids.length)
  const beside = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.spec.ts'))
  const files = [...beside, '../virtual-jetson/doctor.spec.ts'].map((name) => join(import.meta.dirname, name))
  const specs = files.map((file) => readFileSync(file, 'utf8'))
  t.deepEqual(
    ids.filter((id) => !specs.some((spec) => spec.includes(`'${id}'`))),
    [],
  )
})

test('every finding has a heading in the troubleshooting page, and every heading there a finding', (t) => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/troubleshooting.md'), 'utf8')
  const section = /^## What doctor finds$([^]*?)(?=^## |$(?![^]))/m.exec(page)?.[1] ?? ''
  const headings = [...section.matchAll(/^#### (.*)$/gm)].map(([, heading]) => heading!)
  t.deepEqual(headings.toSorted(), RULES.map(({ id }) => id).toSorted())
})
