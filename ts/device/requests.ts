import { ErrorCode, typeError } from '../shared/errors.js'
import { reading } from '../shared/reading.js'
import { argumentObject, text, uint32 } from '../shared/arguments.js'
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

/** The number of a request has 14 bits for it. */
const LARGEST_STRUCT = 0x3fff

/**
 * What a caller gives as a request is one of these, or one made like them.
 *
 * @internal
 */
export function checkedRequest<T>(given: Request<T>): Request<T> {
  return reading('The request', ErrorCode.Config, () => {
    argumentObject(given, 'request')
    text(given.name, 'request.name')
    uint32(given.number, 'request.number')
    const layout = argumentObject(given.layout, 'request.layout') as Field<T>
    const isSized = uint32(layout.size, 'request.layout.size') <= LARGEST_STRUCT
    if (isSized && typeof layout.read === 'function' && typeof layout.write === 'function') return given
    throw typeError(ErrorCode.Config, 'The layout of a request must be one of structs, or a field of them.')
  })
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
  /** What the device is. */
  QUERYCAP: ior('QUERYCAP', 0, structs.v4l2_capability),
  /** A format of a queue. */
  ENUM_FMT: iowr('ENUM_FMT', 2, structs.v4l2_fmtdesc),
  /** The format of a queue. */
  G_FMT: iowr('G_FMT', 4, structs.v4l2_format),
  /** Sets the format of a queue. */
  S_FMT: iowr('S_FMT', 5, structs.v4l2_format),
  /** Asks for buffers, or gives all of them back. */
  REQBUFS: iowr('REQBUFS', 8, structs.v4l2_requestbuffers),
  /** Where a buffer is, and how long. */
  QUERYBUF: iowr('QUERYBUF', 9, structs.v4l2_buffer),
  /** The memory of an overlay. */
  G_FBUF: ior('G_FBUF', 10, structs.v4l2_framebuffer),
  /** Sets the memory of an overlay. */
  S_FBUF: iow('S_FBUF', 11, structs.v4l2_framebuffer),
  /** Starts (1) or stops (0) an overlay. */
  OVERLAY: iow('OVERLAY', 14, s32),
  /** Gives the driver a buffer. */
  QBUF: iowr('QBUF', 15, structs.v4l2_buffer),
  /** Makes a plane a DMABUF. */
  EXPBUF: iowr('EXPBUF', 16, structs.v4l2_exportbuffer),
  /** Takes a buffer back. */
  DQBUF: iowr('DQBUF', 17, structs.v4l2_buffer),
  /** Starts a queue, by its buffer type. */
  STREAMON: iow('STREAMON', 18, s32),
  /** Stops a queue, by its buffer type. */
  STREAMOFF: iow('STREAMOFF', 19, s32),
  /** The frame rate. */
  G_PARM: iowr('G_PARM', 21, structs.v4l2_streamparm),
  /** Sets the frame rate. */
  S_PARM: iowr('S_PARM', 22, structs.v4l2_streamparm),
  /** The television standard, as bits. */
  G_STD: ior('G_STD', 23, u64),
  /** Sets the television standard. */
  S_STD: iow('S_STD', 24, u64),
  /** A television standard of the input. */
  ENUMSTD: iowr('ENUMSTD', 25, structs.v4l2_standard),
  /** An input. */
  ENUMINPUT: iowr('ENUMINPUT', 26, structs.v4l2_input),
  /** A control of 32 bits. */
  G_CTRL: iowr('G_CTRL', 27, structs.v4l2_control),
  /** Sets a control of 32 bits. */
  S_CTRL: iowr('S_CTRL', 28, structs.v4l2_control),
  /** A tuner. */
  G_TUNER: iowr('G_TUNER', 29, structs.v4l2_tuner),
  /** Sets what is heard of a tuner. */
  S_TUNER: iow('S_TUNER', 30, structs.v4l2_tuner),
  /** The audio input. */
  G_AUDIO: ior('G_AUDIO', 33, structs.v4l2_audio),
  /** Sets the audio input. */
  S_AUDIO: iow('S_AUDIO', 34, structs.v4l2_audio),
  /** What a control is, up to 32 bits. */
  QUERYCTRL: iowr('QUERYCTRL', 36, structs.v4l2_queryctrl),
  /** An entry of a menu. */
  QUERYMENU: iowr('QUERYMENU', 37, structs.v4l2_querymenu),
  /** The number of the input. */
  G_INPUT: ior('G_INPUT', 38, s32),
  /** Sets the input by its number. */
  S_INPUT: iowr('S_INPUT', 39, s32),
  /** What a display says of itself, or what this device says. */
  G_EDID: iowr('G_EDID', 40, structs.v4l2_edid),
  /** Sets what this device says of itself. */
  S_EDID: iowr('S_EDID', 41, structs.v4l2_edid),
  /** The number of the output. */
  G_OUTPUT: ior('G_OUTPUT', 46, s32),
  /** Sets the output by its number. */
  S_OUTPUT: iowr('S_OUTPUT', 47, s32),
  /** An output. */
  ENUMOUTPUT: iowr('ENUMOUTPUT', 48, structs.v4l2_output),
  /** The audio output. */
  G_AUDOUT: ior('G_AUDOUT', 49, structs.v4l2_audioout),
  /** Sets the audio output. */
  S_AUDOUT: iow('S_AUDOUT', 50, structs.v4l2_audioout),
  /** A modulator. */
  G_MODULATOR: iowr('G_MODULATOR', 54, structs.v4l2_modulator),
  /** Sets a modulator. */
  S_MODULATOR: iow('S_MODULATOR', 55, structs.v4l2_modulator),
  /** The frequency of a tuner. */
  G_FREQUENCY: iowr('G_FREQUENCY', 56, structs.v4l2_frequency),
  /** Sets the frequency of a tuner. */
  S_FREQUENCY: iow('S_FREQUENCY', 57, structs.v4l2_frequency),
  /** What can be cropped (older than G_SELECTION). */
  CROPCAP: iowr('CROPCAP', 58, structs.v4l2_cropcap),
  /** What is cropped (older than G_SELECTION). */
  G_CROP: iowr('G_CROP', 59, structs.v4l2_crop),
  /** Sets what is cropped (older than S_SELECTION). */
  S_CROP: iow('S_CROP', 60, structs.v4l2_crop),
  /** JPEG compression of old drivers. */
  G_JPEGCOMP: ior('G_JPEGCOMP', 61, structs.v4l2_jpegcompression),
  /** Sets JPEG compression of old drivers. */
  S_JPEGCOMP: iow('S_JPEGCOMP', 62, structs.v4l2_jpegcompression),
  /** The television standard that comes in. */
  QUERYSTD: ior('QUERYSTD', 63, u64),
  /** What the driver would make of a format. */
  TRY_FMT: iowr('TRY_FMT', 64, structs.v4l2_format),
  /** An audio input. */
  ENUMAUDIO: iowr('ENUMAUDIO', 65, structs.v4l2_audio),
  /** An audio output. */
  ENUMAUDOUT: iowr('ENUMAUDOUT', 66, structs.v4l2_audioout),
  /** Whose settings win. */
  G_PRIORITY: ior('G_PRIORITY', 67, u32),
  /** Sets whose settings win. */
  S_PRIORITY: iow('S_PRIORITY', 68, u32),
  /** What sliced VBI the device does. */
  G_SLICED_VBI_CAP: iowr('G_SLICED_VBI_CAP', 69, structs.v4l2_sliced_vbi_cap),
  /** Has the driver write its state into the kernel's log. */
  LOG_STATUS: request('LOG_STATUS', NONE, 70, struct('', {})),
  /** Several controls. */
  G_EXT_CTRLS: iowr('G_EXT_CTRLS', 71, structs.v4l2_ext_controls),
  /** Sets several controls. */
  S_EXT_CTRLS: iowr('S_EXT_CTRLS', 72, structs.v4l2_ext_controls),
  /** What the driver would make of several controls. */
  TRY_EXT_CTRLS: iowr('TRY_EXT_CTRLS', 73, structs.v4l2_ext_controls),
  /** A size that a format comes in. */
  ENUM_FRAMESIZES: iowr('ENUM_FRAMESIZES', 74, structs.v4l2_frmsizeenum),
  /** A frame rate that a format comes in at a size. */
  ENUM_FRAMEINTERVALS: iowr('ENUM_FRAMEINTERVALS', 75, structs.v4l2_frmivalenum),
  /** Where the frames of a stream are. */
  G_ENC_INDEX: ior('G_ENC_INDEX', 76, structs.v4l2_enc_idx),
  /** Starts, stops, pauses an encoder. */
  ENCODER_CMD: iowr('ENCODER_CMD', 77, structs.v4l2_encoder_cmd),
  /** Whether the encoder knows a command. */
  TRY_ENCODER_CMD: iowr('TRY_ENCODER_CMD', 78, structs.v4l2_encoder_cmd),
  /** Sets a register, for debugging. */
  DBG_S_REGISTER: iow('DBG_S_REGISTER', 79, structs.v4l2_dbg_register),
  /** A register, for debugging. */
  DBG_G_REGISTER: iowr('DBG_G_REGISTER', 80, structs.v4l2_dbg_register),
  /** Looks for a station. */
  S_HW_FREQ_SEEK: iow('S_HW_FREQ_SEEK', 82, structs.v4l2_hw_freq_seek),
  /** Sets the timings of a digital input or output. */
  S_DV_TIMINGS: iowr('S_DV_TIMINGS', 87, structs.v4l2_dv_timings),
  /** The timings of a digital input or output. */
  G_DV_TIMINGS: iowr('G_DV_TIMINGS', 88, structs.v4l2_dv_timings),
  /** Takes an event. */
  DQEVENT: ior('DQEVENT', 89, structs.v4l2_event),
  /** Subscribes to an event. */
  SUBSCRIBE_EVENT: iow('SUBSCRIBE_EVENT', 90, structs.v4l2_event_subscription),
  /** Unsubscribes from an event. */
  UNSUBSCRIBE_EVENT: iow('UNSUBSCRIBE_EVENT', 91, structs.v4l2_event_subscription),
  /** Asks for more buffers. */
  CREATE_BUFS: iowr('CREATE_BUFS', 92, structs.v4l2_create_buffers),
  /** Has a buffer made ready to be queued. */
  PREPARE_BUF: iowr('PREPARE_BUF', 93, structs.v4l2_buffer),
  /** A rectangle of frames. */
  G_SELECTION: iowr('G_SELECTION', 94, structs.v4l2_selection),
  /** Sets a rectangle of frames. */
  S_SELECTION: iowr('S_SELECTION', 95, structs.v4l2_selection),
  /** Starts, stops, pauses a decoder. */
  DECODER_CMD: iowr('DECODER_CMD', 96, structs.v4l2_decoder_cmd),
  /** Whether the decoder knows a command. */
  TRY_DECODER_CMD: iowr('TRY_DECODER_CMD', 97, structs.v4l2_decoder_cmd),
  /** Timings that the device knows. */
  ENUM_DV_TIMINGS: iowr('ENUM_DV_TIMINGS', 98, structs.v4l2_enum_dv_timings),
  /** The timings that come in. */
  QUERY_DV_TIMINGS: ior('QUERY_DV_TIMINGS', 99, structs.v4l2_dv_timings),
  /** The range of timings. */
  DV_TIMINGS_CAP: iowr('DV_TIMINGS_CAP', 100, structs.v4l2_dv_timings_cap),
  /** A range of a tuner. */
  ENUM_FREQ_BANDS: iowr('ENUM_FREQ_BANDS', 101, structs.v4l2_frequency_band),
  /** A chip, for debugging. */
  DBG_G_CHIP_INFO: iowr('DBG_G_CHIP_INFO', 102, structs.v4l2_dbg_chip_info),
  /** What a control is. */
  QUERY_EXT_CTRL: iowr('QUERY_EXT_CTRL', 103, structs.v4l2_query_ext_ctrl),
  /** Gives some buffers back; since Linux 6.10. */
  REMOVE_BUFS: iowr('REMOVE_BUFS', 104, structs.v4l2_remove_buffers),
} as const
