import test from 'ava'
import { parseCodecs } from '../../ts/encoder/codec.js'
import { checkEncoderOptions } from '../../ts/encoder/check-options.js'
import { checkOptions, positiveInteger } from '../../ts/shared/check.js'
import { nearest } from '../../ts/shared/did-you-mean.js'

const check = (options: unknown) => checkEncoderOptions(options, 'createEncoder()')

test('only the codec is required; everything else has its default', (t) => {
  const { native, maxPendingFrames } = check({ codec: 'h265' })
  t.deepEqual(native, {
    codecs: [{ codec: 'h265' }],
    width: 1280,
    height: 720,
    framerate: 30,
    adaptFramerate: true,
    parameters: {},
    onUnsupported: 'error',
    latencyMode: 'realtime',
    hardware: 'prefer',
    bitstream: 'annexb',
    devicePoll: false,
    format: 'I420',
    timeout: 5000,
    logLevel: 'warn',
  })
  t.is(maxPendingFrames, 16)
})

test('AV1 has one bitstream form, so an explicit one is an error where AV1 is the only codec', (t) => {
  for (const codec of ['av1', 'av01.0.04M.08', ['av1']]) {
    for (const bitstream of ['annexb', 'length-prefixed']) {
      const error = t.throws(() => check({ codec, bitstream }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
      t.regex(error.message, /^The option bitstream applies to H\.264 and H\.265 only/)
    }
    t.notThrows(() => check({ codec }))
  }
  t.is(check({ codec: ['av1', 'h264'], bitstream: 'length-prefixed' }).native.bitstream, 'length-prefixed')
  t.throws(() => check({ codec: 'h264', bitstream: 'avc' }), {
    code: 'ERR_CONFIG',
    message: /"annexb", "length-prefixed"/,
  })
})

test('profile and level may stand in the codec string or in options of their own, and must not differ', (t) => {
  const codecs = (options: object) => check({ codec: 'h264', ...options }).native.codecs
  t.deepEqual(codecs({ profile: 'high', level: '4.1' }), [{ codec: 'h264', profile: 'high', level: '4.1' }])
  t.deepEqual(codecs({ profile: 'auto', level: 'auto' }), [{ codec: 'h264' }])
  t.is(codecs({ codec: 'avc1.640028', profile: 'high' })[0]!.profile, 'high')
  const error = t.throws(() => codecs({ codec: 'avc1.640028', profile: 'main' }), { code: 'ERR_CONFIG' })
  t.is(error.message, 'The option codec names the profile high, but the option profile is main.')
})

test('parameters reach the addon by the names of their options, and flags as 0 and 1', (t) => {
  const { native } = check({ codec: 'h264', quantizer: 30, accessUnitDelimiters: true, scalabilityMode: 'L1T2' })
  t.deepEqual(native.parameters, { quantizer: 30, accessUnitDelimiters: 1, scalabilityMode: 'L1T2' })
  t.false('quantizer' in native)
})

test('an option that is undefined counts as left out', (t) => {
  t.is(check({ codec: 'h264', width: undefined, bitrate: undefined }).native.width, 1280)
})

test('an unknown option is a TypeError that names the nearest known one', (t) => {
  const error = t.throws(() => check({ codec: 'h264', bitRate: 1 }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
  t.regex(error.message, /no option "bitRate"\. Did you mean "bitrate"\?/)
})

test('an option by the name that other programs have for it is answered with its name here, not with the list', (t) => {
  const typed: [name: string, use: RegExp][] = [
    ['fps', /Use framerate, in frames per second\.$/],
    ['gop', /Use keyFrameInterval, in frames\.$/],
    ['gopSize', /Use keyFrameInterval/],
    ['keyint', /Use keyFrameInterval/],
    ['tier', /Use a codec string, such as codec: "hvc1\.1\.6\.H153\.B0"/],
    ['avc', /Use bitstream: "annexb" or "length-prefixed"\.$/],
    ['hevc', /Use bitstream/],
    ['hardwareAcceleration', /Use hardware: "prefer", "require" or "never"\.$/],
    ['pixelFormat', /Use format, such as format: "NV12"\.$/],
    ['pix_fmt', /Use format/],
    ['latency', /Use latencyMode: "realtime" or "quality"\.$/],
    ['kbps', /2000 kbit\/s is bitrate: 2_000_000\.$/],
    ['speed', /Use preset, such as preset: "slow"\.$/],
    ['color', /Use colorSpace: \{ matrix, fullRange \}\.$/],
    ['crf', /Use quantizer, 0 \(finest\) to 51\.$/],
    ['maxrate', /Use maxBitrate, in bits per second\.$/],
    ['vbvBufSize', /Use bufferMs/],
  ]
  for (const [name, use] of typed) {
    const error = t.throws(() => check({ codec: 'h264', [name]: 1 }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
    t.true(error.message.startsWith(`createEncoder() has no option "${name}". `), error.message)
    t.regex(error.message, use)
    t.is((error as { hint?: string }).hint, undefined)
  }
})

test('a name that stands for an option which the call does not have is answered with the options of the call', (t) => {
  const options = { limit: positiveInteger }
  const error = t.throws(() => checkOptions({ fps: 30 }, options, 'subscribe()'), { code: 'ERR_CONFIG' })
  t.is(error.message, 'subscribe() has no option "fps". Known are: limit.')
})

test('an option that is an object says so, names its members and where a value is wrong', (t) => {
  const message = (options: object) =>
    t.throws(() => check({ codec: 'h264', ...options }), { code: 'ERR_CONFIG' }).message
  t.regex(
    message({ colorSpace: 'bt709' }),
    /^The option colorSpace must be an object { matrix, fullRange }, but the string "bt709"/,
  )
  t.regex(
    message({ colorSpace: { matrx: 'bt709' } }),
    /^The option colorSpace has no member "matrx"\. Did you mean "matrix"/,
  )
  t.regex(message({ colorSpace: { matrix: 'bt710' } }), /^The option colorSpace\.matrix must be one of "smpte170m"/)
  t.regex(message({ log: console }), /^The option log has no member "log"\. /)
})

test('an unknown value of an option is a TypeError that lists what is allowed', (t) => {
  const error = t.throws(() => check({ codec: 'h264', latencyMode: 'realtme' }), {
    instanceOf: TypeError,
    code: 'ERR_CONFIG',
  })
  t.regex(error.message, /one of "realtime", "quality"/)
  t.is((error as TypeError & { hint: string }).hint, 'Did you mean "realtime"?')
})

for (const [name, value] of Object.entries({
  width: '1280',
  height: Number.NaN,
  framerate: null,
  bitrate: 2_000_000n,
  device: 11,
  library: '',
  queueDepth: true,
  devicePoll: 'yes',
  signal: {},
  onFrameLost: 'print',
  log: 7,
  timeout: [],
})) {
  test(`a wrong type for ${name} is a TypeError that names it`, (t) => {
    const error = t.throws(() => check({ codec: 'h264', [name]: value }), { instanceOf: TypeError, code: 'ERR_CONFIG' })
    t.true(error.message.includes(name))
  })
}

test('options that are no object are rejected', (t) => {
  for (const wrong of [undefined, null, 'h264', []])
    t.throws(() => check(wrong), { instanceOf: TypeError, code: 'ERR_CONFIG' })
})

test('maxPendingFrames must be a whole number from 1 up', (t) => {
  for (const wrong of [0, -1, 1.5, Infinity]) {
    t.throws(() => check({ codec: 'h264', maxPendingFrames: wrong }), { instanceOf: RangeError, code: 'ERR_CONFIG' })
  }
})

test('one device is the only one, and a list of devices a preference', (t) => {
  const deviceOf = (device: unknown) => check({ codec: 'h264', device }).native.device
  t.is(deviceOf('/dev/video11'), '/dev/video11')
  t.deepEqual(deviceOf(['/dev/video11']), ['/dev/video11'])
  t.throws(() => check({ codec: 'h264', device: ['/dev/video11', 12] }), { message: /option device\[\]/ })
})

test('a missing codec, an empty list and an unknown codec say what to write', (t) => {
  t.regex(t.throws(() => check({}), { code: 'ERR_CONFIG' }).message, /codec is missing/)
  t.regex(t.throws(() => check({ codec: [] }), { code: 'ERR_CONFIG' }).message, /empty list/)
  t.regex(t.throws(() => check({ codec: 'h256' }), { code: 'ERR_CONFIG' }).message, /Did you mean "h265"\?/)
  t.regex(t.throws(() => check({ codec: 'avc1.42e0' }), { code: 'ERR_CONFIG' }).message, /avc1\.42e01f/)
  t.regex(t.throws(() => check({ codec: 264 }), { code: 'ERR_CONFIG' }).message, /must be a string/)
})

const CODECS: Record<string, object> = {
  h264: { codec: 'h264' },
  'H.264': { codec: 'h264' },
  avc: { codec: 'h264' },
  HEVC: { codec: 'h265' },
  'avc1.42e01f': { codec: 'h264', profile: 'constrained-baseline', level: '3.1' },
  'avc1.42001e': { codec: 'h264', profile: 'baseline', level: '3' },
  'avc1.4D4028': { codec: 'h264', profile: 'main', level: '4' },
  'avc3.640033': { codec: 'h264', profile: 'high', level: '5.1' },
  'avc1.42f00b': { codec: 'h264', profile: 'constrained-baseline', level: '1b' },
  'hvc1.1.6.L93.B0': { codec: 'h265', profile: 'main', level: '3.1' },
  'hev1.1.6.H150.90': { codec: 'h265', profile: 'main', level: '5', highTier: true },
  'av01.0.04M.08': { codec: 'av1', profile: 'main', level: '3' },
  'av01.0.09M.08': { codec: 'av1', profile: 'main', level: '4.1' },
  'vp09.00.31.08': { codec: 'vp9', profile: '0', level: '3.1' },
  'vp09.00.40.08.01.01.01': { codec: 'vp9', profile: '0', level: '4' },
  VP8: { codec: 'vp8' },
  fwht: { codec: 'fwht' },
}
for (const [name, choice] of Object.entries(CODECS)) {
  test(`the codec ${name} is understood`, (t) => t.deepEqual(parseCodecs(name), [choice as never]))
}

test('codecs keep their order of preference', (t) => {
  t.deepEqual(parseCodecs(['hevc', 'avc']), [{ codec: 'h265' }, { codec: 'h264' }])
})

test('the nearest name is found through typing mistakes, and none where nothing is near', (t) => {
  const names = ['bitrate', 'bitrateMode', 'framerate', 'width']
  t.is(nearest('bitrat', names), 'bitrate')
  t.is(nearest('frameRate', names), 'framerate')
  t.is(nearest('widht', names), 'width')
  t.is(nearest('color', names), undefined)
})

test('what every object inherits is neither a codec nor an option', (t) => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']) {
    t.throws(() => parseCodecs(name), { instanceOf: TypeError, code: 'ERR_CONFIG', message: /is not known/ })
    const options = JSON.parse(`{ "codec": "h264", ${JSON.stringify(name)}: 1 }`)
    t.throws(() => checkEncoderOptions(options, 'createEncoder()'), { code: 'ERR_CONFIG', message: /has no option/ })
  }
})

test('a long text is cut in a message, and compared with no name', (t) => {
  const long = 'h264'.repeat(1_000_000)
  const error = t.throws(() => parseCodecs(long), { code: 'ERR_CONFIG', message: /4000000 characters/ })
  t.true(error.message.length < 400)
})

test('an option that cannot be read is rejected, and caused by what its getter threw', (t) => {
  const reason = new Error('no configuration')
  const options = {
    codec: 'h264',
    get bitrate(): number {
      throw reason
    },
  }
  const error = t.throws(() => checkEncoderOptions(options, 'createEncoder()'), { code: 'ERR_CONFIG' })
  t.is(error.cause, reason)
})
