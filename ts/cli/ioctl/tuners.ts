import { V4L2_TUNER, V4L2_TUNER_CAP, V4L2_TUNER_MODE, V4L2_TUNER_SUB } from '../../device/constants.js'
import { fixed, shown } from './print.js'
import type { FlagName } from './words.js'

/** A tuner as VIDIOC_G_TUNER tells of it, in the kernel's names. */
export interface Tuner {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly capability: number
  readonly rangelow: number
  readonly rangehigh: number
  readonly rxsubchans: number
  readonly audmode: number
  readonly signal: number
  readonly afc: number
}

/** A modulator as VIDIOC_G_MODULATOR tells of it, in the kernel's names. */
export interface Modulator {
  readonly index: number
  readonly name: string
  readonly type: number
  readonly capability: number
  readonly rangelow: number
  readonly rangehigh: number
  readonly txsubchans: number
}

const TYPES: Readonly<Record<number, string>> = {
  [V4L2_TUNER.RADIO]: 'radio',
  [V4L2_TUNER.ANALOG_TV]: 'Analog TV',
  [V4L2_TUNER.DIGITAL_TV]: 'Digital TV',
  [V4L2_TUNER.SDR]: 'SDR',
  [V4L2_TUNER.RF]: 'RF',
}

const MODES: Readonly<Record<number, string>> = {
  [V4L2_TUNER_MODE.STEREO]: 'stereo',
  [V4L2_TUNER_MODE.LANG1]: 'lang1',
  [V4L2_TUNER_MODE.LANG2]: 'lang2',
  [V4L2_TUNER_MODE.LANG1_LANG2]: 'bilingual',
  [V4L2_TUNER_MODE.MONO]: 'mono',
}

const CAPABILITIES: readonly FlagName[] = [
  [V4L2_TUNER_CAP.NORM, 'multi-standard'],
  [V4L2_TUNER_CAP.HWSEEK_BOUNDED, 'hwseek-bounded'],
  [V4L2_TUNER_CAP.HWSEEK_WRAP, 'hwseek-wrap'],
  [V4L2_TUNER_CAP.STEREO, 'stereo'],
  [V4L2_TUNER_CAP.LANG1, 'lang1'],
  [V4L2_TUNER_CAP.LANG2, 'lang2'],
  [V4L2_TUNER_CAP.RDS, 'rds'],
  [V4L2_TUNER_CAP.RDS_BLOCK_IO, 'rds-block-I/O'],
  [V4L2_TUNER_CAP.RDS_CONTROLS, 'rds-controls'],
  [V4L2_TUNER_CAP.FREQ_BANDS, 'freq-bands'],
  [V4L2_TUNER_CAP.HWSEEK_PROG_LIM, 'hwseek-prog-lim'],
]

const RECEIVED: readonly FlagName[] = [
  [V4L2_TUNER_SUB.MONO, 'mono'],
  [V4L2_TUNER_SUB.STEREO, 'stereo'],
  [V4L2_TUNER_SUB.LANG1, 'lang1'],
  [V4L2_TUNER_SUB.LANG2, 'lang2'],
  [V4L2_TUNER_SUB.RDS, 'rds'],
]

/** The second language is a second programme to American stations. */
const SENT: readonly FlagName[] = [
  [V4L2_TUNER_SUB.MONO, 'mono'],
  [V4L2_TUNER_SUB.STEREO, 'stereo'],
  [V4L2_TUNER_SUB.LANG1, 'bilingual'],
  [V4L2_TUNER_SUB.LANG2, 'sap'],
  [V4L2_TUNER_SUB.RDS, 'rds'],
]

/** Each with a blank behind it, also the last one. */
function words(value: number, names: readonly FlagName[]): string {
  return names
    .filter(([flag]) => (value & flag) !== 0)
    .map(([, name]) => `${name} `)
    .join('')
}

/** In which steps frequencies are counted, how many of them are a megahertz, and what is shown of a range. */
function unit(capability: number): { name: string; perMegahertz: number; decimals: number } {
  if (capability & V4L2_TUNER_CAP.LOW) return { name: '62.5 Hz', perMegahertz: 16_000, decimals: 3 }
  if (capability & V4L2_TUNER_CAP['1HZ']) return { name: '1 Hz', perMegahertz: 1_000_000, decimals: 6 }
  return { name: '62.5 kHz', perMegahertz: 16, decimals: 3 }
}

/** How many steps of a tuner or modulator are a megahertz. */
export function stepsPerMegahertz(capability: number): number {
  return unit(capability).perMegahertz
}

function capabilityText(capability: number): string {
  return `${unit(capability).name} ${words(capability, CAPABILITIES)}`
}

interface Range {
  readonly capability: number
  readonly rangelow: number
  readonly rangehigh: number
}

function rangeText({ capability, rangelow, rangehigh }: Range, decimals = unit(capability).decimals): string {
  const megahertz = (steps: number) => `${fixed(steps / unit(capability).perMegahertz, decimals)} MHz`
  return `${megahertz(rangelow)} - ${megahertz(rangehigh)}`
}

const typeText = (type: number): string => TYPES[type] ?? 'unknown'

/** What `--get-tuner` prints. */
export function tunerLines(tuner: Tuner): string[] {
  const { index, name, type, capability, rxsubchans, audmode, signal, afc } = tuner
  const isHeard = type !== V4L2_TUNER.SDR && type !== V4L2_TUNER.RF
  const reception = [
    `\tSignal strength/AFC  : ${Math.round(signal / 655.35)}%/${afc}`,
    `\tCurrent audio mode   : ${MODES[audmode] ?? 'unknown'}`,
    `\tAvailable subchannels: ${words(rxsubchans, RECEIVED)}`,
  ]
  return [
    `Tuner ${index}:`,
    `\tName                 : ${shown(name)}`,
    `\tType                 : ${typeText(type)}`,
    `\tCapabilities         : ${capabilityText(capability)}`,
    `\tFrequency range      : ${rangeText(tuner)}`,
    ...(isHeard ? reception : []),
  ]
}

/** What `--get-modulator` prints. */
export function modulatorLines(modulator: Modulator): string[] {
  const { index, name, type, capability, txsubchans } = modulator
  const isFine = (capability & (V4L2_TUNER_CAP.LOW | V4L2_TUNER_CAP['1HZ'])) === V4L2_TUNER_CAP['1HZ']
  return [
    `Modulator ${index}:`,
    `\tName                 : ${shown(name)}`,
    `\tType                 : ${typeText(type)}`,
    `\tCapabilities         : ${capabilityText(capability)}`,
    `\tFrequency range      : ${rangeText(modulator, isFine ? 6 : 1)}`,
    `\tSubchannel modulation: ${words(txsubchans, SENT)}`,
  ]
}

/** What `--get-freq` prints; the capability of the tuner or modulator says what the frequency counts. */
export function frequencyLine(of: 'tuner' | 'modulator', index: number, frequency: number, capability: number): string {
  const megahertz = fixed(frequency / unit(capability).perMegahertz, 6)
  return `Frequency for ${of} ${index}: ${frequency} (${megahertz} MHz)`
}
