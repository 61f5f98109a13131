import type { EncodedChunk } from '../../ts/output/chunk.js'
import type { Encoder } from '../../ts/encoder/encoder.js'
import type { Frame } from '../../ts/frame/frame.js'
import { TestSource } from '../../ts/test-pattern/testsrc.js'

/** Microseconds between the frames that tests make. */
export const INTERVAL_US = 33_333

/** Stamped pictures, `count` of them. */
export function* pictures(encoder: Encoder, count: number, first = 0): Generator<Frame> {
  const { width, height, format } = encoder.config
  const source = new TestSource(width, height, format)
  for (let index = first; index < first + count; index++) {
    yield { data: source.draw(index), timestamp: index * INTERVAL_US }
  }
}

/** All chunks of so many pictures, and the stream that they make. */
export async function record(
  encoder: Encoder,
  count: number,
  first = 0,
  arranged: (frame: Frame, encoder: Encoder) => Frame = (frame) => frame,
): Promise<{ chunks: EncodedChunk[]; stream: Uint8Array }> {
  const chunks: EncodedChunk[] = []
  const frames = () => pictures(encoder, count, first)
  function* arrange() {
    for (const frame of frames()) yield arranged(frame, encoder)
  }
  for await (const chunk of encoder.encodeAll(arrange())) chunks.push(chunk)
  return { chunks, stream: Buffer.concat(chunks.map(({ data }) => data)) }
}

/** The picture with that stamp as the judge wants it. */
export function originals(width: number, height: number): (stamp: number) => Uint8Array {
  const source = new TestSource(width, height, 'I420')
  return (stamp) => source.draw(stamp)
}

/** The same picture with 14 bytes after each row and 100 before each plane. */
export function pad(frame: Frame, encoder: Encoder): Frame {
  const { width, height, format } = encoder.config
  const chroma = { columns: format === 'NV12' ? width : width / 2, rows: height / 2 }
  const planes = [{ columns: width, rows: height }, ...(format === 'NV12' ? [chroma] : [chroma, chroma])]
  const tight = frame.data as Uint8Array
  const size = planes.reduce((sum, { columns, rows }) => sum + 100 + (columns + 14) * rows, 0)
  const data = new Uint8Array(size)
  const layout: { offset: number; stride: number }[] = []
  let from = 0
  let to = 0
  for (const { columns, rows } of planes) {
    to += 100
    layout.push({ offset: to, stride: columns + 14 })
    for (let row = 0; row < rows; row++, from += columns, to += columns + 14)
      data.set(tight.subarray(from, from + columns), to)
  }
  return { ...frame, data, layout }
}

/** `[0, 1, …]` */
export function range(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}
