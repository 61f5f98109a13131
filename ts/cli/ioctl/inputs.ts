import { V4L2_IN_CAP, V4L2_IN_ST, V4L2_INPUT_TYPE, V4L2_OUTPUT_TYPE } from '../../device/constants.js'
import { shown } from './print.js'
import { standardText } from './standards.js'
import { flagsText } from './words.js'
import type { FlagName } from './words.js'

/** An input as VIDIOC_ENUMINPUT reports it, in the kernel's names. */
export interface VideoInput {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly audioset: number
  readonly tuner: number
  readonly std: bigint
  readonly status: number
  readonly capabilities: number
}

/** An output as VIDIOC_ENUMOUTPUT reports it, in the kernel's names. */
export type VideoOutput = Omit<VideoInput, 'tuner' | 'status'>

/** An audio input or output, in the kernel's names. */
export interface AudioEnd {
  readonly index: number
  readonly name: string
}

const STATUS: readonly FlagName[] = [
  [V4L2_IN_ST.NO_POWER, 'no power'],
  [V4L2_IN_ST.NO_SIGNAL, 'no signal'],
  [V4L2_IN_ST.NO_COLOR, 'no color'],
  [V4L2_IN_ST.HFLIP, 'hflip'],
  [V4L2_IN_ST.VFLIP, 'vflip'],
  [V4L2_IN_ST.NO_H_LOCK, 'no hsync lock'],
  [V4L2_IN_ST.NO_V_LOCK, 'no vsync lock'],
  [V4L2_IN_ST.NO_STD_LOCK, 'no standard format lock'],
  [V4L2_IN_ST.COLOR_KILL, 'color kill'],
  [V4L2_IN_ST.NO_SYNC, 'no sync lock'],
  [V4L2_IN_ST.NO_EQU, 'no equalizer lock'],
  [V4L2_IN_ST.NO_CARRIER, 'no carrier'],
  [V4L2_IN_ST.MACROVISION, 'macrovision'],
  [V4L2_IN_ST.NO_ACCESS, 'no conditional access'],
  [V4L2_IN_ST.VTR, 'VTR time constant'],
]

/** The same bits of inputs and outputs. */
const CAPABILITIES: readonly FlagName[] = [
  [V4L2_IN_CAP.DV_TIMINGS, 'DV timings'],
  [V4L2_IN_CAP.STD, 'SDTV standards'],
  [V4L2_IN_CAP.NATIVE_SIZE, 'Native Size'],
]

const INPUT_TYPES: Readonly<Record<number, string>> = {
  [V4L2_INPUT_TYPE.TUNER]: 'Tuner',
  [V4L2_INPUT_TYPE.CAMERA]: 'Camera',
  [V4L2_INPUT_TYPE.TOUCH]: 'Touch',
}

const OUTPUT_TYPES: Readonly<Record<number, string>> = {
  [V4L2_OUTPUT_TYPE.MODULATOR]: 'Modulator',
  [V4L2_OUTPUT_TYPE.ANALOG]: 'Analog',
  [V4L2_OUTPUT_TYPE.ANALOGVGAOVERLAY]: 'Analog VGA Overlay',
}

const upperHex = (value: number | bigint, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`

const statusText = (status: number): string => (status === 0 ? 'ok' : flagsText(status, STATUS))
const capabilityText = (flags: number): string => (flags === 0 ? 'not defined' : flagsText(flags, CAPABILITIES))
const typeText = (types: Readonly<Record<number, string>>, type: number): string => types[type] ?? 'Unknown'

/** What `--get-input` prints; the name is not known of an input that the driver does not list. */
export function inputLine(index: number, input?: VideoInput): string {
  const about = input ? ` (${shown(input.name)}: ${statusText(input.status)})` : ''
  return `Video input : ${index}${about}`
}

/** What `--set-input` prints. */
export function inputSetLine(index: number, input?: VideoInput): string {
  const about = input
    ? ` (${shown(input.name)}: ${typeText(INPUT_TYPES, input.type)}, ${statusText(input.status)})`
    : ''
  return `Video input set to ${index}${about}`
}

/** What `--get-output` prints. */
export function outputLine(index: number, output?: { readonly name: string }): string {
  return `Video output: ${index}${output ? ` (${shown(output.name)})` : ''}`
}

export const audioInputLine = ({ index, name }: AudioEnd): string => `Audio input : ${index} (${shown(name)})`
export const audioOutputLine = ({ index, name }: AudioEnd): string => `Audio output: ${index} (${shown(name)})`

/** Entries of a list, with an empty line between them. */
function separated(heading: string, entries: readonly string[][]): string[] {
  return [heading, ...entries.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]))]
}

function inputLines({ index, name, type, audioset, tuner, std, status, capabilities }: VideoInput): string[] {
  return [
    `\tInput       : ${index}`,
    `\tName        : ${shown(name)}`,
    `\tType        : ${upperHex(type, 8)} (${typeText(INPUT_TYPES, type)})`,
    `\tAudioset    : ${upperHex(audioset, 8)}`,
    `\tTuner       : ${upperHex(tuner, 8)}`,
    `\tStandard    : ${upperHex(std, 16)} (${standardText(std)})`,
    `\tStatus      : ${upperHex(status, 8)} (${statusText(status)})`,
    `\tCapabilities: ${upperHex(capabilities, 8)} (${capabilityText(capabilities)})`,
  ]
}

/** What `--list-inputs` prints. */
export function inputListLines(inputs: readonly VideoInput[]): string[] {
  return separated('ioctl: VIDIOC_ENUMINPUT', inputs.map(inputLines))
}

function outputLines({ index, name, type, audioset, std, capabilities }: VideoOutput): string[] {
  return [
    `\tOutput      : ${index}`,
    `\tName        : ${shown(name)}`,
    `\tType        : ${upperHex(type, 8)} (${typeText(OUTPUT_TYPES, type)})`,
    `\tAudioset    : ${upperHex(audioset, 8)}`,
    `\tStandard    : ${upperHex(std, 16)} (${standardText(std)})`,
    `\tCapabilities: ${upperHex(capabilities, 8)} (${capabilityText(capabilities)})`,
  ]
}

/** What `--list-outputs` prints. */
export function outputListLines(outputs: readonly VideoOutput[]): string[] {
  return separated('ioctl: VIDIOC_ENUMOUTPUT', outputs.map(outputLines))
}

/** What `--list-audio-inputs` and `--list-audio-outputs` print. */
export function audioListLines(direction: 'input' | 'output', ends: readonly AudioEnd[]): string[] {
  const [request, label] = direction === 'input' ? ['ENUMAUDIO', 'Input '] : ['ENUMAUDOUT', 'Output']
  return separated(
    `ioctl: VIDIOC_${request}`,
    ends.map(({ index, name }) => [`\t${label}  : ${index}`, `\tName    : ${shown(name)}`]),
  )
}
