import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { diagnoseOn } from '../../ts/doctor/diagnose.js'
import type { DiagnosedMachine } from '../../ts/doctor/diagnose.js'
import type { Diagnosis, DiagnoseOptions } from '../../ts/doctor/diagnosis.js'
import type { NodeIdentity } from '../../ts/doctor/facts/nodes.js'
import { Machine } from '../../ts/doctor/machine.js'
import type { NodeStat } from '../../ts/doctor/machine.js'
import type { NativeEncoderInfo } from '../../ts/native/addon.js'
import { FakeAddon } from './fake-addon.js'

/** The number of the group `video`, as on Debian and Ubuntu. */
export const VIDEO = 44
/** The number of the group `render`, which the distributions give from above. */
export const RENDER = 104
export const USER = 1000

const LIBRARIES = '/usr/lib/aarch64-linux-gnu'
const NVIDIA = `${LIBRARIES}/nvidia`
export const PLUGINS = `${LIBRARIES}/libv4l/plugins/nv`
/** The major number of kernel video nodes. */
const VIDEO_MAJOR = 81

/** A machine that is made of files: a root directory, and what `stat` would say of device nodes, which only root can make. */
export class MadeUpRoot {
  readonly root: string
  readonly addon = new FakeAddon()
  readonly stats = new Map<string, NodeStat>()
  readonly identities = new Map<string, NodeIdentity>()
  readonly env: Record<string, string | undefined> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }
  machine: Omit<DiagnosedMachine, 'root' | 'env' | 'stats'> = {
    platform: 'linux',
    arch: 'arm64',
    libc: 'glibc 2.35',
    uid: USER,
    gids: [USER, VIDEO, RENDER],
    identify: (path) => Promise.resolve(this.#identityOf(path)),
  }

  constructor(t: ExecutionContext) {
    this.root = mkdtempSync(join(tmpdir(), 'made-up-root-'))
    t.teardown(() => rmSync(this.root, { recursive: true, force: true }))
  }

  place(path: string): string {
    return join(this.root, path)
  }

  file(path: string, content: string | Uint8Array = ''): this {
    mkdirSync(dirname(this.place(path)), { recursive: true })
    writeFileSync(this.place(path), content)
    return this
  }

  directory(path: string): this {
    mkdirSync(this.place(path), { recursive: true })
    return this
  }

  link(path: string, target: string): this {
    mkdirSync(dirname(this.place(path)), { recursive: true })
    symlinkSync(target, this.place(path))
    return this
  }

  /** A file in the place of a device, and what `stat` says of it. */
  node(path: string, numbers: string, stat: Partial<NodeStat> = {}): this {
    const [major, minor] = numbers.split(':').map(Number) as [number, number]
    this.stats.set(path, { type: 'character', major, minor, mode: 0o660, uid: 0, gid: VIDEO, ...stat })
    return this.file(path)
  }

  /** A kernel video node that says what it is. */
  video(number: number, identity: Partial<NodeIdentity>, stat: Partial<NodeStat> = {}): this {
    const nothing = { kind: 'unknown' as const, driver: null, card: null, bus: null, codes: [] }
    this.identities.set(`/dev/video${number}`, { ...nothing, ...identity })
    return this.node(`/dev/video${number}`, `${VIDEO_MAJOR}:${number}`, stat)
  }

  process(pid: number, command: string, ...open: string[]): this {
    this.file(`/proc/${pid}/comm`, `${command}\n`).directory(`/proc/${pid}/fd`)
    for (const [descriptor, path] of open.entries()) this.link(`/proc/${pid}/fd/${descriptor + 3}`, path)
    return this
  }

  without(...paths: string[]): this {
    for (const path of paths) {
      rmSync(this.place(path), { recursive: true, force: true })
      this.stats.delete(path)
    }
    return this
  }

  #denial(path: string): string | null {
    const { root, stats, env } = this
    return new Machine({ ...this.machine, root, stats, env }).denial(path)
  }

  /** As the kernel does it: a node that may not be opened cannot be asked. */
  #identityOf(path: string): NodeIdentity {
    const nothing = { kind: 'unknown' as const, driver: null, card: null, bus: null, codes: [] }
    const denial = this.#denial(path)
    if (denial === null) return this.identities.get(path) ?? nothing
    return { ...nothing, code: 'ERR_PERMISSION', message: `Opening ${path} failed with ${denial}.` }
  }

  encoder(info: Partial<NativeEncoderInfo>): this {
    const { device = null } = info
    const place = device === null ? null : this.place(device)
    this.addon.encoders.push({
      backend: 'v4l2',
      name: 'encoder',
      codecs: ['h264'],
      available: true,
      ...info,
      device: place,
    })
    return this
  }

  /** As the native part does it: what a kernel node is that may not be opened, nobody knows. */
  #asListed(info: NativeEncoderInfo): NativeEncoderInfo {
    const { backend, device } = info
    const denial = device === null ? null : this.#denial(device.slice(this.root.length))
    if (denial === null) return info
    const message = `Opening ${device} failed with ${denial}.`
    const refusal = { available: false, code: 'ERR_PERMISSION', message } as const
    return backend === 'v4l2' ? { backend, device, name: device!, codecs: [], ...refusal } : { ...info, ...refusal }
  }

  diagnose(options: DiagnoseOptions = { probe: false }, more: DiagnosedMachine = {}): Promise<Diagnosis> {
    const { root, env, stats, addon } = this
    addon.encoders = addon.encoders.map((info) => this.#asListed(info))
    return diagnoseOn(() => addon, options, { ...this.machine, root, env, stats, ...more })
  }
}

function tree(root: MadeUpRoot, model: string, ...compatible: string[]): MadeUpRoot {
  return root
    .file('/proc/device-tree/model', `${model}\0`)
    .file('/proc/device-tree/compatible', `${compatible.join('\0')}\0`)
}

function system(root: MadeUpRoot): MadeUpRoot {
  return root
    .file('/etc/passwd', `root:x:0:0::/nonexistent:/bin/sh\nrobot:x:${USER}:${USER}::/nonexistent:/bin/sh\n`)
    .file('/etc/group', `root:x:0:\nvideo:x:${VIDEO}:robot\nrender:x:${RENDER}:robot\nrobot:x:${USER}:\n`)
    .file('/etc/os-release', 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\n')
    .file('/proc/sys/kernel/osrelease', '6.8.0-60-generic\n')
    .file(
      '/proc/meminfo',
      'MemTotal:       15656072 kB\nMemAvailable:   12000000 kB\nCmaTotal: 262144 kB\nCmaFree: 200000 kB\n',
    )
    .file('/usr/sbin/lsmod')
}

function nvidiaFiles(root: MadeUpRoot): MadeUpRoot {
  return root
    .file('/proc/sys/kernel/osrelease', '5.15.148-tegra\n')
    .file('/etc/nv_tegra_release', '# R36 (release), REVISION: 4.3, GCID: 38968081, BOARD: generic\n')
    .file('/etc/ld.so.conf.d/nvidia-tegra.conf', `${NVIDIA}\n`)
    .file(`${NVIDIA}/libnvv4l2.so`)
    .file(`${NVIDIA}/libnvbufsurface.so`)
    .file(`${NVIDIA}/libv4l2_nvvideocodec.so`)
    .link(`${NVIDIA}/libv4l2.so.0`, 'libnvv4l2.so')
    .link(`${LIBRARIES}/libv4l2.so.0.0.999999`, 'nvidia/libv4l2.so.0')
    .link(`${LIBRARIES}/libv4l2.so.0`, 'libv4l2.so.0.0.999999')
    .link(`${PLUGINS}/libv4l2_nvvideocodec.so`, '../../../nvidia/libv4l2_nvvideocodec.so')
}

/** A Jetson Orin NX with JetPack 6, on which all is well. */
export function orinNx(t: ExecutionContext): MadeUpRoot {
  const root = nvidiaFiles(system(new MadeUpRoot(t)))
  tree(
    root,
    'NVIDIA Jetson Orin NX Engineering Reference Developer Kit',
    'nvidia,p3768-0000+p3767-0000',
    'nvidia,tegra234',
  )
  return root
    .node('/dev/v4l2-nvenc', '1:3', { mode: 0o666, gid: 0 })
    .node('/dev/nvmap', '505:0')
    .node('/dev/nvhost-vic', '506:1')
    .node('/dev/host1x-fence', '507:0')
    .node('/dev/dri/renderD128', '226:128', { gid: RENDER })
    .encoder({ backend: 'jetson', device: '/dev/v4l2-nvenc', name: 'NVIDIA Jetson encoder', codecs: ['h264', 'h265'] })
}

/** The same inside of a container that was started as it should be. */
export function orinNxContainer(t: ExecutionContext): MadeUpRoot {
  const root = orinNx(t).file('/.dockerenv').without('/proc/device-tree')
  Object.assign(root.env, { NVIDIA_VISIBLE_DEVICES: 'all', NVIDIA_DRIVER_CAPABILITIES: 'all' })
  return root
}

/** A Jetson Thor as NVIDIA delivers it: the node of other boards, with another plugin behind it. */
export function thor(t: ExecutionContext): MadeUpRoot {
  const root = tree(nvidiaFiles(system(new MadeUpRoot(t))), 'NVIDIA Jetson AGX Thor', 'nvidia,p4071', 'nvidia,tegra264')
  return root
    .file('/proc/sys/kernel/osrelease', '6.8.12-tegra\n')
    .file('/etc/nv_tegra_release', '# R38 (release), REVISION: 2.0, GCID: 1, BOARD: generic\n')
    .file(`${PLUGINS}/libv4l2_nvcuvidvideocodec.so`)
    .node('/dev/v4l2-nvenc', '1:3', { mode: 0o666, gid: 0 })
    .node('/dev/nvidia0', '195:0', { mode: 0o666, gid: 0 })
    .encoder({ backend: 'jetson', device: '/dev/v4l2-nvenc', name: 'NVIDIA Jetson encoder', codecs: ['h264', 'h265'] })
}

/** A Raspberry Pi 4, on which all is well. */
export function raspberryPi4(t: ExecutionContext): MadeUpRoot {
  const root = tree(
    system(new MadeUpRoot(t)),
    'Raspberry Pi 4 Model B Rev 1.4',
    'raspberrypi,4-model-b',
    'brcm,bcm2711',
  )
  const driver = 'bcm2835-codec'
  return root
    .video(10, { kind: 'decoder', driver, card: 'bcm2835-codec-decode' })
    .video(11, { kind: 'encoder', driver, card: 'bcm2835-codec-encode', codes: ['h264'] })
    .encoder({ device: '/dev/video11', name: 'bcm2835-codec-encode', driver })
}

/** Another board by its device tree, with nothing that encodes. */
export function board(t: ExecutionContext, model: string, ...compatible: string[]): MadeUpRoot {
  return tree(system(new MadeUpRoot(t)), model, ...compatible)
}

/** Any computer, with nothing that encodes. */
export function laptop(t: ExecutionContext): MadeUpRoot {
  const root = system(new MadeUpRoot(t))
  root.machine.arch = 'x64'
  return root
}
