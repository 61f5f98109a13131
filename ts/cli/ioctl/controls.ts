import { V4L2_CTRL_FLAG, V4L2_CTRL_TYPE } from '../../device/constants.js'
import type { ControlInfo, ControlValue } from '../../device/types.js'
import { arrayLines } from './array.js'
import { hex, shown } from './print.js'
import { flagsText } from './words.js'
import type { FlagName } from './words.js'

/** What `flags=` has in lists of controls, and an event of a control. */
export const CONTROL_FLAGS: readonly FlagName[] = [
  [V4L2_CTRL_FLAG.GRABBED, 'grabbed'],
  [V4L2_CTRL_FLAG.DISABLED, 'disabled'],
  [V4L2_CTRL_FLAG.READ_ONLY, 'read-only'],
  [V4L2_CTRL_FLAG.UPDATE, 'update'],
  [V4L2_CTRL_FLAG.INACTIVE, 'inactive'],
  [V4L2_CTRL_FLAG.SLIDER, 'slider'],
  [V4L2_CTRL_FLAG.WRITE_ONLY, 'write-only'],
  [V4L2_CTRL_FLAG.VOLATILE, 'volatile'],
  [V4L2_CTRL_FLAG.HAS_PAYLOAD, 'has-payload'],
  [V4L2_CTRL_FLAG.EXECUTE_ON_WRITE, 'execute-on-write'],
  [V4L2_CTRL_FLAG.MODIFY_LAYOUT, 'modify-layout'],
]

/** What stands between the number of a control and its range, by its type. */
const TYPES: Readonly<Record<number, string>> = {
  [V4L2_CTRL_TYPE.INTEGER]: '(int)    :',
  [V4L2_CTRL_TYPE.INTEGER64]: '(int64)  :',
  [V4L2_CTRL_TYPE.STRING]: '(str)    :',
  [V4L2_CTRL_TYPE.BOOLEAN]: '(bool)   :',
  [V4L2_CTRL_TYPE.MENU]: '(menu)   :',
  [V4L2_CTRL_TYPE.INTEGER_MENU]: '(intmenu):',
  [V4L2_CTRL_TYPE.BUTTON]: '(button) :',
  [V4L2_CTRL_TYPE.BITMASK]: '(bitmask):',
  [V4L2_CTRL_TYPE.U8]: '(u8)     :',
  [V4L2_CTRL_TYPE.U16]: '(u16)    :',
  [V4L2_CTRL_TYPE.U32]: '(u32)    :',
  [V4L2_CTRL_TYPE.AREA]: '(area)   :',
  [V4L2_CTRL_TYPE.HDR10_CLL_INFO]: '(hdr10-cll-info):',
  [V4L2_CTRL_TYPE.HDR10_MASTERING_DISPLAY]: '(hdr10-mastering-display):',
  [V4L2_CTRL_TYPE.H264_SPS]: '(h264-sps):',
  [V4L2_CTRL_TYPE.H264_PPS]: '(h264-pps):',
  [V4L2_CTRL_TYPE.H264_SCALING_MATRIX]: '(h264-scaling-matrix):',
  [V4L2_CTRL_TYPE.H264_SLICE_PARAMS]: '(h264-slice-params):',
  [V4L2_CTRL_TYPE.H264_DECODE_PARAMS]: '(h264-decode-params):',
  [V4L2_CTRL_TYPE.H264_PRED_WEIGHTS]: '(h264-pred-weights):',
  [V4L2_CTRL_TYPE.VP8_FRAME]: '(vp8-frame):',
  [V4L2_CTRL_TYPE.MPEG2_QUANTISATION]: '(mpeg2-quantisation):',
  [V4L2_CTRL_TYPE.MPEG2_SEQUENCE]: '(mpeg2-sequence):',
  [V4L2_CTRL_TYPE.MPEG2_PICTURE]: '(mpeg2-picture):',
  [V4L2_CTRL_TYPE.FWHT_PARAMS]: '(fwht-params):',
}

const HAS_RANGE = new Set<number>([V4L2_CTRL_TYPE.INTEGER, V4L2_CTRL_TYPE.MENU, V4L2_CTRL_TYPE.INTEGER_MENU])

const wideHex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16).padStart(8, '0')}`

/** NVIDIA's headers have no default or step, nor of most numbers the range. */
function rangeFromHeaders({ minimum, maximum, typeNumber }: ControlInfo): string {
  const isOfType = minimum === -(2n ** 31n) && maximum === 2n ** 31n - 1n
  return isOfType || !HAS_RANGE.has(typeNumber) ? '' : ` min=${minimum} max=${maximum}`
}

/** The range of a control, as far as its type has one; each part with a blank before it. */
function range(control: ControlInfo): string {
  const { typeNumber, minimum, maximum, step, default: initial } = control
  if (control.fromHeaders) return rangeFromHeaders(control)
  switch (typeNumber) {
    case V4L2_CTRL_TYPE.INTEGER:
    case V4L2_CTRL_TYPE.INTEGER64:
    case V4L2_CTRL_TYPE.U8:
    case V4L2_CTRL_TYPE.U16:
    case V4L2_CTRL_TYPE.U32:
      return ` min=${minimum} max=${maximum} step=${step} default=${initial}`
    case V4L2_CTRL_TYPE.STRING:
      return ` min=${minimum} max=${maximum} step=${step}`
    case V4L2_CTRL_TYPE.BOOLEAN:
      return ` default=${initial}`
    case V4L2_CTRL_TYPE.MENU:
    case V4L2_CTRL_TYPE.INTEGER_MENU:
      return ` min=${minimum} max=${maximum} default=${initial}`
    case V4L2_CTRL_TYPE.BITMASK:
      return ` max=${wideHex(maximum)} default=${wideHex(initial)}`
    default:
      return ''
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\f': '\\f', '\\': '\\\\' }

/** As v4l2-ctl writes the text of a control. */
function safeText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\\\u0080-\u009f]/g, (letter) => {
    return ESCAPES[letter] ?? `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

function menuText({ menu = [] }: ControlInfo, value: number): string {
  const item = menu.find(({ index }) => index === value)
  if (!item) return String(value)
  if (item.value === undefined) return `${value} (${shown(item.name ?? '')})`
  return `${value} (${item.value} 0x${BigInt.asUintN(64, item.value).toString(16)})`
}

function structureText({ typeNumber }: ControlInfo, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (typeNumber === V4L2_CTRL_TYPE.AREA && bytes.length >= 8) {
    return `${view.getInt32(0, true)}x${view.getInt32(4, true)}`
  }
  if (typeNumber === V4L2_CTRL_TYPE.U8 && bytes.length > 0) return String(view.getUint8(0))
  if (typeNumber === V4L2_CTRL_TYPE.U16 && bytes.length >= 2) return String(view.getUint16(0, true))
  if (typeNumber === V4L2_CTRL_TYPE.U32 && bytes.length >= 4) return String(view.getUint32(0, true))
  return 'unsupported payload type'
}

/** The value of a control that is no array. */
export function valueText(control: ControlInfo, value: ControlValue): string {
  if (typeof value === 'string') return `'${safeText(value)}'`
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number') return structureText(control, value)
  const isMenu = control.type === 'menu' || control.type === 'integer-menu'
  // A bit mask is a signed number to v4l2-ctl.
  return isMenu ? menuText(control, value) : String(value | 0)
}

function menuLines({ type, menu = [] }: ControlInfo): string[] {
  return menu.map(({ index, name = '', value = 0n }) =>
    type === 'menu'
      ? `\t\t\t\t${index}: ${shown(name)}`
      : `\t\t\t\t${index}: ${value} (0x${BigInt.asUintN(64, value).toString(16)})`,
  )
}

/** A control with its value, or with the error number of the attempt to read it. */
export interface ControlWithValue {
  readonly control: ControlInfo
  /** Nothing of a control that cannot be read; null where the device does not report one. */
  readonly value?: ControlValue | null
  /** Why its value is not known. */
  readonly errno?: number
}

/**
 * What `--list-ctrls` prints of a control or class, and with its menu `--list-ctrls-menus`. A control that cannot be read has the
 * value 0, as v4l2-ctl has it.
 */
export function controlLines({ control, value = 0, errno }: ControlWithValue, withMenu: boolean): string[] {
  if ((control.flags & V4L2_CTRL_FLAG.DISABLED) !== 0) return []
  if (control.type === 'class') return ['', shown(control.name), '']
  if (errno !== undefined)
    return [`error ${errno} getting ${isExtended(control) ? 'ext_' : ''}ctrl ${shown(control.name)}`]
  const isArray = control.dims.length > 0
  const dims = control.dims.map((size) => `[${size}]`).join('')
  const scalar = value === null ? '' : ` value=${valueText(control, value)}`
  const current = isArray ? ` dims=${dims}` : scalar
  const flags = control.flags === 0 ? '' : ` flags=${flagsText(control.flags, CONTROL_FLAGS)}`
  const line = `${control.key.padStart(31)} ${hex(control.id)} ${typeText(control)}${range(control)}${current}${flags}`
  return withMenu ? [line, ...menuLines(control)] : [line]
}

function typeText({ type, typeNumber, fromHeaders }: ControlInfo): string {
  // NVIDIA's structs are none of those that V4L2 has numbers for.
  if (fromHeaders && type === 'compound') return '(struct) :'
  return TYPES[typeNumber] ?? `(unknown): type=${typeNumber.toString(16)}`
}

/** What the lists have in the place of a control that the driver describes by nonsense. */
export function badControlLine(name: string): string {
  return `error describing ctrl ${shown(name)}`
}

const USER_CLASS = 0x0098
const PRIVATE_BASE = 0x08000000

/** Whether v4l2-ctl reads a control by VIDIOC_G_EXT_CTRLS rather than the older VIDIOC_G_CTRL. */
function isExtended({ id, typeNumber }: ControlInfo): boolean {
  if (typeNumber === V4L2_CTRL_TYPE.INTEGER64 || typeNumber === V4L2_CTRL_TYPE.STRING) return true
  return typeNumber >= V4L2_CTRL_TYPE.U8 || (id >>> 16 !== USER_CLASS && id < PRIVATE_BASE)
}

/** What `--get-ctrl` prints of a control. */
export function controlValueLines(control: ControlInfo, value: ControlValue): string[] {
  if (control.dims.length > 0 && value instanceof Uint8Array) return arrayLines(control, value)
  return [`${control.key}: ${valueText(control, value)}`]
}
