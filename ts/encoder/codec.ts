import { cut, describe, isList } from '../shared/describe.js'
import { ErrorCode, typeError } from '../shared/errors.js'
import type { NativeCodecChoice } from '../native/addon.js'
import { Codec } from '../shared/codec.js'
import { suggestion } from '../shared/did-you-mean.js'

/**
 * A codec as it may be written: a {@link Codec}, `'avc'`, `'hevc'`, or an RFC 6381 string that also chooses profile
 * and level, such as `'avc1.42e01f'`, `'hvc1.1.6.L93.B0'` or `'vp09.00.31.08'`.
 */
export type CodecName = Codec | 'avc' | 'hevc' | (string & {})

const NAMES: ReadonlyMap<string, Codec> = new Map(
  Object.entries({
    h264: Codec.H264,
    avc: Codec.H264,
    h265: Codec.H265,
    hevc: Codec.H265,
    av1: Codec.AV1,
    vp8: Codec.VP8,
    vp9: Codec.VP9,
    fwht: Codec.FWHT,
  }),
)

const AVC_PROFILES: Record<number, string> = { 0x42: 'baseline', 0x4d: 'main', 0x64: 'high' }
const CONSTRAINT_SET_1 = 0x40
const CONSTRAINT_SET_3 = 0x10

/** `avc1.PPCCLL`: profile, constraint flags and ten times the level, as hexadecimal bytes. */
function parseAvc(text: string): NativeCodecChoice | undefined {
  const match = /^avc[13]\.([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text)
  if (!match) return undefined
  const [profileByte, flags, levelByte] = match.slice(1).map((hex) => Number.parseInt(hex, 16)) as [
    number,
    number,
    number,
  ]
  const named = AVC_PROFILES[profileByte]
  if (named === undefined) return undefined
  const profile = named === 'baseline' && flags & CONSTRAINT_SET_1 ? 'constrained-baseline' : named
  const isLevel1b = levelByte === 11 && named !== 'high' && (flags & CONSTRAINT_SET_3) !== 0
  return { codec: Codec.H264, profile, level: isLevel1b ? '1b' : String(levelByte / 10) }
}

/** `hvc1.1.6.L93.B0`: profile, compatibility flags, tier and thirty times the level, then constraint bytes. */
function parseHevc(text: string): NativeCodecChoice | undefined {
  const match = /^h(?:vc|ev)1\.1\.[0-9a-f]{1,8}\.([LH])(\d{1,3})(?:\.[0-9a-f]{1,2}){0,6}$/i.exec(text)
  if (!match) return undefined
  const [, tier, level] = match
  const isHigh = tier!.toUpperCase() === 'H'
  return { codec: Codec.H265, profile: 'main', level: String(Number(level) / 30), ...(isHigh && { highTier: true }) }
}

/** `av01.0.04M.08`: profile, level index with tier, bit depth. */
function parseAv1(text: string): NativeCodecChoice | undefined {
  const match = /^av01\.0\.(\d{2})[MH]\.08(?:\..*)?$/i.exec(text)
  if (!match) return undefined
  const index = Number(match[1])
  const minor = index % 4
  return { codec: Codec.AV1, profile: 'main', level: `${2 + Math.floor(index / 4)}${minor === 0 ? '' : `.${minor}`}` }
}

/** `vp09.00.31.08`: profile, ten times the level, bit depth; more may follow. */
function parseVp9(text: string): NativeCodecChoice | undefined {
  const match = /^vp09\.00\.(\d)(\d)\.08(?:\..*)?$/i.exec(text)
  if (!match) return undefined
  const [, whole, part] = match
  return { codec: Codec.VP9, profile: '0', level: part === '0' ? whole! : `${whole}.${part}` }
}

/** What a string that starts like an RFC 6381 one should look like. */
const RFC6381_HINTS: [prefix: RegExp, hint: string][] = [
  [
    /^avc[13]\./i,
    'H.264 codec strings look like "avc1.42e01f"; the profiles 42 (Baseline), 4d (Main) and 64 (High) exist.',
  ],
  [/^h(vc|ev)1\./i, 'H.265 codec strings look like "hvc1.1.6.L93.B0"; only profile 1 (Main) exists.'],
  [/^av01\./i, 'AV1 codec strings look like "av01.0.04M.08"; only profile 0 (Main) with 8 bits exists.'],
  [/^vp09\./i, 'VP9 codec strings look like "vp09.00.31.08"; only profile 0 with 8 bits exists.'],
]

function parseOne(value: unknown): NativeCodecChoice {
  if (typeof value !== 'string') {
    throw typeError(
      ErrorCode.Config,
      `The option codec must be a string or a list of strings, but ${describe(value)} was given.`,
      'Write for example codec: "h265", or codec: ["h265", "h264"] in order of preference.',
    )
  }
  const text = value.trim()
  const named = NAMES.get(text.toLowerCase().replaceAll(/[.\-_ ]/g, ''))
  const choice = named ? { codec: named } : (parseAvc(text) ?? parseHevc(text) ?? parseAv1(text) ?? parseVp9(text))
  if (choice) return choice
  const hint = RFC6381_HINTS.find(([prefix]) => prefix.test(text))?.[1]
  throw typeError(
    ErrorCode.Config,
    `The codec ${cut(value)} is not known. ${hint ?? suggestion(text, [...NAMES.keys()])}`,
    `Known are ${[...NAMES.keys()].join(', ')} and RFC 6381 strings such as "avc1.42e01f" and "hvc1.1.6.L93.B0".`,
  )
}

/**
 * The codecs of an option, in order of preference.
 *
 * @internal
 */
export function parseCodecs(value: unknown): NativeCodecChoice[] {
  if (value === undefined) {
    throw typeError(
      ErrorCode.Config,
      'The option codec is missing; it is the only one that has no default.',
      'Write for example codec: "h264", or codec: ["h265", "h264"] in order of preference.',
    )
  }
  if (isList(value) && value.length === 0) {
    throw typeError(
      ErrorCode.Config,
      'The option codec is an empty list; it must name at least one codec.',
      'Write for example codec: ["h265", "h264"] in order of preference.',
    )
  }
  // Holes are undefined, which is no codec either.
  return Array.from(isList(value) ? value : [value], (one) => parseOne(one))
}
