/** How the lines of interlaced pictures are laid out. */
export const V4L2_FIELD = {
  /** As the driver likes. */
  ANY: 0,
  /** Whole pictures, not interlaced. */
  NONE: 1,
  /** Upper fields alone. */
  TOP: 2,
  /** Lower fields alone. */
  BOTTOM: 3,
  /** Both fields, line by line. */
  INTERLACED: 4,
  /** The upper field, then the lower one. */
  SEQ_TB: 5,
  /** The lower field, then the upper one. */
  SEQ_BT: 6,
  /** One field in each buffer, in turns. */
  ALTERNATE: 7,
  /** Both fields line by line, of which the upper one is older. */
  INTERLACED_TB: 8,
  /** Both fields line by line, of which the lower one is older. */
  INTERLACED_BT: 9,
} as const

/** One of the values of {@link V4L2_FIELD}. */
export type V4L2_FIELD = (typeof V4L2_FIELD)[keyof typeof V4L2_FIELD]

/** The primaries and the white of the colors, and what goes with them by default. */
export const V4L2_COLORSPACE = {
  /** As the driver takes it to be. */
  DEFAULT: 0,
  /** SMPTE 170M, of standard definition television. */
  SMPTE170M: 1,
  /** SMPTE 240M, of early high definition television. */
  SMPTE240M: 2,
  /** ITU-R BT.709, of high definition television. */
  REC709: 3,
  /** Of the Bt878 chip, which has a range of its own. */
  BT878: 4,
  /** NTSC of 1953. */
  '470_SYSTEM_M': 5,
  /** EBU Tech. 3213, of PAL and SECAM. */
  '470_SYSTEM_BG': 6,
  /** That of JPEG files: sRGB in full range and ITU-R BT.601. */
  JPEG: 7,
  /** sRGB, of most cameras and screens. */
  SRGB: 8,
  /** opRGB, also known as AdobeRGB. */
  OPRGB: 9,
  /** ITU-R BT.2020, of ultra high definition television. */
  BT2020: 10,
  /** That of the sensor itself. */
  RAW: 11,
  /** DCI-P3, of cinema. */
  DCI_P3: 12,
} as const

/** One of the values of {@link V4L2_COLORSPACE}. */
export type V4L2_COLORSPACE = (typeof V4L2_COLORSPACE)[keyof typeof V4L2_COLORSPACE]

/** The transfer function: how light becomes numbers. */
export const V4L2_XFER_FUNC = {
  /** That of the color space. */
  DEFAULT: 0,
  /** ITU-R BT.709. */
  '709': 1,
  /** sRGB. */
  SRGB: 2,
  /** opRGB. */
  OPRGB: 3,
  /** SMPTE 240M. */
  SMPTE240M: 4,
  /** Linear. */
  NONE: 5,
  /** DCI-P3. */
  DCI_P3: 6,
  /** SMPTE ST 2084, of pictures with a high dynamic range. */
  SMPTE2084: 7,
} as const

/** One of the values of {@link V4L2_XFER_FUNC}. */
export type V4L2_XFER_FUNC = (typeof V4L2_XFER_FUNC)[keyof typeof V4L2_XFER_FUNC]

/** How red, green and blue become brightness and color differences. */
export const V4L2_YCBCR_ENC = {
  /** As the color space has it. */
  DEFAULT: 0,
  /** ITU-R BT.601. */
  '601': 1,
  /** ITU-R BT.709. */
  '709': 2,
  /** xvYCC with the weights of BT.601. */
  XV601: 3,
  /** xvYCC with the weights of BT.709. */
  XV709: 4,
  /** sYCC; drivers say 601 instead. */
  SYCC: 5,
  /** ITU-R BT.2020. */
  BT2020: 6,
  /** ITU-R BT.2020 with constant luminance. */
  BT2020_CONST_LUM: 7,
  /** SMPTE 240M. */
  SMPTE240M: 8,
} as const

/** One of the values of {@link V4L2_YCBCR_ENC}. */
export type V4L2_YCBCR_ENC = (typeof V4L2_YCBCR_ENC)[keyof typeof V4L2_YCBCR_ENC]

/** What the hue of HSV formats counts, in the place of V4L2_YCBCR_ENC. */
export const V4L2_HSV_ENC = {
  /** Steps of two degrees, from 0 to 179. */
  '180': 0x80,
  /** 256ths of a turn, from 0 to 255. */
  '256': 0x81,
} as const

/** One of the values of {@link V4L2_HSV_ENC}. */
export type V4L2_HSV_ENC = (typeof V4L2_HSV_ENC)[keyof typeof V4L2_HSV_ENC]

/** What range of numbers stands for black to white. */
export const V4L2_QUANTIZATION = {
  /** That of the color space. */
  DEFAULT: 0,
  /** All of them, such as 0 to 255. */
  FULL_RANGE: 1,
  /** Those of television, such as 16 to 235. */
  LIM_RANGE: 2,
} as const

/** One of the values of {@link V4L2_QUANTIZATION}. */
export type V4L2_QUANTIZATION = (typeof V4L2_QUANTIZATION)[keyof typeof V4L2_QUANTIZATION]

/** What holds of a format that is in force or asked for. */
export const V4L2_PIX_FMT_FLAG = {
  /** The colors are multiplied by the opacity. */
  PREMUL_ALPHA: 1,
  /** The color fields of a capture format are a request, not to be ignored. */
  SET_CSC: 2,
} as const

/** One of the values of {@link V4L2_PIX_FMT_FLAG}. */
export type V4L2_PIX_FMT_FLAG = (typeof V4L2_PIX_FMT_FLAG)[keyof typeof V4L2_PIX_FMT_FLAG]

/** What holds of a format that a driver lists. */
export const V4L2_FMT_FLAG = {
  /** It is compressed. */
  COMPRESSED: 0x0001,
  /** A library makes it of another one. */
  EMULATED: 0x0002,
  /** Its buffers may begin and end anywhere in the stream. */
  CONTINUOUS_BYTESTREAM: 0x0004,
  /** Its size may change within the stream. */
  DYN_RESOLUTION: 0x0008,
  /** Its frame rate may be set apart from that of the pictures that are coded. */
  ENC_CAP_FRAME_INTERVAL: 0x0010,
  /** The device converts to another color space when asked. */
  CSC_COLORSPACE: 0x0020,
  /** The device converts to another transfer function when asked. */
  CSC_XFER_FUNC: 0x0040,
  /** The device converts to another encoding when asked. */
  CSC_YCBCR_ENC: 0x0080,
  /** The device converts to another range when asked. */
  CSC_QUANTIZATION: 0x0100,
  /** It is metadata in lines. */
  META_LINE_BASED: 0x0200,
} as const

/** One of the values of {@link V4L2_FMT_FLAG}. */
export type V4L2_FMT_FLAG = (typeof V4L2_FMT_FLAG)[keyof typeof V4L2_FMT_FLAG]

/** How the sizes of a format are told. */
export const V4L2_FRMSIZE_TYPE = {
  /** One by one. */
  DISCRETE: 1,
  /** Any between a least and a largest. */
  CONTINUOUS: 2,
  /** Those between a least and a largest that are so many steps away from the least. */
  STEPWISE: 3,
} as const

/** One of the values of {@link V4L2_FRMSIZE_TYPE}. */
export type V4L2_FRMSIZE_TYPE = (typeof V4L2_FRMSIZE_TYPE)[keyof typeof V4L2_FRMSIZE_TYPE]

/** How the frame intervals of a size are told. */
export const V4L2_FRMIVAL_TYPE = {
  /** One by one. */
  DISCRETE: 1,
  /** Any between a least and a largest. */
  CONTINUOUS: 2,
  /** Those between a least and a largest that are so many steps away from the least. */
  STEPWISE: 3,
} as const

/** One of the values of {@link V4L2_FRMIVAL_TYPE}. */
export type V4L2_FRMIVAL_TYPE = (typeof V4L2_FRMIVAL_TYPE)[keyof typeof V4L2_FRMIVAL_TYPE]
