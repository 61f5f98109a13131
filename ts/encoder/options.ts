import { metadataOption } from '../frame/metadata.js'
import type { MetadataOptions } from '../frame/metadata.js'
import { parseCodecs } from './codec.js'
import type { CodecName } from './codec.js'
import {
  BITRATE_MODES,
  BITSTREAMS,
  HARDWARE_CHOICES,
  LATENCY_MODES,
  MATRICES,
  ON_UNSUPPORTED,
  PROFILES,
} from '../native/config.js'
import { PARAMETER_CHECKS } from './parameters.js'
import type { EncoderParameters } from './parameters.js'
import type {
  BitrateMode,
  Bitstream,
  HardwareChoice,
  LatencyMode,
  Matrix,
  NativeCodecChoice,
  OnUnsupported,
  ProfileName,
} from '../native/config.js'
import { PIXEL_FORMATS } from '../frame/pixel-format.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import {
  abortSignal,
  boolean,
  callback,
  number,
  objectOf,
  oneOf,
  optional,
  positiveInteger,
  string,
  withDefault,
} from '../shared/check.js'
import type { Check, Checks } from '../shared/check.js'
import type { Codec } from '../shared/codec.js'
import { isList } from '../shared/describe.js'
import type { V4l2EncoderError } from '../shared/errors.js'
import type { LogOption } from '../shared/log.js'
import { logOption } from '../shared/log-option.js'

/** What luma and chroma mean: how RGB frames are converted, and what the stream signals to players. */
export interface ColorSpace {
  /** As WebCodecs names it: `'smpte170m'` is BT.601, `'bt2020-ncl'` BT.2020. */
  matrix: Matrix
  /**
   * Whether values go from 0 to 255, as in JPEG, instead of 16 to 235.
   * @default false
   */
  fullRange?: boolean
}

/** Shape of a pixel as H.264 and H.265 write it: 64 to 45 in PAL video that fills a screen of 16:9. */
export interface SampleAspectRatio {
  /** Width of a pixel in any unit, 1 to 65535. */
  width: number
  /** Height of a pixel in the same unit, 1 to 65535. */
  height: number
}

/** What an encoder shall do; everything but `codec` has a default. */
export interface EncoderOptions extends EncoderParameters {
  /** The codec, or several in order of preference: `['h265', 'h264']` runs in software where there is no H.265 hardware. */
  codec: CodecName | readonly CodecName[]
  /**
   * Width in pixels; even.
   * @default 1280
   */
  width?: number
  /**
   * Height in pixels; even.
   * @default 720
   */
  height?: number
  /**
   * Frames per second; the rate control counts on it.
   * @default 30
   */
  framerate?: number
  /**
   * Whether the rate control follows the rate at which frames really come. It is measured by their timestamps, over two seconds;
   * a source that gives 15 of 30 frames a second then gets the whole bit rate. `false` keeps `framerate` whatever comes.
   * @default true
   */
  adaptFramerate?: boolean
  /**
   * Target in bits per second.
   * @default follows from size and rate: 2 000 000 for 1280x720 at 30 frames a second
   */
  bitrate?: number
  /**
   * `'constant'` holds the bit rate. `'variable'` spends less on easy scenes and up to `maxBitrate` on difficult ones.
   * `'quantizer'` encodes every frame with `quantizer`, and has no bit rate.
   * @default 'constant'; on a Raspberry Pi, which is slow with it, 'variable'
   */
  bitrateMode?: BitrateMode
  /**
   * Frames from one key frame to the next.
   * @default chosen by the encoder; see `encoder.config`
   */
  keyFrameInterval?: number
  /**
   * The profile, where `codec` does not name one; `'auto'` is the codec's default.
   * @default 'auto': Constrained Baseline for H.264, Main for H.265
   */
  profile?: ProfileName
  /**
   * The level, where `codec` does not name one, such as `'4.1'`; one that does not hold the stream is raised, with a warning.
   * @default 'auto': the lowest that holds size, frame rate and bit rate
   */
  level?: string
  /**
   * What becomes of an encoder that has no control for a parameter that was asked for: `'error'` does not use it, `'warn'`
   * uses it without, and says so in `encoder.warnings` and `encoder.settings`.
   * @default 'error'
   */
  onUnsupported?: OnUnsupported
  /**
   * Whether capture time, number and bytes of your own go into an H.264 or H.265 stream with each frame, where decoders pass over
   * them and `readMetadata()` of `v4l2-encoder/metadata` finds them; an object says what of it goes by itself.
   * @default false
   */
  metadata?: boolean | MetadataOptions
  /**
   * `'realtime'` keeps as few frames in flight as the device allows, `'quality'` fills its queue.
   * @default 'realtime'
   */
  latencyMode?: LatencyMode
  /**
   * Whether hardware is preferred, required, or not used at all.
   * @default 'prefer'
   */
  hardware?: HardwareChoice
  /**
   * How NAL units are separated in H.264 and H.265 chunks. `'annexb'`: by start codes, with the parameter sets before each key frame.
   * `'length-prefixed'`: by their lengths, as MP4 and WebCodecs have it; the parameter sets are in `decoderConfig.description`. AV1
   * has one form only, the low-overhead OBU stream, so this option is `ERR_CONFIG` there.
   * @default 'annexb'
   */
  bitstream?: Bitstream
  /**
   * The pixel format of frames that do not name their own.
   * @default 'I420'
   */
  format?: PixelFormat
  /**
   * What luma and chroma mean. Frames that are YUV already keep their values; say here what they are if it is something else.
   * @default BT.709 from 720 rows on and BT.601 below, in limited range, which is what players suppose
   */
  colorSpace?: ColorSpace
  /**
   * Shape of a pixel, which is written into H.264 and H.265 streams; other codecs cannot carry it, and `encoder.warnings` says so.
   * @default square pixels
   */
  sampleAspectRatio?: SampleAspectRatio
  /**
   * The device to use, such as `'/dev/video11'`. A name allows only this one: if it does not exist or does not work, `createEncoder()`
   * rejects with its error, and uses no other device or software. A list is a preference: its devices are tried in this order, then all
   * others of this machine.
   * @default the first one that does what is asked
   */
  device?: string | readonly string[]
  /**
   * The file to load instead of NVIDIA's `libnvv4l2.so`.
   * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
   */
  library?: string
  /**
   * Frames in the device at a time.
   * @default follows from `latencyMode`
   */
  queueDepth?: number
  /**
   * Lets NVIDIA's library say when a chunk is ready (its DEVICE_POLL control, on a thread of its own) instead of looking
   * several thousand times a second while frames are in flight: fewer wake-ups of the processor. Not every release of the library returns from it.
   * @default false
   */
  devicePoll?: boolean
  /**
   * Frames that may wait in `encode()` at a time.
   * @default 16
   */
  maxPendingFrames?: number
  /**
   * Milliseconds that the device has for opening, for a frame, for a flush, and for closing.
   * @default 5000
   */
  timeout?: number
  /** Gives up opening; once the encoder is open it has no effect. */
  signal?: AbortSignal
  /**
   * Called for each accepted frame that the device failed on, with its `timestamp`; the stream goes on.
   * @default a warning in the log
   */
  onFrameLost?: (error: V4l2EncoderError) => void
  /**
   * Where the log goes.
   * @default the environment variable `V4L2_ENCODER_LOG`, then `'warn'`
   */
  log?: LogOption
}

/** One device, or several in order of preference. */
function deviceOrDevices(value: unknown, name: string): string | string[] {
  // Every place of it, as map() would pass over holes, and take minutes for those of a list that is nothing else.
  return isList(value) ? Array.from(value, (one) => string(one, `${name}[]`)) : string(value, name)
}

/** Every option of {@link EncoderOptions} by a check that gives what it declares; the codecs are parsed. */
type OptionChecks = { codec: Check<NativeCodecChoice[]> } & Checks<Omit<EncoderOptions, 'codec'>>

/**
 * The check of each option; ranges are checked by the addon.
 *
 * @internal
 */
export const ENCODER_CHECKS = {
  codec: parseCodecs,
  width: withDefault(number, 1280),
  height: withDefault(number, 720),
  framerate: withDefault(number, 30),
  adaptFramerate: withDefault(boolean, true),
  bitrate: optional(number),
  bitrateMode: optional(oneOf(BITRATE_MODES)),
  keyFrameInterval: optional(number),
  profile: withDefault(oneOf(PROFILES), 'auto'),
  level: withDefault(string, 'auto'),
  ...PARAMETER_CHECKS,
  onUnsupported: withDefault(oneOf(ON_UNSUPPORTED), 'error'),
  metadata: withDefault(metadataOption, false),
  latencyMode: withDefault(oneOf(LATENCY_MODES), 'realtime'),
  hardware: withDefault(oneOf(HARDWARE_CHOICES), 'prefer'),
  bitstream: optional(oneOf(BITSTREAMS)),
  format: withDefault(oneOf(PIXEL_FORMATS), 'I420'),
  colorSpace: optional(objectOf({ matrix: oneOf(MATRICES), fullRange: withDefault(boolean, false) })),
  sampleAspectRatio: optional(objectOf<SampleAspectRatio>({ width: number, height: number })),
  device: optional(deviceOrDevices),
  library: optional(string),
  queueDepth: optional(number),
  devicePoll: withDefault(boolean, false),
  maxPendingFrames: withDefault(positiveInteger, 16),
  timeout: withDefault(number, 5000),
  signal: optional(abortSignal),
  onFrameLost: optional(callback as Check<(error: V4l2EncoderError) => void>),
  log: optional(logOption),
} satisfies OptionChecks

/** The configuration in force. */
export interface EncoderConfig {
  /** The codec that was chosen. */
  codec: Codec
  /** The codec string of RFC 6381, such as `'avc1.42e01f'`. */
  codecString: string
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
  /** Frames per second. */
  framerate: number
  /** Target in bits per second. */
  bitrate: number
  /** How bits are spent. */
  bitrateMode: BitrateMode
  /** Frames from one key frame to the next. */
  keyFrameInterval: number
  /** Whether latency or throughput comes first. */
  latencyMode: LatencyMode
  /** Whether hardware is preferred, required, or not used at all. */
  hardware: HardwareChoice
  /** How NAL units are separated in H.264 and H.265 chunks. */
  bitstream: Bitstream
  /** The pixel format of frames that do not name their own. */
  format: PixelFormat
  /** Frames in the device at a time; left out when it follows from `latencyMode`. */
  queueDepth?: number
  /** Milliseconds that the device has for each task. */
  timeout: number
}

/** One setting as it was asked for, as it is, and how that is known. */
export interface EncoderSetting {
  /** The name of the option. */
  name: string
  /** What was requested: a number for options that are numbers, else a string such as `'constant'`, `'3.1'` or `'true'`. */
  requested: string | number
  /** What is in effect, in the same form; null where nothing has confirmed it. */
  actual: string | number | null
  /**
   * `'readback'`: the driver said so; `'bitstream'`: seen in the output; `'requested'`: sent, but nothing has confirmed it;
   * `'unsupported'`: the device has no control for it, or rejected it, and keeps its default.
   */
  source: 'readback' | 'bitstream' | 'requested' | 'unsupported'
}

/** Something that is not as it was asked for, but no reason to stop. */
export interface EncoderWarning {
  /** What kind of deviation. */
  code: string
  /** What happened, as a sentence. */
  message: string
  /** The option concerned. */
  setting?: string
}
