import { ErrorCode } from '../../shared/errors.js'
import type { Probe } from '../diagnosis.js'
import type { Facts } from '../facts/facts.js'
import { inContainer, named, ofJetson } from './evidence.js'
import { removalOf } from './libraries.js'
import type { Evidence, Occurrence, Rule } from './rule.js'

/** A message of NVIDIA's library, as others have reported it, and what it means. */
interface Saying {
  id: string
  pattern: RegExp
  /** After "The trial encode of H265 on /dev/v4l2-nvenc". */
  meaning: string
  hint: (evidence: Evidence) => string
  /** Said by libraries that go on to encode. */
  isHarmless?: true
}

/** JetPack 4 has no group render, and usermod changes nothing if one of the groups does not exist. */
function joinGroups({ nodes }: Facts): string {
  const groups = nodes.some(({ path }) => path.startsWith('/dev/dri/')) ? 'video,render' : 'video'
  return `sudo usermod -a -G ${groups} $USER, then log in again.`
}

const PASS_NODES =
  "Start the container by NVIDIA's runtime (--runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all -e NVIDIA_DRIVER_CAPABILITIES=all) with --group-add video and, from JetPack 6 on, the number of the host's group render: --group-add $(getent group render | cut -d: -f3)."

const LSMOD = /lsmod: (?:command )?not found/

/** From the most particular to the least: one run can say several of them. */
const SAYINGS: readonly Saying[] = [
  {
    id: 'nvenc-context-failed',
    pattern: /Error in initializing nvenc context/,
    meaning: "failed since NVIDIA's library could not make its context; a missing lsmod is the usual reason",
    hint: () => 'Install kmod (apt-get install kmod), and see that no other program uses up the encoder.',
  },
  {
    id: 'cuvid-plugin-took-node',
    pattern: /CUDA_GPU_ID failed/,
    meaning: 'failed since the plugin libv4l2_nvcuvidvideocodec.so, which is for other machines, took the node',
    hint: () => removalOf('/usr/lib/aarch64-linux-gnu/libv4l/plugins/nv/libv4l2_nvcuvidvideocodec.so'),
  },
  {
    id: 'nvidia-channel-rejected',
    pattern: /Can't initialize nvrm channel|Could not create Default NvBufferSession/,
    meaning: "failed since NVIDIA's library got no channel to the chip: permissions or nodes are missing",
    hint: ({ facts }) => (inContainer(facts) ? PASS_NODES : joinGroups(facts)),
  },
  {
    id: 'not-nvidias-libv4l2',
    pattern: /error getting capabilities: Inappropriate ioctl|Failed to query video capabilities: Inappropriate ioctl/,
    meaning: "failed since a libv4l2 that is not NVIDIA's, or that lacks its plugin, asked the node itself",
    hint: () =>
      "See that libnvv4l2.so is NVIDIA's and that libv4l2_nvvideocodec.so lies in libv4l/plugins/nv: sudo apt-get install --reinstall nvidia-l4t-multimedia",
  },
  {
    id: 'plugin-rejected-node',
    pattern: /error getting capabilities: Invalid argument/,
    meaning: "failed since NVIDIA's plugin rejected the node: a library or node that it needs is missing",
    hint: ({ facts }) => (inContainer(facts) ? PASS_NODES : 'sudo apt-get install --reinstall nvidia-l4t-multimedia'),
  },
  {
    id: 'library-cannot-be-loaded',
    pattern: /cannot open shared object file/,
    meaning: 'failed since a library or plugin could not be loaded',
    hint: ({ facts }) => (inContainer(facts) ? PASS_NODES : 'sudo apt-get install --reinstall nvidia-l4t-multimedia'),
  },
  {
    id: 'encoder-object-rejected',
    pattern: /NvVideoEncodeCreate failed|Failed to create Video encoder|BlockSide error|NvVideoEnc: BlockError/,
    meaning: 'failed inside the encoder, which rejected the size or level, or had no session left',
    hint: () => 'End other programs that encode, try a smaller size, and restart the board if it stays like this.',
  },
  {
    id: 'frame-sync-failed',
    pattern: /NvMapMemCacheMaint Bad parameter|NvBufSurfaceSyncForCpu: Error|Wrong buffer index/,
    meaning:
      "found that NVIDIA's way to write back the processor's cache does not work in this release, and uses another",
    hint: () =>
      'Look at the frames: if they have stripes of old content, please report the board and its JetPack release.',
    isHarmless: true,
  },
]

/** What NVIDIA's library prints when all is well. */
const CHATTER =
  /^(?:Opening in BLOCKING MODE|NvMMLite(?:Open|BlockCreate) : Block|=+ Nv(?:Video|MEDIA): NVENC =+|=+ NVMEDIA: NVENC =+|\d{9}|H26[45]: Profile|NVMEDIA: Need to set EMC|\S+: bBlitMode is set)/

/**
 * Whether a line says nothing about a failure.
 *
 * @internal
 */
export function isChatter(line: string): boolean {
  return CHATTER.test(line)
}

function textOf({ output, message = '' }: Probe): string {
  return `${output}\n${message}`
}

/**
 * Whether a failed trial said that there is no lsmod; whatever else it said follows from that.
 *
 * @internal
 */
export function saidNoLsmod(probe: Probe): boolean {
  return probe.outcome !== 'works' && LSMOD.test(textOf(probe))
}

/** Reasons that the device itself gives; what its library prints besides is about something else. */
const PLAIN_REASONS: ReadonlySet<string | undefined> = new Set([
  ErrorCode.Busy,
  ErrorCode.CodecUnsupported,
  ErrorCode.DeviceNotFound,
])

/** What a probe said, by the sayings that are known; the harmless ones count always, the others where it failed. */
function sayingsOf(probe: Probe): Saying[] {
  if (saidNoLsmod(probe)) return []
  const isFailure = probe.outcome !== 'works' && !PLAIN_REASONS.has(probe.code)
  return SAYINGS.filter(({ pattern, isHarmless }) => (isHarmless || isFailure) && pattern.test(textOf(probe)))
}

/**
 * Whether what it printed already says why it failed.
 *
 * @internal
 */
export function isExplained(probe: Probe): boolean {
  return saidNoLsmod(probe) || sayingsOf(probe).some(({ isHarmless }) => !isHarmless)
}

/**
 * Whether the encoder itself rejected it, as it also does when it has no session left.
 *
 * @internal
 */
export function saidRefused(probe: Probe): boolean {
  return sayingsOf(probe).some(({ id }) => id === 'encoder-object-rejected')
}

function occurrences(saying: Saying, evidence: Evidence): Occurrence[] {
  const heard = ofJetson(evidence.probes).filter((probe) => sayingsOf(probe).includes(saying))
  return heard.length === 0 ? [] : [{ message: `${named(heard)} ${saying.meaning}.`, hint: saying.hint(evidence) }]
}

/**
 * What NVIDIA's library printed while it was tried.
 *
 * @internal
 */
export const SAID_RULES: readonly Rule[] = SAYINGS.map((saying) => ({
  id: saying.id,
  severity: saying.isHarmless ? 'note' : 'problem',
  ofProbe: true,
  test: (evidence) => occurrences(saying, evidence),
}))
