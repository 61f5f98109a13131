// ts/bench: measures an encoder: passes with a moving test pattern, their statistics and the summary.
import { Codec } from '../shared/codec.js'
import type { Support } from '../encoder/list.js'
import type { Size } from './plan.js'

/** Whether `createEncoder()` would find an encoder; without opening one. */
type Ask = (codec: string, size: Size) => Promise<Support>

/**
 * Every codec that the encoder of this machine does at one of the sizes: the hardware's where there is hardware, else those of the
 * software encoder. H.264 where there is nothing, whose refusal then says why.
 *
 * @internal
 */
export async function codecsOf(ask: Ask, sizes: readonly Size[]): Promise<string[]> {
  const asked = Object.values(Codec).flatMap((codec) => sizes.map((size) => ({ codec, size })))
  const answers = await Promise.all(asked.map(async ({ codec, size }) => ({ codec, ...(await ask(codec, size)) })))
  const found = answers.filter(({ supported }) => supported)
  const inHardware = found.filter(({ backend }) => backend !== 'software')
  const codecs = new Set((inHardware.length > 0 ? inHardware : found).map(({ codec }) => codec))
  return codecs.size > 0 ? [...codecs] : [Codec.H264]
}
