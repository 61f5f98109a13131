import { array, bytes, packed, reserved, struct, text, u16, u32, u8, union, s32, pointer } from '../layout.js'

/** What a device is: QUERYCAP. */
export const v4l2_capability = struct('v4l2_capability', {
  driver: text(16),
  card: text(32),
  bus_info: text(32),
  version: u32,
  capabilities: u32,
  device_caps: u32,
  reserved: reserved(3),
})

/** One format of a queue: ENUM_FMT. */
export const v4l2_fmtdesc = struct('v4l2_fmtdesc', {
  index: u32,
  type: u32,
  flags: u32,
  description: text(32),
  pixelformat: u32,
  mbus_code: u32,
  reserved: reserved(3),
})

/** A rectangle in pixels. */
export const v4l2_rect = struct('v4l2_rect', { left: s32, top: s32, width: u32, height: u32 })

/** A fraction, such as seconds from one frame to the next. */
export const v4l2_fract = struct('v4l2_fract', { numerator: u32, denominator: u32 })

/** A frame in one buffer. */
export const v4l2_pix_format = struct('v4l2_pix_format', {
  width: u32,
  height: u32,
  pixelformat: u32,
  field: u32,
  bytesperline: u32,
  sizeimage: u32,
  colorspace: u32,
  priv: u32,
  flags: u32,
  ycbcr_enc: u32,
  quantization: u32,
  xfer_func: u32,
})

/** One plane of a frame in several buffers. */
export const v4l2_plane_pix_format = struct('v4l2_plane_pix_format', {
  sizeimage: u32,
  bytesperline: u32,
  reserved: reserved(3),
})

/** A frame in several buffers. */
export const v4l2_pix_format_mplane = struct('v4l2_pix_format_mplane', {
  width: u32,
  height: u32,
  pixelformat: u32,
  field: u32,
  colorspace: u32,
  plane_fmt: array(v4l2_plane_pix_format, 8),
  num_planes: u8,
  flags: u8,
  ycbcr_enc: u8,
  quantization: u8,
  xfer_func: u8,
  reserved: bytes(7),
})

/** A rectangle that hides an overlay. */
export const v4l2_clip = struct('v4l2_clip', { c: v4l2_rect, next: pointer(u8) })

/** Where an overlay is. Clips and bitmaps are addresses, and refused. */
export const v4l2_window = struct('v4l2_window', {
  w: v4l2_rect,
  field: u32,
  chromakey: u32,
  clips: pointer(v4l2_clip),
  clipcount: u32,
  bitmap: pointer(u8),
  global_alpha: u8,
})

/** Raw data of the vertical blanking interval. */
export const v4l2_vbi_format = struct('v4l2_vbi_format', {
  sampling_rate: u32,
  offset: u32,
  samples_per_line: u32,
  sample_format: u32,
  start: array(s32, 2),
  count: array(u32, 2),
  flags: u32,
  reserved: reserved(2),
})

/** Decoded data of the vertical blanking interval. */
export const v4l2_sliced_vbi_format = struct('v4l2_sliced_vbi_format', {
  service_set: u16,
  service_lines: array(array(u16, 24), 2),
  io_size: u32,
  reserved: reserved(2),
})

/** Samples of a software-defined radio. */
export const v4l2_sdr_format = struct('v4l2_sdr_format', { pixelformat: u32, buffersize: u32, reserved: bytes(24) })

/** Metadata of frames. */
export const v4l2_meta_format = struct('v4l2_meta_format', { dataformat: u32, buffersize: u32 })

const FORMAT_OF_TYPE = {
  1: 'pix',
  2: 'pix',
  3: 'win',
  4: 'vbi',
  5: 'vbi',
  6: 'sliced',
  7: 'sliced',
  8: 'win',
  9: 'pix_mp',
  10: 'pix_mp',
  11: 'sdr',
  12: 'sdr',
  13: 'meta',
  14: 'meta',
} as const

/** The format of a queue: G_FMT, S_FMT, TRY_FMT. */
export const v4l2_format = struct('v4l2_format', {
  type: u32,
  fmt: union(
    {
      pix: v4l2_pix_format,
      pix_mp: v4l2_pix_format_mplane,
      win: v4l2_window,
      vbi: v4l2_vbi_format,
      sliced: v4l2_sliced_vbi_format,
      sdr: v4l2_sdr_format,
      meta: v4l2_meta_format,
      raw_data: bytes(200),
    },
    { chosenBy: ({ type }: { type: keyof typeof FORMAT_OF_TYPE }) => FORMAT_OF_TYPE[type] ?? 'raw_data' },
  ),
})

/** The memory of an overlay. Its `base` is an address, which VIDIOC_G_FBUF returns and which is not exposed here. */
export const v4l2_framebuffer = struct('v4l2_framebuffer', {
  capability: u32,
  flags: u32,
  base: pointer(u8),
  fmt: struct('', {
    width: u32,
    height: u32,
    pixelformat: u32,
    field: u32,
    bytesperline: u32,
    sizeimage: u32,
    colorspace: u32,
    priv: u32,
  }),
})

/** What sliced VBI a device does: G_SLICED_VBI_CAP. */
export const v4l2_sliced_vbi_cap = struct('v4l2_sliced_vbi_cap', {
  service_set: u16,
  service_lines: array(array(u16, 24), 2),
  type: u32,
  reserved: reserved(3),
})

/** JPEG compression of old drivers: G_JPEGCOMP, S_JPEGCOMP. */
export const v4l2_jpegcompression = struct('v4l2_jpegcompression', {
  quality: s32,
  APPn: s32,
  APP_len: s32,
  APP_data: bytes(60),
  COM_len: s32,
  COM_data: bytes(60),
  jpeg_markers: packed(u32),
})
