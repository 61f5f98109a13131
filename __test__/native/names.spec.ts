import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { PIXEL_FORMATS } from '../../ts/frame/pixel-format.js'
import * as addon from '../../ts/native/addon.js'
import * as config from '../../ts/native/config.js'
import { BACKENDS } from '../../ts/shared/backend.js'
import { Codec } from '../../ts/shared/codec.js'
import { LOG_LEVELS } from '../../ts/shared/log.js'

// Names of values cross N-API as strings, which the typings that `napi build` generates do not tell apart. So they are compared here,
// as the sources of both sides have them; `__test__/types/native` compares everything else.

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')
const without = (words: readonly string[], word: string) => words.filter((one) => one !== word)
const sorted = (words: Iterable<string>) => [...new Set(words)].toSorted()

/** The part of a source that begins with the line with the last of these texts, each of which is looked for from the one before on. */
function partOf(file: string, ...places: readonly string[]): string {
  const lines = textOf(file).split('\n')
  let from = 0
  for (const place of places) {
    from = lines.findIndex((line, index) => index >= from && line.includes(place))
    if (from === -1) throw new Error(`${file} has no line with: ${place}`)
  }
  const first = lines[from]!
  if (/[;,]$/.test(first)) return first
  const end = new RegExp(`^ {0,${first.search(/\S/)}}\\}`)
  return lines.slice(from, lines.findIndex((line, index) => index > from && end.test(line)) + 1).join('\n')
}

/** The string literals of a part of a Rust source, which its comments do not count to. */
function rust(file: string, ...places: readonly string[]): string[] {
  const code = partOf(`crates/${file}`, ...places).replaceAll(/\/\/.*$/gm, '')
  return [...code.matchAll(/"([^"]*)"/g)].map(([, word]) => word!)
}

/** The words of a union in `ts/native`: `effect: 'applied' | 'restarted'`. */
function union(file: string, type: string, member: string): string[] {
  const part = partOf(`ts/native/${file}`, type, ` ${member}: '`)
  return [...part.split('\n')[0]!.matchAll(/'([^']*)'/g)].map(([, word]) => word!)
}

const OPTIONS = 'encoder/src/config/options.rs'
const PARAMETERS = 'encoder/src/config/parameters.rs'

/** What TypeScript has, and what Rust has. */
const LISTS: Record<string, [typescript: readonly string[], rust: readonly string[]]> = {
  backends: [BACKENDS, rust('encoder/src/backend_kind.rs', 'fn name(self)')],
  codecs: [
    Object.values(Codec),
    [...rust('encoder/src/codec.rs', 'impl Codec {', 'fn name(self)'), ...rust('node/src/config.rs', 'const UNCODED')],
  ],
  profiles: [
    without(config.PROFILES, 'auto'),
    without(rust('encoder/src/codec.rs', 'impl Profile {', 'fn name(self)'), '0'),
  ],
  matrices: [config.MATRICES, rust('convert/src/color.rs', 'fn name(self)')],
  'matrices of settings': [config.MATRICES, rust('encoder/src/output/stream.rs', 'let matrix = match color.matrix')],
  latencyMode: [config.LATENCY_MODES, rust(OPTIONS, ' LatencyMode {')],
  hardware: [config.HARDWARE_CHOICES, rust(OPTIONS, ' Hardware {')],
  bitstream: [config.BITSTREAMS, rust(OPTIONS, ' Bitstream {')],
  bitrateMode: [config.BITRATE_MODES, rust(OPTIONS, ' BitrateMode {')],
  onUnsupported: [config.ON_UNSUPPORTED, rust(OPTIONS, ' OnUnsupported {')],
  preset: [['preset', ...config.PRESETS], rust(PARAMETERS, ' Preset = ')],
  contentHint: [['contentHint', ...config.CONTENT_HINTS], rust(PARAMETERS, ' ContentHint = ')],
  scalabilityMode: [['scalabilityMode', ...config.SCALABILITY_MODES], rust(PARAMETERS, ' ScalabilityMode = ')],
  'log levels': [LOG_LEVELS, rust('encoder/src/log.rs', 'fn name(self)')],
  'levels of log events': [union('addon.ts', "type: 'log'", 'level'), ['log', ...without(LOG_LEVELS, 'silent')]],
  'sources of settings': [
    union('addon.ts', 'interface NativeSetting ', 'source'),
    rust('encoder/src/settings.rs', 'impl Source {', 'fn name(self)'),
  ],
  'effects of changes': [
    union('addon.ts', 'interface NativeChange ', 'effect'),
    rust('node/src/event.rs', 'let (effect, error) = match effect'),
  ],
  dmabuf: [
    union('addon.ts', 'interface NativeInput ', 'dmabuf'),
    rust('node/src/event.rs', 'let (dmabuf, formats) = match'),
  ],
  'kinds of errors': [
    union('error.ts', 'interface NativeError ', 'kind'),
    rust('node/src/error.rs', 'kind: match error.kind'),
  ],
  'kinds of controls': [
    union('camera.ts', 'interface NativeControl ', 'kind'),
    rust('node/src/camera.rs', 'kind: match control.kind'),
  ],
  'transports of an open device': [
    union('device.ts', 'interface NativeDevice ', 'transport()'),
    rust('node/src/device.rs', 'if is_nvidia {'),
  ],
  'transports to choose from': [
    union('device.ts', 'interface NativeDeviceOptions ', 'transport'),
    ['kernel', ...rust('node/src/device.rs', 'match options.transport.as_str()')],
  ],
  events: [
    [...textOf('ts/native/addon.ts').matchAll(/^(?:  \| \{ type: '(\w+)'|  type: '(\w+)')/gm)].flatMap(
      ([, ofUnion, ofInterface]) => ofUnion ?? ofInterface ?? [],
    ),
    // For events that this addon does not know yet, as their enum is not exhaustive.
    without(
      [...textOf('crates/node/src/event.rs').matchAll(/(?:\bof\(|failed\(|kind: )"(\w+)"/g)].map(([, word]) => word!),
      'unknown',
    ),
  ],
}

for (const [name, [typescript, inRust]] of Object.entries(LISTS)) {
  test(`${name} have the same names in TypeScript and in Rust`, (t) => {
    t.true(typescript.length > 1, 'the list was read')
    t.deepEqual(sorted(typescript), sorted(inRust))
  })
}

test('each pixel format is one of Rust, which has more: those of cameras', (t) => {
  const known = rust('convert/src/format.rs', 'fn name(self)')
  t.deepEqual(
    PIXEL_FORMATS.filter((format) => !known.includes(format)),
    [],
  )
})

test('the answers to tryEncode have the same numbers in TypeScript and in Rust', (t) => {
  const source = textOf('crates/node/src/session.rs')
  const inRust = [...source.matchAll(/^const (TRY_\w+): u32 = (\d+);$/gm)].map(([, name, value]) => [
    name,
    Number(value),
  ])
  const typescript = Object.entries(addon).filter(([name]) => name.startsWith('TRY_'))
  t.is(typescript.length, 3)
  t.deepEqual(Object.fromEntries(typescript), Object.fromEntries(inRust))
})
