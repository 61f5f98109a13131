import type { Facts } from '../facts/facts.js'
import { NVIDIA_ENCODERS } from '../facts/nodes.js'
import { boardEncoders, hasJetsonWorked, inContainer, isJetson, isThor, nvidiaEncoders } from './evidence.js'
import { when } from './rule.js'
import type { Evidence, Rule } from './rule.js'
import { saidNoLsmod } from './log-patterns.js'

/** What the variables say is of no account where NVIDIA's encoder was seen to encode. */
function isInDoubt({ facts, probes }: Evidence): boolean {
  return inContainer(facts) && isJetson(facts) && !hasJetsonWorked(probes)
}

/** With CDI the variable is `void`, and what it would name comes all the same. */
function gotNodes({ container, nodes }: Facts): boolean {
  return container.visibleDevices === 'void' && nodes.some(({ path }) => !path.startsWith('/dev/video'))
}

/** NVIDIA's runtime passes nothing for these values. */
function isNothing(value: string | null): boolean {
  return value === null || ['', 'void', 'none'].includes(value)
}

function lacksVideo(value: string | null): boolean {
  return !(value ?? '').split(',').some((one) => ['all', 'video'].includes(one.trim()))
}

/** Whether NVIDIA's library can need it. */
function needsLsmod(facts: Facts): boolean {
  return boardEncoders(facts).length > 0 && !isThor(facts)
}

/**
 * What a container of a Jetson must have been given.
 *
 * @internal
 */
export const CONTAINER_RULES: readonly Rule[] = [
  {
    id: 'lsmod-missing',
    severity: 'problem',
    test: ({ facts, probes }) =>
      when(
        (needsLsmod(facts) && facts.lsmod === null) || probes.some(saidNoLsmod),
        "There is no lsmod on the PATH, which NVIDIA's library runs to make an encoder.",
        inContainer(facts)
          ? 'Install it in the image: RUN apt-get update && apt-get install -y kmod'
          : 'sudo apt-get install kmod',
      ),
  },
  {
    id: 'visible-devices-unset',
    severity: 'warning',
    test: (evidence) => {
      const { visibleDevices } = evidence.facts.container
      return when(
        isInDoubt(evidence) && isNothing(visibleDevices) && !gotNodes(evidence.facts),
        `NVIDIA_VISIBLE_DEVICES is ${visibleDevices ? visibleDevices : 'not set'} in this container, so NVIDIA's runtime passes neither nodes nor libraries into it.`,
        'Start it with --runtime nvidia -e NVIDIA_VISIBLE_DEVICES=all.',
      )
    },
  },
  {
    id: 'driver-capabilities-lack-video',
    severity: 'warning',
    test: (evidence) => {
      const { visibleDevices, driverCapabilities } = evidence.facts.container
      return when(
        isInDoubt(evidence) && !isNothing(visibleDevices) && lacksVideo(driverCapabilities),
        'NVIDIA_DRIVER_CAPABILITIES of this container does not include video.',
        'Start it with -e NVIDIA_DRIVER_CAPABILITIES=all.',
      )
    },
  },
  {
    id: 'runtime-list-lacks-encoder',
    severity: 'note',
    test: ({ facts }) => {
      const { runtimeLists } = facts.container
      const isListed = runtimeLists.some(({ devices }) => devices.some((path) => NVIDIA_ENCODERS.includes(path)))
      const isOwnNode = nvidiaEncoders(facts).some(({ path }) => path === '/dev/v4l2-nvenc')
      const isNewListed = runtimeLists.some(({ devices }) => devices.includes('/dev/v4l2-nvenc'))
      return when(
        !inContainer(facts) &&
          runtimeLists.length > 0 &&
          nvidiaEncoders(facts).length > 0 &&
          (isOwnNode ? !isNewListed : !isListed),
        `The lists of NVIDIA's container runtime do not name ${isOwnNode ? '/dev/v4l2-nvenc' : 'the encoder'}, so containers do not get it.`,
        `Start containers with --device ${nvidiaEncoders(facts)[0]?.path} as well.`,
      )
    },
  },
]
