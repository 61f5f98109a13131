/** What kind of input it is. */
export const V4L2_INPUT_TYPE = {
  /** A tuner. */
  TUNER: 1,
  /** Anything else that gives pictures. */
  CAMERA: 2,
  /** A touch screen. */
  TOUCH: 3,
} as const

/** One of the values of {@link V4L2_INPUT_TYPE}. */
export type V4L2_INPUT_TYPE = (typeof V4L2_INPUT_TYPE)[keyof typeof V4L2_INPUT_TYPE]

/** What is wrong at an input, and how its picture lies. */
export const V4L2_IN_ST = {
  /** It has no power. */
  NO_POWER: 0x00000001,
  /** It has no signal. */
  NO_SIGNAL: 0x00000002,
  /** It has no color. */
  NO_COLOR: 0x00000004,
  /** The picture is mirrored. */
  HFLIP: 0x00000010,
  /** The picture is upside down. */
  VFLIP: 0x00000020,
  /** The lines are not in step. */
  NO_H_LOCK: 0x00000100,
  /** A filter takes the color away. */
  COLOR_KILL: 0x00000200,
  /** The pictures are not in step. */
  NO_V_LOCK: 0x00000400,
  /** No television standard is recognised. */
  NO_STD_LOCK: 0x00000800,
  /** It is not in step with the digital signal. */
  NO_SYNC: 0x00010000,
  /** The equalizer found nothing. */
  NO_EQU: 0x00020000,
  /** There is no carrier. */
  NO_CARRIER: 0x00040000,
  /** It is protected from being copied. */
  MACROVISION: 0x01000000,
  /** It is encrypted. */
  NO_ACCESS: 0x02000000,
  /** Its time constant is that of a tape recorder. */
  VTR: 0x04000000,
} as const

/** One of the values of {@link V4L2_IN_ST}. */
export type V4L2_IN_ST = (typeof V4L2_IN_ST)[keyof typeof V4L2_IN_ST]

/** What can be set of an input. */
export const V4L2_IN_CAP = {
  /** Digital timings. */
  DV_TIMINGS: 2,
  /** A television standard. */
  STD: 4,
  /** The native size. */
  NATIVE_SIZE: 8,
} as const

/** One of the values of {@link V4L2_IN_CAP}. */
export type V4L2_IN_CAP = (typeof V4L2_IN_CAP)[keyof typeof V4L2_IN_CAP]

/** What kind of output it is. */
export const V4L2_OUTPUT_TYPE = {
  /** A modulator. */
  MODULATOR: 1,
  /** An analogue or digital video signal. */
  ANALOG: 2,
  /** Laid over the signal of a screen. */
  ANALOGVGAOVERLAY: 3,
} as const

/** One of the values of {@link V4L2_OUTPUT_TYPE}. */
export type V4L2_OUTPUT_TYPE = (typeof V4L2_OUTPUT_TYPE)[keyof typeof V4L2_OUTPUT_TYPE]

/** What can be set of an output. */
export const V4L2_OUT_CAP = {
  /** Digital timings. */
  DV_TIMINGS: 2,
  /** A television standard. */
  STD: 4,
  /** The native size. */
  NATIVE_SIZE: 8,
} as const

/** One of the values of {@link V4L2_OUT_CAP}. */
export type V4L2_OUT_CAP = (typeof V4L2_OUT_CAP)[keyof typeof V4L2_OUT_CAP]

/** What an overlay can do. */
export const V4L2_FBUF_CAP = {
  /** It is laid over by other hardware. */
  EXTERNOVERLAY: 0x01,
  /** It shows where the screen has a color. */
  CHROMAKEY: 0x02,
  /** It leaves out rectangles. */
  LIST_CLIPPING: 0x04,
  /** It leaves out the bits of a bitmap. */
  BITMAP_CLIPPING: 0x08,
  /** It is transparent by pixel. */
  LOCAL_ALPHA: 0x10,
  /** It is transparent as a whole. */
  GLOBAL_ALPHA: 0x20,
  /** It is transparent by pixel, the other way round. */
  LOCAL_INV_ALPHA: 0x40,
  /** It leaves out a color of its own. */
  SRC_CHROMAKEY: 0x80,
} as const

/** One of the values of {@link V4L2_FBUF_CAP}. */
export type V4L2_FBUF_CAP = (typeof V4L2_FBUF_CAP)[keyof typeof V4L2_FBUF_CAP]

/** What holds of an overlay. */
export const V4L2_FBUF_FLAG = {
  /** It lies on the visible screen. */
  PRIMARY: 0x01,
  /** It has the size of the picture that is put out. */
  OVERLAY: 0x02,
  /** It shows where the screen has a color. */
  CHROMAKEY: 0x04,
  /** It is transparent by pixel. */
  LOCAL_ALPHA: 0x08,
  /** It is transparent as a whole. */
  GLOBAL_ALPHA: 0x10,
  /** It is transparent by pixel, the other way round. */
  LOCAL_INV_ALPHA: 0x20,
  /** It leaves out a color of its own. */
  SRC_CHROMAKEY: 0x40,
} as const

/** One of the values of {@link V4L2_FBUF_FLAG}. */
export type V4L2_FBUF_FLAG = (typeof V4L2_FBUF_FLAG)[keyof typeof V4L2_FBUF_FLAG]

/** What holds of raw lines of the vertical blanking interval. */
export const V4L2_VBI = {
  /** They need not begin with the upper field. */
  UNSYNC: 1,
  /** Both fields come line by line. */
  INTERLACED: 2,
} as const

/** One of the values of {@link V4L2_VBI}. */
export type V4L2_VBI = (typeof V4L2_VBI)[keyof typeof V4L2_VBI]

/** What is sent in the vertical blanking interval. */
export const V4L2_SLICED = {
  /** Teletext. */
  TELETEXT_B: 0x0001,
  /** The Video Programme System, for recorders. */
  VPS: 0x0400,
  /** Closed captions. */
  CAPTION_525: 0x1000,
  /** Wide screen signalling. */
  WSS_625: 0x4000,
} as const

/** One of the values of {@link V4L2_SLICED}. */
export type V4L2_SLICED = (typeof V4L2_SLICED)[keyof typeof V4L2_SLICED]
