import { ErrorCode } from '../../shared/errors.js'
import type { NodeKind, NodeFacts } from '../facts/nodes.js'
import type { Facts } from '../facts/facts.js'
import { hasKernelEncoder, kernelNodes, listed, nvidiaEncoders, silentVideo } from './evidence.js'
import { when } from './rule.js'
import type { Rule } from './rule.js'

function ofKind(facts: Facts, ...kinds: NodeKind[]): NodeFacts[] {
  return kernelNodes(facts).filter(({ kind }) => kinds.includes(kind))
}

function named({ path, card }: NodeFacts): string {
  return card === null ? path : `${path} (${card})`
}

function names(nodes: readonly NodeFacts[]): string {
  return `${listed(nodes.map(named))} ${nodes.length === 1 ? 'is' : 'are'}`
}

/**
 * Kernel nodes that are not what one might take them for.
 *
 * @internal
 */
export const KERNEL_RULES: readonly Rule[] = [
  {
    id: 'v4l2loopback',
    severity: 'note',
    test: ({ facts }) =>
      when(
        ofKind(facts, 'loopback').length > 0,
        `${names(ofKind(facts, 'loopback'))} v4l2loopback, which claims to encode but does not; it is not used.`,
        'Nothing needs to be done. To be rid of it: sudo modprobe -r v4l2loopback',
      ),
  },
  {
    id: 'jpeg-only',
    severity: 'note',
    test: ({ facts }) =>
      when(
        ofKind(facts, 'jpeg-encoder').length > 0,
        `${names(ofKind(facts, 'jpeg-encoder'))} for JPEG only, and encodes no video.`,
        'Nothing needs to be done; video is encoded by another device, or in software.',
      ),
  },
  {
    id: 'decoder-only',
    severity: 'note',
    test: ({ facts }) =>
      when(
        ofKind(facts, 'decoder').length > 0 && !hasKernelEncoder(facts) && nvidiaEncoders(facts).length === 0,
        `${names(ofKind(facts, 'decoder'))} for decoding, and this machine shows no encoder beside it.`,
        'If the chip has an encoder, see that the kernel has its driver: dmesg and the manual of the board say which.',
      ),
  },
  {
    id: 'node-silent',
    severity: 'warning',
    test: ({ facts }) =>
      silentVideo(facts).map(({ path, message }) => ({
        message: `${path} did not report what it is: ${message}`,
        hint: 'See dmesg for what its driver logged; unplug and replug it, or restart the machine.',
      })),
  },
  {
    id: 'no-supported-codec',
    severity: 'note',
    test: ({ facts }) =>
      facts.encoders
        .filter(({ backend, code }) => backend === 'v4l2' && code === ErrorCode.CodecUnsupported)
        .map(({ device, message, hint }) => ({
          message: message ?? `${device} encodes no codec that this package supports.`,
          hint: hint ?? 'Use another encoder, or software for H.264.',
        })),
  },
]
