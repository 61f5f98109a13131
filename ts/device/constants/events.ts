/** What can happen to a device. */
export const V4L2_EVENT = {
  /** All of them, to end every subscription. */
  ALL: 0x00000000,
  /** A vertical blanking began. */
  VSYNC: 0x00000001,
  /** The last buffer of a stream is done. */
  EOS: 0x00000002,
  /** A control changed. */
  CTRL: 0x00000003,
  /** The device began to take a picture. */
  FRAME_SYNC: 0x00000004,
  /** The picture that comes in has another size. */
  SOURCE_CHANGE: 0x00000005,
  /** Motion began or ended. */
  MOTION_DET: 0x00000006,
  /** The least number of events of drivers' own. */
  PRIVATE_START: 0x08000000,
} as const

/** One of the values of {@link V4L2_EVENT}. */
export type V4L2_EVENT = (typeof V4L2_EVENT)[keyof typeof V4L2_EVENT]

/** How events are subscribed to. */
export const V4L2_EVENT_SUB_FL = {
  /** With a first event that tells how things are. */
  SEND_INITIAL: 1,
  /** Also of what was changed through the same file descriptor. */
  ALLOW_FEEDBACK: 2,
} as const

/** One of the values of {@link V4L2_EVENT_SUB_FL}. */
export type V4L2_EVENT_SUB_FL = (typeof V4L2_EVENT_SUB_FL)[keyof typeof V4L2_EVENT_SUB_FL]

/** What changed about a control. */
export const V4L2_EVENT_CTRL_CH = {
  /** Its value. */
  VALUE: 1,
  /** Its flags. */
  FLAGS: 2,
  /** Its range, step or default. */
  RANGE: 4,
  /** The dimensions of its array. */
  DIMENSIONS: 8,
} as const

/** One of the values of {@link V4L2_EVENT_CTRL_CH}. */
export type V4L2_EVENT_CTRL_CH = (typeof V4L2_EVENT_CTRL_CH)[keyof typeof V4L2_EVENT_CTRL_CH]

/** What changed about the picture that comes in. */
export const V4L2_EVENT_SRC_CH = {
  /** Its size. */
  RESOLUTION: 1,
} as const

/** One of the values of {@link V4L2_EVENT_SRC_CH}. */
export type V4L2_EVENT_SRC_CH = (typeof V4L2_EVENT_SRC_CH)[keyof typeof V4L2_EVENT_SRC_CH]

/** What is valid in an event of motion. */
export const V4L2_EVENT_MD_FL = {
  /** The number of the frame. */
  HAVE_FRAME_SEQ: 1,
} as const

/** One of the values of {@link V4L2_EVENT_MD_FL}. */
export type V4L2_EVENT_MD_FL = (typeof V4L2_EVENT_MD_FL)[keyof typeof V4L2_EVENT_MD_FL]
