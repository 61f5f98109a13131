/** What a tuner receives. */
export const V4L2_TUNER = {
  /** Radio. */
  RADIO: 1,
  /** Analogue television. */
  ANALOG_TV: 2,
  /** Digital television. */
  DIGITAL_TV: 3,
  /** Samples for a software defined radio. */
  SDR: 4,
  /** Radio frequencies, for a software defined radio. */
  RF: 5,
} as const

/** One of the values of {@link V4L2_TUNER}. */
export type V4L2_TUNER = (typeof V4L2_TUNER)[keyof typeof V4L2_TUNER]

/** What a tuner can do. */
export const V4L2_TUNER_CAP = {
  /** Its unit is 62.5 Hz, else 62.5 kHz. */
  LOW: 0x0001,
  /** It can receive more than one television standard. */
  NORM: 0x0002,
  /** It looks for stations up to the end of its range. */
  HWSEEK_BOUNDED: 0x0004,
  /** It looks for stations and begins again at the other end. */
  HWSEEK_WRAP: 0x0008,
  /** It can receive stereo. */
  STEREO: 0x0010,
  /** It can receive a second language. */
  LANG2: 0x0020,
  /** It can receive a first language. */
  LANG1: 0x0040,
  /** It can receive the data that stations send along. */
  RDS: 0x0080,
  /** It gives that data when it is read. */
  RDS_BLOCK_IO: 0x0100,
  /** It has controls for that data. */
  RDS_CONTROLS: 0x0200,
  /** It tells the bands that it can receive. */
  FREQ_BANDS: 0x0400,
  /** It can be told where to look for stations. */
  HWSEEK_PROG_LIM: 0x0800,
  /** Its unit is 1 Hz. */
  '1HZ': 0x1000,
} as const

/** One of the values of {@link V4L2_TUNER_CAP}. */
export type V4L2_TUNER_CAP = (typeof V4L2_TUNER_CAP)[keyof typeof V4L2_TUNER_CAP]

/** What a station sends. */
export const V4L2_TUNER_SUB = {
  /** Mono. */
  MONO: 1,
  /** Stereo. */
  STEREO: 2,
  /** A second language. */
  LANG2: 4,
  /** A first language. */
  LANG1: 8,
  /** Data. */
  RDS: 16,
} as const

/** One of the values of {@link V4L2_TUNER_SUB}. */
export type V4L2_TUNER_SUB = (typeof V4L2_TUNER_SUB)[keyof typeof V4L2_TUNER_SUB]

/** What of it is heard. */
export const V4L2_TUNER_MODE = {
  /** Mono. */
  MONO: 0,
  /** Stereo. */
  STEREO: 1,
  /** The second language. */
  LANG2: 2,
  /** The first language. */
  LANG1: 3,
  /** The first language on the left, the second on the right. */
  LANG1_LANG2: 4,
} as const

/** One of the values of {@link V4L2_TUNER_MODE}. */
export type V4L2_TUNER_MODE = (typeof V4L2_TUNER_MODE)[keyof typeof V4L2_TUNER_MODE]

/** What is known about digital timings. */
export const V4L2_DV_FL = {
  /** The blanking is reduced. */
  REDUCED_BLANKING: 0x0001,
  /** The rate can be reduced by 1000/1001. */
  CAN_REDUCE_FPS: 0x0002,
  /** The rate is reduced by 1000/1001. */
  REDUCED_FPS: 0x0004,
  /** The second field has half a line more. */
  HALF_LINE: 0x0008,
  /** They are those of consumer electronics. */
  IS_CE_VIDEO: 0x0010,
  /** The first field has a line more. */
  FIRST_FIELD_EXTRA_LINE: 0x0020,
  /** The aspect of the picture is valid. */
  HAS_PICTURE_ASPECT: 0x0040,
  /** The CTA-861 code is valid. */
  HAS_CEA861_VIC: 0x0080,
  /** The HDMI code is valid. */
  HAS_HDMI_VIC: 0x0100,
  /** The device tells a reduced rate from the full one. */
  CAN_DETECT_REDUCED_FPS: 0x0200,
} as const

/** One of the values of {@link V4L2_DV_FL}. */
export type V4L2_DV_FL = (typeof V4L2_DV_FL)[keyof typeof V4L2_DV_FL]

/** Where digital timings are defined. */
export const V4L2_DV_BT_STD = {
  /** CTA-861. */
  CEA861: 1,
  /** VESA's Display Monitor Timings. */
  DMT: 2,
  /** VESA's Coordinated Video Timings. */
  CVT: 4,
  /** VESA's Generalized Timings Formula. */
  GTF: 8,
  /** The Serial Digital Interface. */
  SDI: 16,
} as const

/** One of the values of {@link V4L2_DV_BT_STD}. */
export type V4L2_DV_BT_STD = (typeof V4L2_DV_BT_STD)[keyof typeof V4L2_DV_BT_STD]

/** What digital timings a device can have. */
export const V4L2_DV_BT_CAP = {
  /** Interlaced ones. */
  INTERLACED: 1,
  /** Progressive ones. */
  PROGRESSIVE: 2,
  /** Those with reduced blanking. */
  REDUCED_BLANKING: 4,
  /** Any. */
  CUSTOM: 8,
} as const

/** One of the values of {@link V4L2_DV_BT_CAP}. */
export type V4L2_DV_BT_CAP = (typeof V4L2_DV_BT_CAP)[keyof typeof V4L2_DV_BT_CAP]
