import type { Field } from './layout.js'
import { s32, struct, u32, u64 } from './layout.js'
import * as structs from './structs/index.js'

/** One of V4L2's requests. */
export interface Request<T> {
  /** As in the kernel's documentation, such as `'VIDIOC_QUERYCAP'`. */
  readonly name: string
  /** Direction, size of the struct, type and number, as `ioctl(2)` takes it. */
  readonly number: number
  /** Its struct, or for some requests a number. */
  readonly layout: Field<T>
}

const NONE = 0
const WRITE = 1
const READ = 2
const TYPE = 'V'.charCodeAt(0)

/** `_IOC` of `<asm-generic/ioctl.h>`. */
function request<T>(name: string, direction: number, number: number, layout: Field<T>): Request<T> {
  return {
    name: `VIDIOC_${name}`,
    number: ((direction << 30) | (layout.size << 16) | (TYPE << 8) | number) >>> 0,
    layout,
  }
}

/** The driver fills the struct. */
const ior = <T>(name: string, number: number, layout: Field<T>): Request<T> => request(name, READ, number, layout)
/** The caller fills it. */
const iow = <T>(name: string, number: number, layout: Field<T>): Request<T> => request(name, WRITE, number, layout)
/** Both do. */
const iowr = <T>(name: string, number: number, layout: Field<T>): Request<T> =>
  request(name, READ | WRITE, number, layout)

/** Every request of `<linux/videodev2.h>`, by its name there without `VIDIOC_`. */
export const Requests = {
  QUERYCAP: ior('QUERYCAP', 0, structs.v4l2_capability),
  ENUM_FMT: iowr('ENUM_FMT', 2, structs.v4l2_fmtdesc),
  G_FMT: iowr('G_FMT', 4, structs.v4l2_format),
  S_FMT: iowr('S_FMT', 5, structs.v4l2_format),
  REQBUFS: iowr('REQBUFS', 8, structs.v4l2_requestbuffers),
  QUERYBUF: iowr('QUERYBUF', 9, structs.v4l2_buffer),
  G_FBUF: ior('G_FBUF', 10, structs.v4l2_framebuffer),
  S_FBUF: iow('S_FBUF', 11, structs.v4l2_framebuffer),
  OVERLAY: iow('OVERLAY', 14, s32),
  QBUF: iowr('QBUF', 15, structs.v4l2_buffer),
  EXPBUF: iowr('EXPBUF', 16, structs.v4l2_exportbuffer),
  DQBUF: iowr('DQBUF', 17, structs.v4l2_buffer),
  STREAMON: iow('STREAMON', 18, s32),
  STREAMOFF: iow('STREAMOFF', 19, s32),
  G_PARM: iowr('G_PARM', 21, structs.v4l2_streamparm),
  S_PARM: iowr('S_PARM', 22, structs.v4l2_streamparm),
  G_STD: ior('G_STD', 23, u64),
  S_STD: iow('S_STD', 24, u64),
  ENUMSTD: iowr('ENUMSTD', 25, structs.v4l2_standard),
  ENUMINPUT: iowr('ENUMINPUT', 26, structs.v4l2_input),
  G_CTRL: iowr('G_CTRL', 27, structs.v4l2_control),
  S_CTRL: iowr('S_CTRL', 28, structs.v4l2_control),
  G_TUNER: iowr('G_TUNER', 29, structs.v4l2_tuner),
  S_TUNER: iow('S_TUNER', 30, structs.v4l2_tuner),
  G_AUDIO: ior('G_AUDIO', 33, structs.v4l2_audio),
  S_AUDIO: iow('S_AUDIO', 34, structs.v4l2_audio),
  QUERYCTRL: iowr('QUERYCTRL', 36, structs.v4l2_queryctrl),
  QUERYMENU: iowr('QUERYMENU', 37, structs.v4l2_querymenu),
  G_INPUT: ior('G_INPUT', 38, s32),
  S_INPUT: iowr('S_INPUT', 39, s32),
  G_EDID: iowr('G_EDID', 40, structs.v4l2_edid),
  S_EDID: iowr('S_EDID', 41, structs.v4l2_edid),
  G_OUTPUT: ior('G_OUTPUT', 46, s32),
  S_OUTPUT: iowr('S_OUTPUT', 47, s32),
  ENUMOUTPUT: iowr('ENUMOUTPUT', 48, structs.v4l2_output),
  G_AUDOUT: ior('G_AUDOUT', 49, structs.v4l2_audioout),
  S_AUDOUT: iow('S_AUDOUT', 50, structs.v4l2_audioout),
  G_MODULATOR: iowr('G_MODULATOR', 54, structs.v4l2_modulator),
  S_MODULATOR: iow('S_MODULATOR', 55, structs.v4l2_modulator),
  G_FREQUENCY: iowr('G_FREQUENCY', 56, structs.v4l2_frequency),
  S_FREQUENCY: iow('S_FREQUENCY', 57, structs.v4l2_frequency),
  CROPCAP: iowr('CROPCAP', 58, structs.v4l2_cropcap),
  G_CROP: iowr('G_CROP', 59, structs.v4l2_crop),
  S_CROP: iow('S_CROP', 60, structs.v4l2_crop),
  G_JPEGCOMP: ior('G_JPEGCOMP', 61, structs.v4l2_jpegcompression),
  S_JPEGCOMP: iow('S_JPEGCOMP', 62, structs.v4l2_jpegcompression),
  QUERYSTD: ior('QUERYSTD', 63, u64),
  TRY_FMT: iowr('TRY_FMT', 64, structs.v4l2_format),
  ENUMAUDIO: iowr('ENUMAUDIO', 65, structs.v4l2_audio),
  ENUMAUDOUT: iowr('ENUMAUDOUT', 66, structs.v4l2_audioout),
  G_PRIORITY: ior('G_PRIORITY', 67, u32),
  S_PRIORITY: iow('S_PRIORITY', 68, u32),
  G_SLICED_VBI_CAP: iowr('G_SLICED_VBI_CAP', 69, structs.v4l2_sliced_vbi_cap),
  LOG_STATUS: request('LOG_STATUS', NONE, 70, struct('', {})),
  G_EXT_CTRLS: iowr('G_EXT_CTRLS', 71, structs.v4l2_ext_controls),
  S_EXT_CTRLS: iowr('S_EXT_CTRLS', 72, structs.v4l2_ext_controls),
  TRY_EXT_CTRLS: iowr('TRY_EXT_CTRLS', 73, structs.v4l2_ext_controls),
  ENUM_FRAMESIZES: iowr('ENUM_FRAMESIZES', 74, structs.v4l2_frmsizeenum),
  ENUM_FRAMEINTERVALS: iowr('ENUM_FRAMEINTERVALS', 75, structs.v4l2_frmivalenum),
  G_ENC_INDEX: ior('G_ENC_INDEX', 76, structs.v4l2_enc_idx),
  ENCODER_CMD: iowr('ENCODER_CMD', 77, structs.v4l2_encoder_cmd),
  TRY_ENCODER_CMD: iowr('TRY_ENCODER_CMD', 78, structs.v4l2_encoder_cmd),
  DBG_S_REGISTER: iow('DBG_S_REGISTER', 79, structs.v4l2_dbg_register),
  DBG_G_REGISTER: iowr('DBG_G_REGISTER', 80, structs.v4l2_dbg_register),
  S_HW_FREQ_SEEK: iow('S_HW_FREQ_SEEK', 82, structs.v4l2_hw_freq_seek),
  S_DV_TIMINGS: iowr('S_DV_TIMINGS', 87, structs.v4l2_dv_timings),
  G_DV_TIMINGS: iowr('G_DV_TIMINGS', 88, structs.v4l2_dv_timings),
  DQEVENT: ior('DQEVENT', 89, structs.v4l2_event),
  SUBSCRIBE_EVENT: iow('SUBSCRIBE_EVENT', 90, structs.v4l2_event_subscription),
  UNSUBSCRIBE_EVENT: iow('UNSUBSCRIBE_EVENT', 91, structs.v4l2_event_subscription),
  CREATE_BUFS: iowr('CREATE_BUFS', 92, structs.v4l2_create_buffers),
  PREPARE_BUF: iowr('PREPARE_BUF', 93, structs.v4l2_buffer),
  G_SELECTION: iowr('G_SELECTION', 94, structs.v4l2_selection),
  S_SELECTION: iowr('S_SELECTION', 95, structs.v4l2_selection),
  DECODER_CMD: iowr('DECODER_CMD', 96, structs.v4l2_decoder_cmd),
  TRY_DECODER_CMD: iowr('TRY_DECODER_CMD', 97, structs.v4l2_decoder_cmd),
  ENUM_DV_TIMINGS: iowr('ENUM_DV_TIMINGS', 98, structs.v4l2_enum_dv_timings),
  QUERY_DV_TIMINGS: ior('QUERY_DV_TIMINGS', 99, structs.v4l2_dv_timings),
  DV_TIMINGS_CAP: iowr('DV_TIMINGS_CAP', 100, structs.v4l2_dv_timings_cap),
  ENUM_FREQ_BANDS: iowr('ENUM_FREQ_BANDS', 101, structs.v4l2_frequency_band),
  DBG_G_CHIP_INFO: iowr('DBG_G_CHIP_INFO', 102, structs.v4l2_dbg_chip_info),
  QUERY_EXT_CTRL: iowr('QUERY_EXT_CTRL', 103, structs.v4l2_query_ext_ctrl),
  REMOVE_BUFS: iowr('REMOVE_BUFS', 104, structs.v4l2_remove_buffers),
} as const
