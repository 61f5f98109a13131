// Made by "npm run api": what users of the package see. scripts/api says what it is for.
/// <reference types="node" />
import { WritableStream, ReadableStream } from 'node:stream/web';

/** What goes into the stream with one frame, of an encoder that was created with `metadata`. */
interface FrameMetadata {
    /**
     * When the frame was taken: microseconds since 1970, UTC, from 0 to 2^53−1; fractions are cut off. A camera's frames bring it.
     * @default none
     */
    captureTime?: number | bigint;
    /**
     * By how many microseconds the capture time may be wrong, either way: 0 to 2^32−1.
     * @default none
     */
    captureTimeUncertainty?: number;
    /**
     * A whole number from 0 to 2^53−1.
     * @default a running number from 0, unless the encoder was created with `metadata: { frameId: false }`
     */
    frameId?: number | bigint;
    /**
     * Up to 64 KiB of your own, whatever they hold; read when `encode()` is called.
     * @default none
     */
    userData?: ArrayBufferView | ArrayBuffer | SharedArrayBuffer;
}
/** What went into the stream with a frame. */
interface ChunkMetadata {
    /** When the frame was taken: microseconds since 1970, UTC. */
    captureTime?: number;
    /** By how many microseconds the capture time may be wrong, either way. */
    captureTimeUncertainty?: number;
    /** The number of the frame. */
    frameId?: number;
    /** The bytes that came with the frame. */
    userData?: ReturnType<Uint8ArrayConstructor['of']>;
}
/** What goes into the stream by itself. */
interface MetadataOptions {
    /**
     * Whether the capture time that a frame brings, as those of a camera do, goes into the stream.
     * @default true
     */
    captureTime?: boolean;
    /**
     * Whether frames without a `frameId` get a running number.
     * @default true
     */
    frameId?: boolean;
}

/** The names of the pixel formats. */
declare const PIXEL_FORMATS: readonly ["I420", "NV12", "RGB", "BGR", "RGBA", "BGRA", "YUYV", "UYVY", "YV12", "NV21"];
/**
 * How pixels lie in a frame, 8 bits a component. Encoders take 4:2:0, so `'I420'` (Y, U, V) and `'NV12'` (Y, then U and V interleaved) go
 * in as they are; `'YV12'` and `'NV21'` (V before U), `'YUYV'` and `'UYVY'` (4:2:2 in one plane), `'RGB'`, `'BGR'`, `'RGBA'` and `'BGRA'` (bytes
 * in this order; alpha is ignored) are converted while they are copied.
 */
type PixelFormat = (typeof PIXEL_FORMATS)[number];

/** Where one plane lies in a frame's data, as in WebCodecs. */
interface PlaneLayout {
    /** Bytes from the start of the data to the plane's first row. */
    offset: number;
    /** Bytes from one row to the next. */
    stride: number;
}
/** One frame to encode. */
interface Frame {
    /** The bytes of the pixels, in a buffer or in any view of one; they have been read when the promise of `encode()` resolves. */
    data: ArrayBufferView | ArrayBuffer | SharedArrayBuffer;
    /** Microseconds, within ±(2^53−1); fractions are cut off. It comes back on the chunk as it is. */
    timestamp: number;
    /** Microseconds; comes back on the chunk. */
    duration?: number;
    /**
     * How the pixels lie.
     * @default the encoder's `format`
     */
    format?: PixelFormat;
    /** Width in pixels; if set, it must be the encoder's. */
    width?: number;
    /** Height in pixels; if set, it must be the encoder's. */
    height?: number;
    /**
     * One entry per plane.
     * @default tight: plane after plane, row after row
     */
    layout?: readonly PlaneLayout[];
    /**
     * What goes into the stream with it, of an encoder that was created with `metadata`; others leave it unread.
     * @default none
     */
    metadata?: FrameMetadata;
    /**
     * Gives the frame's memory back to its owner. The encoder calls it without arguments, exactly once for each call of
     * `encode()` with this frame, as soon as it no longer needs the memory: at the latest when the promise settles, also when that
     * rejects for whatever reason. `tryEncode()` calls it when it returns true, and not when it returns false or throws: the frame
     * is then still the caller's. `encodeAll()` calls it for every frame that it drew; `transform()` for every one that
     * reaches it, but not for those that a Web Stream throws away because it is aborted.
     * A frame in DMABUFs that was taken is released when the device no longer reads it, which may be after `encode()` resolved.
     * It is called synchronously and must not wait; what it throws is an uncaught exception of the program, and the encoder goes on.
     */
    release?: () => void;
}
/** One plane of a frame in a DMABUF. */
interface DmabufPlane {
    /** An open descriptor, which stays the caller's; planes may share one. It must stay open until the frame's `release()`. */
    fd: number;
    /** Bytes from the start of the DMABUF to the plane's first row. */
    offset: number;
    /** Bytes from one row to the next. */
    stride: number;
}
/** A surface of `allocateSurface()`, as a frame refers to it. */
interface FrameSurface {
    /** The descriptor by which NVIDIA's library knows it. */
    readonly fd: number;
    /** Where each plane lies. */
    readonly planes: readonly DmabufPlane[];
    /** What another process needs besides the descriptor. */
    mapParams(): Uint8Array;
}
/**
 * One frame to encode that is in DMABUFs: of a camera, a decoder, or a surface of NVIDIA's. Where the device reads such memory
 * itself, nothing is copied; where it cannot, or not in this layout (see `encoder.input`), the frame is copied like any
 * other, and the log says why, once. `encoder.stats` counts both. A memfd or file is copied as well. One that another process
 * makes smaller meanwhile is `ERR_FRAME`; a memfd that is sealed against that (`F_SEAL_SHRINK`) is read with less work.
 *
 * Where `encoder.input.dmabuf` is `'nvbufsurface'`, on a Jetson, the memory must be a surface of NVIDIA's: of `allocateSurface()`, or one
 * that other code in this process made with NvBufSurface. The surface itself says where its planes lie. Anything else is `ERR_FRAME`.
 *
 * @example
 * ```ts
 * import type { DmabufFrame, Encoder } from 'v4l2-encoder'
 *
 * // A surface of another process, whose descriptor came over a Unix socket, with what NvBufSurfaceGetMapParams gave there.
 * async function encodeForeign(encoder: Encoder, fd: number, mapParams: Uint8Array, timestamp: number, release: () => void) {
 *   const planes = [{ fd, offset: 0, stride: 2048 }, { fd, offset: 2048 * 1088, stride: 2048 }]
 *   const frame: DmabufFrame = { planes, format: 'NV12', surface: { mapParams }, timestamp, release }
 *   await encoder.encode(frame)
 * }
 * ```
 */
interface DmabufFrame extends Omit<Frame, 'data' | 'layout'> {
    /** One entry for each plane of the format. */
    planes: readonly DmabufPlane[];
    /**
     * The surface that the planes are in: one of `allocateSurface()`, whose `toFrame()` sets it, or `{ mapParams }` for one of another
     * process: the bytes that `surface.mapParams()` or NvBufSurfaceGetMapParams gave there. The encoder imports it once and keeps it
     * for the frames that follow.
     * @default the one of this process that NVIDIA's library knows by the descriptor
     */
    surface?: FrameSurface | {
        mapParams: ArrayBufferView | ArrayBuffer;
    };
}

/**
 * The codecs by name; which of them can be had depends on the board.
 *
 * @example
 * ```ts
 * import { Codec, createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: [Codec.H265, Codec.H264] })
 * ```
 */
declare const Codec: {
    /** H.264, also known as AVC; Constrained Baseline unless a codec string says otherwise. */
    readonly H264: "h264";
    /** H.265, also known as HEVC; Main profile. */
    readonly H265: "h265";
    /** AV1, Main profile. */
    readonly AV1: "av1";
    /** VP8, by kernel encoders. */
    readonly VP8: "vp8";
    /** VP9, profile 0, by kernel encoders. */
    readonly VP9: "vp9";
    /** FWHT, the codec of the kernel's virtual encoder vicodec: for tests without hardware. */
    readonly FWHT: "fwht";
};
/** One of the values of {@link Codec}. */
type Codec = (typeof Codec)[keyof typeof Codec];

/**
 * A codec as it may be written: a {@link Codec}, `'avc'`, `'hevc'`, or an RFC 6381 string that also chooses profile
 * and level, such as `'avc1.42e01f'`, `'hvc1.1.6.L93.B0'` or `'vp09.00.31.08'`.
 */
type CodecName = Codec | 'avc' | 'hevc' | (string & {});

/** How the bit rate is held. */
declare const BITRATE_MODES: readonly ["constant", "variable", "quantizer"];
/** One of {@link BITRATE_MODES}. */
type BitrateMode = (typeof BITRATE_MODES)[number];
/** Profiles of H.264 and H.265 by name. */
declare const PROFILES: readonly ["auto", "constrained-baseline", "baseline", "main", "high"];
/** One of {@link PROFILES}. */
type ProfileName = (typeof PROFILES)[number];
/** What becomes of an encoder that has no control for what was asked for. */
declare const ON_UNSUPPORTED: readonly ["error", "warn"];
/** One of {@link ON_UNSUPPORTED}. */
type OnUnsupported = (typeof ON_UNSUPPORTED)[number];
/** How long an encoder searches. */
declare const PRESETS: readonly ["ultrafast", "fast", "medium", "slow"];
/** One of {@link PRESETS}. */
type Preset = (typeof PRESETS)[number];
/** What frames show, as WebCodecs has it. */
declare const CONTENT_HINTS: readonly ["motion", "detail", "text"];
/** One of {@link CONTENT_HINTS}. */
type ContentHint = (typeof CONTENT_HINTS)[number];
/** Temporal layers, as WebRTC's scalable video coding names them. */
declare const SCALABILITY_MODES: readonly ["L1T1", "L1T2", "L1T3"];
/** One of {@link SCALABILITY_MODES}. */
type ScalabilityMode = (typeof SCALABILITY_MODES)[number];
/** What an encoder favours. */
declare const LATENCY_MODES: readonly ["realtime", "quality"];
/** One of {@link LATENCY_MODES}. */
type LatencyMode = (typeof LATENCY_MODES)[number];
/** Whether hardware encodes. */
declare const HARDWARE_CHOICES: readonly ["prefer", "require", "never"];
/** One of {@link HARDWARE_CHOICES}. */
type HardwareChoice = (typeof HARDWARE_CHOICES)[number];
/** How the units of a stream are put together. */
declare const BITSTREAMS: readonly ["annexb", "length-prefixed"];
/** One of {@link BITSTREAMS}. */
type Bitstream = (typeof BITSTREAMS)[number];
/** WebCodecs' names of what kernel and NVIDIA encoders can signal. */
declare const MATRICES: readonly ["smpte170m", "bt709", "bt2020-ncl"];
/** One of {@link MATRICES}. */
type Matrix = (typeof MATRICES)[number];

/**
 * What may be asked of an encoder besides size, rates and codec. An encoder that has no control for one of them is not used
 * (`ERR_CONTROL` in `encoder.rejected`), or warns, by the option `onUnsupported`. `encoder.settings` has what became of each.
 */
interface EncoderParameters {
    /**
     * Bits per second that are not exceeded for longer than the buffer of `bufferMs` lasts, at least `bitrate`: of
     * `bitrateMode: 'variable'`, which it implies.
     * @default 1.2 times the bit rate
     */
    maxBitrate?: number;
    /**
     * The buffer that a decoder is supposed to have, in milliseconds of the bit rate, 1 to 60000: how far the sizes of frames may
     * deviate from the mean. Two frames are little, a second is much.
     * @default two frames in `latencyMode: 'realtime'`, a second in `'quality'`, where the encoder has a control for it
     */
    bufferMs?: number;
    /**
     * The quantizer of all frames, of `bitrateMode: 'quantizer'`, which it implies: 0 (finest) to 51 for H.264 and H.265, to 63 for
     * VP8, VP9 and AV1.
     * @default 28
     */
    quantizer?: number;
    /**
     * The finest quantizer that the rate control may use.
     * @default chosen by the encoder
     */
    minQuantizer?: number;
    /**
     * The coarsest quantizer that the rate control may use: what it cannot save with it goes beyond the bit rate.
     * @default chosen by the encoder
     */
    maxQuantizer?: number;
    /**
     * The finest quantizer of key frames.
     * @default `minQuantizer`
     */
    minKeyQuantizer?: number;
    /**
     * The coarsest quantizer of key frames.
     * @default `maxQuantizer`
     */
    maxKeyQuantizer?: number;
    /**
     * Frames from one intra frame to the next: between key frames they stop errors, and decoding cannot begin with them.
     * @default as many as `keyFrameInterval`
     */
    intraFrameInterval?: number;
    /**
     * Frames in which the whole frame is refreshed by intra blocks, a part with each frame, 2 to 10000: errors end without the burst
     * of a key frame.
     * @default no intra refresh
     */
    intraRefreshPeriod?: number;
    /**
     * The same, by rows of macroblocks that each frame refreshes.
     * @default no intra refresh
     */
    intraRefreshRows?: number;
    /**
     * Slices of each frame, 1 to 256.
     * @default one; in software one for each thread
     */
    sliceCount?: number;
    /**
     * Bytes of a slice at most, 256 to 1000000, so that each fits into a packet.
     * @default no limit
     */
    sliceBytes?: number;
    /**
     * How long the encoder searches for a better result.
     * @default 'ultrafast' in `latencyMode: 'realtime'`, 'medium' in `'quality'`, where the encoder has a control for it
     */
    preset?: Preset;
    /**
     * What the frames show, as WebCodecs has it: `'text'` is for screens. A hint that an encoder does not take is no reason not to use
     * it: it is `'unsupported'` in `encoder.settings`.
     * @default motion
     */
    contentHint?: ContentHint;
    /**
     * Begins each chunk with an access unit delimiter, which MPEG-TS and HLS want.
     * @default false
     */
    accessUnitDelimiters?: boolean;
    /**
     * Temporal layers: in `'L1T2'` each second frame, in `'L1T3'` three of four, can be dropped by a receiver or a server.
     * @default 'L1T1'
     */
    scalabilityMode?: ScalabilityMode;
    /**
     * Frames that a frame may refer to, 1 to 16.
     * @default 1 in `latencyMode: 'realtime'`, where the encoder has a control for it
     */
    referenceFrames?: number;
    /**
     * Whether frames may have `regions`, which are coded finer or coarser than the rest: a device has to be set up for them.
     * @default false
     */
    regionsOfInterest?: boolean;
    /**
     * Whether the device is asked about each chunk, for `chunk.quantizer`. What the question costs on a board has not been measured.
     * @default false
     */
    chunkStatistics?: boolean;
}

/** The kinds of encoder: NVIDIA's library, a driver of the kernel, the processor. */
declare const BACKENDS: readonly ["jetson", "v4l2", "software"];
/** One of {@link BACKENDS}. */
type BackendName = (typeof BACKENDS)[number];

/**
 * The `code` of every error this package makes, one per situation a caller can act on.
 *
 * @example
 * ```ts
 * import { createEncoder, ErrorCode, V4l2EncoderError } from 'v4l2-encoder'
 *
 * try {
 *   await createEncoder({ codec: 'h265' })
 * } catch (error) {
 *   if (!(error instanceof V4l2EncoderError) || error.code !== ErrorCode.NoEncoder) throw error
 *   for (const tried of error.rejected) console.error(tried.device, tried.message)
 * }
 * ```
 */
declare const ErrorCode: {
    /** No device and no software encoder can do what was asked; `error.rejected` lists what was tried. */
    readonly NoEncoder: "ERR_NO_ENCODER";
    /** The device node does not exist. */
    readonly DeviceNotFound: "ERR_DEVICE_NOT_FOUND";
    /** The user may not open the device. */
    readonly Permission: "ERR_PERMISSION";
    /** The device is there, but it does not encode video. */
    readonly NotAnEncoder: "ERR_NOT_AN_ENCODER";
    /** The device is there, but it is not a camera, or has no usable format. */
    readonly NotACamera: "ERR_NOT_A_CAMERA";
    /** NVIDIA's V4L2 library could not be loaded. */
    readonly LibraryMissing: "ERR_LIBRARY_MISSING";
    /** The device does not know this codec or profile. */
    readonly CodecUnsupported: "ERR_CODEC_UNSUPPORTED";
    /** An option is unknown, of the wrong type or out of range. */
    readonly Config: "ERR_CONFIG";
    /** A frame is malformed, or the device failed on it. */
    readonly Frame: "ERR_FRAME";
    /** The device rejected a setting. */
    readonly Control: "ERR_CONTROL";
    /** A request to the device failed; see `ioctl` and `errno`. */
    readonly Device: "ERR_DEVICE";
    /** The device, or the source of frames, did not answer within the time-out. */
    readonly Timeout: "ERR_TIMEOUT";
    /** The device went away while it was in use. */
    readonly DeviceLost: "ERR_DEVICE_LOST";
    /** A camera delivers another format than it was set to. */
    readonly FormatChanged: "ERR_FORMAT_CHANGED";
    /** Too many frames wait, or too many chunks lie unread. */
    readonly QueueFull: "ERR_QUEUE_FULL";
    /** Something that serves one at a time is taken. */
    readonly Busy: "ERR_BUSY";
    /** The encoder is closed. */
    readonly Closed: "ERR_CLOSED";
    /** The source of frames failed: a program, a file, or its content. */
    readonly Source: "ERR_SOURCE";
    /** The native part of this package could not be loaded. */
    readonly NativeLoad: "ERR_NATIVE_LOAD";
};
/** One of the values of {@link ErrorCode}. */
type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];
/** One encoder that was tried and did not do. */
interface RejectedEncoder {
    /** Which kind of encoder it is. */
    backend: BackendName;
    /** The device node, or null where there is none. */
    device: string | null;
    /** The codec that it was tried for. A device that encodes nothing at all is listed once, with the first codec that was requested. */
    codec: Codec;
    /** Why, as one of {@link ErrorCode}. */
    code: ErrorCode;
    /** Why, as a sentence. */
    message: string;
    /** What would help. */
    hint?: string;
    /** The request that failed, such as `VIDIOC_REQBUFS`. */
    ioctl?: string;
    /** The name of its error number, such as `ENOMEM`. */
    errno?: string;
    /** Codecs that were not requested and that can be encoded here instead, such as `['h264']`. */
    alternatives?: readonly string[];
}
/** Everything that goes wrong while opening or using an encoder or a source of frames, except wrong arguments ({@link ArgumentError}). */
declare class V4l2EncoderError extends Error {
    /** What happened, as one of {@link ErrorCode}. */
    readonly code: ErrorCode;
    /** What helps, as a sentence. */
    readonly hint?: string;
    /** The device node concerned. */
    readonly device?: string;
    /** The request that failed, such as `VIDIOC_REQBUFS`. */
    readonly ioctl?: string;
    /** The name of its error number, such as `EBUSY`. */
    readonly errno?: string;
    /** What that number means, in the system's words, such as `Device or resource busy`; of `v4l2-encoder/device`. */
    readonly reason?: string;
    /** The control that was rejected, by its name in `v4l2-ctl`; of `v4l2-encoder/device`. */
    readonly control?: string;
    /** Where no encoder could be opened: everything that was tried, in order; empty otherwise. */
    readonly rejected: readonly RejectedEncoder[];
    /** After a fatal error: the timestamps, in microseconds, of accepted frames that will never come; empty otherwise. */
    readonly lost: readonly number[];
    /** The timestamp, in microseconds, of the one frame concerned. */
    readonly timestamp?: number;
}
/** A wrong argument: a TypeError (name or type) or a RangeError (value) that also carries a code and a hint. */
type ArgumentError = (TypeError | RangeError) & {
    /** `'ERR_CONFIG'` for options, `'ERR_FRAME'` for frames. */
    readonly code: ErrorCode;
    /** What helps, as a sentence. */
    readonly hint?: string;
};

/** How grave a log record is. */
type LogLevel = 'error' | 'warn' | 'info' | 'debug';
/** One line of the log. */
interface LogRecord {
    /** How grave it is. */
    level: LogLevel;
    /** The line, without level or time. */
    message: string;
}
/** Takes log records; it is called on the thread that made the encoder. */
type LogWriter = (record: LogRecord) => void;
/**
 * Where the log goes: a level (to standard error), a function that receives the records, or both.
 * `'debug'` traces every request to the device with its result.
 */
type LogOption = 'silent' | LogLevel | LogWriter | {
    /**
     * The least grave level that is written.
     * @default 'info'
     */
    level?: 'silent' | LogLevel;
    /**
     * Takes the records instead of standard error.
     * @default one line on standard error
     */
    write?: LogWriter;
};

/** What luma and chroma mean: how RGB frames are converted, and what the stream signals to players. */
interface ColorSpace {
    /** As WebCodecs names it: `'smpte170m'` is BT.601, `'bt2020-ncl'` BT.2020. */
    matrix: Matrix;
    /**
     * Whether values go from 0 to 255, as in JPEG, instead of 16 to 235.
     * @default false
     */
    fullRange?: boolean;
}
/** Shape of a pixel as H.264 and H.265 write it: 64 to 45 in PAL video that fills a screen of 16:9. */
interface SampleAspectRatio {
    /** Width of a pixel in any unit, 1 to 65535. */
    width: number;
    /** Height of a pixel in the same unit, 1 to 65535. */
    height: number;
}
/** What an encoder shall do; everything but `codec` has a default. */
interface EncoderOptions extends EncoderParameters {
    /** The codec, or several in order of preference: `['h265', 'h264']` runs in software where there is no H.265 hardware. */
    codec: CodecName | readonly CodecName[];
    /**
     * Width in pixels; even.
     * @default 1280
     */
    width?: number;
    /**
     * Height in pixels; even.
     * @default 720
     */
    height?: number;
    /**
     * Frames per second; the rate control counts on it.
     * @default 30
     */
    framerate?: number;
    /**
     * Whether the rate control follows the rate at which frames really come. It is measured by their timestamps, over two seconds;
     * a source that gives 15 of 30 frames a second then gets the whole bit rate. `false` keeps `framerate` whatever comes.
     * @default true
     */
    adaptFramerate?: boolean;
    /**
     * Target in bits per second.
     * @default follows from size and rate: 2 000 000 for 1280x720 at 30 frames a second
     */
    bitrate?: number;
    /**
     * `'constant'` holds the bit rate. `'variable'` spends less on easy scenes and up to `maxBitrate` on difficult ones.
     * `'quantizer'` encodes every frame with `quantizer`, and has no bit rate.
     * @default 'constant'; on a Raspberry Pi, which is slow with it, 'variable'
     */
    bitrateMode?: BitrateMode;
    /**
     * Frames from one key frame to the next.
     * @default chosen by the encoder; see `encoder.config`
     */
    keyFrameInterval?: number;
    /**
     * The profile, where `codec` does not name one; `'auto'` is the codec's default.
     * @default 'auto': Constrained Baseline for H.264, Main for H.265
     */
    profile?: ProfileName;
    /**
     * The level, where `codec` does not name one, such as `'4.1'`; one that does not hold the stream is raised, with a warning.
     * @default 'auto': the lowest that holds size, frame rate and bit rate
     */
    level?: string;
    /**
     * What becomes of an encoder that has no control for a parameter that was asked for: `'error'` does not use it, `'warn'`
     * uses it without, and says so in `encoder.warnings` and `encoder.settings`.
     * @default 'error'
     */
    onUnsupported?: OnUnsupported;
    /**
     * Whether capture time, number and bytes of your own go into an H.264 or H.265 stream with each frame, where decoders pass over
     * them and `readMetadata()` of `v4l2-encoder/metadata` finds them; an object says what of it goes by itself.
     * @default false
     */
    metadata?: boolean | MetadataOptions;
    /**
     * `'realtime'` keeps as few frames in flight as the device allows, `'quality'` fills its queue.
     * @default 'realtime'
     */
    latencyMode?: LatencyMode;
    /**
     * Whether hardware is preferred, required, or not used at all.
     * @default 'prefer'
     */
    hardware?: HardwareChoice;
    /**
     * How NAL units are separated in H.264 and H.265 chunks. `'annexb'`: by start codes, with the parameter sets before each key frame.
     * `'length-prefixed'`: by their lengths, as MP4 and WebCodecs have it; the parameter sets are in `decoderConfig.description`. AV1
     * has one form only, the low-overhead OBU stream, so this option is `ERR_CONFIG` there.
     * @default 'annexb'
     */
    bitstream?: Bitstream;
    /**
     * The pixel format of frames that do not name their own.
     * @default 'I420'
     */
    format?: PixelFormat;
    /**
     * What luma and chroma mean. Frames that are YUV already keep their values; say here what they are if it is something else.
     * @default BT.709 from 720 rows on and BT.601 below, in limited range, which is what players suppose
     */
    colorSpace?: ColorSpace;
    /**
     * Shape of a pixel, which is written into H.264 and H.265 streams; other codecs cannot carry it, and `encoder.warnings` says so.
     * @default square pixels
     */
    sampleAspectRatio?: SampleAspectRatio;
    /**
     * The device to use, such as `'/dev/video11'`. A name allows only this one: if it does not exist or does not work, `createEncoder()`
     * rejects with its error, and uses no other device or software. A list is a preference: its devices are tried in this order, then all
     * others of this machine.
     * @default the first one that does what is asked
     */
    device?: string | readonly string[];
    /**
     * The file to load instead of NVIDIA's `libnvv4l2.so`.
     * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
     */
    library?: string;
    /**
     * Frames in the device at a time.
     * @default follows from `latencyMode`
     */
    queueDepth?: number;
    /**
     * Lets NVIDIA's library say when a chunk is ready (its DEVICE_POLL control, on a thread of its own) instead of looking
     * several thousand times a second while frames are in flight: fewer wake-ups of the processor. Not every release of the library returns from it.
     * @default false
     */
    devicePoll?: boolean;
    /**
     * Frames that may wait in `encode()` at a time.
     * @default 16
     */
    maxPendingFrames?: number;
    /**
     * Milliseconds that the device has for opening, for a frame, for a flush, and for closing.
     * @default 5000
     */
    timeout?: number;
    /** Gives up opening; once the encoder is open it has no effect. */
    signal?: AbortSignal;
    /**
     * Called for each accepted frame that the device failed on, with its `timestamp`; the stream goes on.
     * @default a warning in the log
     */
    onFrameLost?: (error: V4l2EncoderError) => void;
    /**
     * Where the log goes.
     * @default the environment variable `V4L2_ENCODER_LOG`, then `'warn'`
     */
    log?: LogOption;
}
/** The configuration in force. */
interface EncoderConfig {
    /** The codec that was chosen. */
    codec: Codec;
    /** The codec string of RFC 6381, such as `'avc1.42e01f'`. */
    codecString: string;
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /** Frames per second. */
    framerate: number;
    /** Target in bits per second. */
    bitrate: number;
    /** How bits are spent. */
    bitrateMode: BitrateMode;
    /** Frames from one key frame to the next. */
    keyFrameInterval: number;
    /** Whether latency or throughput comes first. */
    latencyMode: LatencyMode;
    /** Whether hardware is preferred, required, or not used at all. */
    hardware: HardwareChoice;
    /** How NAL units are separated in H.264 and H.265 chunks. */
    bitstream: Bitstream;
    /** The pixel format of frames that do not name their own. */
    format: PixelFormat;
    /** Frames in the device at a time; left out when it follows from `latencyMode`. */
    queueDepth?: number;
    /** Milliseconds that the device has for each task. */
    timeout: number;
}
/** One setting as it was asked for, as it is, and how that is known. */
interface EncoderSetting {
    /** The name of the option. */
    name: string;
    /** What was requested: a number for options that are numbers, else a string such as `'constant'`, `'3.1'` or `'true'`. */
    requested: string | number;
    /** What is in effect, in the same form; null where nothing has confirmed it. */
    actual: string | number | null;
    /**
     * `'readback'`: the driver said so; `'bitstream'`: seen in the output; `'requested'`: sent, but nothing has confirmed it;
     * `'unsupported'`: the device has no control for it, or rejected it, and keeps its default.
     */
    source: 'readback' | 'bitstream' | 'requested' | 'unsupported';
}
/** Something that is not as it was asked for, but no reason to stop. */
interface EncoderWarning {
    /** What kind of deviation. */
    code: string;
    /** What happened, as a sentence. */
    message: string;
    /** The option concerned. */
    setting?: string;
}

/** An entry of a control's menu. */
interface CameraMenuItem {
    /** The control's value for it. */
    value: number;
    /** Its name; of a menu of numbers, the number. */
    name: string;
}
/** Something of a camera that can be set: exposure, gain, focus, white balance, …. */
interface CameraControl {
    /** Its name for `setControl()`, as `v4l2-ctl` writes it: `'exposure_time_absolute'`. */
    name: string;
    /** Its name for people: `'Exposure Time, Absolute'`. */
    label: string;
    /** What its value is; a button is set to anything to press it. */
    type: 'integer' | 'boolean' | 'menu' | 'integer-menu' | 'button' | 'bitmask';
    /** Smallest value. */
    minimum: number;
    /** Largest value. */
    maximum: number;
    /** Values are this far apart. */
    step: number;
    /** The driver's own choice. */
    default: number;
    /** Its value as of now; null of what can only be set. */
    value: number | null;
    /** The entries of a menu. */
    menu: readonly CameraMenuItem[];
    /** Whether it can only be read. */
    readOnly: boolean;
    /** Whether setting it has no effect while another control is as it is: an exposure, while it is automatic. */
    inactive: boolean;
}

/** Counters of a camera; `captured = delivered + dropped`, and at most as many more as may wait. */
interface CameraStats {
    /** Whole frames that the driver delivered. */
    captured: number;
    /** Frames that were read. */
    delivered: number;
    /** Frames that newer ones replaced, because they were not read in time. */
    dropped: number;
    /** Damaged frames, which are left out: the driver marked them, they were cut short, or could not be decoded. */
    errors: number;
    /** JPEG frames that are delivered although up to a quarter of them is missing; that part looks like what is above it. */
    repaired: number;
    /** Frames that the driver did not deliver at all, as gaps in its sequence numbers show. */
    missed: number;
    /** Frames that were converted into `data`. */
    converted: number;
    /** Frames that went on as DMABUFs, without a copy. */
    dmabuf: number;
}

/** A camera's frames, in the form in which `createEncoder()` takes it. */
interface CameraConfig {
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /** Frames per second, as the driver reports. */
    framerate: number;
    /** How the pixels lie. */
    format: 'NV12' | 'I420';
    /** What their numbers mean. */
    colorSpace: ColorSpace;
}
/** When a frame was taken. */
interface CaptureMetadata extends FrameMetadata {
    /** Microseconds since 1970, UTC; left out where the system has no time. */
    captureTime?: number;
    /** By how many microseconds that may be wrong, either way, as far as the system's clock is right. */
    captureTimeUncertainty?: number;
}
/** A frame of a camera in memory that is used again after `release()`, which detaches `data`. */
interface CameraFrame extends Frame {
    /** The pixels, tight: plane after plane, row after row. */
    data: ReturnType<Uint8ArrayConstructor['of']>;
    /** Microseconds by the driver's clock, which is the system's monotonic one with nearly every driver. */
    timestamp: number;
    /** Microseconds between two frames. */
    duration: number;
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /**
     * When the frame was taken, in UTC: `timestamp` with what lay between the monotonic clock and the system's time when the frame came,
     * and how exact that is. It is as right as the system's clock, and means what the driver's timestamp means: mostly the end of
     * the transfer from the sensor. Where the driver's clock is another one, it is the middle of the interval before.
     */
    metadata: CaptureMetadata;
    /** Gives the memory back; more calls do nothing. The encoder calls it. */
    release: () => void;
}
/** A frame of a camera in the driver's own buffer. While it is not released, the camera has one buffer less. */
interface CameraDmabufFrame extends DmabufFrame {
    /** Microseconds, as in {@link CameraFrame}. */
    timestamp: number;
    /** Microseconds between two frames. */
    duration: number;
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /** When the frame was taken, as in {@link CameraFrame}. */
    metadata: CaptureMetadata;
    /**
     * Gives the buffer back to the driver, or to an encoder that has taken the frame, which gives it back when it has read it;
     * more calls do nothing. `encode()` and `tryEncode()` call it, soon after they have taken the frame: so several encoders can be
     * given it at once, as by `Promise.all()`.
     */
    release: () => void;
}
/** How frames are read. */
interface CameraFramesOptions {
    /**
     * Whether frames come as DMABUFs, without a copy, where `format` is the camera's own format (`camera.dmabuf`). Where it does not,
     * they come converted all the same.
     * @default in `encoder.encodeAll(camera.frames())` true where the encoder's device reads such memory, else false
     */
    dmabuf?: boolean;
}
/**
 * A camera that runs, made by `openCamera()`. Its newest frames wait to be read; older ones are dropped and counted. It is read by
 * one loop at a time, and goes on running when a loop ends, until `close()`.
 *
 * While no loop waits for a frame, it does not keep the process alive, and it is closed when the process exits.
 */
declare class Camera {
    #private;
    private constructor();
    /** The device node. */
    get device(): string;
    /** What the device calls itself. */
    get name(): string;
    /** The kernel driver, such as `'uvcvideo'`. */
    get driver(): string;
    /** The camera's own format, such as `'YUYV'` or `'MJPEG'`, before any conversion. */
    get cameraFormat(): string;
    /** Whether frames can come as DMABUFs: `format` is the camera's own format, and its driver exports its memory. */
    get dmabuf(): boolean;
    /**
     * Whether each frame is two fields that were taken one after the other, as in analogue video, so that moving edges look like combs. The
     * fields are woven row by row; nothing is deinterlaced.
     */
    get interlaced(): boolean;
    /** The frames as they are, for `createEncoder({ codec: 'h264', ...camera.config })`. */
    get config(): Readonly<CameraConfig>;
    /** Counters as of now. */
    get stats(): CameraStats;
    /** Lists what can be set, such as exposure and gain, with the values as of now. */
    controls(): Promise<CameraControl[]>;
    /**
     * Sets a control by its name and resolves with the value that the driver took. Rejects with `ERR_CONTROL` (a RangeError) for a
     * control that the camera does not have or a value that it cannot take; the device is not asked then.
     */
    setControl(name: string, value: number | boolean): Promise<number>;
    /**
     * Reads the frames. The loop ends when the camera is closed, and throws what it failed with: `ERR_DEVICE_LOST` when it was
     * unplugged, `ERR_FORMAT_CHANGED`, `ERR_TIMEOUT` when no frame that can be used comes in time, `ERR_DEVICE`, or the reason of the
     * `signal`; `ERR_BUSY` while another loop reads.
     */
    frames(options?: CameraFramesOptions & {
        dmabuf?: false;
    }): AsyncIterableIterator<CameraFrame>;
    frames(options: CameraFramesOptions): AsyncIterableIterator<CameraFrame | CameraDmabufFrame>;
    /** Reads the frames, as `frames()` does. */
    [Symbol.asyncIterator](): AsyncIterableIterator<CameraFrame>;
    /** Stops the camera and lets the device go. A loop that reads ends. Frames stay valid until they are released. */
    close(): Promise<void>;
    /** Closes at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** How to list cameras. */
interface ListCamerasOptions {
    /** Ends the waiting with the signal's reason. */
    signal?: AbortSignal;
}
/** A frame size of a camera, or a range of sizes. */
interface CameraSize {
    /** Width in pixels; of a range, the largest. */
    width: number;
    /** Height in pixels; of a range, the largest. */
    height: number;
    /** Of a range of sizes: its smallest, and how far apart they are. */
    range?: {
        /** Smallest width. */
        minWidth: number;
        /** Smallest height. */
        minHeight: number;
        /** Widths are this far apart. */
        stepWidth: number;
        /** Heights are this far apart. */
        stepHeight: number;
    };
    /** Frames a second, highest first; empty where the driver does not report them. */
    framerates: readonly number[];
    /** Whether every rate between the two of `framerates` is possible. */
    anyFramerate: boolean;
}
/** A format of a camera. */
interface CameraFormat {
    /** V4L2's four-character code, such as `'YUYV'` or `'MJPG'`. */
    code: string;
    /** What it is here, such as `'YUYV'`, `'NV12'` or `'MJPEG'`; null when it cannot be used. */
    name: string | null;
    /** The driver's words for it. */
    description: string;
    /** Its sizes; empty where the driver does not report them. */
    sizes: readonly CameraSize[];
}
/** A camera, or a node that looks like one and cannot be used. */
interface CameraInfo {
    /** The device node. */
    device: string;
    /** Its number for `openCamera({ camera: 0 })`; null when it cannot be used. */
    index: number | null;
    /** What the device calls itself; null when it could not be asked. */
    name: string | null;
    /** The kernel driver, such as `'uvcvideo'`. */
    driver: string | null;
    /** Where it is attached, such as `'usb-0000:00:14.0-1'`. */
    bus: string | null;
    /** Its formats. */
    formats: readonly CameraFormat[];
    /** Whether it can be used, as far as is known without starting it. */
    available: boolean;
    /** Why it cannot be used, as one of {@link ErrorCode}. */
    code?: string;
    /** Why it cannot be used, as a sentence. */
    message?: string;
    /** What would help. */
    hint?: string;
}

/** How a camera is opened. */
interface CameraOptions {
    /**
     * Which camera: its `index` in `listCameras()`, its device node (`'/dev/video0'`), or a part of its name.
     * @default 0
     */
    camera?: number | string;
    /**
     * Width in pixels; even. Frames are not scaled: the camera must support it.
     * @default that of the size next to 1280x720 which reaches the rate
     */
    width?: number;
    /**
     * Height in pixels; even.
     * @default see `width`
     */
    height?: number;
    /**
     * Frames per second to request; the actual rate is `camera.config.framerate`.
     * @default 30
     */
    framerate?: number;
    /**
     * How the pixels of frames lie. The camera's frames are converted to it, once, unless it is the camera's own format.
     * @default 'NV12'
     */
    format?: 'NV12' | 'I420';
    /**
     * The only format to take from the camera, by its name in `listCameras()`, such as `'YUYV'` or `'MJPEG'`.
     * @default the cheapest one that supports size and rate
     */
    cameraFormat?: string;
    /**
     * Buffers of the driver, 4 to 32. All but two can be in frames that are not released yet.
     * @default 6
     */
    buffers?: number;
    /**
     * Frames that may wait to be read, 1 to 8; then the oldest is dropped.
     * @default 2
     */
    limit?: number;
    /**
     * Milliseconds that the camera has to open, and between two frames that can be used; damaged ones do not count.
     * @default 5000
     */
    timeout?: number;
    /**
     * Where warnings about the camera go.
     * @default the level of `V4L2_ENCODER_LOG`, or `'warn'`, to standard error
     */
    log?: LogOption;
    /** Ends the opening, or the iteration, with the signal's reason, and closes the camera. */
    signal?: AbortSignal;
}

/** How to look for encoders. */
interface ListOptions {
    /**
     * Opens each device to see whether it works; without it NVIDIA's device is not touched.
     * @default false
     */
    probe?: boolean;
    /**
     * The file to load instead of NVIDIA's `libnvv4l2.so`.
     * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
     */
    library?: string;
    /** Ends the waiting with the signal's reason. */
    signal?: AbortSignal;
}
/** Frame sizes that a device encodes with a codec, in pixels. */
interface CodecSizes {
    /** The codec. */
    codec: Codec;
    /** Smallest width. */
    minWidth: number;
    /** Smallest height. */
    minHeight: number;
    /** Largest width. */
    maxWidth: number;
    /** Largest height. */
    maxHeight: number;
}
/** One encoder of this machine, or something that looks like one. */
interface EncoderInfo {
    /** Which kind of encoder it is. */
    backend: BackendName;
    /** The device node, or null for the software encoder. */
    device: string | null;
    /** What the device calls itself, or what it is known as; the card's name of a kernel encoder. */
    name: string;
    /** The kernel driver, such as `'bcm2835-codec'`; of kernel encoders only. */
    driver?: string;
    /** Where the device is attached, such as `'platform:bcm2835-codec'`; of kernel encoders only. */
    bus?: string;
    /** What it can encode. */
    codecs: readonly Codec[];
    /** The sizes that the driver reports; of kernel encoders that report them. */
    sizes?: readonly CodecSizes[];
    /** The raw formats that the driver reports, as V4L2's four-character codes such as `'NV12'`; of kernel encoders only. */
    formats?: readonly string[];
    /** Whether it can be used, as far as is known without opening it. */
    available: boolean;
    /** Why it cannot be used, as one of {@link ErrorCode}. */
    code?: ErrorCode;
    /** Why it cannot be used, as a sentence. */
    message?: string;
    /** What would help. */
    hint?: string;
}
/** How to find out whether a configuration is supported. */
interface SupportOptions {
    /**
     * Opens an encoder and closes it again, which is the only way to be sure.
     * @default false
     */
    probe?: boolean;
}
/** Whether a configuration is supported, and by what. */
interface Support {
    /** Whether `createEncoder()` would find an encoder. */
    supported: boolean;
    /** The kind of encoder that would run. */
    backend?: BackendName;
    /** Its device node, or null for the software encoder. */
    device?: string | null;
    /** The configuration that would be in force. */
    config?: EncoderConfig;
    /** Everything that would be tried before, each with the reason. */
    rejected: readonly RejectedEncoder[];
}

/** Which board this is. */
interface BoardFacts {
    /** What the board calls itself, such as `'NVIDIA Jetson Orin NX Engineering Reference Developer Kit'`; null when it does not say. */
    model: string | null;
    /** The names that drivers know it by, such as `'nvidia,tegra234'`, most particular first; at most 16. */
    compatible: readonly string[];
    /** The chip, such as `'tegra234'` or `'bcm2711'`; null when unknown. */
    soc: string | null;
    /** The kinds of board that have findings of their own; null for every other. */
    family: 'jetson' | 'orin-nano' | 'thor' | 'raspberry-pi' | 'raspberry-pi-5' | null;
}

/** What NVIDIA's container runtime passes into containers, as a list of it says. */
interface RuntimeList {
    /** The file. */
    path: string;
    /** The device nodes it names, at most 256. */
    devices: readonly string[];
}
/** Whether this is a container, and what was passed into it. */
interface ContainerFacts {
    /** Its kind; null outside of a container. */
    kind: 'docker' | 'podman' | 'kubernetes' | 'lxc' | 'other' | null;
    /** Why we think so. */
    signs: readonly string[];
    /** Device nodes that are mounted one by one. */
    mountedNodes: readonly string[];
    /** The environment variable `NVIDIA_VISIBLE_DEVICES`; null when it is not set. */
    visibleDevices: string | null;
    /** The environment variable `NVIDIA_DRIVER_CAPABILITIES`; null when it is not set. */
    driverCapabilities: string | null;
    /** Lists of NVIDIA's container runtime; they are visible on the host only, as a rule. */
    runtimeLists: readonly RuntimeList[];
}

/** A process that has an encoder's node open. */
interface DeviceUser {
    /** Its number. */
    pid: number;
    /** Its program's name. */
    command: string;
    /** The node. */
    path: string;
}
/** Which other processes use an encoder. */
interface DeviceUserFacts {
    /** Those that could be seen. */
    seen: readonly DeviceUser[];
    /** How many processes could not be looked into, since they are another user's. */
    unseen: number;
}

/** A file of NVIDIA's, or a name that should lead to one. */
interface LibraryFile {
    /** Where it was looked for. */
    path: string;
    /** Where its links end; the path itself when it is no link. */
    target: string;
    /** Whether there is something at the end of its links. */
    exists: boolean;
}
/** NVIDIA's library, its plugins and what may stand in front of them. */
interface LibraryFacts {
    /** The library named by the option `library` or by `V4L2_ENCODER_LIBRARY`, which is then the only one tried. */
    named: (LibraryFile & {
        by: 'option' | 'environment';
    }) | null;
    /** Every `libnvv4l2.so` where NVIDIA puts it and where the system's loader looks, in the order in which they are tried. */
    nvidia: readonly LibraryFile[];
    /** Every `libv4l2.so.0` where the system's loader looks, in its order: the first that exists is what other programs get. */
    system: readonly LibraryFile[];
    /** The codec's plugins of libv4l2, by where they are looked for. */
    plugins: readonly LibraryFile[];
    /** NVIDIA's libraries for picture memory. */
    surfaces: readonly LibraryFile[];
    /** Directories of `LD_LIBRARY_PATH`, which come before all others. */
    inFront: readonly string[];
}

/** How much memory there is, in bytes; null where the kernel does not report it. */
interface MemoryFacts {
    /** All of it. */
    total: number | null;
    /** What programs can still get. */
    available: number | null;
    /** Set aside for devices that need it in one piece (CMA), as kernel encoders of small boards do. */
    cmaTotal: number | null;
    /** What of that no program is using at the moment; the kernel can usually make more of it free. */
    cmaFree: number | null;
}

/** What a device node really is. */
type NodeKind = 'stub' | 'channel' | 'memory' | 'gpu' | 'encoder' | 'jpeg-encoder' | 'decoder' | 'converter' | 'camera' | 'metadata' | 'loopback' | 'other' | 'unknown';
/** A device node that has to do with video. */
interface NodeFacts {
    /** Such as `'/dev/v4l2-nvenc'`. */
    path: string;
    /**
     * What it really is: a `'stub'` that only NVIDIA's library answers on, a `'channel'` to a part of NVIDIA's chip, NVIDIA's
     * `'memory'` or `'gpu'`, or what the kernel's driver says; `'unknown'` when nobody could be asked.
     */
    kind: NodeKind;
    /** What the file system has there: a device has the type `'character'`. */
    type: 'character' | 'block' | 'directory' | 'file' | 'other';
    /** The device's numbers, such as `'1:3'`; null when it is no device. */
    numbers: string | null;
    /** The owner's name, or number. */
    owner: string;
    /** The group's name, or number. */
    group: string;
    /** The permissions as octal digits, such as `'0660'`. */
    mode: string;
    /** Whether this process may use it. */
    mayOpen: boolean;
    /**
     * Why it may not, as the name of an error number: `'EACCES'` by the permissions, `'EPERM'` by the device rules of a container or by a
     * sandbox although the permissions allow it; null when it may.
     */
    denial: string | null;
    /** The kernel driver; null when there is none, or it could not be asked. */
    driver: string | null;
    /** What it calls itself; null likewise. */
    card: string | null;
    /** Where it is attached; null likewise. */
    bus: string | null;
    /** What it encodes, where it is an encoder: codecs by their names here, or V4L2's four characters. */
    codes: readonly string[];
    /** Why it could not be asked, as one of the error codes. */
    code?: string;
    /** Why it could not be asked, as a sentence. */
    message?: string;
}

/** A power mode of NVIDIA's `nvpmodel`. */
interface PowerMode {
    /** Its number, for `nvpmodel -m`. */
    id: number;
    /** Such as `'MAXN'` or `'15W'`; null when the list of modes does not name it. */
    name: string | null;
}
/** How fast a part of the chip runs. */
interface ClockFacts {
    /** The part, such as `'154c0000.nvenc'`. */
    name: string;
    /** In hertz; null when unknown. */
    current: number | null;
    /** The most it is allowed, in hertz; null when unknown. */
    most: number | null;
    /** What decides, such as `'nvhost_podgov'` or `'performance'`; null when unknown. */
    governor: string | null;
}
/** How warm a part of the board is. */
interface ThermalFacts {
    /** The part, such as `'cpu-thermal'`. */
    name: string;
    /** In degrees Celsius. */
    celsius: number;
    /** Where the kernel begins to slow down, in degrees Celsius; null when it does not say. */
    limit: number | null;
}
/** What decides how fast the encoder runs. */
interface PowerFacts {
    /** NVIDIA's power mode; null when unknown. */
    mode: PowerMode | null;
    /** The power modes that this board has. */
    modes: readonly PowerMode[];
    /** The encoder's clocks. */
    clocks: readonly ClockFacts[];
    /** The temperatures, at most 32. */
    thermal: readonly ThermalFacts[];
}

/** What runs on the board. */
interface SystemFacts {
    /** As Node.js names it: `'linux'`. */
    platform: string;
    /** As Node.js names it: `'arm64'`, `'x64'`. */
    arch: string;
    /** Such as `'Ubuntu 22.04.5 LTS'`; null when unknown. */
    distribution: string | null;
    /** The kernel's version, such as `'5.15.148-tegra'`; null when unknown. */
    kernel: string | null;
    /** Such as `'glibc 2.35'`, or `'musl'`. */
    libc: string;
    /** The version of Node.js, such as `'v22.12.0'`. */
    node: string;
    /** NVIDIA's release of Linux for Tegra, such as `'36.4.3'`; null when this is none. */
    l4t: string | null;
    /** NVIDIA's name for that release, such as `'JetPack 6'`; null when unknown. */
    jetpack: string | null;
}

/** Who runs this process. */
interface UserFacts {
    /** The user's number; null where there is none. */
    uid: number | null;
    /** The user's name; null when `/etc/passwd` does not name it. */
    name: string | null;
    /** The groups that this process is in, by name, or by number where there is none. */
    groups: readonly string[];
    /** Groups that `/etc/group` puts the user into and this process is not in: they come with the next login. */
    groupsOfNextLogin: readonly string[];
}

/** Whether the native part of this package works here. */
interface NativeFacts {
    /** Whether it was loaded. */
    loads: boolean;
    /** Whether it said within the deadline what encoders there are. */
    answers: boolean;
    /** Why it was not loaded or did not answer, as a sentence. */
    message?: string;
    /** What would help. */
    hint?: string;
}
/** What was found out without encoding anything. What could not be found out is null, an empty list or `'unknown'`. */
interface Facts {
    /** The board. */
    board: BoardFacts;
    /** The system that runs on it. */
    system: SystemFacts;
    /** Who runs this process. */
    user: UserFacts;
    /** The native part of this package. */
    native: NativeFacts;
    /** What `listEncoders()` says. */
    encoders: readonly EncoderInfo[];
    /** Device nodes that have to do with video: NVIDIA's by name, then the kernel's by number. */
    nodes: readonly NodeFacts[];
    /** NVIDIA's library and its plugins. */
    libraries: LibraryFacts;
    /** Where `lsmod` is, which NVIDIA's library runs; null when it is not on the `PATH`. */
    lsmod: string | null;
    /** Whether this is a container, and what was passed into it. */
    container: ContainerFacts;
    /** Other processes that use an encoder. */
    deviceUsers: DeviceUserFacts;
    /** How much memory there is. */
    memory: MemoryFacts;
    /** Power mode, clocks and temperatures. */
    power: PowerFacts;
}

/** How grave a finding is: a `'problem'` keeps the hardware from encoding, a `'warning'` may, a `'note'` is good to know. */
type Severity = 'problem' | 'warning' | 'note';
/** Something that was found, and its hint. */
interface Finding {
    /** Its name, such as `'lsmod-missing'`: the anchor in `docs/troubleshooting.md`. */
    id: string;
    /** How grave it is. */
    severity: Severity;
    /** What was found, as a sentence. */
    message: string;
    /** How to fix it: a command, or a sentence. */
    hint: string;
}
/** A real encode of a few frames, in a process of its own. */
interface Probe {
    /** `'jetson'` or `'v4l2'`. */
    backend: string;
    /** The device node. */
    device: string;
    /** The codec. */
    codec: string;
    /** Width of the pictures, in pixels. */
    width: number;
    /** Height of the pictures, in pixels. */
    height: number;
    /** Whether it encoded; `'crashes'` when the process died, `'hangs'` when it did not come back in time. */
    outcome: 'works' | 'fails' | 'crashes' | 'hangs';
    /** From asking for the encoder to having it, in milliseconds; null when there was none. */
    openMs: number | null;
    /** Of each frame that came out, from giving it to having its chunk, in milliseconds and in order. */
    latenciesMs: readonly number[];
    /** Frames that were given. */
    framesIn: number;
    /** Frames that the device holds back until more follow, each of which is a frame's time in the latency; null when it did not show. */
    pipelineDelay: number | null;
    /** Why it failed, as one of the error codes. */
    code?: string;
    /** Why it failed, as a sentence. */
    message?: string;
    /** What would help. */
    hint?: string;
    /** The request that failed, such as `VIDIOC_REQBUFS`. */
    ioctl?: string;
    /** The name of its error number, such as `ENOMEM`. */
    errno?: string;
    /** The signal that ended the process, such as `'SIGSEGV'`, also after it had encoded. */
    signal?: string;
    /** The last lines that were printed, by NVIDIA's library as a rule; empty when nothing was. */
    output: string;
}
/** A hardware encoder, by what the diagnosis found. */
interface DiagnosedEncoder {
    /** `'jetson'` or `'v4l2'`. */
    backend: string;
    /** The device node. */
    device: string;
    /** What the device calls itself, or what it is known as. */
    name: string;
    /** The codecs that it encoded; without probing, those that it is said to encode. */
    codecs: readonly string[];
    /** Whether an encode was tried. What was not tried may encode or not, whatever `works` says. */
    tried: boolean;
    /** Whether it encodes: at least one codec. Where it was not tried, whether nothing speaks against it. */
    works: boolean;
}
/** What is wrong with the hardware encoders of this machine, or that nothing is. */
interface Diagnosis {
    /** The verdict as a sentence. */
    summary: string;
    /** The hardware encoders. */
    hardware: {
        /** Whether hardware encodes here: seen when it was probed, else as far as is known without opening it. */
        works: boolean;
        /** Whether that was tried. */
        probed: boolean;
        /** The encoders, in the order in which they are tried. */
        encoders: readonly DiagnosedEncoder[];
    };
    /** What was found, worst first. */
    findings: readonly Finding[];
    /** What the findings follow from. */
    facts: Facts;
    /** The encodes that were tried; empty without probing. */
    probes: readonly Probe[];
    /** The version of this package. */
    version: string;
}
/** How to look. */
interface DiagnoseOptions {
    /**
     * Encodes a few frames with every hardware encoder and codec, each in a process of its own.
     * @default true
     */
    probe?: boolean;
    /**
     * How long each of these may take, in milliseconds: a number from 1000 to 600000.
     * @default 10000
     */
    timeout?: number;
    /**
     * The file to load instead of NVIDIA's `libnvv4l2.so`.
     * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
     */
    library?: string;
    /** Ends the waiting with the signal's reason; a process that is probing is ended. */
    signal?: AbortSignal;
}

/** A part of a frame whose quantizer differs from that of the rest. */
interface FrameRegion {
    /** Left edge, in pixels; whole, from 0. */
    x: number;
    /** Upper edge, in pixels; whole, from 0. */
    y: number;
    /** In pixels; whole, from 1, and inside the frame. */
    width: number;
    /** In pixels; whole, from 1, and inside the frame. */
    height: number;
    /** Added to the quantizer of the region: a whole number from -51 (far finer) to 51 (far coarser). */
    quantizerOffset: number;
}

/** How one frame is encoded by `tryEncode()`. */
interface TryEncodeOptions {
    /**
     * Makes a key frame of it.
     * @default false
     */
    keyFrame?: boolean;
    /**
     * Empties the encoder first: all frames before it are out before it goes in, so that a key frame or a quantizer is of exactly this
     * frame, while controls of a device are of *some* next frame. The frames behind it wait meanwhile, which costs about the
     * latency of the encoder. On a device that holds frames back the stream is ended and a new one begun, which makes a key frame of it.
     * @default false
     */
    exact?: boolean;
    /**
     * Its quantizer, of `bitrateMode: 'quantizer'`: 0 (finest) to 51 for H.264 and H.265, to 63 for VP8, VP9 and AV1. `ERR_CONFIG` in
     * another mode, `ERR_CONTROL` where the encoder has no control for it.
     * @default that of the encoder
     */
    quantizer?: number;
    /**
     * Parts of it that are coded finer or coarser than the rest, at most 8; of an encoder that was created with `regionsOfInterest`.
     * @default none
     */
    regions?: readonly FrameRegion[];
    /**
     * What goes into the stream with it, each member before the frame's own; of an encoder that was created with `metadata`.
     * @default the frame's own `metadata`
     */
    metadata?: FrameMetadata;
}
/** How one frame is encoded. */
interface EncodeOptions extends TryEncodeOptions {
    /** Takes the frame back while it waits for room; once it is taken it has no effect. */
    signal?: AbortSignal;
}
/** How to wait for something that cannot be taken back. */
interface WaitOptions {
    /** Ends the waiting with the signal's reason; the task itself goes on. */
    signal?: AbortSignal;
}
/** How `encodeAll()` works. */
interface EncodeAllOptions {
    /** Ends the iteration with the signal's reason and draws no more frames. */
    signal?: AbortSignal;
}
/** How to close. */
interface CloseOptions extends WaitOptions {
    /**
     * Gives up what is not coded yet, which is then reported as lost.
     * @default false
     */
    discard?: boolean;
}

/** What a WebCodecs decoder or a muxer needs to know about the stream. */
interface DecoderConfig {
    /** The codec string of RFC 6381, such as `'avc1.42e01f'`. */
    codec: string;
    /** Width of the encoded frame in pixels. */
    codedWidth: number;
    /** Height of the encoded frame in pixels. */
    codedHeight: number;
    /** The `avcC` or `hvcC` record, with `bitstream: 'length-prefixed'` only. */
    description?: Uint8Array;
}
/** When what happened to a frame: microseconds of the system's monotonic clock, as `process.hrtime.bigint() / 1000n` gives them. */
interface ChunkTiming {
    /** A camera took it; where its metadata has a capture time, of an encoder that was created with `metadata`. */
    capture?: number;
    /** The encoder took it from the program: `encode()` had room for it. */
    taken: number;
    /** It was given to the device. */
    deviceIn: number;
    /** The device gave its chunk. */
    deviceOut: number;
    /** The chunk reached JavaScript and was passed to the readers. */
    delivered: number;
}
/** One encoded frame. */
interface EncodedChunk {
    /** `'key'`: decoding can start here. `'delta'`: it needs the chunks before. */
    type: 'key' | 'delta';
    /** That of the frame it was made from, in microseconds. */
    timestamp: number;
    /** That of the frame it was made from, in microseconds, when it had one. */
    duration?: number;
    /** The bytes; they belong to the receiver of the chunk, begin at offset 0 and may be transferred. */
    data: ReturnType<Uint8ArrayConstructor['of']>;
    /** On a key chunk that begins a stream or changes how it is to be decoded. */
    decoderConfig?: DecoderConfig;
    /** What went into the stream with the frame, of an encoder that was created with `metadata`. */
    metadata?: ChunkMetadata;
    /** When what happened to the frame; every chunk of an encoder has it. */
    timing?: ChunkTiming;
    /**
     * The average quantizer of its blocks, as the device tells it, of an encoder that was created with `chunkStatistics`: 0 (finest) to 51 for H.264
     * and H.265. Absent where it is not known.
     */
    quantizer?: number;
}

/** A plane of a lent frame. */
interface LentPlane {
    /** The device's own memory, from the first row's start to the last row's end; empty once the frame is given back. */
    readonly data: Uint8Array;
    /** Bytes from one row to the next. */
    readonly stride: number;
}
/**
 * A buffer of the device's own, lent by `encoder.acquireFrame()`: what is written into its planes need not be copied any more. Give it
 * back soon, by `encoder.encode(frame)` or `frame.close()`; until then the device has one buffer less, and what waits for it rejects
 * with `ERR_TIMEOUT` after the encoder's `timeout`. From then on its planes are empty, and using it again is an error. Where
 * `encode()` rejects because the frame is wrong, it is still yours to close. Behind frames that wait in `encode()` it is copied, so
 * that its buffer is free for them. It cannot be transferred to another thread.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480 })
 * const frame = await encoder.acquireFrame()
 * for (const { data } of frame.planes) data.fill(128)
 * frame.timestamp = 0
 * await encoder.encode(frame)
 * ```
 */
declare class LentFrame {
    #private;
    /** How the planes lie: the device's own format, which may differ from the one of the configuration. */
    readonly format: PixelFormat;
    /** Width in pixels. */
    readonly width: number;
    /** Height in pixels. */
    readonly height: number;
    /** The planes in the order of the format. The memory may hold an earlier frame. */
    readonly planes: readonly LentPlane[];
    /**
     * Microseconds; see `Frame.timestamp`. To be set before the frame is encoded.
     * @default 0
     */
    timestamp: number;
    /** Microseconds; comes back on the chunk. */
    duration?: number;
    /** Gives the buffer back without a frame. A second time, and after `encode()`, it does nothing. */
    close(): void;
    /** As `close()`, at the end of a `using` block. */
    [Symbol.dispose](): void;
}

/** A frame to encode: in the program's memory, in DMABUFs, or in a buffer of the device. */
type AnyFrame = Frame | DmabufFrame | LentFrame;

/** Anything that yields frames; a `ReadableStream` of them is one too. */
type FrameSource = Iterable<AnyFrame> | AsyncIterable<AnyFrame>;

/** Where a plane lies in the device's buffers. */
interface InputPlane {
    /** The number of the memory that it lies in: planes have one each, or share one. */
    memory: number;
    /** Bytes from the start of that memory. */
    offset: number;
    /** Bytes from one row to the next. */
    stride: number;
}
/** How a device takes frames. */
interface EncoderInput {
    /** The raw format that it is set to; frames of other formats are converted. */
    format: PixelFormat;
    /** Width in pixels, padding included. */
    codedWidth: number;
    /** Height in pixels, padding included. */
    codedHeight: number;
    /** Where each plane lies. */
    planes: readonly InputPlane[];
    /** Bytes that each memory has at least. */
    memories: readonly number[];
    /**
     * What it reads where it is: `'same-layout'`, DMABUFs that are laid out like its own buffers; `'nvbufsurface'`, those of NVIDIA's
     * memory manager; or `'none'`.
     */
    dmabuf: 'none' | 'same-layout' | 'nvbufsurface';
    /** The raw formats that it may be set to for that; none on JetPack 4, which rejects frames in DMABUFs. */
    dmabufFormats: readonly PixelFormat[];
}

/** What `reportLoss()` did. */
type LossReaction = 'key-frame' | 'intra-refresh' | 'none';

/** How long a part of a frame's way takes, in milliseconds, over the last 512 chunks. */
interface StageStats {
    /** Of the newest chunk. */
    last: number;
    /** Half of the chunks took at most this time. */
    p50: number;
    /** 95 of 100 chunks took at most this time. */
    p95: number;
    /** 99 of 100 chunks took at most this time. */
    p99: number;
    /** The longest. */
    max: number;
}
/** The parts of a frame's way, each null before the first chunk; see `chunk.timing`. */
interface StagesStats {
    /** From the camera to `taken`; of frames with a capture time. */
    capture: StageStats | null;
    /** From `taken` to `deviceIn`: the copy is done, and the frame waits for its turn. */
    queue: StageStats | null;
    /** From `deviceIn` to `deviceOut`: the device encodes, and holds frames back. */
    device: StageStats | null;
    /** From `deviceOut` to `delivered`: the chunk comes to JavaScript. */
    delivery: StageStats | null;
}

/** Milliseconds from a frame being taken to its chunk, over the last 512 chunks. */
interface LatencyStats {
    /** Of the newest chunk. */
    last: number;
    /** Half of the chunks came within this time. */
    p50: number;
    /** 95 of 100 chunks came within this time. */
    p95: number;
    /** 99 of 100 chunks came within this time. */
    p99: number;
    /** The longest. */
    max: number;
}
/** Counters of an encoder; at every moment `framesIn = chunksOut + framesLost + inFlight`. */
interface EncoderStats {
    /** Frames that were taken. */
    framesIn: number;
    /** Of `framesIn`: copied into a buffer of the device's own. */
    framesCopied: number;
    /** Of `framesIn`: written by the program into a buffer that `acquireFrame()` lent. */
    framesLent: number;
    /** Of `framesIn`: read by the device where they were, in DMABUFs. */
    framesImported: number;
    /** Frames whose chunk has come. */
    chunksOut: number;
    /** Frames that were taken and will not come. */
    framesLost: number;
    /** Frames that were taken and may still come. */
    inFlight: number;
    /** Coded bytes. */
    bytesOut: number;
    /** Key frames among the chunks. */
    keyFrames: number;
    /** Frames that the device holds back until more follow; null until it is known. */
    pipelineDelay: number | null;
    /** How long frames take; null before the first chunk. */
    latencyMs: LatencyStats | null;
    /** Where that time goes. */
    stages: StagesStats;
    /** Devices of this process that never returned from a call; each keeps a thread waiting. */
    hungDevices: number;
}

/** How one more reader reads. */
interface SubscribeOptions {
    /**
     * `'key'` begins with a key frame, and asks the encoder for one; `'now'` begins with whatever comes next.
     * @default 'key'
     */
    start?: 'key' | 'now';
    /**
     * Unread chunks at most.
     * @default 256
     */
    limit?: number;
    /**
     * What happens beyond the limit: `'drop-to-key'` drops the unread chunks and goes on with a key frame, `'error'` ends the
     * iteration with `ERR_QUEUE_FULL`.
     * @default 'drop-to-key'
     */
    whenFull?: 'drop-to-key' | 'error';
    /** Ends the iteration with the signal's reason. */
    signal?: AbortSignal;
}
/** An independent reader; it gets chunks from the moment it is made, and ends with the encoder or by `break`. */
interface Subscription extends AsyncIterableIterator<EncodedChunk> {
    /** Chunks that this reader missed because it was slow. */
    readonly dropped: number;
}

/** What `update()` changes; what is left out stays as it is. Ranges are those of the options. */
interface EncoderChanges extends EncoderParameters {
    /** Target in bits per second. In `bitrateMode: 'variable'` the peak follows, and the buffer in each mode. */
    bitrate?: number;
    /** Frames per second that the rate control goes by. */
    framerate?: number;
    /** Frames from one key frame to the next; 0 for the first frame and on request only. */
    keyFrameInterval?: number;
    /** Width of the frames from this call on, in pixels; even. The device is opened again for it. */
    width?: number;
    /** Height of the frames from this call on, in pixels; even. The device is opened again for it. */
    height?: number;
}
/** How `update()` changes. */
interface UpdateOptions {
    /**
     * Whether the device may be opened again for what it takes only then: that costs about 100 ms on a board, and the next frame is
     * a key frame. For another size it always is.
     * @default false
     */
    restart?: boolean;
    /** Ends the waiting with the signal's reason; the change itself goes on. */
    signal?: AbortSignal;
}
/** What became of one setting of an `update()`. */
interface SettingChange extends EncoderSetting {
    /**
     * `'applied'`: sent to the running device, which may have changed the value: see `actual`. `'restarted'`: the device was opened
     * again with it. `'needs-restart'`: the device takes it only when it is opened, so it is as it was; `update()` with `restart` does that.
     */
    effect: 'applied' | 'restarted' | 'needs-restart';
    /** What the device said, where it rejected the change while it runs. */
    error?: V4l2EncoderError;
}

/** The bit rate of one second of frames, by their timestamps. */
interface BitrateObservation {
    /** Which kind of observation. */
    type: 'bitrate';
    /** Of the last frame of the window, in microseconds. */
    timestamp: number;
    /** The length of the window, in milliseconds. */
    windowMs: number;
    /** Bits per second, key frames included. */
    bitrate: number;
    /** What was requested of the encoder, in bits per second. */
    target: number;
}
/** The first frame that was given to the device after a change. A device may apply it some frames later. */
interface ChangeObservation {
    /** Which kind of observation. */
    type: 'change';
    /** Of that frame, in microseconds. */
    timestamp: number;
    /** The names of the options that were changed. */
    settings: readonly string[];
}
/** A change that the stream does not show. */
interface IgnoredObservation {
    /** Which kind of observation. */
    type: 'ignored';
    /** Of the last frame of the measurement, in microseconds. */
    timestamp: number;
    /** The option. */
    setting: 'bitrate';
    /** What was requested, in bits per second. */
    requested: number;
    /** What was measured from 1 to 3 seconds after the change, in bits per second. */
    measured: number;
}
/** Something that shows only in the stream. */
type Observation = BitrateObservation | ChangeObservation | IgnoredObservation;

/** A pair of Web Streams, for `frames.pipeThrough(encoder.transform())`. */
interface EncoderTransform {
    /** Takes frames; closing it flushes the encoder and ends the readable side. */
    writable: WritableStream<AnyFrame>;
    /** Gives chunks. */
    readable: ReadableStream<EncodedChunk>;
}

/**
 * A running encoder, made by `createEncoder()`. It is also the stream of its chunks: `for await (const chunk of encoder)` reads
 * it, by one loop at a time (a second one gets `ERR_BUSY`); `break` detaches the loop, and a later one goes on where it stopped.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480 })
 * console.log(encoder.backend, encoder.device)
 * await encoder.encode({ data: new Uint8Array(640 * 480 * 1.5), timestamp: 0 })
 * await encoder.close()
 * for await (const chunk of encoder) console.log(chunk.type, chunk.timestamp, chunk.data.byteLength)
 * ```
 */
declare class Encoder implements AsyncIterable<EncodedChunk> {
    #private;
    private constructor();
    /** Which kind of encoder runs. */
    get backend(): BackendName;
    /** The device node, or null for the software encoder. */
    get device(): string | null;
    /** Everything that was tried before this encoder was found, in order, each with the reason. */
    get rejected(): readonly RejectedEncoder[];
    /** The configuration in force. */
    get config(): Readonly<EncoderConfig>;
    /** Each setting as it was asked for, as it is, and how that is known. */
    get settings(): readonly EncoderSetting[];
    /** How the device takes frames: what a frame in DMABUFs has to look like to be read where it is. */
    get input(): Readonly<EncoderInput>;
    /** What the device rejected or changed. */
    get warnings(): readonly EncoderWarning[];
    /** What a decoder or muxer needs to know; null until the first key chunk. */
    get decoderConfig(): DecoderConfig | null;
    /** Counters as of now. */
    get stats(): EncoderStats;
    /** Frames that wait in `encode()`. */
    get encodeQueueSize(): number;
    /** Resolves when the encoder is closed; rejects when it failed. It need not be handled. */
    get closed(): Promise<void>;
    /**
     * Encodes a frame; resolves once the frame is taken and its data has been read. Frames are taken in the order of the calls.
     *
     * Rejects with `ERR_FRAME` for a bad frame, `ERR_CONFIG` and `ERR_CONTROL` for what cannot be asked of a frame of this encoder, `ERR_QUEUE_FULL` when `maxPendingFrames` others wait or 64 MiB of chunks are unread, `ERR_CLOSED`
     * after `close()`, `ERR_TIMEOUT` when it waits for a lent frame that is not given back, and with what happened when the encoder
     * failed.
     */
    encode(frame: AnyFrame, options?: EncodeOptions): Promise<void>;
    /**
     * Encodes a frame if there is room for it right now, and says whether; for sources that would rather drop a frame than wait.
     * Throws `ERR_FRAME` for a bad frame, `ERR_CLOSED` after `close()`, and what happened when the encoder failed.
     */
    tryEncode(frame: AnyFrame, options?: TryEncodeOptions): boolean;
    /**
     * Lends a buffer of the device's own, so that a frame can be written where the device reads it, with no copy. Waits for its turn
     * behind frames that wait in `encode()`, and for a free buffer; lent frames, `flush()` and `close()` do not wait for it. Rejects with `ERR_FRAME` where the runtime forbids memory
     * outside of its heap (nothing is copied instead), with `ERR_CLOSED` after `close()`, with `ERR_TIMEOUT` when it waits for another
     * lent frame that is not given back, and with what happened when the encoder failed.
     *
     * @example
     * ```ts
     * import { createEncoder } from 'v4l2-encoder'
     *
     * const encoder = await createEncoder({ codec: 'h264', format: 'NV12' })
     * const frame = await encoder.acquireFrame()
     * const [luma] = frame.planes
     * for (let row = 0; row < frame.height; row++) luma!.data.fill(row, row * luma!.stride, row * luma!.stride + frame.width)
     * frame.timestamp = 33_333
     * await encoder.encode(frame)
     * ```
     */
    acquireFrame(options?: WaitOptions): Promise<LentFrame>;
    /**
     * Encodes all frames and yields their chunks, no faster than they are read; flushes at the end and leaves the encoder open.
     * It is the one loop that reads the encoder; `break` and errors call the source's `return()`. Throws like `encode()` and `flush()`;
     * when the encoder is closed meanwhile, it ends after the chunks of the frames that were taken.
     *
     * @example
     * ```ts
     * import { createEncoder, type Frame } from 'v4l2-encoder'
     *
     * async function writeAll(frames: AsyncIterable<Frame>, write: (data: Uint8Array) => void) {
     *   const encoder = await createEncoder({ codec: 'h264' })
     *   for await (const chunk of encoder.encodeAll(frames)) write(chunk.data)
     *   await encoder.close()
     * }
     * ```
     */
    encodeAll(frames: FrameSource, options?: EncodeAllOptions): AsyncGenerator<EncodedChunk, void, void>;
    /**
     * This encoder as a pair of Web Streams; its readable side is the one loop that reads the encoder. What goes wrong errors both
     * sides, the readable one after the chunks of the frames before it.
     */
    transform(): EncoderTransform;
    /**
     * Adds an independent reader, which gets chunks from now on at its own pace. Throws `ERR_CONFIG` for wrong options.
     *
     * @example
     * ```ts
     * import { createEncoder } from 'v4l2-encoder'
     *
     * const encoder = await createEncoder({ codec: 'h264' })
     * for await (const chunk of encoder.subscribe({ start: 'key', limit: 30 })) console.log(chunk.timestamp)
     * ```
     */
    subscribe(options?: SubscribeOptions): Subscription;
    /** Reads the encoder; see the class. */
    [Symbol.asyncIterator](): AsyncIterableIterator<EncodedChunk>;
    /**
     * Changes settings of the running encoder, for frames after those already passed to `encode()`. Resolves when the request has gone
     * to the device, with what became of each setting; what shows only in the stream comes from `observations()`. Changes are made in
     * the order of the calls, and each as a whole: nothing of one that is rejected for its values is made.
     *
     * With `width` and `height`, frames passed to `encode()` before this call have the old size, and frames after it must have the new
     * one: the device is opened again in between. Readers stay, no frame is lost, and the next chunk is a key frame with a new `decoderConfig`.
     *
     * Rejects with `ERR_CONFIG` for a value out of its range or one that contradicts another setting, with `ERR_CONTROL` where the
     * encoder has no control for a setting or the device rejects it, and with `ERR_CLOSED` after `close()`.
     *
     * @example
     * ```ts
     * import { createEncoder } from 'v4l2-encoder'
     *
     * const encoder = await createEncoder({ codec: 'h264', width: 640, height: 480, bitrate: 2_000_000 })
     * for (const { name, effect } of await encoder.update({ bitrate: 500_000, keyFrameInterval: 300 })) console.log(name, effect)
     * await encoder.close()
     * ```
     */
    update(changes: EncoderChanges, options?: UpdateOptions): Promise<readonly SettingChange[]>;
    /** Changes the target, in bits per second: `update({ bitrate })`, which rejects where the running device does not take it. */
    setBitrate(bitsPerSecond: number, options?: WaitOptions): Promise<void>;
    /** Changes the frame rate, in frames per second: `update({ framerate })`, which rejects where the running device does not take it. */
    setFramerate(framesPerSecond: number, options?: WaitOptions): Promise<void>;
    /**
     * What shows only in the stream, from now on: the bit rate of each second, the first frame of a change, and a change of the bit
     * rate that the encoder has ignored. It ends with the encoder or by `break`; of a reader that falls behind by more than 256, the oldest are dropped.
     *
     * @example
     * ```ts
     * import { createEncoder } from 'v4l2-encoder'
     *
     * const encoder = await createEncoder({ codec: 'h264' })
     * for await (const observed of encoder.observations()) {
     *   if (observed.type === 'bitrate') console.log(observed.bitrate, 'of', observed.target)
     * }
     * ```
     */
    observations(): AsyncIterableIterator<Observation>;
    /** Makes a key frame of the next frame that is taken. */
    requestKeyFrame(): void;
    /**
     * Takes note that a receiver lost the frame of this timestamp, in microseconds, and says what it did about it. `'key-frame'`: the next
     * frame becomes one. `'intra-refresh'`: the intra refresh that runs covers it within its period. `'none'`: a key frame is newer than the
     * lost frame, or already asked for by an earlier report. Throws `ERR_CONFIG` for what is no number.
     */
    reportLoss(timestamp: number): LossReaction;
    /**
     * Resolves when the chunks of all frames passed to `encode()` so far are queued to the readers. Rejects with `ERR_TIMEOUT` when
     * the device does not deliver, and with `ERR_CLOSED` after `close()`.
     */
    flush(options?: WaitOptions): Promise<void>;
    /**
     * Encodes what was passed to `encode()`, then closes the device; readers get the rest and end. A second call waits for the
     * first. Rejects when the device fails meanwhile.
     */
    close(options?: CloseOptions): Promise<void>;
    /** Closes at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
}

/** How the frames of any source come. */
interface ReadOptions {
    /**
     * What happens when frames come faster than they are read: `'wait'` makes the program wait, `'drop-oldest'` drops the frame that
     * waits longest and counts it.
     * @default 'wait'; of live sources 'drop-oldest'
     */
    whenFull?: 'wait' | 'drop-oldest';
    /**
     * Frames that may wait to be read.
     * @default 2
     */
    limit?: number;
    /**
     * Where a frame's time comes from: `'rate'` counts frames, dropped ones too, and divides by the rate; `'arrival'` is when the
     * frame's last byte came. Either way the first frame is at 0 µs.
     * @default 'rate'; of live sources 'arrival'
     */
    timestamps?: 'rate' | 'arrival';
    /**
     * Milliseconds that the program has for its first frame.
     * @default 10000
     */
    timeout?: number;
    /**
     * Milliseconds that it has for each further frame, while one is waited for.
     * @default none, but a program that writes on and on without a whole frame is given up after `timeout`; of live sources 10000
     */
    idleTimeout?: number;
    /**
     * Where warnings go, which are in `warnings` too.
     * @default the environment variable `V4L2_ENCODER_LOG`, then `'warn'`
     */
    log?: LogOption;
    /** Ends the opening, or the iteration, with the signal's reason, and the program with it. */
    signal?: AbortSignal;
}
/** How to read what another program writes; for Y4M its header is enough. */
interface PipeOptions extends ReadOptions {
    /**
     * Width of the frames in pixels. A Y4M header has it.
     * @default the one of the Y4M header; required for raw frames
     */
    width?: number;
    /**
     * Height of the frames in pixels. A Y4M header has it.
     * @default the one of the Y4M header; required for raw frames
     */
    height?: number;
    /**
     * How the pixels of raw frames lie; Y4M is always I420.
     * @default 'I420'
     */
    format?: PixelFormat;
    /**
     * Frames per second.
     * @default that of the Y4M header, or 30
     */
    framerate?: number;
    /**
     * Bytes from one row of raw frames to the next, where rows are padded; chroma rows have their part of it.
     * @default no padding
     */
    stride?: number;
    /**
     * Whether the program writes Y4M (true) or raw frames (false).
     * @default by the first bytes
     */
    y4m?: boolean;
}

/** What is wanted of a source that is known by name. */
interface SourceOptions extends ReadOptions {
    /**
     * Width of the frames in pixels; the source scales them, with black bars where their shape is another. Only together with `height`.
     * @default 1280 of cameras, otherwise as they are
     */
    width?: number;
    /**
     * Height of the frames in pixels; see `width`.
     * @default 720 of cameras, otherwise as they are
     */
    height?: number;
    /**
     * Frames per second, which the source keeps by repeating or leaving out frames where it has to.
     * @default 30 of cameras, otherwise as they are
     */
    framerate?: number;
    /**
     * The programs that give the frames of files and streams.
     * @default 'ffmpeg' where it is installed, then 'gstreamer'
     */
    program?: 'ffmpeg' | 'gstreamer';
    /**
     * How RTSP transports frames; `rtspt://` always means TCP.
     * @default 'tcp'
     */
    transport?: 'tcp' | 'udp';
}

/** A frame whose memory is lent: give it back with `release()`, or leave it to the garbage collector. */
interface PipeFrame extends Frame {
    /** The pixels; whatever is written here after `release()` is another frame. */
    data: ReturnType<Uint8ArrayConstructor['of']>;
    /** Microseconds. */
    duration: number;
    /** How the pixels lie. */
    format: PixelFormat;
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /** One entry per plane, where rows are padded. */
    layout?: readonly PlaneLayout[];
    /** Gives the memory back for another frame. The encoder does it for frames that it took; a second call does nothing. */
    release: () => void;
}
/** The frames of a source as they were found. */
interface PipeConfig {
    /** Width in pixels. */
    width: number;
    /** Height in pixels. */
    height: number;
    /** How the pixels lie. */
    format: PixelFormat;
    /**
     * Frames per second for an encoder's rate control: from 1 to 240, even if the source has fewer or more. The frames' times are
     * those of the source.
     */
    framerate: number;
    /** What luma and chroma mean, where that is known. */
    colorSpace?: ColorSpace;
    /** Shape of a pixel, where the source says that it is not square. */
    sampleAspectRatio?: SampleAspectRatio;
}

/** Counters of a source. */
interface PipeStats {
    /** Frames that came from the program. */
    frames: number;
    /** Of them, those that were dropped because they were not read in time (`whenFull: 'drop-oldest'`). */
    dropped: number;
    /** Bytes that came from the program, headers included. */
    bytes: number;
}
/**
 * Frames from another program, made by `openPipe()` or `openSource()`. It is read by one loop at a time; `break` closes it, and so
 * does everything else that ends the loop early. What the program failed with is thrown after the frames before it.
 *
 * While no loop waits for a frame, it does not keep the process alive, and the program is ended when the process exits.
 */
declare class PipeSource implements AsyncIterable<PipeFrame> {
    #private;
    private constructor();
    /** The configuration of the frames. */
    get config(): Readonly<PipeConfig>;
    /** What is not as one may expect of the frames, as sentences: a rate that no encoder can count on, interlaced or HDR video; at the end what ffmpeg found wrong in a file. */
    get warnings(): readonly string[];
    /** Counters as of now. */
    get stats(): PipeStats;
    /** The process that writes the frames; for a shell command the shell. */
    get pid(): number;
    /**
     * Ends the program (`SIGTERM`, or what its preset says; after two seconds `SIGKILL`) and resolves when it is gone, with all
     * that a shell started. A loop that reads ends. A second call waits for the first.
     */
    close(): Promise<void>;
    /** Closes at the end of an `await using` block. */
    [Symbol.asyncDispose](): Promise<void>;
    /** Reads the frames; throws `ERR_BUSY` while another loop does, and `ERR_CLOSED` after one has: they come once. */
    [Symbol.asyncIterator](): AsyncIterableIterator<PipeFrame>;
}

/** How pixels lie in a surface: as in frames, or NV12 with ten bits in the upper bits of sixteen. */
type SurfaceFormat = 'NV12' | 'I420' | 'P010';
/** Whether a surface's memory holds rows, or blocks in an order of NVIDIA's own, which its hardware prefers. */
type SurfaceLayout = 'pitch' | 'block-linear';
/** What surface to allocate. */
interface SurfaceOptions {
    /** Width in pixels; even, from 16 to 16384. */
    width: number;
    /** Height in pixels; even, from 16 to 16384. */
    height: number;
    /**
     * How the planes are arranged. Encoders take no `'P010'` in this version; it is for other users of the surface.
     * @default 'NV12'
     */
    format?: SurfaceFormat;
    /**
     * `'pitch'` can be written from JavaScript, and costs the encoder a copy. `'block-linear'` is for frames that other
     * hardware writes.
     * @default 'pitch'
     */
    layout?: SurfaceLayout;
    /**
     * The file to load instead of NVIDIA's `libnvv4l2.so`; the surface library is looked for beside it first.
     * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
     */
    library?: string;
    /** Ends the waiting with the signal's reason. */
    signal?: AbortSignal;
}
/** What a frame in a surface has besides its pixels. */
interface SurfaceFrameInit {
    /** Microseconds; see `Frame.timestamp`. */
    timestamp: number;
    /** Microseconds; comes back on the chunk. */
    duration?: number;
    /** Called when the device no longer reads the surface; see `Frame.release`. */
    release?: () => void;
}
/**
 * Memory that a Jetson's encoder reads where it is, made by `allocateSurface()`. NVIDIA's other libraries in this process know it by
 * its `fd`. It is freed by `close()`, or when it is garbage and no device has it.
 *
 * @example
 * ```ts
 * import { allocateSurface, createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h264', width: 1280, height: 720 })
 * const surface = await allocateSurface({ width: 1280, height: 720 })
 * const [luma, chroma] = surface.map()
 * luma!.fill(128)
 * chroma!.fill(128)
 * await encoder.encode(surface.toFrame({ timestamp: 0, release: () => surface.close() }))
 * ```
 */
declare class Surface {
    #private;
    /** The descriptor by which NVIDIA's library knows it. It stays the surface's: do not close it. */
    readonly fd: number;
    /** Where each plane lies, as a frame in DMABUFs names them. */
    readonly planes: readonly DmabufPlane[];
    /** How the planes are arranged. */
    readonly format: SurfaceFormat;
    /** Width in pixels. */
    readonly width: number;
    /** Height in pixels. */
    readonly height: number;
    /** How the pixels lie in its memory. */
    readonly layout: SurfaceLayout;
    /**
     * The memory of each plane, from the first row's start to the last row's end, to write a frame into by the stride of `planes`.
     * The arrays are empty after `unmap()`, and as soon as a frame in the surface is given to an encoder, which then sees what was
     * written. They cannot be transferred to another thread.
     *
     * Throws `ERR_BUSY` while an encoder has the surface, `ERR_FRAME` for a block-linear one, whose memory does not hold rows, and where
     * the runtime forbids memory outside of its heap; `ERR_CLOSED` after `close()`, and `ERR_DEVICE` when the library fails.
     */
    map(): readonly Uint8Array[];
    /**
     * Ends the mapping and makes what was written visible to devices. Does nothing without a mapping. Throws `ERR_DEVICE` when the
     * memory could not be synchronised; the mapping is over all the same. Throws `ERR_FRAME` when the memory was moved into another
     * ArrayBuffer; it then stays mapped.
     */
    unmap(): void;
    /**
     * A frame in this surface, for `encode()`. The surface is the encoder's until the frame's `release()`; until then it can be
     * neither mapped nor closed, but it can be encoded again.
     */
    toFrame(init: SurfaceFrameInit): DmabufFrame;
    /**
     * What another process needs besides the descriptor: there, a frame in it is
     * `{ planes: [{ fd, offset, stride }, …], surface: { mapParams }, … }`. Throws `ERR_LIBRARY_MISSING` where NVIDIA's library does not let
     * surfaces into other processes (before JetPack 6), and `ERR_CLOSED` after `close()`.
     */
    mapParams(): Uint8Array;
    /** Frees the surface. Throws `ERR_BUSY` while an encoder has it. A second time does nothing. */
    close(): void;
    /** As `close()`, at the end of a `using` block. */
    [Symbol.dispose](): void;
}

/**
 * Opens an encoder: the best device of this machine that does what is asked, or the software encoder unless `hardware` is
 * `'require'`. Rejects with `ERR_CONFIG` (a TypeError or RangeError) for wrong options, `ERR_NO_ENCODER` when nothing does what is
 * asked, `ERR_NATIVE_LOAD`, or the reason of `signal`. Where `device` names one device, it rejects with that device's error instead of
 * `ERR_NO_ENCODER`, such as `ERR_DEVICE_NOT_FOUND` or `ERR_PERMISSION`; `rejected` of the error has the same.
 *
 * @example
 * ```ts
 * import { createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: ['h265', 'h264'], width: 1280, height: 720, framerate: 30, bitrate: 2_000_000 })
 * console.log(encoder.backend, encoder.device, encoder.rejected)
 * await encoder.close()
 * ```
 */
declare function createEncoder(options: EncoderOptions): Promise<Encoder>;
/**
 * Says whether `createEncoder()` would find an encoder for this configuration, and which. Rejects with `ERR_CONFIG` for wrong options.
 *
 * @example
 * ```ts
 * import { isSupported } from 'v4l2-encoder'
 *
 * const { supported, backend, rejected } = await isSupported({ codec: 'h265', hardware: 'require' })
 * console.log(supported ? backend : rejected)
 * ```
 */
declare function isSupported(config: EncoderOptions, options?: SupportOptions): Promise<Support>;
/**
 * Lists the encoders of this machine, and what may be one but cannot be used, with the reason: a device that may not be opened, or does
 * not answer within five seconds, or whose library is missing. Rejects with `ERR_CONFIG` for wrong options, `ERR_NATIVE_LOAD`, or the
 * reason of `signal`.
 *
 * @example
 * ```ts
 * import { listEncoders } from 'v4l2-encoder'
 *
 * for (const { backend, device, codecs, message } of await listEncoders()) console.log(backend, device, codecs, message)
 * ```
 */
declare function listEncoders(options?: ListOptions): Promise<EncoderInfo[]>;
/**
 * Finds out whether hardware encodes on this machine, and if not, why and how to fix it: board, system, nodes, libraries, container,
 * memory and clocks are looked at, and a few frames are encoded with every hardware encoder and codec, each in a process of its
 * own, whose crash is a finding. Nothing is changed. What the command `v4l2-encoder doctor` prints.
 *
 * Rejects with `ERR_CONFIG` (a TypeError or RangeError) for wrong options, or the reason of `signal`; whatever is wrong with the
 * machine, this package included, is a finding.
 *
 * @example
 * ```ts
 * import { diagnose } from 'v4l2-encoder'
 *
 * const { hardware, summary, findings } = await diagnose()
 * console.log(hardware.works, summary)
 * for (const { severity, message, hint } of findings) console.log(severity, message, hint)
 * ```
 */
declare function diagnose(options?: DiagnoseOptions): Promise<Diagnosis>;
/**
 * Allocates memory that a Jetson's encoder reads where it is: a surface of NVIDIA's memory manager, from JetPack 5 on. Rejects with
 * `ERR_CONFIG` for wrong options, `ERR_LIBRARY_MISSING` where NVIDIA's library is missing or older, `ERR_DEVICE` when it has no memory,
 * `ERR_NATIVE_LOAD`, or the reason of `signal`.
 *
 * @example
 * ```ts
 * import { allocateSurface, createEncoder } from 'v4l2-encoder'
 *
 * const encoder = await createEncoder({ codec: 'h265', width: 1920, height: 1080 })
 * const surface = await allocateSurface({ width: 1920, height: 1080, format: 'NV12', layout: 'block-linear' })
 * // … other code in this process has NVIDIA's hardware write a frame into surface.fd …
 * await encoder.encode(surface.toFrame({ timestamp: 0 }))
 * ```
 */
declare function allocateSurface(options: SurfaceOptions): Promise<Surface>;
/**
 * Runs a program and takes the frames that it writes to standard output: Y4M, which says its size and rate itself, or raw frames.
 * A list is the program and its arguments, as they are; a string goes through the shell (`sh -c`). Each frame is read straight
 * into its frame's memory. Resolves at the first frame.
 *
 * Rejects with `ERR_CONFIG` for wrong options, `ERR_SOURCE` when the program cannot be started, fails, or writes what cannot be
 * encoded (the message has its exit status and the last lines it printed), `ERR_TIMEOUT` when no frame comes, `ERR_NATIVE_LOAD`, or the reason
 * of `signal`.
 *
 * @example
 * ```ts
 * import { createEncoder, openPipe } from 'v4l2-encoder'
 *
 * const source = await openPipe(['ffmpeg', '-v', 'error', '-i', 'clip.mkv', '-f', 'yuv4mpegpipe', '-pix_fmt', 'yuv420p', '-'])
 * const encoder = await createEncoder({ codec: 'h264', ...source.config })
 * for await (const chunk of encoder.encodeAll(source)) process.stdout.write(chunk.data)
 * await encoder.close()
 * ```
 */
declare function openPipe(command: string | readonly [program: string, ...args: string[]], options?: PipeOptions): Promise<PipeSource>;
/**
 * Opens a source that is known by name, through a program that this machine has for it: `'argus:0'` (CSI cameras of a Jetson),
 * `'libcamera:0'` (CSI cameras of a Raspberry Pi), `'rtsp://…'`, `'http://…'`, `'https://…'`, or the path of a file of any kind.
 * Resolves at the first frame. The program runs without a shell; other users of the machine can see its arguments, and thereby a
 * password that is part of a URL.
 *
 * Rejects like `openPipe()`, and with `ERR_SOURCE` where no program for such a source is installed.
 *
 * @example
 * ```ts
 * import { createEncoder, openSource } from 'v4l2-encoder'
 *
 * const camera = await openSource('argus:0', { width: 1920, height: 1080, framerate: 30 })
 * const encoder = await createEncoder({ codec: 'h265', ...camera.config })
 * for await (const chunk of encoder.encodeAll(camera)) process.stdout.write(chunk.data)
 * ```
 */
declare function openSource(source: string, options?: SourceOptions): Promise<PipeSource>;
/**
 * Lists the cameras of this machine (V4L2: USB cameras, capture cards, loopbacks), and what looks like one but cannot be used, with
 * the reason; a node of which nothing comes within five seconds is one of these. Rejects with `ERR_CONFIG` for wrong options, or the reason of `signal`.
 *
 * @example
 * ```ts
 * import { listCameras } from 'v4l2-encoder'
 *
 * for (const { index, device, name, formats } of await listCameras()) {
 *   console.log(index, device, name, formats.map(({ code }) => code).join(' '))
 * }
 * ```
 */
declare function listCameras(options?: ListCamerasOptions): Promise<CameraInfo[]>;
/**
 * Opens a V4L2 camera and starts it. Its frames (NV12, I420, YUYV, NV16, NV24, GREY, RGB, MJPEG, …) are converted once, outside of
 * JavaScript's thread, or go on as DMABUFs without a copy. Which of the camera's formats is used follows from size and rate.
 *
 * Rejects with `ERR_CONFIG` for options that are wrong or not what the camera can do (the message lists what it can),
 * `ERR_DEVICE_NOT_FOUND`, `ERR_NOT_A_CAMERA`, `ERR_PERMISSION`, `ERR_BUSY`, `ERR_DEVICE`, `ERR_TIMEOUT`, `ERR_NATIVE_LOAD`, or the reason
 * of `signal`.
 *
 * @example
 * ```ts
 * import { createEncoder, openCamera } from 'v4l2-encoder'
 *
 * const camera = await openCamera({ camera: 0, width: 1280, height: 720, framerate: 30 })
 * const encoder = await createEncoder({ codec: 'h264', ...camera.config })
 * for await (const chunk of encoder.encodeAll(camera.frames())) process.stdout.write(chunk.data)
 * ```
 */
declare function openCamera(options?: CameraOptions): Promise<Camera>;

export { Codec, ErrorCode, V4l2EncoderError, allocateSurface, createEncoder, diagnose, isSupported, listCameras, listEncoders, openCamera, openPipe, openSource };
export type { Camera, Encoder, LentFrame, PipeSource, Surface };
export type { AnyFrame, ArgumentError, BackendName, BitrateObservation, CameraConfig, CameraControl, CameraDmabufFrame, CameraFormat, CameraFrame, CameraFramesOptions, CameraInfo, CameraMenuItem, CameraOptions, CameraSize, CameraStats, CaptureMetadata, ChangeObservation, ChunkMetadata, ChunkTiming, CloseOptions, CodecName, CodecSizes, ColorSpace, DecoderConfig, DiagnoseOptions, DiagnosedEncoder, Diagnosis, DmabufFrame, DmabufPlane, EncodeAllOptions, EncodeOptions, EncodedChunk, EncoderChanges, EncoderConfig, EncoderInfo, EncoderInput, EncoderOptions, EncoderParameters, EncoderSetting, EncoderStats, EncoderTransform, EncoderWarning, Finding, Frame, FrameMetadata, FrameRegion, FrameSource, IgnoredObservation, InputPlane, LatencyStats, LentPlane, ListCamerasOptions, ListOptions, LogLevel, LogOption, LogRecord, LogWriter, LossReaction, MetadataOptions, Observation, PipeConfig, PipeFrame, PipeOptions, PipeStats, PixelFormat, PlaneLayout, Probe, ReadOptions, RejectedEncoder, SampleAspectRatio, SettingChange, Severity, SourceOptions, StageStats, StagesStats, SubscribeOptions, Subscription, Support, SupportOptions, SurfaceFormat, SurfaceFrameInit, SurfaceLayout, SurfaceOptions, TryEncodeOptions, UpdateOptions, WaitOptions };
