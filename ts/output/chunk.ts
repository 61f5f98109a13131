import type { ChunkMetadata } from '../frame/metadata.js'
import type { NativeChunk } from '../native/addon.js'

/** What a WebCodecs decoder or a muxer needs to know about the stream. */
export interface DecoderConfig {
  /** The codec string of RFC 6381, such as `'avc1.42e01f'`. */
  codec: string
  /** Width of the encoded frame in pixels. */
  codedWidth: number
  /** Height of the encoded frame in pixels. */
  codedHeight: number
  /** The `avcC` or `hvcC` record, with `bitstream: 'length-prefixed'` only. */
  description?: Uint8Array
}

/** When what happened to a frame: microseconds of the system's monotonic clock, as `process.hrtime.bigint() / 1000n` gives them. */
export interface ChunkTiming {
  /** A camera took it; where its metadata has a capture time, of an encoder that was created with `metadata`. */
  capture?: number
  /** The encoder took it from the program: `encode()` had room for it. */
  taken: number
  /** It was given to the device. */
  deviceIn: number
  /** The device gave its chunk. */
  deviceOut: number
  /** The chunk reached JavaScript and was passed to the readers. */
  delivered: number
}

/** One encoded frame. */
export interface EncodedChunk {
  /** `'key'`: decoding can start here. `'delta'`: it needs the chunks before. */
  type: 'key' | 'delta'
  /** That of the frame it was made from, in microseconds. */
  timestamp: number
  /** That of the frame it was made from, in microseconds, when it had one. */
  duration?: number
  /** The bytes; they belong to the receiver of the chunk, begin at offset 0 and may be transferred. */
  data: Uint8Array<ArrayBuffer>
  /** On a key chunk that begins a stream or changes how it is to be decoded. */
  decoderConfig?: DecoderConfig
  /** What went into the stream with the frame, of an encoder that was created with `metadata`. */
  metadata?: ChunkMetadata
  /** When what happened to the frame; every chunk of an encoder has it. */
  timing?: ChunkTiming
  /**
   * The average quantizer of its blocks, as the device tells it, of an encoder that was created with `chunkStatistics`: 0 (finest) to 51 for H.264
   * and H.265. Absent where it is not known.
   */
  quantizer?: number
}

/**
 * The same chunk with its own bytes, for one more receiver.
 *
 * @internal
 */
export function copyChunk(chunk: EncodedChunk): EncodedChunk {
  return { ...chunk, data: chunk.data.slice() }
}

function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1e6 + Math.floor(nanoseconds / 1000)
}

/**
 * A chunk of the addon.
 *
 * @internal
 */
export function chunkFrom(chunk: NativeChunk): EncodedChunk {
  const { data, key, timestamp, duration, decoderConfig, metadata, timing, quantizer } = chunk
  return {
    type: key ? 'key' : 'delta',
    timestamp,
    ...(duration === undefined ? {} : { duration }),
    data,
    ...(decoderConfig === undefined ? {} : { decoderConfig }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(timing === undefined ? {} : { timing: { ...timing, delivered: monotonic() } }),
    ...(quantizer === undefined ? {} : { quantizer }),
  }
}
