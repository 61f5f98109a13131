// ts/cli/ioctl/actions: what `ioctl` can do, one file for each subject.
import type { Action } from '../action.js'
import { LIST_CONTROLS } from './control-lists.js'
import { GET_CONTROLS, SET_CONTROLS } from './controls.js'
import { GET_EDID, SET_EDIDS } from './edid.js'
import { EVENT_ACTIONS } from './events.js'
import { GET_FORMATS, LIST_FORMATS, SET_FORMATS } from './formats.js'
import { CROP_ACTIONS, RATE_ACTIONS, SELECTION_ACTIONS, SET_RATES, SET_SELECTIONS } from './geometry.js'
import { GET_PRIORITY, INFO_ACTIONS, SET_PRIORITY } from './info.js'
import { GET_INPUTS, LIST_INPUTS, SET_INPUTS } from './inputs.js'
import { METADATA_ACTIONS } from './metadata.js'
import { GET_STANDARDS, LIST_STANDARDS, SET_STANDARDS } from './standards.js'

/** In the order in which v4l2-ctl performs them, whatever the order of the options. */
export const ACTIONS: readonly Action[] = [
  ...INFO_ACTIONS,
  SET_PRIORITY,
  ...SET_CONTROLS,
  ...SET_INPUTS,
  ...SET_STANDARDS,
  ...SET_FORMATS,
  ...SET_SELECTIONS,
  ...SET_RATES,
  ...SET_EDIDS,
  GET_CONTROLS,
  GET_PRIORITY,
  ...GET_INPUTS,
  ...GET_STANDARDS,
  ...GET_FORMATS,
  ...METADATA_ACTIONS,
  ...CROP_ACTIONS,
  ...SELECTION_ACTIONS,
  ...RATE_ACTIONS,
  GET_EDID,
  ...LIST_CONTROLS,
  ...LIST_INPUTS,
  ...LIST_STANDARDS,
  ...LIST_FORMATS,
  ...EVENT_ACTIONS,
]

/** The same by what they are about, as the help has them. */
export const ACTION_GROUPS: Readonly<Record<string, readonly Action[]>> = {
  'Device:': [...INFO_ACTIONS, GET_PRIORITY, SET_PRIORITY],
  'Controls:': [...LIST_CONTROLS, GET_CONTROLS, ...SET_CONTROLS],
  'Formats:': [...LIST_FORMATS, ...GET_FORMATS, ...SET_FORMATS, ...METADATA_ACTIONS],
  'Rectangles:': [...SELECTION_ACTIONS, ...SET_SELECTIONS, ...CROP_ACTIONS],
  'Frame rates:': [...RATE_ACTIONS, ...SET_RATES],
  'Inputs and outputs:': [...LIST_INPUTS, ...GET_INPUTS, ...SET_INPUTS],
  'EDID:': [GET_EDID, ...SET_EDIDS],
  'Events:': EVENT_ACTIONS,
  'Standards and timings:': [...LIST_STANDARDS, ...GET_STANDARDS, ...SET_STANDARDS],
}
