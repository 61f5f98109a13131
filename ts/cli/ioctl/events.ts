import { V4L2_CTRL_TYPE, V4L2_EVENT, V4L2_EVENT_CTRL_CH, V4L2_EVENT_MD_FL } from '../../device/constants.js'
import type { DeviceEvent } from '../../device/event-stream.js'
import { CONTROL_FLAGS } from './controls.js'
import { hex } from './print.js'
import { fieldText, flagsText } from './words.js'

/** An event, and the name of the control that changed. */
export interface PrintedEvent extends DeviceEvent {
  readonly control?: string
}

/** `0x1f`; a negative number in two's complement of so many bits. */
function shortHex(value: number | bigint, bits: 32 | 64): string {
  return `0x${BigInt.asUintN(bits, BigInt(value)).toString(16)}`
}

type ControlPayload = NonNullable<DeviceEvent['payload']['ctrl']>

function valueText({ type, u: { value = 0, value64 = 0n } }: ControlPayload): string {
  if (type === V4L2_CTRL_TYPE.INTEGER64) return `${value64} ${shortHex(value64, 64)}`
  return type === V4L2_CTRL_TYPE.BITMASK ? `${value >>> 0} ${hex(value)}` : `${value} ${shortHex(value, 32)}`
}

function controlLines(payload: ControlPayload, name: string): string[] {
  const { changes, flags } = payload
  return [
    `ctrl: ${name}`,
    ...(changes & V4L2_EVENT_CTRL_CH.VALUE ? [`\tvalue: ${valueText(payload)}`] : []),
    ...(changes & V4L2_EVENT_CTRL_CH.FLAGS ? [`\tflags: ${flagsText(flags, CONTROL_FLAGS)}`] : []),
  ]
}

function motionText({ flags, frame_sequence: frame, region_mask: regions }: MotionPayload): string {
  const at = flags & V4L2_EVENT_MD_FL.HAVE_FRAME_SEQ ? `frame ${frame}, ` : ''
  return `motion_det ${at}regions 0x${regions.toString(16)}`
}

type MotionPayload = NonNullable<DeviceEvent['payload']['motion_det']>

function whatLines({ type, id, payload, control }: PrintedEvent): string[] {
  const { ctrl, vsync, frame_sync: frameSync, src_change: change, motion_det: motion } = payload
  if (type === V4L2_EVENT.EOS) return ['eos']
  if (ctrl) return controlLines(ctrl, control ?? hex(id))
  if (vsync) return [`vsync ${fieldText(vsync.field)}`]
  if (frameSync) return [`frame_sync ${frameSync.frame_sequence}`]
  if (change) return [`source_change: pad/input=${id} changes: ${change.changes.toString(16)}`]
  if (motion) return [motionText(motion)]
  const kind = type >= V4L2_EVENT.PRIVATE_START ? 'private event' : 'event'
  return [`unknown ${kind} (${hex(type).slice(2)})`]
}

/** What `--wait-for-event` prints. */
export function eventLines(event: PrintedEvent): string[] {
  const { timestamp, sequence, pending } = event
  const fraction = String(timestamp % 1e6).padStart(6, '0')
  const [first, ...more] = whatLines(event)
  return [`${Math.floor(timestamp / 1e6)}.${fraction}: event ${sequence}, pending ${pending}: ${first}`, ...more]
}
