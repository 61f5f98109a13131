import {
  array,
  bytes,
  bytesPointer,
  packed,
  pointer,
  reserved,
  s32,
  s64,
  struct,
  text,
  u32,
  u64,
  u8,
  union,
} from '../layout.js'
import { timespec } from './buffer.js'

/** A number of the oldest kind: G_CTRL, S_CTRL. */
export const v4l2_control = struct('v4l2_control', { id: u32, value: s32 })

/** One of several controls. With a `size` its value is `bytes` of that length. */
export const v4l2_ext_control = struct('v4l2_ext_control', {
  id: u32,
  size: u32,
  reserved2: reserved(1),
  u: union({ value64: packed(s64), value: s32, ptr: packed(bytesPointer) }, { isAnonymous: true }),
})

/** Several controls at once: G_EXT_CTRLS, S_EXT_CTRLS, TRY_EXT_CTRLS. */
export const v4l2_ext_controls = struct('v4l2_ext_controls', {
  which: u32,
  count: u32,
  error_idx: u32,
  request_fd: s32,
  reserved: reserved(1),
  controls: pointer(v4l2_ext_control),
})

/** What a control is, up to 32 bits: QUERYCTRL. */
export const v4l2_queryctrl = struct('v4l2_queryctrl', {
  id: u32,
  type: u32,
  name: text(32),
  minimum: s32,
  maximum: s32,
  step: s32,
  default_value: s32,
  flags: u32,
  reserved: reserved(2),
})

/** What a control is: QUERY_EXT_CTRL. */
export const v4l2_query_ext_ctrl = struct('v4l2_query_ext_ctrl', {
  id: u32,
  type: u32,
  name: text(32),
  minimum: s64,
  maximum: s64,
  step: u64,
  default_value: s64,
  flags: u32,
  elem_size: u32,
  elems: u32,
  nr_of_dims: u32,
  dims: array(u32, 4),
  reserved: reserved(32),
})

/** An entry of a menu: QUERYMENU. `name` of a menu, `value` of one of numbers. */
export const v4l2_querymenu = struct('v4l2_querymenu', {
  id: u32,
  index: u32,
  u: union({ name: text(32), value: packed(s64) }, { isAnonymous: true }),
  reserved: reserved(1),
})

/** A control changed. */
export const v4l2_event_ctrl = struct('v4l2_event_ctrl', {
  changes: u32,
  type: u32,
  u: union({ value64: s64, value: s32 }, { isAnonymous: true }),
  flags: u32,
  minimum: s32,
  maximum: s32,
  step: s32,
  default_value: s32,
})

/** A frame begins to be displayed. */
export const v4l2_event_vsync = struct('v4l2_event_vsync', { field: u8 })

/** A frame begins to be received. */
export const v4l2_event_frame_sync = struct('v4l2_event_frame_sync', { frame_sequence: u32 })

/** What comes in is another format now. */
export const v4l2_event_src_change = struct('v4l2_event_src_change', { changes: u32 })

/** Something moved. */
export const v4l2_event_motion_det = struct('v4l2_event_motion_det', {
  flags: u32,
  frame_sequence: u32,
  region_mask: u32,
})

const EVENT_OF_TYPE: Readonly<Record<number, 'vsync' | 'ctrl' | 'frame_sync' | 'src_change' | 'motion_det'>> = {
  1: 'vsync',
  3: 'ctrl',
  4: 'frame_sync',
  5: 'src_change',
  6: 'motion_det',
}

/** What happened: DQEVENT. */
export const v4l2_event = struct('v4l2_event', {
  type: u32,
  u: union(
    {
      ctrl: v4l2_event_ctrl,
      vsync: v4l2_event_vsync,
      frame_sync: v4l2_event_frame_sync,
      src_change: v4l2_event_src_change,
      motion_det: v4l2_event_motion_det,
      data: bytes(64),
    },
    { chosenBy: ({ type }: { type: number }) => EVENT_OF_TYPE[type] ?? 'data' },
  ),
  pending: u32,
  sequence: u32,
  timestamp: timespec,
  id: u32,
  reserved: reserved(8),
})

/** An event to subscribe to: SUBSCRIBE_EVENT, UNSUBSCRIBE_EVENT. */
export const v4l2_event_subscription = struct('v4l2_event_subscription', {
  type: u32,
  id: u32,
  flags: u32,
  reserved: reserved(5),
})
