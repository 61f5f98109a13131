import type { Diagnosis, Finding, Probe } from './diagnosis.js'
import type { Facts } from './facts/facts.js'
import type { NodeFacts } from './facts/nodes.js'
import { headlineOf } from './headline.js'
import { middleOf, steady, namedDevice } from './findings/evidence.js'

const WIDTH = 14
const MEBIBYTE = 1024 * 1024

/** A page of the repository, since the package has no documents in it. */
const PAGE = 'docs/troubleshooting.md'

/** A name and what is known; nothing when nothing is. */
function row(name: string, ...known: (string | null | undefined)[]): string[] {
  const words = known.filter((one) => one !== null && one !== undefined && one !== '')
  return words.length === 0 ? [] : [`  ${name.padEnd(WIDTH)}${words.join(', ')}`]
}

function findingLines({ id, severity, message, hint }: Finding): string[] {
  return [`${severity.toUpperCase()}  ${message}`, `  fix: ${hint}`, `  more: ${PAGE}#${id}`, '']
}

function latency({ openMs, latenciesMs }: Probe): string {
  const [first] = latenciesMs
  if (first === undefined) return ''
  const counted = steady(latenciesMs)
  const times = `median ${middleOf(counted).toFixed(1)} ms of the last ${counted.length}, longest ${Math.max(...latenciesMs).toFixed(1)} ms, first ${first.toFixed(1)} ms`
  return `${latenciesMs.length} frames: ${times}, opened in ${openMs?.toFixed(0)} ms`
}

function probeLines(probe: Probe): string[] {
  const { codec, device, width, height, outcome, message, output } = probe
  const what = `${codec.toUpperCase()} on ${device} at ${width}x${height}`
  const words = outcome === 'works' || output === '' ? [] : output.split('\n').map((line) => `    | ${line}`)
  return [
    `  ${what}: ${outcome}${outcome === 'works' ? `, ${latency(probe)}` : ''}`,
    ...(message ? [`    ${message}`] : []),
    ...words,
  ]
}

/** What a look alone cannot know. */
function untriedLines({ encoders }: Diagnosis['hardware']): string[] {
  const untried = encoders.filter(({ tried }) => !tried)
  const lines = untried.map((encoder) => {
    const codecs = encoder.codecs.map((codec) => codec.toUpperCase()).join(', ')
    return codecs === '' ? `  ${namedDevice(encoder)}` : `  ${codecs} on ${namedDevice(encoder)}`
  })
  return lines.length === 0 ? [] : ['Not tried', ...lines, '']
}

function closure(denial: string | null): string {
  if (denial === null) return ''
  return denial === 'EPERM' ? ', forbidden by a device rule or sandbox' : ', closed to this user'
}

function nodeLine(node: NodeFacts): string {
  const { path, kind, numbers, owner, group, mode, denial, card, driver } = node
  const rights = `${owner}:${group} ${mode}${closure(denial)}`
  const who = card === null ? '' : ` ${card}${driver === null ? '' : ` (${driver})`}`
  return `${path}  ${kind}${who}, ${numbers ?? node.type}, ${rights}`
}

/** A Jetson has dozens of channels; those with equal permissions are one line. */
function channelLines(channels: readonly NodeFacts[]): string[] {
  const rightsOf = ({ owner, group, mode, denial }: NodeFacts) => `${owner}:${group} ${mode}${closure(denial)}`
  const all = [...new Set(channels.map(rightsOf))]
  return all.flatMap((rights) => {
    const alike = channels.filter((node) => rightsOf(node) === rights)
    return row('channels', `${alike.map(({ path }) => path).join(' ')}, ${rights}`)
  })
}

function nodeLines({ nodes }: Facts): string[] {
  const others = nodes.filter(({ kind }) => kind !== 'channel')
  return [
    ...others.flatMap((node) => row('node', nodeLine(node))),
    ...channelLines(nodes.filter(({ kind }) => kind === 'channel')),
  ]
}

function mebibytes(bytes: number | null): string | null {
  return bytes === null ? null : `${Math.round(bytes / MEBIBYTE)} MiB`
}

function machineLines({ board, system, user, container }: Facts): string[] {
  return [
    ...row('board', board.model, board.soc),
    ...row(
      'system',
      system.jetpack,
      system.l4t && `L4T ${system.l4t}`,
      system.distribution,
      system.kernel && `kernel ${system.kernel}`,
    ),
    ...row('runs on', `${system.platform} ${system.arch}`, system.libc, `Node.js ${system.node}`),
    ...row(
      'user',
      user.name ?? (user.uid === null ? null : String(user.uid)),
      user.groups.length > 0 ? `groups ${user.groups.join(' ')}` : null,
    ),
    ...row('container', container.kind, ...container.signs),
    ...row('mounted', ...container.mountedNodes),
    ...row(
      'NVIDIA gives',
      container.visibleDevices === null ? null : `NVIDIA_VISIBLE_DEVICES=${container.visibleDevices}`,
      container.driverCapabilities === null ? null : `NVIDIA_DRIVER_CAPABILITIES=${container.driverCapabilities}`,
    ),
  ]
}

function fileLine({ path, target, exists }: { path: string; target: string; exists: boolean }): string {
  return `${path}${target === path ? '' : ` -> ${target}`}${exists ? '' : ' (missing)'}`
}

function libraryLines({ libraries, lsmod, native }: Facts): string[] {
  const { named, nvidia, system, plugins, surfaces } = libraries
  return [
    ...row('native part', native.loads ? null : 'not loaded'),
    ...(named ? row('library', fileLine(named)) : []),
    ...nvidia.flatMap((file) => row('libnvv4l2', fileLine(file))),
    ...system.flatMap((file) => row('libv4l2', fileLine(file))),
    ...plugins.flatMap((file) => row('plugin', fileLine(file))),
    ...surfaces.flatMap((file) => row('surfaces', fileLine(file))),
    ...row('lsmod', lsmod),
  ]
}

/** Too many sensors to show them all; the warmest decides. */
function warmest({ power: { thermal } }: Facts): string | null {
  const [top] = thermal.toSorted((a, b) => b.celsius - a.celsius)
  return top === undefined ? null : `${top.name} ${top.celsius.toFixed(0)} degrees Celsius`
}

function loadLines(facts: Facts): string[] {
  const { memory, power, deviceUsers } = facts
  const available = mebibytes(memory.available)
  const cma = mebibytes(memory.cmaTotal || null)
  const clocks = power.clocks.map(({ name, current }) =>
    current === null ? name : `${name} ${Math.round(current / 1e6)} MHz`,
  )
  return [
    ...row('memory', available && `${available} of ${mebibytes(memory.total)} available`, cma && `CMA ${cma}`),
    ...row('power', power.mode && `mode ${power.mode.name ?? power.mode.id}`, ...clocks, warmest(facts)),
    ...deviceUsers.seen.flatMap(({ pid, command, path }) => row('in use', `${path} by ${command} (${pid})`)),
    ...row('unseen', deviceUsers.unseen > 0 ? `${deviceUsers.unseen} processes of other users` : null),
  ]
}

/**
 * The answer alone, with the way to the rest.
 *
 * @internal
 */
export function answerText(diagnosis: Diagnosis): string {
  const { length } = diagnosis.findings
  const rest = length === 0 ? '' : ` (${length === 1 ? '1 finding' : `${length} findings`}: --verbose)`
  return `${headlineOf(diagnosis).join('\n')}${rest}\n`
}

/**
 * A diagnosis for people: the answer in three lines, what was found (worst first, each with its hint and its place in the documents), what was
 * tried, and the facts. One block that can be pasted into an issue.
 *
 * @internal
 */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { hardware, findings, probes, facts, version } = diagnosis
  const lines = [
    ...headlineOf(diagnosis),
    '',
    ...findings.flatMap(findingLines),
    ...(probes.length > 0 ? ['Tried', ...probes.flatMap(probeLines), ''] : []),
    ...untriedLines(hardware),
    'Facts',
    ...machineLines(facts),
    ...loadLines(facts),
    ...nodeLines(facts),
    ...libraryLines(facts),
    ...row('v4l2-encoder', version),
  ]
  return `${lines.join('\n')}\n`
}
