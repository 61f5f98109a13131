/** What the value of a control is. */
export const V4L2_CTRL_TYPE = {
  /** A whole number of 32 bits. */
  INTEGER: 0x0001,
  /** Yes or no. */
  BOOLEAN: 0x0002,
  /** One of several names. */
  MENU: 0x0003,
  /** Nothing; setting it does something. */
  BUTTON: 0x0004,
  /** A whole number of 64 bits. */
  INTEGER64: 0x0005,
  /** Nothing; it is the heading of a class. */
  CTRL_CLASS: 0x0006,
  /** Text. */
  STRING: 0x0007,
  /** A set of bits. */
  BITMASK: 0x0008,
  /** One of several numbers. */
  INTEGER_MENU: 0x0009,
  /** An array of unsigned bytes. */
  U8: 0x0100,
  /** An array of unsigned numbers of 16 bits. */
  U16: 0x0101,
  /** An array of unsigned numbers of 32 bits. */
  U32: 0x0102,
  /** A width and a height. */
  AREA: 0x0106,
  /** A rectangle. */
  RECT: 0x0107,
  /** The light levels of a film. */
  HDR10_CLL_INFO: 0x0110,
  /** The screen that a film was made on. */
  HDR10_MASTERING_DISPLAY: 0x0111,
  /** A sequence parameter set of H.264. */
  H264_SPS: 0x0200,
  /** A picture parameter set of H.264. */
  H264_PPS: 0x0201,
  /** The scaling matrices of H.264. */
  H264_SCALING_MATRIX: 0x0202,
  /** A slice of H.264. */
  H264_SLICE_PARAMS: 0x0203,
  /** A picture of H.264. */
  H264_DECODE_PARAMS: 0x0204,
  /** The prediction weights of H.264. */
  H264_PRED_WEIGHTS: 0x0205,
  /** A picture of FWHT. */
  FWHT_PARAMS: 0x0220,
  /** A frame of VP8. */
  VP8_FRAME: 0x0240,
  /** The quantization matrices of MPEG-2. */
  MPEG2_QUANTISATION: 0x0250,
  /** A sequence of MPEG-2. */
  MPEG2_SEQUENCE: 0x0251,
  /** A picture of MPEG-2. */
  MPEG2_PICTURE: 0x0252,
  /** The probabilities of VP9. */
  VP9_COMPRESSED_HDR: 0x0260,
  /** A frame of VP9. */
  VP9_FRAME: 0x0261,
  /** A sequence parameter set of H.265. */
  HEVC_SPS: 0x0270,
  /** A picture parameter set of H.265. */
  HEVC_PPS: 0x0271,
  /** A slice of H.265. */
  HEVC_SLICE_PARAMS: 0x0272,
  /** The scaling matrices of H.265. */
  HEVC_SCALING_MATRIX: 0x0273,
  /** A picture of H.265. */
  HEVC_DECODE_PARAMS: 0x0274,
  /** The short-term reference sets of H.265. */
  HEVC_EXT_SPS_ST_RPS: 0x0275,
  /** The long-term reference sets of H.265. */
  HEVC_EXT_SPS_LT_RPS: 0x0276,
  /** A sequence of AV1. */
  AV1_SEQUENCE: 0x0280,
  /** A tile of AV1. */
  AV1_TILE_GROUP_ENTRY: 0x0281,
  /** A frame of AV1. */
  AV1_FRAME: 0x0282,
  /** The film grain of AV1. */
  AV1_FILM_GRAIN: 0x0283,
} as const

/** One of the values of {@link V4L2_CTRL_TYPE}. */
export type V4L2_CTRL_TYPE = (typeof V4L2_CTRL_TYPE)[keyof typeof V4L2_CTRL_TYPE]

/** What holds of a control; any of them may be set together. */
export const V4L2_CTRL_FLAG = {
  /** It is not there, and is to be ignored. */
  DISABLED: 0x00000001,
  /** It cannot be set now, such as while the device streams. */
  GRABBED: 0x00000002,
  /** It cannot be set. */
  READ_ONLY: 0x00000004,
  /** Setting it changes other controls. */
  UPDATE: 0x00000008,
  /** It has no effect as others are set. */
  INACTIVE: 0x00000010,
  /** It is best shown as a slider. */
  SLIDER: 0x00000020,
  /** It cannot be read. */
  WRITE_ONLY: 0x00000040,
  /** Its value changes by itself. */
  VOLATILE: 0x00000080,
  /** Its value is memory: text, an array or a structure. */
  HAS_PAYLOAD: 0x00000100,
  /** Setting it does something even when the value is the same. */
  EXECUTE_ON_WRITE: 0x00000200,
  /** Setting it changes how pictures lie in memory. */
  MODIFY_LAYOUT: 0x00000400,
  /** It is an array of as many elements as are set. */
  DYNAMIC_ARRAY: 0x00000800,
  /** Its least and largest value can be asked for. */
  HAS_WHICH_MIN_MAX: 0x00001000,
  /** In a query: the next control after this number. */
  NEXT_CTRL: 0x80000000,
  /** In a query: the next control after this number that is an array or a structure. */
  NEXT_COMPOUND: 0x40000000,
} as const

/** One of the values of {@link V4L2_CTRL_FLAG}. */
export type V4L2_CTRL_FLAG = (typeof V4L2_CTRL_FLAG)[keyof typeof V4L2_CTRL_FLAG]

/** What values of controls are meant. */
export const V4L2_CTRL_WHICH = {
  /** Those in force. */
  CUR_VAL: 0x00000000,
  /** The defaults. */
  DEF_VAL: 0x0f000000,
  /** Those of a request. */
  REQUEST_VAL: 0x0f010000,
  /** The least. */
  MIN_VAL: 0x0f020000,
  /** The largest. */
  MAX_VAL: 0x0f030000,
} as const

/** One of the values of {@link V4L2_CTRL_WHICH}. */
export type V4L2_CTRL_WHICH = (typeof V4L2_CTRL_WHICH)[keyof typeof V4L2_CTRL_WHICH]

/** The classes of controls: the upper half of their numbers. */
export const V4L2_CTRL_CLASS = {
  /** What people set: brightness and the like. */
  USER: 0x00980000,
  /** Encoders and decoders. */
  CODEC: 0x00990000,
  /** Cameras. */
  CAMERA: 0x009a0000,
  /** FM transmitters. */
  FM_TX: 0x009b0000,
  /** Flashes of cameras. */
  FLASH: 0x009c0000,
  /** JPEG coders. */
  JPEG: 0x009d0000,
  /** Image sensors. */
  IMAGE_SOURCE: 0x009e0000,
  /** What works on pictures of a sensor. */
  IMAGE_PROC: 0x009f0000,
  /** HDMI and DVI. */
  DV: 0x00a00000,
  /** FM receivers. */
  FM_RX: 0x00a10000,
  /** Tuners of radio frequencies. */
  RF_TUNER: 0x00a20000,
  /** Detection of motion. */
  DETECT: 0x00a30000,
  /** Codecs that are told everything about each picture. */
  CODEC_STATELESS: 0x00a40000,
  /** Light levels and screens. */
  COLORIMETRY: 0x00a50000,
} as const

/** One of the values of {@link V4L2_CTRL_CLASS}. */
export type V4L2_CTRL_CLASS = (typeof V4L2_CTRL_CLASS)[keyof typeof V4L2_CTRL_CLASS]
