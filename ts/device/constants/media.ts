/** What a part of a media device does. */
export const MEDIA_ENT_F = {
  /** Nobody knows. */
  UNKNOWN: 0x00000000,
  /** The driver does not say. */
  V4L2_SUBDEV_UNKNOWN: 0x00020000,
  /** It passes pictures to and from programs. */
  IO_V4L: 0x00010001,
  /** It passes the vertical blanking interval to and from programs. */
  IO_VBI: 0x00001002,
  /** It passes radio samples to and from programs. */
  IO_SWRADIO: 0x00001003,
  /** It passes digital television to and from programs. */
  IO_DTV: 0x00001001,
  /** It demodulates digital television. */
  DTV_DEMOD: 0x00000001,
  /** It takes transport streams apart. */
  TS_DEMUX: 0x00000002,
  /** It gives access to encrypted television. */
  DTV_CA: 0x00000003,
  /** It takes network packets out of a transport stream. */
  DTV_NET_DECAP: 0x00000004,
  /** It is a camera sensor. */
  CAM_SENSOR: 0x00020001,
  /** It is a flash. */
  FLASH: 0x00020002,
  /** It moves a lens. */
  LENS: 0x00020003,
  /** It is a tuner. */
  TUNER: 0x00020005,
  /** It decodes the picture of an intermediate frequency. */
  IF_VID_DECODER: 0x00002001,
  /** It decodes the sound of an intermediate frequency. */
  IF_AUD_DECODER: 0x00002002,
  /** It takes sound. */
  AUDIO_CAPTURE: 0x00003001,
  /** It plays sound. */
  AUDIO_PLAYBACK: 0x00003002,
  /** It mixes sound. */
  AUDIO_MIXER: 0x00003003,
  /** It puts pictures together. */
  PROC_VIDEO_COMPOSER: 0x00004001,
  /** It changes how pixels lie. */
  PROC_VIDEO_PIXEL_FORMATTER: 0x00004002,
  /** It changes how pixels are encoded. */
  PROC_VIDEO_PIXEL_ENC_CONV: 0x00004003,
  /** It looks pixels up in a table. */
  PROC_VIDEO_LUT: 0x00004004,
  /** It scales pictures. */
  PROC_VIDEO_SCALER: 0x00004005,
  /** It gathers statistics of pictures. */
  PROC_VIDEO_STATISTICS: 0x00004006,
  /** It encodes video. */
  PROC_VIDEO_ENCODER: 0x00004007,
  /** It decodes video. */
  PROC_VIDEO_DECODER: 0x00004008,
  /** It processes the pictures of a sensor. */
  PROC_VIDEO_ISP: 0x00004009,
  /** It chooses between pictures. */
  VID_MUX: 0x00005001,
  /** It connects one interface with another. */
  VID_IF_BRIDGE: 0x00005002,
  /** It decodes analogue video. */
  ATV_DECODER: 0x00020004,
  /** It decodes digital video. */
  DV_DECODER: 0x00006001,
  /** It encodes digital video. */
  DV_ENCODER: 0x00006002,
} as const

/** One of the values of {@link MEDIA_ENT_F}. */
export type MEDIA_ENT_F = (typeof MEDIA_ENT_F)[keyof typeof MEDIA_ENT_F]

/** What holds of a part of a media device. */
export const MEDIA_ENT_FL = {
  /** It is the default one of its kind. */
  DEFAULT: 1,
  /** It is a connector. */
  CONNECTOR: 2,
} as const

/** One of the values of {@link MEDIA_ENT_FL}. */
export type MEDIA_ENT_FL = (typeof MEDIA_ENT_FL)[keyof typeof MEDIA_ENT_FL]

/** What kind of node a media device has. */
export const MEDIA_INTF_T = {
  /** A front end of digital television. */
  DVB_FE: 0x0100,
  /** A demultiplexer of digital television. */
  DVB_DEMUX: 0x0101,
  /** A recording of digital television. */
  DVB_DVR: 0x0102,
  /** Access to encrypted television. */
  DVB_CA: 0x0103,
  /** The network of digital television. */
  DVB_NET: 0x0104,
  /** Video. */
  V4L_VIDEO: 0x0200,
  /** The vertical blanking interval. */
  V4L_VBI: 0x0201,
  /** Radio. */
  V4L_RADIO: 0x0202,
  /** A part of a device. */
  V4L_SUBDEV: 0x0203,
  /** Software defined radio. */
  V4L_SWRADIO: 0x0204,
  /** A touch screen. */
  V4L_TOUCH: 0x0205,
} as const

/** One of the values of {@link MEDIA_INTF_T}. */
export type MEDIA_INTF_T = (typeof MEDIA_INTF_T)[keyof typeof MEDIA_INTF_T]

/** Which way a pad goes. */
export const MEDIA_PAD_FL = {
  /** Data come in. */
  SINK: 1,
  /** Data go out. */
  SOURCE: 2,
  /** It has to be linked for the device to work. */
  MUST_CONNECT: 4,
} as const

/** One of the values of {@link MEDIA_PAD_FL}. */
export type MEDIA_PAD_FL = (typeof MEDIA_PAD_FL)[keyof typeof MEDIA_PAD_FL]

/** What holds of a link. */
export const MEDIA_LNK_FL = {
  /** It is in use. */
  ENABLED: 0x00000001,
  /** It cannot be changed. */
  IMMUTABLE: 0x00000002,
  /** It can be changed while the device streams. */
  DYNAMIC: 0x00000004,
  /** It is between two pads. */
  DATA_LINK: 0x00000000,
  /** It is between a node and what it controls. */
  INTERFACE_LINK: 0x10000000,
  /** It is between parts that belong together. */
  ANCILLARY_LINK: 0x20000000,
  /** The bits that say between what it is. */
  LINK_TYPE: 0xf0000000,
} as const

/** One of the values of {@link MEDIA_LNK_FL}. */
export type MEDIA_LNK_FL = (typeof MEDIA_LNK_FL)[keyof typeof MEDIA_LNK_FL]
