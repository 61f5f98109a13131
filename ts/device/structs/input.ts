import { array, bytes, bytesPointer, packed, reserved, s32, struct, text, u32, u64, u8, union } from '../layout.js'
import { v4l2_fract } from './format.js'

/** Where frames come from: ENUMINPUT. */
export const v4l2_input = struct('v4l2_input', {
  index: u32,
  name: text(32),
  type: u32,
  audioset: u32,
  tuner: u32,
  std: u64,
  status: u32,
  capabilities: u32,
  reserved: reserved(3),
})

/** Where frames go to: ENUMOUTPUT. */
export const v4l2_output = struct('v4l2_output', {
  index: u32,
  name: text(32),
  type: u32,
  audioset: u32,
  modulator: u32,
  std: u64,
  capabilities: u32,
  reserved: reserved(3),
})

/** A standard of analogue television: ENUMSTD. */
export const v4l2_standard = struct('v4l2_standard', {
  index: u32,
  id: u64,
  name: text(24),
  frameperiod: v4l2_fract,
  framelines: u32,
  reserved: reserved(4),
})

/** A tuner: G_TUNER, S_TUNER. */
export const v4l2_tuner = struct('v4l2_tuner', {
  index: u32,
  name: text(32),
  type: u32,
  capability: u32,
  rangelow: u32,
  rangehigh: u32,
  rxsubchans: u32,
  audmode: u32,
  signal: s32,
  afc: s32,
  reserved: reserved(4),
})

/** A modulator: G_MODULATOR, S_MODULATOR. */
export const v4l2_modulator = struct('v4l2_modulator', {
  index: u32,
  name: text(32),
  capability: u32,
  rangelow: u32,
  rangehigh: u32,
  txsubchans: u32,
  type: u32,
  reserved: reserved(3),
})

/** A tuner's frequency: G_FREQUENCY, S_FREQUENCY. */
export const v4l2_frequency = struct('v4l2_frequency', {
  tuner: u32,
  type: u32,
  frequency: u32,
  reserved: reserved(8),
})

/** A range of a tuner: ENUM_FREQ_BANDS. */
export const v4l2_frequency_band = struct('v4l2_frequency_band', {
  tuner: u32,
  type: u32,
  index: u32,
  capability: u32,
  rangelow: u32,
  rangehigh: u32,
  modulation: u32,
  reserved: reserved(9),
})

/** Looks for a station: S_HW_FREQ_SEEK. */
export const v4l2_hw_freq_seek = struct('v4l2_hw_freq_seek', {
  tuner: u32,
  type: u32,
  seek_upward: u32,
  wrap_around: u32,
  spacing: u32,
  rangelow: u32,
  rangehigh: u32,
  reserved: reserved(5),
})

/** An audio input: G_AUDIO, S_AUDIO, ENUMAUDIO. */
export const v4l2_audio = struct('v4l2_audio', {
  index: u32,
  name: text(32),
  capability: u32,
  mode: u32,
  reserved: reserved(2),
})

/** An audio output: G_AUDOUT, S_AUDOUT, ENUMAUDOUT. */
export const v4l2_audioout = struct('v4l2_audioout', {
  index: u32,
  name: text(32),
  capability: u32,
  mode: u32,
  reserved: reserved(2),
})

/** What a display says of itself: G_EDID, S_EDID. `blocks` counts 128 bytes of `edid`. */
export const v4l2_edid = struct('v4l2_edid', {
  pad: u32,
  start_block: u32,
  blocks: u32,
  reserved: reserved(5),
  edid: bytesPointer,
})

/** The timings of a digital video signal, its porches in pixels and lines. */
export const v4l2_bt_timings = struct('v4l2_bt_timings', {
  width: u32,
  height: u32,
  interlaced: u32,
  polarities: u32,
  pixelclock: packed(u64),
  hfrontporch: u32,
  hsync: u32,
  hbackporch: u32,
  vfrontporch: u32,
  vsync: u32,
  vbackporch: u32,
  il_vfrontporch: u32,
  il_vsync: u32,
  il_vbackporch: u32,
  standards: u32,
  flags: u32,
  picture_aspect: v4l2_fract,
  cea861_vic: u8,
  hdmi_vic: u8,
  reserved: bytes(46),
})

/** The timings of an input or output: G_DV_TIMINGS, S_DV_TIMINGS, QUERY_DV_TIMINGS. */
export const v4l2_dv_timings = struct('v4l2_dv_timings', {
  type: u32,
  u: union({ bt: v4l2_bt_timings }, { isAnonymous: true, size: 128 }),
})

/** One of the timings that a device knows: ENUM_DV_TIMINGS. */
export const v4l2_enum_dv_timings = struct('v4l2_enum_dv_timings', {
  index: u32,
  pad: u32,
  reserved: reserved(2),
  timings: v4l2_dv_timings,
})

/** The range of timings. */
export const v4l2_bt_timings_cap = struct('v4l2_bt_timings_cap', {
  min_width: u32,
  max_width: u32,
  min_height: u32,
  max_height: u32,
  min_pixelclock: packed(u64),
  max_pixelclock: packed(u64),
  standards: u32,
  capabilities: u32,
  reserved: reserved(16),
})

/** What timings a device does: DV_TIMINGS_CAP. */
export const v4l2_dv_timings_cap = struct('v4l2_dv_timings_cap', {
  type: u32,
  pad: u32,
  reserved: reserved(2),
  u: union({ bt: v4l2_bt_timings_cap, raw_data: array(u32, 32) }, { isAnonymous: true, chosenBy: () => 'bt' }),
})

/** A chip on a board, for debugging. */
export const v4l2_dbg_match = struct('v4l2_dbg_match', {
  type: u32,
  u: union({ addr: u32, name: text(32) }, { isAnonymous: true }),
})

/** A register of it: DBG_G_REGISTER, DBG_S_REGISTER. */
export const v4l2_dbg_register = struct('v4l2_dbg_register', {
  match: v4l2_dbg_match,
  size: u32,
  reg: packed(u64),
  val: packed(u64),
})

/** What it is: DBG_G_CHIP_INFO. */
export const v4l2_dbg_chip_info = struct('v4l2_dbg_chip_info', {
  match: v4l2_dbg_match,
  name: text(32),
  flags: u32,
  reserved: reserved(32),
})
