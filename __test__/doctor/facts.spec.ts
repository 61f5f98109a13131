import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import test from 'ava'
import { boardFacts } from '../../ts/doctor/facts/board.js'
import { containerFacts } from '../../ts/doctor/facts/container.js'
import { libraryFacts } from '../../ts/doctor/facts/libraries.js'
import { memoryFacts } from '../../ts/doctor/facts/memory.js'
import { powerFacts } from '../../ts/doctor/facts/power.js'
import { systemFacts } from '../../ts/doctor/facts/system.js'
import { userFacts } from '../../ts/doctor/facts/user.js'
import { Machine, printable } from '../../ts/doctor/machine.js'
import { board, laptop, MadeUpRoot, orinNx, orinNxContainer, raspberryPi4 } from '../support/fake-root.js'

function machineOf({ root, env, stats, machine }: MadeUpRoot): Machine {
  const { identify: _identify, ...rest } = machine
  return new Machine({ root, env, stats, ...rest })
}

/** A file that no text file is: every byte there is, many times over. */
const GARBAGE = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256)

const FILES = [
  '/proc/device-tree/model',
  '/proc/device-tree/compatible',
  '/etc/nv_tegra_release',
  '/etc/passwd',
  '/etc/group',
  '/etc/os-release',
  '/etc/ld.so.conf',
  '/etc/nvpmodel.conf',
  '/etc/nvidia-container-runtime/host-files-for-container.d/devices.csv',
  '/proc/meminfo',
  '/proc/1/cgroup',
  '/proc/1/comm',
  '/proc/self/mountinfo',
  '/proc/sys/kernel/osrelease',
  '/var/lib/nvpmodel/status',
  '/sys/class/devfreq/154c0000.nvenc/cur_freq',
  '/sys/class/thermal/thermal_zone0/temp',
]

test('the board, the system and the user are as files say', async (t) => {
  const { facts } = await orinNx(t).diagnose()
  t.deepEqual(facts.board, {
    model: 'NVIDIA Jetson Orin NX Engineering Reference Developer Kit',
    compatible: ['nvidia,p3768-0000+p3767-0000', 'nvidia,tegra234'],
    soc: 'tegra234',
    family: 'jetson',
  })
  t.like(facts.system, {
    distribution: 'Ubuntu 22.04.5 LTS',
    kernel: '5.15.148-tegra',
    l4t: '36.4.3',
    jetpack: 'JetPack 6',
    libc: 'glibc 2.35',
  })
  t.deepEqual(facts.user, { uid: 1000, name: 'robot', groups: ['robot', 'video', 'render'], groupsOfNextLogin: [] })
})

test('L4T’s version identifies the JetPack', (t) => {
  const jetpack = (line: string) => systemFacts(machineOf(laptop(t).file('/etc/nv_tegra_release', line))).jetpack
  t.is(jetpack('# R32 (release), REVISION: 7.4, X'), 'JetPack 4.6')
  t.is(jetpack('# R32 (release), REVISION: 6.1, X'), 'JetPack 4')
  t.is(jetpack('# R35 (release), REVISION: 4.1, X'), 'JetPack 5')
  t.is(jetpack('# R38 (release), REVISION: 2.0, X'), 'JetPack 7.0')
  t.is(jetpack('# R39 (release), REVISION: 0, X'), 'JetPack 7.2')
  t.is(jetpack('# R99 (release), REVISION: 1.0, X'), null)
  t.is(jetpack('something else'), null)
})

test('boards are distinguished by their device tree', (t) => {
  const family = (model: string, ...compatible: string[]) =>
    boardFacts(machineOf(board(t, model, ...compatible))).family
  t.is(family('NVIDIA Jetson AGX Orin Developer Kit', 'nvidia,p3737-0000+p3701-0005', 'nvidia,tegra234'), 'jetson')
  t.is(family('Jetson Orin Nano 4GB', 'vendor,board', 'nvidia,tegra234'), 'orin-nano')
  t.is(family('Jetson AGX Thor', 'nvidia,tegra264'), 'thor')
  t.is(family('Raspberry Pi 4 Model B', 'raspberrypi,4-model-b', 'brcm,bcm2711'), 'raspberry-pi')
  t.is(family('Raspberry Pi 5 Model B', 'raspberrypi,5-model-b', 'brcm,bcm2712'), 'raspberry-pi-5')
  t.is(family('Radxa ROCK 5B', 'radxa,rock-5b', 'rockchip,rk3588'), null)
})

test('a board whose device tree is masked is known by what the kernel reports of its chip', (t) => {
  const known = (files: Record<string, string>) => {
    const root = laptop(t)
    for (const [path, content] of Object.entries(files)) root.file(path, `${content}\n`)
    return boardFacts(machineOf(root))
  }
  const chip = (id: string, machine: string, family = 'Tegra') =>
    known({
      '/sys/devices/soc0/family': family,
      '/sys/devices/soc0/soc_id': id,
      '/sys/devices/soc0/machine': machine,
    })
  t.deepEqual(chip('38', 'NVIDIA Jetson AGX Thor Developer Kit'), {
    model: 'NVIDIA Jetson AGX Thor Developer Kit',
    compatible: [],
    soc: 'tegra264',
    family: 'thor',
  })
  t.like(chip('35', 'NVIDIA Jetson Orin Nano Developer Kit'), { soc: 'tegra234', family: 'orin-nano' })
  t.like(chip('25', 'Jetson-AGX'), { soc: 'tegra194', family: 'jetson' })
  t.like(chip('38', 'Another board', 'Snapdragon'), { soc: null, family: null })
  const release = (line: string) => known({ '/etc/nv_tegra_release': line, '/dev/nvidia0': '' }).family
  t.is(release('# R38 (release), REVISION: 2.0, X'), 'thor')
  t.is(release('# R39 (release), REVISION: 0.0, X'), null, 'it may be an Orin, which has /dev/nvidia0 too')
})

test('nodes are reported with their permissions and what they really are', async (t) => {
  const { facts } = await orinNx(t).video(0, { kind: 'camera', card: 'Webcam', driver: 'uvcvideo' }).diagnose()
  t.deepEqual(
    facts.nodes.map(({ path, kind, numbers, owner, group, mode, mayOpen }) =>
      [path, kind, numbers, `${owner}:${group}`, mode, mayOpen].join(' '),
    ),
    [
      '/dev/host1x-fence channel 507:0 root:video 0660 true',
      '/dev/nvhost-vic channel 506:1 root:video 0660 true',
      '/dev/nvmap memory 505:0 root:video 0660 true',
      '/dev/v4l2-nvenc stub 1:3 root:root 0666 true',
      '/dev/dri/renderD128 gpu 226:128 root:render 0660 true',
      '/dev/video0 camera 81:0 root:video 0660 true',
    ],
  )
})

test('video nodes come by number', async (t) => {
  const { facts } = await laptop(t).video(10, {}).video(2, {}).file('/dev/videoX').diagnose()
  t.deepEqual(
    facts.nodes.map(({ path }) => path),
    ['/dev/video2', '/dev/video10'],
  )
})

test('libraries are reported with where their links end, inside of the root', (t) => {
  const root = orinNx(t).link('/usr/lib/aarch64-linux-gnu/libv4l/plugins/nv/libv4l2_nvargus.so', '/gone/argus.so')
  const { nvidia, system, plugins, surfaces } = libraryFacts(machineOf(root), undefined)
  const lib = '/usr/lib/aarch64-linux-gnu'
  t.deepEqual(nvidia, [{ path: `${lib}/nvidia/libnvv4l2.so`, target: `${lib}/nvidia/libnvv4l2.so`, exists: true }])
  t.deepEqual(
    system.map(({ path, target }) => `${path} -> ${target}`),
    [`${lib}/nvidia/libv4l2.so.0 -> ${lib}/nvidia/libnvv4l2.so`, `${lib}/libv4l2.so.0 -> ${lib}/nvidia/libnvv4l2.so`],
  )
  t.deepEqual(
    plugins.map(({ target, exists }) => [target, exists]),
    [
      ['/gone/argus.so', false],
      [`${lib}/nvidia/libv4l2_nvvideocodec.so`, true],
    ],
  )
  t.is(surfaces.length, 1)
})

test('containers are known by what their engines leave behind', (t) => {
  const kind = (change: (root: MadeUpRoot) => unknown) => {
    const root = laptop(t)
    change(root)
    return containerFacts(machineOf(root)).kind
  }
  t.is(
    kind(() => {}),
    null,
  )
  t.is(
    kind((root) => root.file('/.dockerenv')),
    'docker',
  )
  t.is(
    kind((root) => root.file('/run/.containerenv')),
    'podman',
  )
  t.is(
    kind((root) => root.file('/proc/1/cgroup', '11:memory:/kubepods/besteffort/pod1\n')),
    'kubernetes',
  )
  t.is(
    kind((root) => root.file('/proc/1/cgroup', '0::/\n')),
    null,
  )
  t.is(
    kind((root) => root.file('/run/systemd/container', 'podman\n')),
    'podman',
  )
  t.is(
    kind((root) => (root.env.container = 'lxc')),
    'lxc',
  )
  t.is(
    kind((root) => (root.env.KUBERNETES_SERVICE_HOST = '10.0.0.1')),
    'kubernetes',
  )
  const layers = '600 500 0:50 / / rw - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/X\n'
  t.is(
    kind((root) => root.file('/proc/self/mountinfo', layers)),
    'docker',
  )
})

test('mounted nodes and the lists of NVIDIA’s runtime are reported', (t) => {
  const root = orinNxContainer(t)
    .file('/proc/self/mountinfo', '700 600 0:6 /v4l2-nvenc /dev/v4l2-nvenc rw - devtmpfs udev rw\n')
    .file('/etc/nvidia-container-runtime/host-files-for-container.d/devices.csv', 'dev, /dev/nvmap\nlib, /x.so\n')
  const { mountedNodes, runtimeLists, visibleDevices } = containerFacts(machineOf(root))
  t.deepEqual(mountedNodes, ['/dev/v4l2-nvenc'])
  t.deepEqual(runtimeLists[0]!.devices, ['/dev/nvmap'])
  t.is(visibleDevices, 'all')
})

test('memory, power mode, clocks and temperatures are numbers', (t) => {
  const root = orinNx(t)
    .file('/var/lib/nvpmodel/status', 'pmode:0002\n')
    .file('/sys/class/devfreq/154c0000.nvenc/cur_freq', '115200000\n')
    .file('/sys/class/thermal/thermal_zone0/temp', '45500\n')
  t.is(memoryFacts(machineOf(root)).available, 12_000_000 * 1024)
  const { mode, clocks, thermal } = powerFacts(machineOf(root))
  t.deepEqual(mode, { id: 2, name: null })
  t.deepEqual(clocks, [{ name: '154c0000.nvenc', current: 115_200_000, most: null, governor: null }])
  t.deepEqual(thermal, [{ name: 'thermal_zone0', celsius: 45.5, limit: null }])
})

test('processes that hold an encoder are found by their descriptors, this one left out', async (t) => {
  const root = raspberryPi4(t)
    .process(12, 'ffmpeg', '/dev/null', '/dev/video11', '/dev/video11')
    .process(13, 'other', '/dev/video10')
    .process(process.pid, 'node', '/dev/video11')
  const { facts } = await root.diagnose()
  t.deepEqual(facts.deviceUsers, { seen: [{ pid: 12, command: 'ffmpeg', path: '/dev/video11' }], unseen: 0 })
})

test('a root without anything in it is unknown, not a failure', async (t) => {
  const root = new MadeUpRoot(t)
  const { facts, summary } = await root.diagnose({})
  t.like(facts.board, { model: null, soc: null, family: null })
  t.like(facts.system, { l4t: null, kernel: null, distribution: null })
  t.deepEqual(facts.memory, { total: null, available: null, cmaTotal: null, cmaFree: null })
  t.deepEqual(facts.nodes, [])
  t.regex(summary, /^Hardware does not encode here: /)
})

test('a root that does not exist is unknown too', async (t) => {
  const root = new MadeUpRoot(t)
  const { findings } = await root.diagnose({}, { root: '/nowhere/at/all' })
  t.deepEqual(
    findings.map(({ id }) => id),
    ['no-encoder'],
  )
})

test('files full of garbage change nothing but what they say, and none of it is shown', async (t) => {
  const root = laptop(t)
  for (const file of FILES) root.file(file, GARBAGE)
  const { facts, findings } = await root.diagnose()
  t.is(facts.system.l4t, null)
  t.is(facts.memory.available, null)
  t.is(facts.power.mode, null)
  t.deepEqual(
    findings.map(({ id }) => id),
    ['no-encoder'],
  )
  // eslint-disable-next-line no-control-regex
  t.notRegex(JSON.stringify(facts), /\\u00[01]|[\u0000-\u001F]/)
})

test('directories, pipes, endless links and unreadable files in the place of files are unknown', async (t) => {
  const root = laptop(t).without('/etc/os-release', '/etc/group', '/proc/meminfo', '/etc/passwd')
  root
    .directory('/etc/os-release')
    .link('/etc/group', 'group')
    .link('/proc/meminfo', '/etc/loop')
    .link('/etc/loop', '/proc/meminfo')
  execFileSync('mkfifo', [root.place('/etc/nv_tegra_release')])
  root.file('/etc/passwd', 'robot:x:1000:1000::/:\n')
  chmodSync(root.place('/etc/passwd'), 0)
  const { facts } = await root.diagnose()
  t.is(facts.system.distribution, null)
  t.is(facts.system.l4t, null)
  t.is(facts.memory.total, null)
})

test('links do not lead out of the root', (t) => {
  const root = laptop(t).file('/etc/hostname', 'made-up\n').link('/etc/climb', '../../../../../etc/hostname')
  root.link('/etc/absolute', '/etc/hostname')
  const machine = machineOf(root)
  t.is(machine.line('/etc/climb'), 'made-up')
  t.is(machine.line('/etc/absolute'), 'made-up')
})

test('this machine is looked at without a failure', async (t) => {
  const machine = new Machine()
  t.truthy(systemFacts(machine).kernel)
  t.is(typeof memoryFacts(machine).total, 'number')
  t.is(userFacts(machine).uid, process.geteuid!())
  const { type, major, minor } = machine.stat('/dev/null')!
  t.deepEqual([type, major, minor], ['character', 1, 3])
  t.is(machine.denial('/dev/null'), null)
})

test('what is shown is one printable line of a bounded length', (t) => {
  t.is(printable('\u001B[31mred\u0000\n two\u0007 '), '[31mred two')
  t.is(printable('x'.repeat(1000)).length, 200)
})
