import type { Probe } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'
import { NVIDIA_ENCODERS } from '../facts/nodes.js'
import type { NodeFacts } from '../facts/nodes.js'
import { WARM_UP_FRAMES } from '../probe-request.js'

/**
 * A Jetson by its device tree, release file, kernel or nodes: a container need not show all of them.
 *
 * @internal
 */
export function isJetson({ board, system, nodes }: Facts): boolean {
  const hasNode = nodes.some(({ path }) => /^\/dev\/(?:v4l2-nv|nvhost-|nvmap)/.test(path))
  const hasKernel = system.kernel?.endsWith('-tegra') ?? false
  return board.family === 'jetson' || hasNoUsableEncoder(board.family) || system.l4t !== null || hasKernel || hasNode
}

/**
 * Jetson boards whose encoder is missing, or not one that this package reaches.
 *
 * @internal
 */
export function hasNoUsableEncoder(family: Facts['board']['family']): boolean {
  return family === 'orin-nano' || family === 'thor'
}

/**
 * A Jetson whose encoder needs none of the libraries and nodes that those before it do.
 *
 * @internal
 */
export function isThor({ board }: Facts): boolean {
  return board.family === 'thor'
}

/** @internal */
export function nvidiaEncoders({ nodes }: Facts): NodeFacts[] {
  return nodes.filter(({ path }) => NVIDIA_ENCODERS.includes(path))
}

/**
 * Those that are devices: a file in their place is a stand-in, which needs none of what a board does.
 *
 * @internal
 */
export function boardEncoders(facts: Facts): NodeFacts[] {
  return nvidiaEncoders(facts).filter(({ type }) => type === 'character')
}

/** @internal */
export function kernelNodes({ nodes }: Facts): NodeFacts[] {
  return nodes.filter(({ path }) => /^\/dev\/video\d+$/.test(path))
}

/**
 * Devices that this process may not use, for whatever reason.
 *
 * @internal
 */
export function closed(nodes: readonly NodeFacts[]): NodeFacts[] {
  return nodes.filter(({ mayOpen, type }) => !mayOpen && type === 'character')
}

/**
 * Closed nodes that may be an encoder. Cameras that may not be opened are their owner's business.
 *
 * @internal
 */
export function unknownVideo(facts: Facts): NodeFacts[] {
  return closed(kernelNodes(facts)).filter(({ kind }) => kind === 'unknown' || kind === 'encoder')
}

/**
 * Nodes that were asked what they are, and did not say it: any of them may be an encoder.
 *
 * @internal
 */
export function silentVideo(facts: Facts): NodeFacts[] {
  return kernelNodes(facts).filter(({ kind, type, mayOpen, message }) => {
    return kind === 'unknown' && type !== 'directory' && mayOpen && message !== undefined
  })
}

/** @internal */
export function hasKernelEncoder(facts: Facts): boolean {
  return facts.nodes.some(({ kind }) => kind === 'encoder')
}

/** @internal */
export function inContainer({ container }: Facts): boolean {
  return container.kind !== null
}

/** JetPack 5 has Linux 5.10, JetPack 6 has 5.15; undefined where the kernel does not say. */
function isNewByKernel({ system }: Facts): boolean | undefined {
  const version = /^(\d+)\.(\d+)/.exec(system.kernel ?? '')
  if (!version) return undefined
  const [major, minor] = [Number(version[1]), Number(version[2])]
  return major > 5 || (major === 5 && minor >= 15)
}

/** JetPack 6 has L4T 36; undefined where there is no release file. */
function isNewByRelease({ system }: Facts): boolean | undefined {
  const release = /^\d+/.exec(system.l4t ?? '')?.[0]
  return release === undefined ? undefined : Number(release) >= 36
}

/**
 * Whether the kernel is that of another generation of JetPack than the system's files.
 *
 * @internal
 */
export function hasOtherKernel(facts: Facts): boolean {
  const [kernel, release] = [isNewByKernel(facts), isNewByRelease(facts)]
  return kernel !== undefined && release !== undefined && kernel !== release
}

/**
 * Which of NVIDIA's nodes the board should have: JetPack 6 renamed it. A container has its own release file and the host's kernel,
 * which is what makes the node.
 *
 * @internal
 */
export function expectedNode(facts: Facts): string {
  const { nodes } = facts
  const [kernel, release] = [isNewByKernel(facts), isNewByRelease(facts)]
  const isNew = inContainer(facts) ? (kernel ?? release) : (release ?? kernel)
  return isNew || nodes.some(({ path }) => path.startsWith('/dev/v4l2-')) ? '/dev/v4l2-nvenc' : '/dev/nvhost-msenc'
}

/**
 * What probes of one device are called in a sentence.
 *
 * @internal
 */
export function named(probes: readonly Probe[]): string {
  const codecs = listed(probes.map(({ codec }) => codec.toUpperCase()))
  return `The trial ${probes.length === 1 ? 'encode' : 'encodes'} of ${codecs} on ${probes[0]!.device}`
}

/**
 * Probes that ended alike, one list for each device and reason: one sentence is enough for them.
 *
 * @internal
 */
export function alike(probes: readonly Probe[]): Probe[][] {
  const groups = new Map<string, Probe[]>()
  for (const probe of probes) {
    const { device, outcome, code, message = '', codec } = probe
    const reason = message.replaceAll(codec.toUpperCase(), '')
    const key = JSON.stringify([device, outcome, code, reason])
    groups.set(key, [...(groups.get(key) ?? []), probe])
  }
  return [...groups.values()]
}

/** @internal */
export function ofJetson(probes: readonly Probe[]): Probe[] {
  return probes.filter(({ backend }) => backend === 'jetson')
}

/**
 * Whether NVIDIA's encoder was seen to encode, so that whatever it needs is there.
 *
 * @internal
 */
export function hasJetsonWorked(probes: readonly Probe[]): boolean {
  return ofJetson(probes).some(({ outcome }) => outcome === 'works')
}

/** @internal */
export function middleOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}

/**
 * The times of frames after the warm-up; of a short trial, of its second half.
 *
 * @internal
 */
export function steady(latenciesMs: readonly number[]): readonly number[] {
  return latenciesMs.slice(Math.min(WARM_UP_FRAMES, Math.floor(latenciesMs.length / 2)))
}

/**
 * Whether the node of a device is a file, or the driver is the kernel's model of one: what was measured is the processor's time.
 *
 * @internal
 */
export function isSimulated({ nodes }: Facts, device: string): boolean {
  const node = nodes.find(({ path }) => path === device)
  return node !== undefined && (node.type === 'file' || node.driver === 'vicodec')
}

/**
 * A list as people say it: `a`, `a and b`, `a, b and c`.
 *
 * @internal
 */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/**
 * A device with what it calls itself, unless that is the same.
 *
 * @internal
 */
export function namedDevice({ device, name }: { device: string; name: string }): string {
  return name === device ? device : `${device} (${name})`
}

/**
 * Codecs as sentences have them: `H264 and H265`.
 *
 * @internal
 */
export function codecNames(codecs: readonly string[]): string {
  return listed(codecs.map((codec) => codec.toUpperCase()))
}

/**
 * The median time of a trial's frames after its warm-up, in milliseconds.
 *
 * @internal
 */
export function frameMs({ latenciesMs }: Probe): string {
  return middleOf(steady(latenciesMs)).toFixed(1)
}
