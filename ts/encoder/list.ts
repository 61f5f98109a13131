import type { BackendName } from '../shared/backend.js'
import { boolean, checkOptions, withDefault } from '../shared/check.js'
import { checkEncoderOptions, checkListOptions } from './check-options.js'
import { abortable } from '../shared/abort.js'
import { fromNative } from '../native/to-error.js'
import type { Codec } from '../shared/codec.js'
import type { ErrorCode, RejectedEncoder } from '../shared/errors.js'
import { guardedUntilAnswered } from '../native/close-on-exit.js'
import type { PixelFormat } from '../frame/pixel-format.js'
import { keepAliveWhile } from '../shared/keep-alive.js'
import type { NativeAddon } from '../native/addon.js'
import type { EncoderConfig } from './options.js'

/** How to look for encoders. */
export interface ListOptions {
  /**
   * Opens each device to see whether it works; without it NVIDIA's device is not touched.
   * @default false
   */
  probe?: boolean
  /**
   * The file to load instead of NVIDIA's `libnvv4l2.so`.
   * @default the environment variable `V4L2_ENCODER_LIBRARY`, then the places where JetPack puts it
   */
  library?: string
  /** Ends the waiting with the signal's reason. */
  signal?: AbortSignal
}

/** Frame sizes that a device encodes with a codec, in pixels. */
export interface CodecSizes {
  /** The codec. */
  codec: Codec
  /** Smallest width. */
  minWidth: number
  /** Smallest height. */
  minHeight: number
  /** Largest width. */
  maxWidth: number
  /** Largest height. */
  maxHeight: number
}

/** One encoder of this machine, or something that looks like one. */
export interface EncoderInfo {
  /** Which kind of encoder it is. */
  backend: BackendName
  /** The device node, or null for the software encoder. */
  device: string | null
  /** What the device calls itself, or what it is known as; the card's name of a kernel encoder. */
  name: string
  /** The kernel driver, such as `'bcm2835-codec'`; of kernel encoders only. */
  driver?: string
  /** Where the device is attached, such as `'platform:bcm2835-codec'`; of kernel encoders only. */
  bus?: string
  /** What it can encode. */
  codecs: readonly Codec[]
  /** The sizes that the driver reports; of kernel encoders that report them. */
  sizes?: readonly CodecSizes[]
  /** The raw formats that the driver reports, as V4L2's four-character codes such as `'NV12'`; of kernel encoders only. */
  formats?: readonly string[]
  /** Whether it can be used, as far as is known without opening it. */
  available: boolean
  /** Why it cannot be used, as one of {@link ErrorCode}. */
  code?: ErrorCode
  /** Why it cannot be used, as a sentence. */
  message?: string
  /** What would help. */
  hint?: string
}

/** How to find out whether a configuration is supported. */
export interface SupportOptions {
  /**
   * Opens an encoder and closes it again, which is the only way to be sure.
   * @default false
   */
  probe?: boolean
}

/** Whether a configuration is supported, and by what. */
export interface Support {
  /** Whether `createEncoder()` would find an encoder. */
  supported: boolean
  /** The kind of encoder that would run. */
  backend?: BackendName
  /** Its device node, or null for the software encoder. */
  device?: string | null
  /** The configuration that would be in force. */
  config?: EncoderConfig
  /** Everything that would be tried before, each with the reason. */
  rejected: readonly RejectedEncoder[]
}

/** @internal */
export async function listOn(loadAddon: () => NativeAddon, options: unknown): Promise<EncoderInfo[]> {
  const { probe, library, signal } = checkListOptions(options, 'listEncoders()')
  signal?.throwIfAborted()
  const found = guardedUntilAnswered(loadAddon(), (addon) =>
    addon.listEncoders(library === undefined ? { probe } : { probe, library }),
  )
  return abortable(keepAliveWhile(found), signal)
}

/** @internal */
export async function supportOn(loadAddon: () => NativeAddon, config: unknown, options: unknown): Promise<Support> {
  const { native, signal } = checkEncoderOptions(config, 'isSupported()')
  const { probe } = checkOptions(options, { probe: withDefault(boolean, false) }, 'isSupported()')
  signal?.throwIfAborted()
  const found = guardedUntilAnswered(loadAddon(), (addon) => addon.isSupported(native, probe))
  const answer = await abortable(keepAliveWhile(found), signal)
  if ('error' in answer) throw fromNative(answer.error)
  const { config: resolved, ...support } = answer
  if (!resolved) return support
  return { ...support, config: { ...resolved, format: resolved.format as PixelFormat } }
}
