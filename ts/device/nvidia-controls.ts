import { V4L2_CTRL_FLAG, V4L2_CTRL_TYPE } from './constants.js'
import type { ControlDefinition, ControlKind } from './controls.js'
import { controlById, controlByName, NVIDIA_CONTROLS, NVIDIA_PAYLOAD_BYTES } from './controls.js'
import { keyOf } from './controls/find.js'
import type { ControlInfo, ControlType } from './types.js'

const TYPES: Readonly<Record<ControlKind, [ControlType, number]>> = {
  integer: ['integer', V4L2_CTRL_TYPE.INTEGER],
  boolean: ['boolean', V4L2_CTRL_TYPE.BOOLEAN],
  menu: ['menu', V4L2_CTRL_TYPE.MENU],
  'integer-menu': ['integer-menu', V4L2_CTRL_TYPE.INTEGER_MENU],
  button: ['button', V4L2_CTRL_TYPE.BUTTON],
  bitmask: ['bitmask', V4L2_CTRL_TYPE.BITMASK],
  integer64: ['integer64', V4L2_CTRL_TYPE.INTEGER64],
  string: ['string', V4L2_CTRL_TYPE.STRING],
  // None of V4L2's, whose types above 0x100 each are a certain struct.
  compound: ['compound', 0xffff],
}

function rangeOf({ kind, range, menu }: ControlDefinition): readonly [number, number] {
  if (kind === 'boolean') return [0, 1]
  if (menu) return [0, menu.length - 1]
  return range ?? [-0x8000_0000, 0x7fff_ffff]
}

/** Their structs are read through addresses that they hold themselves, which a caller here cannot give. */
const POINTS_FURTHER = new Set(['video-metadata'])

function flagsOf({ kind, payload }: ControlDefinition): number {
  const isFurther = payload !== undefined && POINTS_FURTHER.has(payload)
  return (kind === 'compound' ? V4L2_CTRL_FLAG.HAS_PAYLOAD : 0) | (isFurther ? V4L2_CTRL_FLAG.WRITE_ONLY : 0)
}

/** As a driver would describe it, as far as the headers do. */
function infoOf(definition: ControlDefinition): ControlInfo {
  const { id, name, kind, menu, label } = definition
  const [type, typeNumber] = TYPES[kind]
  const [least, most] = rangeOf(definition)
  const isCompound = kind === 'compound'
  return {
    id,
    name: label ?? name.slice('V4L2_CID_'.length),
    key: label === undefined ? keyOf(name.slice('V4L2_CID_'.length)) : keyOf(label),
    type,
    typeNumber,
    minimum: BigInt(least),
    maximum: BigInt(most),
    step: 1n,
    default: 0n,
    flags: flagsOf(definition),
    fromHeaders: true,
    elemSize: isCompound ? NVIDIA_PAYLOAD_BYTES : 4,
    elems: 1,
    dims: [],
    ...(menu ? { menu: menu.map((entry, index) => ({ index, name: entry })) } : {}),
  }
}

/**
 * What is known of a control that NVIDIA's library takes; undefined of one that no header names.
 *
 * @internal
 */
export function describeNvidiaControl(id: number): ControlInfo | undefined {
  const definition = controlById(id, 'nvidia')
  return definition && infoOf(definition)
}

/** The standard ones that NVIDIA documents for its encoder (jetson_multimedia_api's `v4l2_nv_extensions.h` and samples). */
const STANDARD = [
  'VIDEO_BITRATE',
  'VIDEO_BITRATE_PEAK',
  'VIDEO_BITRATE_MODE',
  'VIDEO_GOP_SIZE',
  'VIDEO_FRAME_RC_ENABLE',
  'VIDEO_H264_PROFILE',
  'VIDEO_H264_LEVEL',
  'VIDEO_H264_ENTROPY_MODE',
  'VIDEO_H264_I_FRAME_QP',
  'VIDEO_H264_P_FRAME_QP',
  'VIDEO_H264_B_FRAME_QP',
  'VIDEO_H264_VUI_EXT_SAR_WIDTH',
  'VIDEO_H264_VUI_EXT_SAR_HEIGHT',
  'MFC51_VIDEO_FORCE_FRAME_TYPE',
].map((name) => controlByName(`V4L2_CID_MPEG_${name}`)!)

/** @internal */
export function nvidiaControls(): ControlInfo[] {
  return [...STANDARD, ...NVIDIA_CONTROLS].toSorted((a, b) => a.id - b.id).map(infoOf)
}
