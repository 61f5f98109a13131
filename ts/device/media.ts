import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { V4l2EncoderError } from '../shared/errors.js'
import type { NativeAddon } from '../native/addon.js'
import { deviceNumbers } from '../shared/device-numbers.js'
import { Channel } from './channel.js'
import { nonsense } from './failure.js'
import type { Field, ValueOf } from './layout.js'
import type { Request } from './requests.js'
import { media_device_info, media_v2_topology } from './structs/index.js'

const READ_AND_WRITE = 3
const TYPE = '|'.charCodeAt(0)

function request<T>(name: string, number: number, layout: Field<T>): Request<T> {
  const direction = READ_AND_WRITE << 30
  return { name: `MEDIA_IOC_${name}`, number: (direction | (layout.size << 16) | (TYPE << 8) | number) >>> 0, layout }
}

/** Those requests of `<linux/media.h>` that tell what a device is, by their name there without `MEDIA_IOC_`. */
export const MediaRequests = {
  /** Which driver it has, and where it is attached. */
  DEVICE_INFO: request('DEVICE_INFO', 0, media_device_info),
  /** Its parts, nodes, pads and links. */
  G_TOPOLOGY: request('G_TOPOLOGY', 4, media_v2_topology),
}

/** The numbers of a node below `/dev`. */
export interface NodeNumbers {
  /** Which driver. */
  major: number
  /** Which of its nodes. */
  minor: number
}

/** A media device: the whole that a node is a part of, such as a camera with sensor, processor and memory. */
export interface MediaInfo {
  /** What it is. */
  device: ValueOf<typeof media_device_info>
  /** Its parts; nothing where the driver does not tell. */
  topology?: Topology
  /** The numbers of the node that it was found by. */
  node: NodeNumbers
}

type Raw = ValueOf<typeof media_v2_topology>

/** Everything of a media device, in the kernel's names. */
export interface Topology {
  /** What does something. */
  entities: NonNullable<Raw['ptr_entities']>
  /** Through which nodes programs reach it. */
  interfaces: NonNullable<Raw['ptr_interfaces']>
  /** Where data go in and out. */
  pads: NonNullable<Raw['ptr_pads']>
  /** What is connected with what. */
  links: NonNullable<Raw['ptr_links']>
}

/** More than any device has of anything. */
const MOST = 4096

/** Undefined of a node that is no longer there. */
function numbersOf(node: string): NodeNumbers | undefined {
  const rdev = statSync(node, { bigint: true, throwIfNoEntry: false })?.rdev
  return rdev === undefined ? undefined : deviceNumbers(rdev)
}

/** The node of the media device that this one belongs to, as sysfs tells; undefined where there is none. */
function mediaNodeOf({ major, minor }: NodeNumbers, root: string): string | undefined {
  try {
    const folder = join(root, `sys/dev/char/${major}:${minor}/device`)
    const found = readdirSync(folder).find((name) => /^media\d/.test(name))
    return found === undefined ? undefined : join(root, 'dev', found)
  } catch {
    return undefined
  }
}

function count(counts: Raw, name: 'num_entities' | 'num_interfaces' | 'num_pads' | 'num_links', path: string): number {
  if (counts[name] <= MOST) return counts[name]
  throw nonsense('MEDIA_IOC_G_TOPOLOGY', path, `${counts[name]} of ${name.slice(4)}`)
}

/** First how many there are of everything, then everything. */
async function topologyOf(channel: Channel): Promise<Topology | undefined> {
  const counted = await channel.attempt(MediaRequests.G_TOPOLOGY, {})
  if (counted.errno !== undefined) return undefined
  const lengths = {
    num_entities: count(counted.value, 'num_entities', channel.path),
    num_interfaces: count(counted.value, 'num_interfaces', channel.path),
    num_pads: count(counted.value, 'num_pads', channel.path),
    num_links: count(counted.value, 'num_links', channel.path),
  }
  const room = (length: number) => Array.from({ length }, () => ({}))
  const { value, errno } = await channel.attempt(MediaRequests.G_TOPOLOGY, {
    ...lengths,
    ptr_entities: room(lengths.num_entities),
    ptr_interfaces: room(lengths.num_interfaces),
    ptr_pads: room(lengths.num_pads),
    ptr_links: room(lengths.num_links),
  })
  if (errno !== undefined) return undefined
  const { ptr_entities = [], ptr_interfaces = [], ptr_pads = [], ptr_links = [] } = value
  return { entities: ptr_entities, interfaces: ptr_interfaces, pads: ptr_pads, links: ptr_links }
}

async function askMedia(channel: Channel, node: NodeNumbers): Promise<MediaInfo | undefined> {
  const { value: device, errno } = await channel.attempt(MediaRequests.DEVICE_INFO, {})
  if (errno !== undefined) return undefined
  const topology = await topologyOf(channel)
  return { device, node, ...(topology ? { topology } : {}) }
}

/**
 * The media device that a node belongs to; undefined where there is none, or it does not say what it is. `timeout` is of each request,
 * in milliseconds.
 *
 * @internal
 */
export async function mediaOf(
  loadAddon: () => NativeAddon,
  node: string,
  timeout: number,
  root = '/',
): Promise<MediaInfo | undefined> {
  const numbers = numbersOf(node)
  if (!numbers) return undefined
  const path = mediaNodeOf(numbers, root)
  if (path === undefined) return undefined
  const channel = await Channel.open(loadAddon(), { path, transport: 'kernel' }, timeout).catch(() => undefined)
  if (!channel) return undefined
  try {
    return await askMedia(channel, numbers)
  } catch (error) {
    // One that hangs or lies takes nothing from what the node itself tells.
    if (!(error instanceof V4l2EncoderError)) throw error
    return undefined
  } finally {
    await channel.close().catch(() => {})
  }
}
