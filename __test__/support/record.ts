import type { EncodedChunk } from '../../ts/chunk.js'
import type { Encoder } from '../../ts/encoder.js'
import type { Frame } from '../../ts/frame.js'
import { TestSource } from '../../ts/testsrc.js'

/** Microseconds between the frames that tests make. */
export const INTERVAL_US = 33_333

/** Stamped pictures, `count` of them. */
export function* pictures(encoder: Encoder, count: number, first = 0): Generator<Frame> {
  const { width, height, format } = encoder.config
  const source = new TestSource(width, height, format as 'I420' | 'NV12')
  for (let index = first; index < first + count; index++) {
    yield { data: source.draw(index), timestamp: index * INTERVAL_US }
  }
}

/** All chunks of so many pictures, and the stream that they make. */
export async function record(
  encoder: Encoder,
  count: number,
  first = 0,
): Promise<{ chunks: EncodedChunk[]; stream: Uint8Array }> {
  const chunks: EncodedChunk[] = []
  for await (const chunk of encoder.encodeAll(pictures(encoder, count, first))) chunks.push(chunk)
  return { chunks, stream: Buffer.concat(chunks.map(({ data }) => data)) }
}

/** The picture with that stamp as the judge wants it. */
export function originals(width: number, height: number): (stamp: number) => Uint8Array {
  const source = new TestSource(width, height, 'I420')
  return (stamp) => source.draw(stamp)
}

/** `[0, 1, …]` */
export function range(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
