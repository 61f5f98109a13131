// ts: the package `v4l2-encoder`: what users import. The pipeline is source, camera → frame → encoder → output.

/// <reference types="node" preserve="true" />

import type { Camera } from './camera/camera.js'
import type { CameraInfo, ListCamerasOptions } from './camera/list-cameras.js'
import type { CameraOptions } from './camera/open-camera.js'
import { openEncoder } from './encoder/create.js'
import type { DiagnoseOptions, Diagnosis } from './doctor/diagnosis.js'
import type { Encoder } from './encoder/encoder.js'
import { listOn, supportOn } from './encoder/list.js'
import type { EncoderInfo, ListOptions, Support, SupportOptions } from './encoder/list.js'
import { loadAddon } from './native/loader.js'
import type { EncoderOptions } from './encoder/options.js'
import type { PipeOptions } from './source/open-pipe.js'
import type { SourceOptions } from './source/open-source.js'
import type { PipeSource } from './source/pipe-source.js'
import { allocateSurfaceOn } from './frame/surface.js'
import type { Surface, SurfaceOptions } from './frame/surface.js'

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
export function listEncoders(options: ListOptions = {}): Promise<EncoderInfo[]> {
  return listOn(loadAddon, options)
}

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
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const { diagnoseOn } = await import('./doctor/diagnose.js')
  return diagnoseOn(loadAddon, options)
}

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
export function allocateSurface(options: SurfaceOptions): Promise<Surface> {
  return allocateSurfaceOn(loadAddon, options)
}

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
export async function openPipe(
  command: string | readonly [program: string, ...args: string[]],
  options: PipeOptions = {},
): Promise<PipeSource> {
  const { openPipeOn } = await import('./source/open-pipe.js')
  return openPipeOn(loadAddon, command, options)
}

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
export async function openSource(source: string, options: SourceOptions = {}): Promise<PipeSource> {
  const { openSourceOn } = await import('./source/open-source.js')
  return openSourceOn(loadAddon, source, options)
}

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
export async function listCameras(options: ListCamerasOptions = {}): Promise<CameraInfo[]> {
  const { listCamerasOn } = await import('./camera/list-cameras.js')
  return listCamerasOn(loadAddon, options)
}

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
export async function openCamera(options: CameraOptions = {}): Promise<Camera> {
  const { openCameraOn } = await import('./camera/open-camera.js')
  return openCameraOn(loadAddon, options)
}

export type {
  Camera,
  CameraConfig,
  CameraDmabufFrame,
  CameraFrame,
  CameraFramesOptions,
  CaptureMetadata,
} from './camera/camera.js'
export type { CameraStats } from './native/camera.js'
export type { CameraControl, CameraMenuItem } from './camera/control.js'
export type { CameraFormat, CameraInfo, CameraSize, ListCamerasOptions } from './camera/list-cameras.js'
export type { CameraOptions } from './camera/open-camera.js'
export type { ChunkTiming, DecoderConfig, EncodedChunk } from './output/chunk.js'
export type { BackendName } from './shared/backend.js'
export { Codec } from './shared/codec.js'
export type { CodecName } from './encoder/codec.js'
export type { DiagnosedEncoder, DiagnoseOptions, Diagnosis, Finding, Probe, Severity } from './doctor/diagnosis.js'
export type { FrameSource } from './output/encode-all.js'
export type {
  CloseOptions,
  EncodeAllOptions,
  EncodeOptions,
  TryEncodeOptions,
  WaitOptions,
} from './encoder/call-options.js'
export type { Encoder } from './encoder/encoder.js'
export { ErrorCode, V4l2EncoderError } from './shared/errors.js'
export type { ArgumentError, RejectedEncoder } from './shared/errors.js'
export type { AnyFrame } from './frame/prepare.js'
export type { DmabufFrame, DmabufPlane, Frame, PlaneLayout } from './frame/frame.js'
export type { LossReaction } from './encoder/loss.js'
export type { FrameRegion } from './frame/request.js'
export type { ChunkMetadata, FrameMetadata, MetadataOptions } from './frame/metadata.js'
export type { LentFrame, LentPlane } from './frame/lent-frame.js'
export type { CodecSizes, EncoderInfo, ListOptions, Support, SupportOptions } from './encoder/list.js'
export type { LogLevel, LogOption, LogRecord, LogWriter } from './shared/log.js'
export type {
  ColorSpace,
  EncoderConfig,
  EncoderOptions,
  EncoderSetting,
  EncoderWarning,
  SampleAspectRatio,
} from './encoder/options.js'
export type { EncoderParameters } from './encoder/parameters.js'
export type { BitrateObservation, ChangeObservation, IgnoredObservation, Observation } from './encoder/observations.js'
export type { EncoderChanges, SettingChange, UpdateOptions } from './encoder/update.js'
export type { EncoderInput, InputPlane } from './frame/negotiate.js'
export type { PixelFormat } from './frame/pixel-format.js'
export type { PipeOptions, ReadOptions } from './source/open-pipe.js'
export type { SourceOptions } from './source/open-source.js'
export type { PipeConfig, PipeFrame } from './source/frame-reader.js'
export type { PipeSource, PipeStats } from './source/pipe-source.js'
export type { EncoderStats, LatencyStats } from './encoder/stats.js'
export type { StagesStats, StageStats } from './output/stages.js'
export type { SubscribeOptions, Subscription } from './output/subscription.js'
export type { Surface, SurfaceFormat, SurfaceLayout, SurfaceOptions, SurfaceFrameInit } from './frame/surface.js'
export type { EncoderTransform } from './output/transform.js'
