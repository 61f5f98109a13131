// Made by "npm run api": what users of the package see. scripts/api says what it is for.
/** How the units of a stream are put together, as the encoder's option `bitstream`. */
type MetadataBitstream = 'annexb' | 'length-prefixed';
/** What the bytes are; an encoder's `config` can be given as it is. */
interface MetadataFormat {
    /** `'h264'` or `'h265'`, or a codec string of RFC 6381 such as `'avc1.42e01f'`. */
    codec: string;
    /**
     * How units are put together: behind start codes, or each behind its length in four bytes.
     * @default 'annexb'
     */
    bitstream?: MetadataBitstream;
}

/** What went into the stream with a frame. */
interface StreamMetadata {
    /** When the frame was taken: microseconds since 1970, UTC. Any tool's precision time stamp of MISB ST 0604 counts. */
    captureTime?: number;
    /** By how many microseconds the capture time may be wrong, either way. */
    captureTimeUncertainty?: number;
    /** The number of the frame. */
    frameId?: number;
    /** The bytes that came with the frame; a copy. */
    userData?: ReturnType<Uint8ArrayConstructor['of']>;
}

/**
 * Reads a stream that comes in pieces of any size, as from a file or a socket. It keeps no more than one unit of metadata, and
 * never fails on what the bytes are: what is no such stream has no metadata.
 *
 * @example
 * ```ts
 * import { MetadataReader } from 'v4l2-encoder/metadata'
 *
 * const reader = new MetadataReader({ codec: 'h264' })
 * const response = await fetch('https://camera.example/live.h264')
 * for await (const piece of response.body!) {
 *   for (const { captureTime, frameId } of reader.push(piece)) console.log(frameId, captureTime)
 * }
 * ```
 */
declare class MetadataReader {
    #private;
    /** Throws a `TypeError` for a codec or bitstream that is none of these. */
    constructor(format: MetadataFormat);
    /**
     * Reads the next bytes and returns what went with the frames that begin in them; a frame without metadata is left out. Throws a
     * `TypeError` for what is no bytes.
     */
    push(bytes: ArrayBufferView | ArrayBuffer | SharedArrayBuffer): StreamMetadata[];
}
/**
 * Reads what went into the stream with a frame: `chunk.data` of the encoder, or the access unit that a receiver got. Of bytes with
 * several frames it is the first one's that has metadata. Returns null where there is none. Whatever the bytes are, it does not fail; for what is no
 * bytes, and for another codec or bitstream, it throws a `TypeError`.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 * import { readMetadata } from 'v4l2-encoder/metadata'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480, metadata: true })
 * const frame = { data: new Uint8Array(640 * 480 * 1.5), timestamp: 0, metadata: { captureTime: Date.now() * 1000 } }
 * await encoder.encode(frame)
 * for await (const chunk of encoder) {
 *   console.log(readMetadata(chunk.data, encoder.config)) // { captureTime: 1764547200000000, frameId: 0 }
 *   break
 * }
 * await encoder.close()
 * ```
 */
declare function readMetadata(bytes: ArrayBufferView | ArrayBuffer | SharedArrayBuffer, format: MetadataFormat): StreamMetadata | null;

export { MetadataReader, readMetadata };

export type { MetadataBitstream, MetadataFormat, StreamMetadata };
