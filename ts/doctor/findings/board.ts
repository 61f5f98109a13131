import type { Facts } from '../facts/facts.js'
import {
  expectedNode,
  hasKernelEncoder,
  hasNoUsableEncoder,
  hasOtherKernel,
  inContainer,
  isJetson,
  nvidiaEncoders,
  silentVideo,
  unknownVideo,
} from './evidence.js'
import { whyNone } from './other-boards.js'
import { when } from './rule.js'
import type { Rule } from './rule.js'

const IN_SOFTWARE = "H.264 can be encoded in software: allow it with codec: ['h265', 'h264']."

function shouldHaveNode(facts: Facts): boolean {
  return isJetson(facts) && !hasNoUsableEncoder(facts.board.family) && nvidiaEncoders(facts).length === 0
}

/** Every video node was asked what it is, or is known not to encode. */
function wereAllAsked(facts: Facts): boolean {
  return facts.native.answers && unknownVideo(facts).length === 0 && silentVideo(facts).length === 0
}

function isOldPi(facts: Facts): boolean {
  return facts.board.family === 'raspberry-pi' && wereAllAsked(facts) && !hasKernelEncoder(facts)
}

/** Neither a board that other findings are about, nor anything that encodes. */
function hasNothing(facts: Facts): boolean {
  const { family } = facts.board
  const isKnown = isJetson(facts) || family === 'raspberry-pi' || family === 'raspberry-pi-5'
  return wereAllAsked(facts) && !isKnown && !hasKernelEncoder(facts)
}

/**
 * Boards that have no encoder, or whose encoder is not there.
 *
 * @internal
 */
export const BOARD_RULES: readonly Rule[] = [
  {
    id: 'orin-nano',
    severity: 'problem',
    test: ({ facts: { board } }) =>
      when(
        board.family === 'orin-nano',
        'A Jetson Orin Nano has no hardware video encoder.',
        `${IN_SOFTWARE} Orin NX and AGX Orin have an encoder.`,
      ),
  },
  {
    id: 'raspberry-pi-5',
    severity: 'problem',
    test: ({ facts: { board } }) =>
      when(
        board.family === 'raspberry-pi-5',
        'A Raspberry Pi 5 has no hardware video encoder.',
        `${IN_SOFTWARE} A Raspberry Pi 4 has an encoder for H.264.`,
      ),
  },
  {
    id: 'thor',
    severity: 'warning',
    test: ({ facts: { board } }) =>
      when(
        board.family === 'thor',
        "The encoder of a Jetson Thor sits behind another plugin of NVIDIA's, with which this package was never tried.",
        'Please send what "npx v4l2-encoder bench --report" prints to the project; until then rely on software for H.264.',
      ),
  },
  {
    id: 'releases-differ',
    severity: 'warning',
    test: ({ facts }) => {
      const { l4t, jetpack, kernel } = facts.system
      const release = jetpack === null ? `L4T ${l4t}` : `${jetpack} (L4T ${l4t})`
      return when(
        hasOtherKernel(facts),
        `${inContainer(facts) ? 'This image' : 'This system'} is of ${release}, and the kernel ${kernel} of another release of NVIDIA's, so that libraries and drivers do not fit together.`,
        inContainer(facts)
          ? "Use an image of the host's release: /etc/nv_tegra_release on the host names it."
          : 'Install the kernel and the drivers of one and the same release: sudo apt-get install --reinstall nvidia-l4t-kernel, then restart the board.',
      )
    },
  },
  {
    id: 'encoder-node-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        shouldHaveNode(facts) && !inContainer(facts),
        `This is a Jetson, but there is no ${expectedNode(facts)}: the kernel's driver of the encoder is not bound.`,
        'See "sudo dmesg | grep -i nvenc" for the reason, and install nvidia-l4t-init and the kernel of the same release again.',
      ),
  },
  {
    id: 'encoder-node-not-in-container',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        shouldHaveNode(facts) && inContainer(facts),
        `This container of a Jetson has no ${expectedNode(facts)}.`,
        `Start it with --runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all -e NVIDIA_DRIVER_CAPABILITIES=all --device ${expectedNode(facts)}. An Orin Nano has none to pass.`,
      ),
  },
  {
    id: 'raspberry-pi-codec-missing',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        isOldPi(facts),
        'No video node of this Raspberry Pi is an encoder; it is /dev/video11 as a rule.',
        inContainer(facts)
          ? 'Start the container with --device /dev/video11 --group-add video.'
          : 'Load its driver: sudo modprobe bcm2835-codec',
      ),
  },
  {
    id: 'no-encoder',
    severity: 'problem',
    test: ({ facts }) =>
      when(
        hasNothing(facts),
        ['This machine has no video encoder that V4L2 reaches.', whyNone(facts.board)].filter(Boolean).join(' '),
        inContainer(facts)
          ? 'If the board has one, pass its node into the container: --device /dev/v4l2-nvenc or --device /dev/videoN.'
          : IN_SOFTWARE,
      ),
  },
  {
    id: 'desktop-gpu',
    severity: 'note',
    test: ({ facts }) =>
      when(
        !isJetson(facts) && facts.nodes.some(({ kind }) => kind === 'gpu'),
        "This machine has a graphics card of NVIDIA's, whose encoder is not reached through V4L2.",
        "Use FFmpeg's h264_nvenc for it, or let this package code H.264 in software.",
      ),
  },
  {
    id: 'jetpack-4',
    severity: 'note',
    test: ({ facts: { system } }) =>
      when(
        system.l4t?.startsWith('32.') ?? false,
        `JetPack 4 (L4T ${system.l4t}) has an older Ubuntu than any Node.js this package runs on is made for; containers with a newer one were not tried.`,
        'Use JetPack 5 or later where the board has it.',
      ),
  },
  {
    id: 'no-av1',
    severity: 'note',
    test: ({ facts: { board } }) =>
      when(
        isJetsonChip(board.soc) && !['tegra234', 'tegra264'].includes(board.soc!),
        `The encoder of the chip ${board.soc} does not code AV1, as that of Orin does.`,
        'Code H.265 instead.',
      ),
  },
]

function isJetsonChip(soc: string | null): boolean {
  return soc?.startsWith('tegra') ?? false
}
