/// <reference types="node" preserve="true" />

import { openEncoder } from './create.js'
import type { Encoder } from './encoder.js'
import { listOn, supportOn } from './list.js'
import type { EncoderInfo, ListOptions, Support, SupportOptions } from './list.js'
import { loadAddon } from './loader.js'
import type { EncoderOptions } from './options.js'

/**
 * Opens an encoder: the best device of this machine that does what is asked, or the software encoder unless `hardware` is
 * `'require'`. Rejects with `ERR_CONFIG` (a TypeError or RangeError) for wrong options, `ERR_NO_ENCODER` when nothing does what is
 * asked, `ERR_NATIVE_LOAD`, or the reason of `signal`.
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
export function createEncoder(options: EncoderOptions): Promise<Encoder> {
  return openEncoder(loadAddon, options)
}

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
export function isSupported(config: EncoderOptions, options: SupportOptions = {}): Promise<Support> {
  return supportOn(loadAddon, config, options)
}

/**
 * Lists the encoders of this machine, and what looks like one but cannot be used, with the reason. Rejects with `ERR_CONFIG` for
 * wrong options.
 *
 * @example
 * ```ts
 * import { listEncoders } from 'v4l2-encoder'
 *
 * for (const { backend, device, codecs, message } of await listEncoders()) console.log(backend, device, codecs, message)
 * ```
 */
export function listEncoders(options: ListOptions = {}): Promise<EncoderInfo[]> {
  return listOn(loadAddon, options)
}

export type { DecoderConfig, EncodedChunk } from './chunk.js'
export { Codec } from './codec.js'
export type { CodecName } from './codec.js'
export type { FrameSource } from './encode-all.js'
export type {
  CloseOptions,
  EncodeAllOptions,
  EncodeOptions,
  Encoder,
  TryEncodeOptions,
  WaitOptions,
} from './encoder.js'
export { ErrorCode, V4l2EncoderError } from './errors.js'
export type { ArgumentError, Rejection } from './errors.js'
export type { AnyFrame, DmabufFrame, DmabufPlane, Frame, PlaneLayout } from './frame.js'
export type { LentFrame, LentPlane } from './lent-frame.js'
export type { CodecSizes, EncoderInfo, ListOptions, Support, SupportOptions } from './list.js'
export type { LogLevel, LogOption, LogRecord, LogWriter } from './log.js'
export type {
  EncoderConfig,
  EncoderInput,
  EncoderOptions,
  EncoderSetting,
  EncoderWarning,
  InputPlane,
  PixelFormat,
} from './options.js'
export type { EncoderStats, LatencyStats } from './stats.js'
export type { SubscribeOptions, Subscription } from './subscription.js'
export type { EncoderTransform } from './transform.js'
