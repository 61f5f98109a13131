/** What a device is, as QUERYCAP tells. */
export interface Capability {
  /** The driver, such as `'uvcvideo'`. */
  driver: string
  /** What the device calls itself. */
  card: string
  /** Where it is attached, such as `'usb-0000:00:14.0-1'`. */
  busInfo: string
  /** The kernel's version: major << 16 | minor << 8 | patch. */
  version: number
  /** What the whole device can do: bits of `V4L2_CAP`. */
  capabilities: number
  /** What this node can do: bits of `V4L2_CAP`; those of the whole device where the driver does not tell. */
  deviceCaps: number
}

/** One format of a queue. */
export interface FormatDescription {
  /** Its place in the driver's list. */
  index: number
  /** The queue, as one of `V4L2_BUF_TYPE`. */
  type: number
  /** Bits of `V4L2_FMT_FLAG`. */
  flags: number
  /** The driver's or the kernel's words. */
  description: string
  /** The four-character code as a number, as V4L2 has it. */
  fourcc: number
  /** The same as text: `'NV12'`, `'H264'`. */
  code: string
}

/** A size that a format comes in, or a range of sizes, in pixels. */
export type FrameSize =
  | { type: 'discrete'; width: number; height: number }
  | {
      type: 'continuous' | 'stepwise'
      minWidth: number
      maxWidth: number
      stepWidth: number
      minHeight: number
      maxHeight: number
      stepHeight: number
    }

/** A fraction: seconds from one frame to the next, or a pixel's width to its height. */
export interface Fraction {
  /** Above the line. */
  numerator: number
  /** Below it. */
  denominator: number
}

/** Seconds from one frame to the next that a format comes in at a size, or a range of them. */
export type FrameInterval =
  | { type: 'discrete'; interval: Fraction }
  | { type: 'continuous' | 'stepwise'; min: Fraction; max: Fraction; step: Fraction }

/** The kinds of controls. */
export type ControlType =
  | 'integer'
  | 'boolean'
  | 'menu'
  | 'button'
  | 'integer64'
  | 'class'
  | 'string'
  | 'bitmask'
  | 'integer-menu'
  | 'u8'
  | 'u16'
  | 'u32'
  | 'compound'

/** An entry of a control's menu. */
export interface MenuItem {
  /** The control's value for it. */
  index: number
  /** Its name, in a menu of names. */
  name?: string
  /** Its number, in a menu of numbers. */
  value?: bigint
}

/** A control as the driver describes it. */
export interface ControlInfo {
  /** As in `V4L2_CID_…`. */
  id: number
  /** The driver's name for people: `'Brightness'`. */
  name: string
  /** The name that `v4l2-ctl` makes of it: `'brightness'`. */
  key: string
  /** What its value is. */
  type: ControlType
  /** The number of its type in V4L2, as one of `V4L2_CTRL_TYPE`. */
  typeNumber: number
  /** Least value; of a string, its least length. */
  minimum: bigint
  /** Greatest value; of a string, its greatest length. */
  maximum: bigint
  /** Values are this far apart. */
  step: bigint
  /** The driver's own choice. */
  default: bigint
  /** Bits of `V4L2_CTRL_FLAG`. */
  flags: number
  /** Bytes of one element. */
  elemSize: number
  /** How many elements there are; 1 of a control that is no array. */
  elems: number
  /** The array's dimensions; empty of a control that is none. */
  dims: readonly number[]
  /** The entries of a menu. */
  menu?: readonly MenuItem[]
  /**
   * There where NVIDIA's library, which describes no control, is the driver: all of this is from its headers. Then `default` says
   * nothing, and a range may be the type's.
   */
  fromHeaders?: true
}

/** A control's value: a number (also of booleans, menus, buttons and bit masks), a bigint of 64 bits, a text, or bytes. */
export type ControlValue = number | bigint | string | Uint8Array

/** A rectangle in pixels. */
export interface Rect {
  /** From the left edge. */
  left: number
  /** From the upper edge. */
  top: number
  /** Columns. */
  width: number
  /** Rows. */
  height: number
}

/** One plane of a format. */
export interface PlaneFormat {
  /** Bytes from one row to the next; 0 of coded data. */
  bytesPerLine: number
  /** Bytes of a buffer. */
  sizeImage: number
}

/** The format of a queue of frames, single- or multi-planar. */
export interface PixFormat {
  /** The queue, as one of `V4L2_BUF_TYPE`. */
  type: number
  /** Columns. */
  width: number
  /** Rows. */
  height: number
  /** The four-character code as a number. */
  fourcc: number
  /** The same as text. */
  code: string
  /** As one of `V4L2_FIELD`. */
  field: number
  /** As one of `V4L2_COLORSPACE`. */
  colorspace: number
  /** As one of `V4L2_XFER_FUNC`. */
  xferFunc: number
  /** As one of `V4L2_YCBCR_ENC`. */
  ycbcrEnc: number
  /** As one of `V4L2_QUANTIZATION`. */
  quantization: number
  /** Bits of `V4L2_PIX_FMT_FLAG`. */
  flags: number
  /** Its planes in memory; one in the single-planar API. */
  planes: readonly PlaneFormat[]
}

/** A rectangle of frames. */
export interface Selection {
  /** The queue, as one of `V4L2_BUF_TYPE`, without `_MPLANE`. */
  type: number
  /** As one of `V4L2_SEL_TGT`. */
  target: number
  /** Bits of `V4L2_SEL_FLAG`. */
  flags: number
  /** Where it is. */
  rect: Rect
}

/** The frame rate of a queue. */
export interface StreamParm {
  /** The queue, as one of `V4L2_BUF_TYPE`. */
  type: number
  /** 0x1000 where the rate can be set. */
  capability: number
  /** 1 where quality goes before speed. */
  mode: number
  /** Seconds from one frame to the next. */
  timePerFrame: Fraction
  /** Buffers that `read()` or `write()` uses. */
  buffers: number
}
