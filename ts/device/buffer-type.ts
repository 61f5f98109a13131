// ts/device: `v4l2-encoder/device`: the requests of V4L2 and of media devices, typed.
import { V4L2_BUF_TYPE } from './constants.js'

const MULTI_PLANAR = new Set<number>([V4L2_BUF_TYPE.VIDEO_CAPTURE_MPLANE, V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE])
const SINGLE_PLANAR = new Set<number>([V4L2_BUF_TYPE.VIDEO_CAPTURE, V4L2_BUF_TYPE.VIDEO_OUTPUT])
const OUTPUTS = new Set<number>([V4L2_BUF_TYPE.VIDEO_OUTPUT, V4L2_BUF_TYPE.VIDEO_OUTPUT_MPLANE])

/** @internal */
export function isMultiPlanar(type: number): boolean {
  return MULTI_PLANAR.has(type)
}

/**
 * Whether frames go to the device.
 *
 * @internal
 */
export function isOutput(type: number): boolean {
  return OUTPUTS.has(type)
}

/**
 * Whether it is a queue of frames at all.
 *
 * @internal
 */
export function isOfPictures(type: number): boolean {
  return MULTI_PLANAR.has(type) || SINGLE_PLANAR.has(type)
}
