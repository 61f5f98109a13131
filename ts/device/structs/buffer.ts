// ts/device/structs: the structs of V4L2 requests as fields with offsets.
import { isMultiPlanar } from '../buffer-type.js'
import { array, bytes, pointer, reserved, s32, s64, struct, u32, u64, u8, union } from '../layout.js'
import { v4l2_format } from './format.js'

/** Asks for buffers: REQBUFS. */
export const v4l2_requestbuffers = struct('v4l2_requestbuffers', {
  count: u32,
  type: u32,
  memory: u32,
  capabilities: u32,
  flags: u8,
  reserved: bytes(3),
})

/** A time of day. */
export const timeval = struct('timeval', { tv_sec: s64, tv_usec: s64 })

/** A time in nanoseconds. */
export const timespec = struct('timespec', { tv_sec: s64, tv_nsec: s64 })

/** A time code of a tape. */
export const v4l2_timecode = struct('v4l2_timecode', {
  type: u32,
  flags: u32,
  frames: u8,
  seconds: u8,
  minutes: u8,
  hours: u8,
  userbits: bytes(4),
})

/** One plane of a buffer. */
export const v4l2_plane = struct('v4l2_plane', {
  bytesused: u32,
  length: u32,
  m: union({ mem_offset: u32, fd: s32, userptr: u64 }, { chosenBy: () => 'mem_offset' }),
  data_offset: u32,
  reserved: reserved(11),
})

/** A buffer: QUERYBUF, QBUF, DQBUF, PREPARE_BUF. Of the multi-planar API, `length` counts `m.planes`. */
export const v4l2_buffer = struct('v4l2_buffer', {
  index: u32,
  type: u32,
  bytesused: u32,
  flags: u32,
  field: u32,
  timestamp: timeval,
  timecode: v4l2_timecode,
  sequence: u32,
  memory: u32,
  m: union(
    { offset: u32, fd: s32, userptr: u64, planes: pointer(v4l2_plane) },
    { chosenBy: ({ type }: { type: number }) => (isMultiPlanar(type) ? 'planes' : 'offset') },
  ),
  length: u32,
  reserved2: u32,
  request_fd: s32,
})

/** Makes a plane a DMABUF: EXPBUF. */
export const v4l2_exportbuffer = struct('v4l2_exportbuffer', {
  type: u32,
  index: u32,
  plane: u32,
  flags: u32,
  fd: s32,
  reserved: reserved(11),
})

/** Asks for more buffers: CREATE_BUFS. */
export const v4l2_create_buffers = struct('v4l2_create_buffers', {
  index: u32,
  count: u32,
  memory: u32,
  format: v4l2_format,
  capabilities: u32,
  flags: u32,
  max_num_buffers: u32,
  reserved: reserved(5),
})

/** Gives buffers back: REMOVE_BUFS, since Linux 6.10. */
export const v4l2_remove_buffers = struct('v4l2_remove_buffers', {
  index: u32,
  count: u32,
  type: u32,
  reserved: reserved(13),
})

/** An entry of an encoder's index. */
export const v4l2_enc_idx_entry = struct('v4l2_enc_idx_entry', {
  offset: u64,
  pts: u64,
  length: u32,
  flags: u32,
  reserved: reserved(2),
})

/** Where the frames of a stream are: G_ENC_INDEX. */
export const v4l2_enc_idx = struct('v4l2_enc_idx', {
  entries: u32,
  entries_cap: u32,
  reserved: reserved(4),
  entry: array(v4l2_enc_idx_entry, 64),
})

/** Starts, stops, pauses an encoder: ENCODER_CMD, TRY_ENCODER_CMD. */
export const v4l2_encoder_cmd = struct('v4l2_encoder_cmd', {
  cmd: u32,
  flags: u32,
  raw: struct('', { data: array(u32, 8) }),
})

const STOP = 1

/** Starts, stops, pauses a decoder: DECODER_CMD, TRY_DECODER_CMD. */
export const v4l2_decoder_cmd = struct('v4l2_decoder_cmd', {
  cmd: u32,
  flags: u32,
  u: union(
    {
      stop: struct('', { pts: u64 }),
      start: struct('', { speed: s32, format: u32 }),
      raw: struct('', { data: array(u32, 16) }),
    },
    { isAnonymous: true, chosenBy: ({ cmd }: { cmd: number }) => (cmd === STOP ? 'stop' : 'start') },
  ),
})
