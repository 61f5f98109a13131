import { isOutput } from '../buffer-type.js'
import { array, reserved, struct, u32, union } from '../layout.js'
import { v4l2_fract, v4l2_rect } from './format.js'

/** One size. */
export const v4l2_frmsize_discrete = struct('v4l2_frmsize_discrete', { width: u32, height: u32 })

/** A range of sizes. */
export const v4l2_frmsize_stepwise = struct('v4l2_frmsize_stepwise', {
  min_width: u32,
  max_width: u32,
  step_width: u32,
  min_height: u32,
  max_height: u32,
  step_height: u32,
})

const DISCRETE = 1

/** A size that a format comes in: ENUM_FRAMESIZES. */
export const v4l2_frmsizeenum = struct('v4l2_frmsizeenum', {
  index: u32,
  pixel_format: u32,
  type: u32,
  u: union(
    { discrete: v4l2_frmsize_discrete, stepwise: v4l2_frmsize_stepwise },
    { isAnonymous: true, chosenBy: ({ type }: { type: number }) => (type === DISCRETE ? 'discrete' : 'stepwise') },
  ),
  reserved: reserved(2),
})

/** A range of times from one frame to the next. */
export const v4l2_frmival_stepwise = struct('v4l2_frmival_stepwise', {
  min: v4l2_fract,
  max: v4l2_fract,
  step: v4l2_fract,
})

/** A frame rate that a format comes in at a size: ENUM_FRAMEINTERVALS. */
export const v4l2_frmivalenum = struct('v4l2_frmivalenum', {
  index: u32,
  pixel_format: u32,
  width: u32,
  height: u32,
  type: u32,
  u: union(
    { discrete: v4l2_fract, stepwise: v4l2_frmival_stepwise },
    { isAnonymous: true, chosenBy: ({ type }: { type: number }) => (type === DISCRETE ? 'discrete' : 'stepwise') },
  ),
  reserved: reserved(2),
})

/** How frames are captured. */
export const v4l2_captureparm = struct('v4l2_captureparm', {
  capability: u32,
  capturemode: u32,
  timeperframe: v4l2_fract,
  extendedmode: u32,
  readbuffers: u32,
  reserved: reserved(4),
})

/** How frames are sent. */
export const v4l2_outputparm = struct('v4l2_outputparm', {
  capability: u32,
  outputmode: u32,
  timeperframe: v4l2_fract,
  extendedmode: u32,
  writebuffers: u32,
  reserved: reserved(4),
})

/** The frame rate: G_PARM, S_PARM. */
export const v4l2_streamparm = struct('v4l2_streamparm', {
  type: u32,
  parm: union(
    { capture: v4l2_captureparm, output: v4l2_outputparm, raw_data: array(u32, 50) },
    { chosenBy: ({ type }: { type: number }) => (isOutput(type) ? 'output' : 'capture') },
  ),
})

/** A rectangle of frames: G_SELECTION, S_SELECTION. */
export const v4l2_selection = struct('v4l2_selection', {
  type: u32,
  target: u32,
  flags: u32,
  r: v4l2_rect,
  reserved: reserved(9),
})

/** What can be cropped: CROPCAP. */
export const v4l2_cropcap = struct('v4l2_cropcap', {
  type: u32,
  bounds: v4l2_rect,
  defrect: v4l2_rect,
  pixelaspect: v4l2_fract,
})

/** What is cropped: G_CROP, S_CROP. */
export const v4l2_crop = struct('v4l2_crop', { type: u32, c: v4l2_rect })
