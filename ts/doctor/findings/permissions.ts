import type { Probe } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'
import { NVIDIA_ENCODERS } from '../facts/nodes.js'
import type { NodeFacts } from '../facts/nodes.js'
import {
  boardEncoders,
  closed,
  hasJetsonWorked,
  hasNoUsableEncoder,
  inContainer,
  isThor,
  kernelNodes,
  listed,
  nvidiaEncoders,
  unknownVideo,
} from './evidence.js'
import { when } from './rule.js'
import type { Evidence, Occurrence, Rule } from './rule.js'

/** By their permissions, which membership in a group fixes. */
function closedByRights(nodes: readonly NodeFacts[]): NodeFacts[] {
  return closed(nodes).filter(({ denial }) => denial !== FORBIDDEN)
}

/** Although their permissions allow it, which membership in a group does not fix. */
function forbidden(nodes: readonly NodeFacts[]): NodeFacts[] {
  return closed(nodes).filter(({ denial }) => denial === FORBIDDEN)
}

/** How the kernel rejects what the device rules of a container or a sandbox do not allow. */
const FORBIDDEN = 'EPERM'

/** How to get into the groups that nodes belong to. */
function hintFor({ facts, nodes }: { facts: Facts; nodes: readonly NodeFacts[] }): string {
  const alone = nodes.find(({ group }) => group === 'root')
  if (alone) return `Give ${alone.path} to the group video by a rule of udev; it belongs to root alone.`
  const groups = [...new Set(nodes.map(({ group }) => group))]
  if (inContainer(facts)) {
    const options = groups.map((group) => `--group-add ${group}`).join(' ')
    return `Start the container with ${options}; what counts is the number that ${groups.length > 1 ? 'each' : 'the'} group has on the host.`
  }
  return `sudo usermod -a -G ${groups.join(',')} $USER, then log in again.`
}

/** Nodes with the permissions that they have in common. */
function withRights(nodes: readonly NodeFacts[]): string {
  const by = new Map<string, string[]>()
  for (const { path, owner, group, mode } of nodes) {
    const who = `${owner}:${group}, mode ${mode}`
    by.set(who, [...(by.get(who) ?? []), path])
  }
  return listed([...by].map(([who, paths]) => `${listed(paths)} (${who})`))
}

function inaccessible(facts: Facts, candidates: readonly NodeFacts[], what: string): Occurrence[] {
  const nodes = closedByRights(candidates).filter((node) => !isComing(facts, node))
  if (nodes.length === 0) return []
  const message = `This user may not open ${withRights(nodes)}, ${what}.`
  return [{ message, hint: hintFor({ facts, nodes }) }]
}

/** Whether the user is in the group, and only this session is not. */
function isComing({ user }: Facts, { group }: NodeFacts): boolean {
  return user.groupsOfNextLogin.includes(group)
}

/**
 * What NVIDIA's library opens besides the encoder's node. Of the other channels, those for debugging and profiling the GPU may be
 * root's alone on a board that is well.
 */
const BEHIND = new Set(['/dev/nvmap', '/dev/nvhost-ctrl', '/dev/nvhost-vic', '/dev/host1x-fence'])
/** From JetPack 6 on, whose encoder's node is `/dev/v4l2-nvenc`, the engines are opened through one of these. */
const RENDER = /^\/dev\/dri\/renderD\d+$/

function hasRenamedEncoder(facts: Facts): boolean {
  return boardEncoders(facts).some(({ path }) => path === '/dev/v4l2-nvenc')
}

/** Those that are there, unless NVIDIA's library was seen to get what it needs. */
function behind({ facts, probes }: Evidence): NodeFacts[] {
  if (boardEncoders(facts).length === 0 || isThor(facts) || hasJetsonWorked(probes)) return []
  const isNew = hasRenamedEncoder(facts)
  return facts.nodes.filter(({ path }) => BEHIND.has(path) || (isNew && RENDER.test(path)))
}

/** What an encoder may need. */
function needed(evidence: Evidence): NodeFacts[] {
  const { facts } = evidence
  return [...boardEncoders(facts), ...behind(evidence), ...unknownVideo(facts)]
}

/**
 * Whether something else than the permissions of the node kept it from being opened.
 *
 * @internal
 */
export function isForbidden({ outcome, errno }: Probe): boolean {
  return outcome === 'fails' && errno === FORBIDDEN
}

/** By asking the kernel before, and by what trials met with. */
function forbiddenPaths(evidence: Evidence): string[] {
  const tried = evidence.probes.filter(isForbidden).map(({ device }) => device)
  return [...new Set([...forbidden(needed(evidence)).map(({ path }) => path), ...tried])]
}

/**
 * Who may open what, and what is not there to be opened.
 *
 * @internal
 */
export const RIGHTS_RULES: readonly Rule[] = [
  {
    id: 'group-not-active',
    severity: 'problem',
    test: (evidence) => {
      const nodes = closedByRights(needed(evidence))
      const coming = evidence.facts.user.groupsOfNextLogin
      const groups = coming.filter((name) => nodes.some(({ group }) => group === name))
      return groups.map((group) => ({
        message: `This user is in the group ${group}, but this session is from before that, so the devices stay closed.`,
        hint: `Log out and in again, or run the program by: sg ${group} -c "node your-program.js"`,
      }))
    },
  },
  {
    id: 'encoder-permission',
    severity: 'problem',
    test: ({ facts }) => inaccessible(facts, nvidiaEncoders(facts), 'which is the encoder'),
  },
  {
    id: 'nvidia-node-permission',
    severity: 'problem',
    test: (evidence) =>
      inaccessible(evidence.facts, behind(evidence), "without which NVIDIA's library makes no encoder"),
  },
  {
    id: 'video-node-permission',
    severity: 'problem',
    test: ({ facts }) => {
      const hasAnother = facts.encoders.some(({ device, available }) => device !== null && available)
      const found = inaccessible(facts, unknownVideo(facts), 'where an encoder may be')
      return hasAnother ? found.map((one) => ({ ...one, severity: 'warning' })) : found
    },
  },
  {
    id: 'nvmap-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        boardEncoders(facts).length > 0 &&
          !hasNoUsableEncoder(facts.board.family) &&
          !facts.nodes.some(({ path }) => path === '/dev/nvmap'),
        "There is no /dev/nvmap, from which NVIDIA's library gets its memory.",
        inContainer(facts)
          ? "Use NVIDIA's container runtime (--runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all), or add --device /dev/nvmap."
          : 'See "sudo dmesg | grep -i nvmap" for the reason, and install the kernel and the drivers of one and the same release.',
      ),
  },
  {
    id: 'channels-missing',
    severity: 'problem',
    test: ({ facts, probes }) => {
      if (!inContainer(facts) || boardEncoders(facts).length === 0 || isThor(facts)) return []
      const has = (pattern: RegExp) => facts.nodes.some(({ path }) => pattern.test(path))
      const none = when(
        !has(/^\/dev\/(?:nvhost-(?!msenc)|host1x)/),
        "This container has the encoder's node, but none of the nodes through which NVIDIA's library reaches the chip.",
        "Use NVIDIA's container runtime (--runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all), or pass every /dev/nvhost-*, /dev/host1x* and /dev/dri/renderD* of the host by --device.",
      )
      if (none.length > 0) return none
      return when(
        hasRenamedEncoder(facts) && !hasJetsonWorked(probes) && !has(RENDER),
        "This container has the encoder's node, but no /dev/dri/renderD*, through which NVIDIA's library reaches the chip from JetPack 6 on.",
        "Use NVIDIA's container runtime (--runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all), or pass every /dev/dri/renderD* of the host by --device.",
      )
    },
  },
  {
    id: 'node-is-no-device',
    severity: 'problem',
    test: ({ facts }) =>
      [
        ...nvidiaEncoders(facts).filter(({ type }) => type !== 'character'),
        ...kernelNodes(facts).filter(({ type }) => type === 'directory'),
      ].map(({ path, type }): Occurrence => ({
        message: `${path} is a ${type}, not a device${type === 'file' ? ': it stands in for an encoder' : ''}.`,
        hint:
          type === 'directory'
            ? `A mount of a path that the host does not have makes an empty directory: pass the node by --device ${path}, and see that the host has it.`
            : 'Nothing needs to be done if it is a stand-in such as the virtual Jetson; otherwise delete it and restart the board.',
        ...(type === 'file' && { severity: 'note' }),
        // Nobody knows whether it would have been an encoder.
        ...(!NVIDIA_ENCODERS.includes(path) && { severity: 'warning' }),
      })),
  },
  {
    id: 'device-rules',
    severity: 'problem',
    ofProbe: true,
    test: (evidence) => {
      const paths = forbiddenPaths(evidence)
      const isContainer = inContainer(evidence.facts)
      const worked = evidence.probes.some(({ outcome }) => outcome === 'works')
      return when(
        paths.length > 0,
        `Opening ${listed(paths)} is forbidden although the permissions allow it${isContainer ? ': the container has no device rule for it' : ''}.`,
        isContainer
          ? `Start the container with ${paths.map((path) => `--device ${path}`).join(' ')}; a mount by -v is not enough.`
          : "Look for a sandbox or security module around this program (systemd's DeviceAllow, AppArmor, snap).",
      ).map((one) => ({
        ...one,
        ...(worked && !evidence.probes.some(isForbidden) && { severity: 'warning' as const }),
      }))
    },
  },
]
