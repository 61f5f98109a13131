import type { EncodedChunk } from '../output/chunk.js'

/** The NAL units of an Annex B stream, by the bytes that follow each start code. */
function* unitsOf(data: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at + 3 < data.length; at++) {
    if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 1) {
      yield data.subarray(at + 3)
      at += 3
    }
  }
}

interface Nal {
  /** What a unit is, by its first byte; undefined of a byte that begins none. */
  typeOf: (header: number) => number | undefined
  /** What has to come with a key frame, besides the picture. */
  parameterSets: readonly number[]
  isKey: (type: number) => boolean
  isDelta: (type: number) => boolean
}

const FORBIDDEN_BIT = 0x80

const H264: Nal = {
  typeOf: (header) => (header & FORBIDDEN_BIT ? undefined : header & 0x1f),
  parameterSets: [7, 8],
  isKey: (type) => type === 5,
  isDelta: (type) => type >= 1 && type <= 5,
}

const H265: Nal = {
  typeOf: (header) => (header & FORBIDDEN_BIT ? undefined : (header >> 1) & 0x3f),
  parameterSets: [32, 33, 34],
  isKey: (type) => type >= 16 && type <= 21,
  isDelta: (type) => type <= 21,
}

function nalFlaw(nal: Nal, { data, type }: EncodedChunk): string | undefined {
  const types = [...unitsOf(data)].map(([header = FORBIDDEN_BIT]) => nal.typeOf(header))
  if (types.length === 0) return 'has no start code'
  if (types.includes(undefined)) return 'has bytes that are not a NAL unit'
  const known = types as number[]
  if (!known.some(type === 'key' ? nal.isKey : nal.isDelta)) return 'has no picture'
  if (type === 'key' && nal.parameterSets.some((one) => !known.includes(one))) return 'has no parameter sets'
  return undefined
}

const VP8_START = [0x9d, 0x01, 0x2a]

function vp8Flaw({ data, type }: EncodedChunk): string | undefined {
  const isKey = (data[0]! & 1) === 0
  if (isKey !== (type === 'key')) return 'is not the kind of frame that its type names'
  return isKey && VP8_START.some((byte, index) => data[3 + index] !== byte) ? 'has no start code' : undefined
}

/** A frame begins with the bits 10; a superframe with that of its first. */
function vp9Flaw({ data }: EncodedChunk): string | undefined {
  return data[0]! >> 6 === 2 ? undefined : 'has no frame marker'
}

const FLAWS: ReadonlyMap<string, (chunk: EncodedChunk) => string | undefined> = new Map([
  ['h264', (chunk: EncodedChunk) => nalFlaw(H264, chunk)],
  ['h265', (chunk: EncodedChunk) => nalFlaw(H265, chunk)],
  ['vp8', vp8Flaw],
  ['vp9', vp9Flaw],
])

/**
 * Why no decoder could do anything with a chunk of the byte-stream form; undefined where it looks like one of its codec.
 *
 * @internal
 */
export function flawIn(codec: string, chunk: EncodedChunk): string | undefined {
  return chunk.data.length === 0 ? 'is empty' : FLAWS.get(codec)?.(chunk)
}
