import type { Encoder } from '../../ts/encoder/encoder.js'
import type { EncodedChunk } from '../../ts/output/chunk.js'

/** I420 frames of a moving gradient under noise, which cost bits at every quantizer. */
export function noisyFrame(width: number, height: number, number: number): Uint8Array {
  const data = new Uint8Array((width * height * 3) / 2).fill(128)
  let random = number * 7919 + 1
  for (let place = 0; place < width * height; place++) {
    random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff
    data[place] = (((place % width) + number * 3) & 0xff) / 2 + ((random >> 16) & 31)
  }
  return data
}

/** Encodes noisy frames at `framesPerSecond`, by their timestamps, for `seconds`; `first` is the number of the first one. */
export async function encodeNoise(
  encoder: Encoder,
  framesPerSecond: number,
  seconds: number,
  first = 0,
): Promise<EncodedChunk[]> {
  const { width, height } = encoder.config
  function* frames() {
    for (let number = first; number < first + framesPerSecond * seconds; number++) {
      yield { data: noisyFrame(width, height, number), timestamp: Math.round((number * 1e6) / framesPerSecond) }
    }
  }
  const chunks: EncodedChunk[] = []
  for await (const chunk of encoder.encodeAll(frames())) chunks.push(chunk)
  return chunks
}

/** Bits per second of the chunks from one time to another, in seconds. */
export function bitrateBetween(chunks: readonly EncodedChunk[], from: number, to: number): number {
  const inside = chunks.filter(({ timestamp }) => timestamp >= from * 1e6 && timestamp < to * 1e6)
  return inside.reduce((bits, { data }) => bits + data.byteLength * 8, 0) / (to - from)
}
