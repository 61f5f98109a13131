import { printable } from '../machine.js'
import type { Machine } from '../machine.js'

/** What NVIDIA's container runtime passes into containers, as a list of it says. */
export interface RuntimeList {
  /** The file. */
  path: string
  /** The device nodes it names, at most 256. */
  devices: readonly string[]
}

/** Whether this is a container, and what was passed into it. */
export interface ContainerFacts {
  /** Its kind; null outside of a container. */
  kind: 'docker' | 'podman' | 'kubernetes' | 'lxc' | 'other' | null
  /** Why we think so. */
  signs: readonly string[]
  /** Device nodes that are mounted one by one. */
  mountedNodes: readonly string[]
  /** The environment variable `NVIDIA_VISIBLE_DEVICES`; null when it is not set. */
  visibleDevices: string | null
  /** The environment variable `NVIDIA_DRIVER_CAPABILITIES`; null when it is not set. */
  driverCapabilities: string | null
  /** Lists of NVIDIA's container runtime; they are visible on the host only, as a rule. */
  runtimeLists: readonly RuntimeList[]
}

type Kind = NonNullable<ContainerFacts['kind']>

const LISTS = '/etc/nvidia-container-runtime/host-files-for-container.d'
const LISTED_FILES = 32
const LISTED_DEVICES = 256

/** In the names of control groups and of the root's layers. */
const WORDS: readonly (readonly [RegExp, Kind])[] = [
  [/kubepods|kubernetes/, 'kubernetes'],
  [/libpod|podman|containers\/storage/, 'podman'],
  [/docker/, 'docker'],
  [/\/lxc|lxc\.payload/, 'lxc'],
  [/containerd/, 'other'],
]

interface Mount {
  point: string
  root: boolean
  line: string
}

function mountsOf(machine: Machine): Mount[] {
  const lines = (machine.text('/proc/self/mountinfo') ?? machine.text('/proc/1/mountinfo') ?? '').split('\n')
  return lines.flatMap((line) => {
    const point = line.split(' ')[4]
    return point === undefined ? [] : [{ point: printable(point), root: point === '/', line }]
  })
}

function byWords(text: string): Kind | undefined {
  return WORDS.find(([pattern]) => pattern.test(text))?.[1]
}

/** Signs in the order in which they are believed. */
function signsOf(machine: Machine, mounts: readonly Mount[]): { kind: Kind; sign: string }[] {
  const rootMount = mounts.find(({ root }) => root)?.line ?? ''
  const overlay = / - overlay /.test(rootMount) ? byWords(rootMount) : undefined
  const group = byWords(machine.text('/proc/1/cgroup') ?? '')
  const variable = machine.env.container
  const systemd = machine.line('/run/systemd/container')
  const all: (readonly [Kind | undefined, string])[] = [
    [machine.env.KUBERNETES_SERVICE_HOST ? 'kubernetes' : undefined, 'KUBERNETES_SERVICE_HOST is set'],
    [machine.exists('/run/.containerenv') ? 'podman' : undefined, '/run/.containerenv exists'],
    [machine.exists('/.dockerenv') ? 'docker' : undefined, '/.dockerenv exists'],
    [group, '/proc/1/cgroup names it'],
    [overlay, 'the root directory is a layered one'],
    [systemd ? (byWords(`/${systemd}`) ?? 'other') : undefined, `/run/systemd/container says ${systemd}`],
    [
      variable ? (byWords(`/${variable}`) ?? 'other') : undefined,
      `the variable container is ${printable(variable ?? '')}`,
    ],
  ]
  return all.flatMap(([kind, sign]) => (kind === undefined ? [] : [{ kind, sign }]))
}

function runtimeLists(machine: Machine): RuntimeList[] {
  const files = machine.names(LISTS).filter((name) => name.endsWith('.csv'))
  return files.slice(0, LISTED_FILES).map((name) => {
    const path = `${LISTS}/${name}`
    const found = [...(machine.text(path) ?? '').matchAll(/^\s*dev\s*,\s*(\/dev\/[\w./-]{1,100})\s*$/gm)]
    return { path, devices: found.slice(0, LISTED_DEVICES).map(([, device]) => device!) }
  })
}

/**
 * Looks for what container engines leave behind, and for NVIDIA's variables and lists.
 *
 * @internal
 */
export function containerFacts(machine: Machine): ContainerFacts {
  const mounts = mountsOf(machine)
  const signs = signsOf(machine, mounts)
  const variable = (name: string) => (machine.env[name] === undefined ? null : printable(machine.env[name]))
  return {
    kind: signs[0]?.kind ?? null,
    signs: signs.map(({ sign }) => sign),
    mountedNodes: mounts.map(({ point }) => point).filter((point) => /^\/dev\/(?:v4l2-|nv|video|host1x)/.test(point)),
    visibleDevices: variable('NVIDIA_VISIBLE_DEVICES'),
    driverCapabilities: variable('NVIDIA_DRIVER_CAPABILITIES'),
    runtimeLists: runtimeLists(machine),
  }
}
