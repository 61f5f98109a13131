import { text, transportOf, uint32 } from '../../shared/arguments.js'
import { CAMERA_PART_CONTROLS } from './camera-parts.js'
import { CAMERA_CONTROLS } from './camera.js'
import { AUDIO_CONTROLS } from './codec-audio.js'
import { CODEC_DRIVER_CONTROLS } from './codec-drivers.js'
import { H264_CONTROLS } from './codec-h264.js'
import { H265_CONTROLS } from './codec-h265.js'
import { OTHER_CODEC_CONTROLS } from './codec-others.js'
import { VIDEO_CONTROLS } from './codec-video.js'
import type { ControlDefinition } from './definition.js'
import { DIGITAL_VIDEO_CONTROLS } from './digital-video.js'
import { NVIDIA_CONTROLS } from './nvidia.js'
import { RADIO_CONTROLS } from './radio.js'
import { STATELESS_CONTROLS } from './stateless.js'
import { USER_CONTROLS } from './user.js'

/** Every control of V4L2, by number. */
export const CONTROLS: readonly ControlDefinition[] = [
  ...USER_CONTROLS,
  ...AUDIO_CONTROLS,
  ...VIDEO_CONTROLS,
  ...H264_CONTROLS,
  ...H265_CONTROLS,
  ...OTHER_CODEC_CONTROLS,
  ...CODEC_DRIVER_CONTROLS,
  ...CAMERA_CONTROLS,
  ...CAMERA_PART_CONTROLS,
  ...RADIO_CONTROLS,
  ...DIGITAL_VIDEO_CONTROLS,
  ...STATELESS_CONTROLS,
].toSorted((a, b) => a.id - b.id)

/**
 * The short name that v4l2-ctl makes of a driver's label: `'white_balance_automatic'` of `'White Balance, Automatic'`.
 *
 * @internal
 */
export function keyOf(label: string): string {
  const words = label.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '')
  return words.join('_').toLowerCase()
}

type Transport = 'kernel' | 'nvidia'

function tablesFor(transport: Transport): readonly ControlDefinition[] {
  return transport === 'nvidia' ? [...NVIDIA_CONTROLS, ...CONTROLS] : CONTROLS
}

/** Where two have the same word, the first one is meant: NVIDIA's before the standard one. */
function indexed<Key>(
  transport: Transport,
  keysOf: (control: ControlDefinition) => Key[],
): Map<Key, ControlDefinition> {
  const entries = tablesFor(transport).flatMap((one) => keysOf(one).map((key): [Key, ControlDefinition] => [key, one]))
  return new Map(entries.toReversed())
}

function namesOf({ name, label }: ControlDefinition): string[] {
  return label === undefined ? [name, keyOf(name.slice('V4L2_CID_'.length))] : [name, keyOf(label)]
}

const BY_ID = {
  kernel: indexed('kernel', ({ id }) => [id]),
  nvidia: indexed('nvidia', ({ id }) => [id]),
}
const BY_NAME = { kernel: indexed('kernel', namesOf), nvidia: indexed('nvidia', namesOf) }

/**
 * What is known about the control of this number, if it is a standard one or, through NVIDIA's library, one of its own.
 *
 * @example
 * ```ts
 * import { controlById } from 'v4l2-encoder/device'
 *
 * controlById(0x009909cf)?.unit // 'bit/s'
 * ```
 */
export function controlById(id: number, transport: 'kernel' | 'nvidia' = 'kernel'): ControlDefinition | undefined {
  return BY_ID[transportOf(transport)].get(uint32(id, 'id'))
}

/**
 * What is known about the control of this name: the kernel's, such as `'V4L2_CID_BRIGHTNESS'`, or the short one that
 * `v4l2-ctl` shows, such as `'brightness'`. NVIDIA's controls have short names after their long ones, such as
 * `'mpeg_videoenc_qp_range'`.
 *
 * @example
 * ```ts
 * import { controlByName } from 'v4l2-encoder/device'
 *
 * controlByName('video_bitrate')?.id // 0x009909cf
 * ```
 */
export function controlByName(name: string, transport: 'kernel' | 'nvidia' = 'kernel'): ControlDefinition | undefined {
  return BY_NAME[transportOf(transport)].get(text(name, 'name'))
}
