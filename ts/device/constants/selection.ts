/** What part of the picture is meant. */
export const V4L2_SEL_TGT = {
  /** What is taken of the picture that comes in. */
  CROP: 0x0000,
  /** What is taken by default. */
  CROP_DEFAULT: 0x0001,
  /** What can be taken. */
  CROP_BOUNDS: 0x0002,
  /** The whole of the sensor, or of the screen. */
  NATIVE_SIZE: 0x0003,
  /** Where it lies in the buffer. */
  COMPOSE: 0x0100,
  /** Where it lies by default. */
  COMPOSE_DEFAULT: 0x0101,
  /** Where it can lie. */
  COMPOSE_BOUNDS: 0x0102,
  /** What of the buffer is written to, padding included. */
  COMPOSE_PADDED: 0x0103,
} as const

/** One of the values of {@link V4L2_SEL_TGT}. */
export type V4L2_SEL_TGT = (typeof V4L2_SEL_TGT)[keyof typeof V4L2_SEL_TGT]

/** How a rectangle that cannot be had exactly is adjusted. */
export const V4L2_SEL_FLAG = {
  /** Not smaller. */
  GE: 1,
  /** Not larger. */
  LE: 2,
  /** Without changes to what follows in the pipeline. */
  KEEP_CONFIG: 4,
} as const

/** One of the values of {@link V4L2_SEL_FLAG}. */
export type V4L2_SEL_FLAG = (typeof V4L2_SEL_FLAG)[keyof typeof V4L2_SEL_FLAG]
