import type { Fraction } from '../../device/types.js'
import { shown } from './print.js'

/** Families of television standards: each has a range of bits, one for each of its standards. */
const FAMILIES = [
  { name: 'PAL', shift: 0n, standards: ['B', 'B1', 'G', 'H', 'I', 'D', 'D1', 'K', 'M', 'N', 'Nc', '60'] },
  { name: 'NTSC', shift: 12n, standards: ['M', 'M-JP', '443', 'M-KR'] },
  { name: 'SECAM', shift: 16n, standards: ['B', 'D', 'G', 'H', 'K', 'K1', 'L', 'Lc'] },
  { name: 'ATSC', shift: 24n, standards: ['8-VSB', '16-VSB'] },
] as const

/** A set of television standards: `PAL-B/G NTSC-M`. */
export function standardText(standards: bigint, separator = ' '): string {
  const texts = FAMILIES.map(({ name, shift, standards: all }) => {
    const set = all.filter((_, bit) => ((standards >> (shift + BigInt(bit))) & 1n) === 1n)
    return set.length > 0 ? `${name}-${set.join('/')}` : ''
  })
  return texts.filter((text) => text !== '').join(separator)
}

const bits = (...numbers: number[]): bigint => numbers.reduce((set, bit) => set | (1n << BigInt(bit)), 0n)

/** What v4l2-ctl takes for numbers of standards: `V4L2_STD_…` of `<linux/videodev2.h>`, some of which are several standards. */
export const STANDARD_WORDS: Readonly<Record<string, bigint>> = {
  pal: bits(0, 1, 2, 3, 4, 5, 6, 7),
  'pal-b': bits(0, 1, 2),
  'pal-g': bits(0, 1, 2),
  'pal-h': bits(3),
  'pal-i': bits(4),
  'pal-d': bits(5, 6, 7),
  'pal-k': bits(5, 6, 7),
  'pal-m': bits(8),
  'pal-n': bits(9),
  'pal-nc': bits(10),
  'pal-60': bits(11),
  ntsc: bits(12, 13, 15),
  'ntsc-m': bits(12),
  'ntsc-j': bits(13),
  'ntsc-k': bits(15),
  secam: bits(16, 17, 18, 19, 20, 21, 22, 23),
  'secam-b': bits(16, 18, 19),
  'secam-g': bits(16, 18, 19),
  'secam-h': bits(16, 18, 19),
  'secam-d': bits(17, 20, 21),
  'secam-k': bits(17, 20, 21),
  'secam-l': bits(22),
  'secam-lc': bits(23),
}

/** What `--get-standard` prints. */
export function standardLines(standard: bigint): string[] {
  const number = standard.toString(16).padStart(8, '0')
  return [`Video Standard = 0x${number}`, ...`\t${standardText(standard, '\n\t')}`.split('\n')]
}

/** A standard as VIDIOC_ENUMSTD reports it, in the kernel's names. */
export interface VideoStandard {
  readonly index: number
  readonly id: bigint
  readonly name: string
  readonly frameperiod: Fraction
  readonly framelines: number
}

/** What `--list-standards` prints. */
export function standardListLines(standards: readonly VideoStandard[]): string[] {
  const entries = standards.flatMap(({ index, id, name, frameperiod, framelines }) => [
    ...(index === 0 ? [] : ['']),
    `\tIndex       : ${index}`,
    `\tID          : 0x${id.toString(16).toUpperCase().padStart(16, '0')}`,
    `\tName        : ${shown(name)}`,
    `\tFrame period: ${frameperiod.numerator}/${frameperiod.denominator}`,
    `\tFrame lines : ${framelines}`,
  ])
  return ['ioctl: VIDIOC_ENUMSTD', ...entries]
}
