import { statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, resolve } from 'node:path'
import { deviceNumbers } from '../shared/device-numbers.js'
import { ErrorCode, V4l2EncoderError } from '../shared/errors.js'
import { CommandError, ExitStatus, statusOf } from './exit.js'

/** The kernel's number for the kind of device that V4L2's nodes are. */
const V4L2_MAJOR = 81
/** Where the device files that a Jetson has are not V4L2's, but NVIDIA's library serves them. */
const JETSON = /nvenc|nvdec|nvhost|msenc|nvjpg|nvcuvid/i
const CAMERAS = 'Cameras are devices such as /dev/video0; "v4l2-encoder cameras" lists those of this machine.'
const NODES =
  'V4L2 devices are such as /dev/video0; "v4l2-encoder devices" and "v4l2-encoder cameras" list those of this machine.'

function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** Whether a path is a node of V4L2, by its name or by what is there. */
export function isV4l2Node(path: string, stats: Stats | undefined = statsOf(path)): boolean {
  if (/^\/dev\/(video\d+|v4l\/.*)$/.test(resolve(path))) return true
  return stats !== undefined && stats.isCharacterDevice() && deviceNumbers(stats.rdev).major === V4L2_MAJOR
}

/** The error of opening a camera, with the reason where its path is something else. */
export function explainCamera(camera: number | string | undefined, error: unknown): unknown {
  if (typeof camera !== 'string' || !camera.includes('/') || !(error instanceof V4l2EncoderError)) return error
  const isOther = error.errno === 'ENOTTY' || error.errno === 'EISDIR' || error.errno === 'ENXIO'
  if (!isOther || isV4l2Node(camera)) return error
  const message = `${camera} is not a V4L2 camera: ${error.message}`
  return new CommandError(ExitStatus.NoEncoder, message, error.hint ?? CAMERAS, error)
}

/** NVIDIA's library is missed for every file that is not the kernel's; most of them are not NVIDIA's either. */
export function explainNode(path: string, error: unknown): unknown {
  if (!(error instanceof V4l2EncoderError) || isV4l2Node(path)) return error
  const isMissed = error.code === ErrorCode.LibraryMissing && !JETSON.test(basename(path))
  if (!isMissed && error.errno !== 'EISDIR') return error
  const hint = [`${path} is not a V4L2 device. ${NODES}`, error.hint].filter((part) => part !== undefined).join('\n')
  return new CommandError(statusOf(error), error.message, hint, error)
}
