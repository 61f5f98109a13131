import { checkEncoderOptions } from '../config.js'
import type { NativeAddon, NativeRejection } from '../native.js'
import type { NodeFacts, NodeKind } from './facts/nodes.js'
import type { Machine } from './machine.js'

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

/** The selection's own words for what is no encoder. */
const WORDS: readonly (readonly [pattern: RegExp, kind: NodeKind])[] = [
  [/is a decoder/, 'decoder'],
  [/codes JPEG only/, 'jpeg-encoder'],
  [/scales or converts/, 'converter'],
  [/is a camera/, 'camera'],
  [/v4l2loopback/, 'loopback'],
  [/is no encoder/, 'other'],
]

function ofRejection({ code, message }: NativeRejection): NodeIdentity {
  const kind = WORDS.find(([pattern]) => pattern.test(message))?.[1]
  const card = / \((.*)\) (?:is|codes|scales) /.exec(message)?.[1] ?? null
  const nothing = { driver: null, bus: null, codes: [] }
  return kind === undefined ? { ...nothing, kind: 'unknown', card, code, message } : { ...nothing, kind, card }
}

/**
 * Where everything that could encode is asked, as the selection asks it; a made-up root is told to the addon.
 *
 * @internal
 */
export function rootOf(machine: Machine): { root?: string } {
  return machine.root === '/' ? {} : { root: machine.root }
}

async function rejections(addon: NativeAddon, machine: Machine): Promise<NativeRejection[]> {
  const { native } = checkEncoderOptions({ codec: 'h264', hardware: 'require', log: 'silent' }, 'diagnose()')
  const answer = await addon.isSupported({ ...native, ...rootOf(machine) }, false)
  return 'error' in answer ? [] : answer.rejected
}

async function identities(addon: NativeAddon, machine: Machine): Promise<Map<string, NodeIdentity>> {
  const { root } = rootOf(machine)
  const known = new Map<string, NodeIdentity>()
  for (const rejection of await rejections(addon, machine)) {
    if (rejection.device !== null) known.set(machine.pathOf(rejection.device), ofRejection(rejection))
  }
  const { cameras } = await addon.listCameras(root)
  for (const { device, name, driver, bus } of cameras) {
    known.set(machine.pathOf(device), { kind: 'camera', driver, card: name, bus, codes: [] })
  }
  for (const { backend, device, name, driver = null, bus = null, codecs } of await addon.listEncoders({
    probe: false,
    ...rootOf(machine),
  })) {
    if (backend !== 'v4l2' || device === null) continue
    known.set(machine.pathOf(device), { kind: 'encoder', driver, card: name, bus, codes: codecs })
  }
  return known
}

/**
 * Identifies nodes by what the selection of encoders and the list of cameras say of them; both are asked once.
 *
 * @internal
 */
export function identifyByListing(addon: NativeAddon, machine: Machine): IdentifyNode {
  let asked: Promise<Map<string, NodeIdentity>> | undefined
  return async (path) => {
    asked ??= identities(addon, machine)
    return (await asked).get(path) ?? { kind: 'unknown', driver: null, card: null, bus: null, codes: [] }
  }
}
