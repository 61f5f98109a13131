import { posix } from 'node:path'
import type { Machine, NodeStat } from '../machine.js'
import { groupsOf, userNameOf } from './user.js'

/** What a device node really is. */
export type NodeKind =
  | 'stub'
  | 'channel'
  | 'memory'
  | 'gpu'
  | 'encoder'
  | 'jpeg-encoder'
  | 'decoder'
  | 'converter'
  | 'camera'
  | 'metadata'
  | 'loopback'
  | 'other'
  | 'unknown'

/** A device node that has to do with video. */
export interface NodeFacts {
  /** Such as `'/dev/v4l2-nvenc'`. */
  path: string
  /**
   * What it really is: a `'stub'` that only NVIDIA's library answers on, a `'channel'` to a part of NVIDIA's chip, NVIDIA's
   * `'memory'` or `'gpu'`, or what the kernel's driver says; `'unknown'` when nobody could be asked.
   */
  kind: NodeKind
  /** What the file system has there: a device has the type `'character'`. */
  type: 'character' | 'block' | 'directory' | 'file' | 'other'
  /** The device's numbers, such as `'1:3'`; null when it is no device. */
  numbers: string | null
  /** The owner's name, or number. */
  owner: string
  /** The group's name, or number. */
  group: string
  /** The permissions as octal digits, such as `'0660'`. */
  mode: string
  /** Whether this process may use it. */
  mayOpen: boolean
  /**
   * Why it may not, as the name of an error number: `'EACCES'` by the permissions, `'EPERM'` by the device rules of a container or by a
   * sandbox although the permissions allow it; null when it may.
   */
  denial: string | null
  /** The kernel driver; null when there is none, or it could not be asked. */
  driver: string | null
  /** What it calls itself; null likewise. */
  card: string | null
  /** Where it is attached; null likewise. */
  bus: string | null
  /** What it encodes, where it is an encoder: codecs by their names here, or V4L2's four characters. */
  codes: readonly string[]
  /** Why it could not be asked, as one of the error codes. */
  code?: string
  /** Why it could not be asked, as a sentence. */
  message?: string
}

/**
 * What a kernel's video node says that it is.
 *
 * @internal
 */
export type NodeIdentity = Pick<NodeFacts, 'kind' | 'driver' | 'card' | 'bus' | 'codes' | 'code' | 'message'>

/**
 * Asks the node at a path of the machine, such as `/dev/video0`.
 *
 * @internal
 */
export type IdentifyNode = (path: string) => Promise<NodeIdentity>

/**
 * NVIDIA's encoder: of JetPack 6 and 7, then of JetPack 4 and 5.
 *
 * @internal
 */
export const NVIDIA_ENCODERS: readonly string[] = ['/dev/v4l2-nvenc', '/dev/nvhost-msenc']

const NVIDIA_NODE = /^(?:v4l2-nv\w+|nvhost-[\w-]+|nvmap|host1x[\w-]*|nvidia\d+|nvidiactl)$/
/** Through which NVIDIA's library reaches the engines from JetPack 6 on; other machines' are nothing to do with video here. */
const RENDER_NODE = /^renderD\d+$/
const VIDEO_NODE = /^video(\d{1,6})$/
const NODES = 256
/** `/dev/null`, under whatever name. */
const NULL_DEVICE = '1:3'

const ROLES: readonly (readonly [pattern: RegExp, kind: NodeKind])[] = [
  [/^nvmap$/, 'memory'],
  [/^(?:nvidia|renderD)/, 'gpu'],
  [/^(?:nvhost-|host1x)/, 'channel'],
]

const NOBODY: NodeIdentity = { kind: 'unknown', driver: null, card: null, bus: null, codes: [] }

function kindOfNvidia(name: string, { type }: NodeStat, numbers: string | null): NodeKind {
  if (numbers === NULL_DEVICE) return 'stub'
  if (type !== 'character') return 'unknown'
  return ROLES.find(([pattern]) => pattern.test(name))?.[1] ?? 'other'
}

function numberOf(name: string): number {
  return Number(VIDEO_NODE.exec(name)![1])
}

function rights(machine: Machine, path: string, stat: NodeStat): Omit<NodeFacts, keyof NodeIdentity> {
  const { type, major, minor, mode, uid, gid } = stat
  const isDevice = type === 'character' || type === 'block'
  const denial = machine.denial(path)
  return {
    path,
    type,
    numbers: isDevice ? `${major}:${minor}` : null,
    owner: userNameOf(machine, uid) ?? String(uid),
    group: groupsOf(machine).find((group) => group.gid === gid)?.name ?? String(gid),
    mode: mode.toString(8).padStart(4, '0'),
    mayOpen: denial === null,
    denial,
  }
}

/** NVIDIA's nodes by name; nothing is opened, since opening one can wake a part of the chip. */
function nvidiaNodes(machine: Machine): NodeFacts[] {
  const names = machine.names('/dev').filter((name) => NVIDIA_NODE.test(name))
  const isJetson = names.some((name) => name.startsWith('v4l2-nv') || name.startsWith('nvhost-') || name === 'nvmap')
  const render = isJetson ? machine.names('/dev/dri').filter((name) => RENDER_NODE.test(name)) : []
  const paths = [...names, ...render.map((name) => `dri/${name}`)]
  return paths.slice(0, NODES).flatMap((path) => {
    const stat = machine.stat(`/dev/${path}`)
    if (!stat) return []
    const facts = rights(machine, `/dev/${path}`, stat)
    return [{ ...NOBODY, ...facts, kind: kindOfNvidia(posix.basename(path), stat, facts.numbers) }]
  })
}

/** The kernel's video nodes by number, each asked what it is. */
async function videoNodes(machine: Machine, identify: IdentifyNode): Promise<NodeFacts[]> {
  const names = machine.names('/dev').filter((name) => VIDEO_NODE.test(name))
  const numbered = names.toSorted((a, b) => numberOf(a) - numberOf(b)).slice(0, NODES)
  const found: NodeFacts[] = []
  for (const name of numbered) {
    const path = `/dev/${name}`
    const stat = machine.stat(path)
    if (!stat) continue
    const identity = await identify(path).catch(asUnknown)
    found.push({ ...named(machine, name, identity), ...rights(machine, path, stat) })
  }
  return found
}

function asUnknown(error: { code?: string; message?: string }): NodeIdentity {
  return { ...NOBODY, code: error.code ?? 'ERR_DEVICE', message: error.message ?? 'It could not be asked.' }
}

/** The driver that the kernel reports to everybody, also of a node that may not be opened. */
function driverOf(machine: Machine, place: string): string | null {
  const { path, exists } = machine.resolve(`${place}/device/driver`)
  return exists ? posix.basename(path) : null
}

function named(machine: Machine, name: string, identity: NodeIdentity): NodeIdentity {
  const place = `/sys/class/video4linux/${name}`
  const driver = identity.driver ?? driverOf(machine, place)
  const card = identity.card ?? machine.line(`${place}/name`) ?? null
  // Whatever a webcam's node gives, pictures or their metadata, it encodes nothing for others.
  const isWebcam = identity.kind === 'unknown' && driver === 'uvcvideo'
  return { ...identity, card, driver, ...(isWebcam && { kind: 'camera' }) }
}

/**
 * Every device node that has to do with video.
 *
 * @internal
 */
export async function nodeFacts(machine: Machine, identify: IdentifyNode): Promise<NodeFacts[]> {
  return [...nvidiaNodes(machine), ...(await videoNodes(machine, identify))]
}
