/** What a device is and can do, as VIDIOC_QUERYCAP tells. */
export const V4L2_CAP = {
  /** It gives pictures, each in one plane of memory. */
  VIDEO_CAPTURE: 0x00000001,
  /** It takes pictures, each in one plane of memory. */
  VIDEO_OUTPUT: 0x00000002,
  /** It puts pictures on the screen by itself. */
  VIDEO_OVERLAY: 0x00000004,
  /** It gives raw lines of the vertical blanking interval. */
  VBI_CAPTURE: 0x00000010,
  /** It takes raw lines of the vertical blanking interval. */
  VBI_OUTPUT: 0x00000020,
  /** It gives the data of the vertical blanking interval. */
  SLICED_VBI_CAPTURE: 0x00000040,
  /** It takes data for the vertical blanking interval. */
  SLICED_VBI_OUTPUT: 0x00000080,
  /** It gives the data that radio stations send along. */
  RDS_CAPTURE: 0x00000100,
  /** It lays a picture over the one that it puts out. */
  VIDEO_OUTPUT_OVERLAY: 0x00000200,
  /** It looks for stations by itself. */
  HW_FREQ_SEEK: 0x00000400,
  /** It takes data for a radio station to send along. */
  RDS_OUTPUT: 0x00000800,
  /** It gives pictures in any number of planes of memory. */
  VIDEO_CAPTURE_MPLANE: 0x00001000,
  /** It takes pictures in any number of planes of memory. */
  VIDEO_OUTPUT_MPLANE: 0x00002000,
  /** It makes pictures of pictures, in any number of planes of memory: a codec, a converter. */
  VIDEO_M2M_MPLANE: 0x00004000,
  /** It makes pictures of pictures, each in one plane of memory: a codec, a converter. */
  VIDEO_M2M: 0x00008000,
  /** It has a tuner. */
  TUNER: 0x00010000,
  /** It has audio inputs or outputs. */
  AUDIO: 0x00020000,
  /** It is a radio. */
  RADIO: 0x00040000,
  /** It has a modulator. */
  MODULATOR: 0x00080000,
  /** It gives the samples of a software defined radio. */
  SDR_CAPTURE: 0x00100000,
  /** Its formats tell transfer function, encoding and range. */
  EXT_PIX_FORMAT: 0x00200000,
  /** It takes the samples of a software defined radio. */
  SDR_OUTPUT: 0x00400000,
  /** It gives metadata. */
  META_CAPTURE: 0x00800000,
  /** It can be read or written like a file. */
  READWRITE: 0x01000000,
  /** It only has to do with the description of a screen. */
  EDID: 0x02000000,
  /** It passes buffers through queues. */
  STREAMING: 0x04000000,
  /** It takes metadata. */
  META_OUTPUT: 0x08000000,
  /** It is a touch screen. */
  TOUCH: 0x10000000,
  /** Its inputs and outputs are set through its media device. */
  IO_MC: 0x20000000,
  /** The second set of these flags, those of the node alone, is valid. */
  DEVICE_CAPS: 0x80000000,
} as const

/** One of the values of {@link V4L2_CAP}. */
export type V4L2_CAP = (typeof V4L2_CAP)[keyof typeof V4L2_CAP]

/** Who may change a device's settings while others use it. */
export const V4L2_PRIORITY = {
  /** Nobody has said. */
  UNSET: 0,
  /** Programs in the background. */
  BACKGROUND: 1,
  /** Programs that someone uses; the default. */
  INTERACTIVE: 2,
  /** A recording that nothing shall disturb. */
  RECORD: 3,
} as const

/** One of the values of {@link V4L2_PRIORITY}. */
export type V4L2_PRIORITY = (typeof V4L2_PRIORITY)[keyof typeof V4L2_PRIORITY]

/** How a device takes pictures. */
export const V4L2_MODE = {
  /** For still pictures, at the cost of the frame rate. */
  HIGHQUALITY: 1,
} as const

/** One of the values of {@link V4L2_MODE}. */
export type V4L2_MODE = (typeof V4L2_MODE)[keyof typeof V4L2_MODE]

/** What JPEG pictures carry. */
export const V4L2_JPEG_MARKER = {
  /** Huffman tables. */
  DHT: 0x08,
  /** Quantization tables. */
  DQT: 0x10,
  /** The restart interval. */
  DRI: 0x20,
  /** A comment. */
  COM: 0x40,
  /** Data of an application, which always come. */
  APP: 0x80,
} as const

/** One of the values of {@link V4L2_JPEG_MARKER}. */
export type V4L2_JPEG_MARKER = (typeof V4L2_JPEG_MARKER)[keyof typeof V4L2_JPEG_MARKER]

/** What an encoder is to do. */
export const V4L2_ENC_CMD = {
  /** Code, or go on coding. */
  START: 0,
  /** Code what it has, then stop. */
  STOP: 1,
  /** Pause. */
  PAUSE: 2,
  /** Go on after a pause. */
  RESUME: 3,
} as const

/** One of the values of {@link V4L2_ENC_CMD}. */
export type V4L2_ENC_CMD = (typeof V4L2_ENC_CMD)[keyof typeof V4L2_ENC_CMD]

/** When an encoder stops. */
export const V4L2_ENC_CMD_STOP_AT = {
  /** At the end of the group of pictures. */
  GOP_END: 1,
} as const

/** One of the values of {@link V4L2_ENC_CMD_STOP_AT}. */
export type V4L2_ENC_CMD_STOP_AT = (typeof V4L2_ENC_CMD_STOP_AT)[keyof typeof V4L2_ENC_CMD_STOP_AT]

/** What a decoder is to do. */
export const V4L2_DEC_CMD = {
  /** Decode, or go on decoding. */
  START: 0,
  /** Decode what it has, then stop. */
  STOP: 1,
  /** Pause. */
  PAUSE: 2,
  /** Go on after a pause. */
  RESUME: 3,
  /** Give out the picture that is kept back. */
  FLUSH: 4,
} as const

/** One of the values of {@link V4L2_DEC_CMD}. */
export type V4L2_DEC_CMD = (typeof V4L2_DEC_CMD)[keyof typeof V4L2_DEC_CMD]

/** Of the capabilities of streaming parameters: the frame interval can be set. */
export const V4L2_CAP_TIMEPERFRAME = 0x1000
