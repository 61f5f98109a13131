import { V4L2_DV_BT_CAP, V4L2_DV_BT_STD, V4L2_DV_FL } from '../../device/constants.js'
import type { Fraction } from '../../device/types.js'
import { fixed } from './print.js'
import { flagsText } from './words.js'
import type { FlagName } from './words.js'

/** Digital timings in the kernel's names; the porches are in pixels and lines, the clock in hertz. */
export interface Timings {
  readonly width: number
  readonly height: number
  readonly interlaced: number
  readonly polarities: number
  readonly pixelclock: bigint
  readonly hfrontporch: number
  readonly hsync: number
  readonly hbackporch: number
  readonly vfrontporch: number
  readonly vsync: number
  readonly vbackporch: number
  readonly il_vfrontporch: number
  readonly il_vsync: number
  readonly il_vbackporch: number
  readonly standards: number
  readonly flags: number
  readonly picture_aspect: Fraction
  readonly cea861_vic: number
  readonly hdmi_vic: number
}

/** What timings a device can have, in the kernel's names. */
export interface TimingsCapability {
  readonly min_width: number
  readonly max_width: number
  readonly min_height: number
  readonly max_height: number
  readonly min_pixelclock: bigint
  readonly max_pixelclock: bigint
  readonly standards: number
  readonly capabilities: number
}

const STANDARDS: readonly FlagName[] = [
  [V4L2_DV_BT_STD.CEA861, 'CTA-861'],
  [V4L2_DV_BT_STD.DMT, 'DMT'],
  [V4L2_DV_BT_STD.CVT, 'CVT'],
  [V4L2_DV_BT_STD.GTF, 'GTF'],
  [V4L2_DV_BT_STD.SDI, 'SDI'],
]

const CAPABILITIES: readonly FlagName[] = [
  [V4L2_DV_BT_CAP.INTERLACED, 'Interlaced'],
  [V4L2_DV_BT_CAP.PROGRESSIVE, 'Progressive'],
  [V4L2_DV_BT_CAP.REDUCED_BLANKING, 'Reduced Blanking'],
  [V4L2_DV_BT_CAP.CUSTOM, 'Custom Formats'],
]

const FLAGS: readonly FlagName[] = [
  [V4L2_DV_FL.CAN_REDUCE_FPS, 'framerate can be reduced by 1/1.001'],
  [V4L2_DV_FL.REDUCED_FPS, 'framerate is reduced by 1/1.001'],
  [V4L2_DV_FL.CAN_DETECT_REDUCED_FPS, 'can detect reduced framerates'],
  [V4L2_DV_FL.HALF_LINE, 'half-line'],
  [V4L2_DV_FL.IS_CE_VIDEO, 'CE-video'],
  [V4L2_DV_FL.FIRST_FIELD_EXTRA_LINE, 'first field has extra line'],
  [V4L2_DV_FL.HAS_PICTURE_ASPECT, 'has picture aspect'],
  [V4L2_DV_FL.HAS_CEA861_VIC, 'has CTA-861 VIC'],
  [V4L2_DV_FL.HAS_HDMI_VIC, 'has HDMI VIC'],
]

/** The second version of CVT's reduced blanking is recognized by the height of its vertical sync. */
const VSYNC_OF_REDUCED_BLANKING_2 = 8

/** Bits without a name are not shown here. */
function timingFlags({ flags, vsync }: Timings): string {
  const version = vsync === VSYNC_OF_REDUCED_BLANKING_2 ? ' v2' : ''
  const names: FlagName[] = [[V4L2_DV_FL.REDUCED_BLANKING, `reduced blanking${version}`], ...FLAGS]
  return names
    .filter(([flag]) => (flags & flag) !== 0)
    .map(([, name]) => name)
    .join(', ')
}

const VSYNC_IS_POSITIVE = 1
const HSYNC_IS_POSITIVE = 2

function totals(timings: Timings): { width: number; height: number } {
  const { width, hfrontporch, hsync, hbackporch, height, vfrontporch, vsync, vbackporch } = timings
  const second = timings.il_vfrontporch + timings.il_vsync + timings.il_vbackporch
  return { width: width + hfrontporch + hsync + hbackporch, height: height + vfrontporch + vsync + vbackporch + second }
}

function clockText(timings: Timings): string {
  const { pixelclock, width, height, interlaced } = timings
  if (width === 0 || height === 0) return `${pixelclock} Hz`
  const total = totals(timings)
  const rate = Number(pixelclock) / (total.width * (interlaced ? total.height / 2 : total.height))
  return `${pixelclock} Hz (${fixed(rate, 2)} ${interlaced ? 'fields' : 'frames'} per second)`
}

function porchLines(porch: number, sync: number, back: number): string[] {
  return [`\tVertical frontporch: ${porch}`, `\tVertical sync: ${sync}`, `\tVertical backporch: ${back}`]
}

function verticalLines(timings: Timings): string[] {
  const first = porchLines(timings.vfrontporch, timings.vsync, timings.vbackporch)
  if (!timings.interlaced) return first
  const second = porchLines(timings.il_vfrontporch, timings.il_vsync, timings.il_vbackporch)
  return ['\tField 1:', ...first, '\tField 2:', ...second]
}

function codeLines({ flags, picture_aspect: aspect, cea861_vic, hdmi_vic }: Timings): string[] {
  return [
    ...(flags & V4L2_DV_FL.HAS_PICTURE_ASPECT ? [`\tPicture aspect: ${aspect.numerator}:${aspect.denominator}`] : []),
    ...(flags & V4L2_DV_FL.HAS_CEA861_VIC ? [`\tCTA-861 VIC: ${cea861_vic}`] : []),
    ...(flags & V4L2_DV_FL.HAS_HDMI_VIC ? [`\tHDMI VIC: ${hdmi_vic}`] : []),
  ]
}

/** Timings, one property a line. */
export function timingLines(timings: Timings): string[] {
  const { width, height, interlaced, polarities, hfrontporch, hsync, hbackporch, standards } = timings
  const sign = (flag: number) => (polarities & flag ? '+' : '-')
  return [
    `\tActive width: ${width}`,
    `\tActive height: ${height}`,
    `\tTotal width: ${totals(timings).width}`,
    `\tTotal height: ${totals(timings).height}`,
    `\tFrame format: ${interlaced ? 'interlaced' : 'progressive'}`,
    `\tPolarities: ${sign(VSYNC_IS_POSITIVE)}vsync ${sign(HSYNC_IS_POSITIVE)}hsync`,
    `\tPixelclock: ${clockText(timings)}`,
    `\tHorizontal frontporch: ${hfrontporch}`,
    `\tHorizontal sync: ${hsync}`,
    `\tHorizontal backporch: ${hbackporch}`,
    ...verticalLines(timings),
    `\tStandards: ${flagsText(standards, STANDARDS)}`,
    ...codeLines(timings),
    `\tFlags: ${timingFlags(timings)}`,
  ]
}

/** What `--get-dv-timings` prints; of a kind of timings that is not known, it says so. */
export function currentTimingLines(timings: Timings | undefined): string[] {
  return ['DV timings:', ...(timings ? timingLines(timings) : ['Timing type not defined'])]
}

/** What `--list-dv-timings` prints. */
export function timingListLines(all: readonly (Timings | undefined)[]): string[] {
  const entries = all.flatMap((timings, index) => [
    ...(index === 0 ? [] : ['']),
    `\tIndex: ${index}`,
    ...(timings ? timingLines(timings) : ['Timing type not defined']),
  ])
  return ['ioctl: VIDIOC_ENUM_DV_TIMINGS', ...entries]
}

/** What `--get-dv-timings-cap` prints. */
export function timingCapabilityLines(capability: TimingsCapability | undefined): string[] {
  if (!capability) return ['DV timings capabilities:', '\tUnknown type']
  return [
    'DV timings capabilities:',
    `\tMinimum Width: ${capability.min_width}`,
    `\tMaximum Width: ${capability.max_width}`,
    `\tMinimum Height: ${capability.min_height}`,
    `\tMaximum Height: ${capability.max_height}`,
    `\tMinimum PClock: ${capability.min_pixelclock}`,
    `\tMaximum PClock: ${capability.max_pixelclock}`,
    `\tStandards: ${flagsText(capability.standards, STANDARDS)}`,
    `\tCapabilities: ${flagsText(capability.capabilities, CAPABILITIES)}`,
  ]
}
