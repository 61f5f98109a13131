import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import test from 'ava'
import { chooseDevice, chooseEncoder } from '../../ts/cli/record/choice.js'
import type { EncoderFlags } from '../../ts/cli/record/choice.js'
import { cameraText } from '../../ts/cli/cameras/cameras.js'
import { tableOf } from '../../ts/cli/devices/devices.js'
import { explain, statusOf } from '../../ts/cli/exit.js'
import { openInput, droppedLines } from '../../ts/cli/record/input.js'
import { until } from '../../ts/cli/record/until.js'
import * as values from '../../ts/cli/values.js'
import { PIXEL_FORMATS } from '../../ts/frame/pixel-format.js'
import { V4l2EncoderError } from '../../ts/shared/errors.js'
import { printed } from '../support/parse-command.js'
import { onAddon } from '../support/installed-programs.js'
import { runSource } from '../support/run-source.js'
import type { End } from '../support/run-source.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

const run = (...args: string[]): Promise<End> => runSource(MAIN, args)

/** The exit status of a command in a shell that puts it among others. */
function statusIn(shell: string): number | null {
  const command = `'${process.execPath}' --import=@oxc-node/core/register '${MAIN}'`
  return spawnSync('bash', ['-c', shell.replaceAll('CLI', command)], { timeout: 60_000 }).status
}

onAddon('a reader that went away is no failure, and a list that cannot be written is one', (t) => {
  for (const list of ['devices', 'devices --json', 'cameras', 'cameras --json']) {
    t.is(statusIn(`CLI ${list} | true; exit \${PIPESTATUS[0]}`), 0, list)
    t.is(statusIn(`CLI ${list} >/dev/full`), 4, list)
  }
})

test('a name that every object of JavaScript has is not a command', async (t) => {
  const { status, stderr } = await printed('constructor')
  t.is(status, 2)
  t.regex(stderr, /^Unknown command 'constructor'\./)
})

const COMMANDS = ['record', 'devices', 'cameras', 'doctor', 'bench', 'ioctl']

test('the help of the program lists every command, and the exit statuses once', async (t) => {
  const { status, stdout } = await printed('--help')
  t.is(status, 0)
  for (const word of [...COMMANDS, 'Exit status:', '130', '--force']) t.true(stdout.includes(word), word)
  t.is((await printed()).stdout, stdout)
})

test('every help page fits into 80 columns, is left-aligned and has no colors outside of a terminal', async (t) => {
  const pages = await Promise.all([[], ...COMMANDS.map((name) => [name])].map((args) => printed(...args, '--help')))
  for (const [index, { status, stdout }] of pages.entries()) {
    t.is(status, 0)
    t.is(stdout.includes('Exit status:'), index === 0, 'once, at the top')
    t.true(index === 0 || stdout.includes('Examples:'))
    t.false(stdout.includes('\u001B'))
    const lines = stdout.split('\n')
    for (const line of lines) t.true(line.length <= 80, `${line.length} columns: ${line}`)
    const options = lines.filter((line) => /^( {2}| {6})-/.test(line))
    t.true(options.length > 1)
    for (const option of options) t.regex(option, /^ {2}(-\w, | {4})--\w/, 'long options below each other')
  }
})

test('the help of record has every option with its default, and examples', async (t) => {
  const { stdout } = await printed('record', '--help')
  const text = stdout.replaceAll(/\s+/g, ' ')
  const words = [
    '--h265',
    '--software-encoder',
    '--camera-index <number>',
    '--bitrate-mode',
    '--key-frame-interval',
    'argus:N',
    'pipe:COMMAND',
    'ffmpeg -framerate 30 -i clip.h264 -c copy clip.mp4',
    '(default: testsrc)',
    '(default: that of the input, or 1280x720)',
    '(default: by the file name, or h264)',
    '(default: realtime for live input, else quality)',
    '(default: record.h264, or by the codec)',
  ]
  for (const word of [...words, ...PIXEL_FORMATS]) t.true(text.includes(word), word)
})

test('FORCE_COLOR colors the help, and NO_COLOR wins', async (t) => {
  const [forced, none] = await Promise.all([
    runSource(MAIN, ['--help'], { env: { FORCE_COLOR: '1' } }),
    runSource(MAIN, ['--help'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }),
  ])
  t.true(forced.stdout.includes('\u001B[1mUsage:'))
  t.false(none.stdout.includes('\u001B'))
})

test('--h265 --software-encoder is rejected with the reason and the way out', async (t) => {
  const { status, stdout, stderr } = await printed('record', 'out.h265', '--h265', '--software-encoder')
  t.is(status, 2)
  t.is(stdout, '')
  t.is(
    stderr,
    'The built-in software encoder encodes H.264 only, so H265 cannot be encoded with --software-encoder.\n' +
      'Leave out --software-encoder to use the hardware, or choose --h264 --software-encoder.\n',
  )
})

test('a mistake in the options is rejected with what is allowed, and exit status 2', async (t) => {
  const all: [args: string[], expected: RegExp][] = [
    [['recrod'], /^Unknown command 'recrod'\.\nDid you mean record\?$/m],
    [['record', '--birtate', '2M'], /^Unknown option '--birtate'\.\nDid you mean --bitrate\?$/m],
    [['record', '-x'], /^Unknown option '-x'\.$/m],
    [['record', 'a.h264', 'b.h264'], /^Too many arguments.*\nName the input with --input\.$/m],
    [['devices', 'all'], /^Too many arguments/],
    [['record', '--size', 'big'], /--size <WxH>' argument 'big' is invalid\. Allowed is a width and a height/],
    [['record', '--fps', '0'], /'0' is invalid\. Allowed are frames per second/],
    [['record', '--bitrate'], /^Option '-b, --bitrate <bits\/s>' argument missing\.$/m],
    [['record', '--frames', '1.5'], /'1\.5' is invalid\. Allowed is a whole number/],
    [['record', '--format', 'NV13'], /Did you mean NV12\?/],
    [['record', '--codec', 'h256'], /Did you mean "h265"\?/],
    [['record', '--codec', 'h264', '--h265'], /'--h265'|'--codec <names>'/],
    [['record', '--h264', '--h265'], /^Option '--h264' cannot be used with option '--h265'\.$/m],
    [['record', '--software-encoder', '--hardware-encoder'], /cannot be used with option '--software-encoder'/],
    [['record', '--software-encoder', '--device', '/dev/video11'], /cannot be used with option '--device/],
    [['record', '--camera-index', 'first'], /'first' is invalid\. Allowed is a number from 0 up/],
    [['record', '--camera-index', '0', '--camera', 'Logitech'], /cannot be used with option/],
    [['record', '--camera', '/dev/video0', '--format', 'I420'], /cannot be used with option '--format/],
    [['record', '--camera', '/dev/video0', '--input', 'a.y4m'], /cannot be used with option '-i, --input/],
    [['record', '--log-level', 'loud'], /Allowed are silent, error, warn/],
    [['record', '--bitrate-mode', 'vbr'], /Allowed are constant, variable/],
    [['record', '--key-frame-interval', '0'], /Allowed is a whole number from 1 up/],
    [['bench', '--json', '--report'], /^Option '--json' cannot be used with option '--report'\.$/m],
    [['bench', '--streams', '33'], /The maximum is 32\./],
  ]
  for (const [args, expected] of all) {
    const { status, stderr } = await printed(...args)
    t.is(status, 2, stderr)
    t.regex(stderr, expected)
  }
  const { code, stdout, stderr } = await run('record', '--fps', '500')
  t.deepEqual([code, stdout], [2, ''])
  t.regex(stderr, /^The option --fps is 500, but the test pattern has 1 to 240/)
})

test('values are read as they are usually written', (t) => {
  t.deepEqual(values.size('1920x1080'), { width: 1920, height: 1080 })
  t.is(values.bitrate('2M'), 2_000_000)
  t.is(values.bitrate('1.5m'), 1_500_000)
  t.is(values.bitrate('500k'), 500_000)
  t.is(values.bitrate('64000'), 64_000)
  t.is(values.rate('30000/1001'), 30_000 / 1001)
  t.is(values.rate('29.97'), 29.97)
  t.is(values.duration('1.5s'), 1.5)
  t.is(values.duration('2m'), 120)
})

test('the codec is the one of the options, else that of the file name, else H.264', (t) => {
  const codec = (flags: EncoderFlags, output?: string) => chooseEncoder(flags, output).codec
  t.deepEqual(codec({}), ['h264'])
  t.deepEqual(codec({}, 'clip.hevc'), ['h265'])
  t.deepEqual(codec({ h264: true }, 'clip.hevc'), ['h264'])
  t.deepEqual(codec({ codec: 'h265,h264' }), ['h265', 'h264'])
})

test('the hardware is preferred, required or not used', (t) => {
  const hardware = (flags: EncoderFlags) => chooseEncoder(flags, undefined).hardware
  t.is(hardware({}), 'prefer')
  t.is(hardware({ hardwareEncoder: true }), 'require')
  t.is(hardware({ softwareEncoder: true }), 'never')
  t.is(hardware({ softwareEncoder: true, codec: 'h265,h264' }), 'never')
})

const endless = { frames: Infinity, seconds: Infinity, isTimed: false }

test('the test pattern is stamped with times that follow the frame rate', async (t) => {
  const wanted = {
    source: 'testsrc',
    size: { width: 64, height: 64 },
    framerate: 30,
    format: 'I420' as const,
    live: false,
  }
  const input = await openInput(wanted, new AbortController().signal)
  const times: [number, number | undefined][] = []
  for await (const { timestamp, duration } of until(
    input.frames,
    { ...endless, frames: 3 },
    new AbortController().signal,
  ))
    times.push([timestamp, duration])
  t.deepEqual(times, [
    [0, 33_333],
    [33_333, 33_334],
    [66_667, 33_333],
  ])
})

test('an input that cannot be opened is a failure of its own', async (t) => {
  const wanted = {
    source: '/nowhere/clip.y4m',
    size: undefined,
    framerate: undefined,
    format: 'I420' as const,
    live: false,
  }
  const error = await t.throwsAsync(openInput(wanted, new AbortController().signal), { message: /cannot be opened/ })
  t.is(statusOf(error), 4)
})

test('dropped frames are reported', (t) => {
  t.deepEqual(droppedLines(0), [])
  t.regex(droppedLines(3)[0]!, /^3 frames of the input were dropped/)
})

test('a request to stop ends the frames although the source is still waiting', async (t) => {
  const stop = new AbortController()
  async function* stuck() {
    yield { data: new Uint8Array(1), timestamp: 0 }
    await new Promise(() => {})
  }
  const frames = until(stuck(), endless, stop.signal)
  await frames.next()
  const next = frames.next()
  stop.abort()
  t.true((await next).done)
})

test('an error is printed with everything that was tried and the hint', (t) => {
  const rejected = [
    {
      backend: 'jetson',
      device: '/dev/v4l2-nvenc',
      codec: 'h264',
      code: 'ERR_PERMISSION',
      message: 'No permission.',
      hint: 'Join the group.',
    } as const,
  ]
  const error = new V4l2EncoderError('ERR_NO_ENCODER', 'No encoder.', { rejected, hint: 'Try h264.' })
  t.deepEqual(explain(error), ['No encoder.', '  /dev/v4l2-nvenc: No permission.', '    Join the group.', 'Try h264.'])
  t.is(statusOf(error), 3)
  t.is(statusOf(new V4l2EncoderError('ERR_TIMEOUT', 'Too late.')), 1)
})

test('a hint that all errors share is printed once', (t) => {
  const hint = 'Name the output clip.h264 for H.264.'
  const rejected = [
    { backend: 'software', device: null, codec: 'h265', code: 'ERR_CODEC_UNSUPPORTED', message: 'No.', hint } as const,
  ]
  const error = new V4l2EncoderError('ERR_NO_ENCODER', 'No encoder.', { rejected, hint: `${hint} Ask the doctor.` })
  t.deepEqual(explain(error), ['No encoder.', '  software: No.', `${hint} Ask the doctor.`])
})

test('what was tried is printed once, whether it is in the message or not', (t) => {
  const one = {
    backend: 'jetson',
    device: '/dev/v4l2-nvenc',
    codec: 'h264',
    code: 'ERR_BUSY',
    message: 'It is busy.',
  } as const
  const none = new V4l2EncoderError('ERR_NO_ENCODER', 'No encoder. jetson: It is busy.', { rejected: [one, one] })
  t.deepEqual(explain(none), ['No encoder.', '  /dev/v4l2-nvenc: It is busy.'])
  const named = new V4l2EncoderError('ERR_BUSY', 'It is busy.', { rejected: [one], hint: 'Wait.' })
  t.deepEqual(explain(named), ['It is busy.', 'Wait.'])
  t.is(statusOf(named), 3)
})

test('--device names one device, or several in order', (t) => {
  t.is(chooseDevice('/dev/video11'), '/dev/video11')
  t.deepEqual(chooseDevice('/dev/video11,/dev/video12'), ['/dev/video11', '/dev/video12'])
  t.throws(() => chooseDevice('/dev/video11,'), { message: /comma/ })
})

onAddon('a codec that nothing encodes here is answered with the name of the file that helps, once', async (t) => {
  const common = ['record', '--device', '/nowhere,/nowhere/else', '--frames', '1']
  const hints: [args: string[], hint: string][] = [
    [['/nowhere/x.h265'], 'Name the output /nowhere/x.h264 for H.264.'],
    [['x.hevc', '--h265'], 'Name the output x.h264 and leave out --h265 for H.264.'],
    [['-', '--codec', 'h265'], 'Write --h264 in place of --codec h265 for H.264.'],
  ]
  for (const [args, hint] of hints) {
    const { code, stderr } = await run(...common, ...args)
    t.is(code, 3, stderr)
    t.is(stderr.split(hint).length, 2, stderr)
    t.false(stderr.includes('--codec h265,h264'), stderr)
    t.regex(stderr, /doctor/)
  }
})

test('cameras are paragraphs with their formats, and those that cannot be used have their reason', (t) => {
  const size = { width: 640, height: 480, framerates: [30, 29.97002997], anyFramerate: false }
  const range = { width: 1920, height: 1080, framerates: [60, 1], anyFramerate: true }
  const smallest = { minWidth: 32, minHeight: 30, stepWidth: 32, stepHeight: 2 }
  const text = cameraText([
    {
      index: 0,
      device: '/dev/video0',
      name: 'Webcam',
      driver: 'uvcvideo',
      bus: 'usb-1',
      available: true,
      formats: [
        { code: 'YUYV', name: 'YUYV', description: '', sizes: [size] },
        { code: 'NV12', name: 'NV12', description: '', sizes: [{ ...range, range: smallest }] },
        { code: 'H264', name: null, description: '', sizes: [] },
      ],
    },
    {
      index: null,
      device: '/dev/video2',
      name: null,
      driver: null,
      bus: null,
      formats: [],
      available: false,
      code: 'ERR_PERMISSION',
      message: 'Opening /dev/video2 failed with EACCES.',
      hint: 'Add the user to the group.',
    },
  ])
  t.is(
    text,
    `0  /dev/video0  Webcam (uvcvideo, usb-1)
  YUYV
    640x480 at 30, 29.97 fps
  NV12
    32x30 to 1920x1080 at 1 to 60 fps
  [H264]

-  /dev/video2
  Opening /dev/video2 failed with EACCES.
  Add the user to the group.
`,
  )
  t.is(cameraText([]), 'No camera was found.\n')
})

test('devices are a table with the reasons below', (t) => {
  const table = tableOf([
    {
      backend: 'jetson',
      device: '/dev/v4l2-nvenc',
      name: 'Jetson',
      codecs: [],
      available: false,
      message: 'No library.',
      hint: 'Install it.',
    },
    {
      backend: 'v4l2',
      device: '/dev/video11',
      name: 'bcm2835-codec-encode',
      driver: 'bcm2835-codec',
      bus: 'platform:bcm2835-codec',
      codecs: ['h264'],
      sizes: [{ codec: 'h264', minWidth: 32, minHeight: 32, maxWidth: 1920, maxHeight: 1920 }],
      formats: ['YU12', 'NV12'],
      available: true,
    },
    { backend: 'software', device: null, name: 'openh264', codecs: ['h264'], available: true },
  ])
  t.is(
    table,
    [
      'BACKEND   DEVICE           NAME                  DRIVER         CODECS  USABLE',
      'jetson    /dev/v4l2-nvenc  Jetson                -              -       no',
      '  No library.',
      '  Install it.',
      'v4l2      /dev/video11     bcm2835-codec-encode  bcm2835-codec  h264    yes',
      '  at platform:bcm2835-codec',
      '  h264 from 32x32 to 1920x1920',
      '  accepts YU12 NV12',
      'software  -                openh264              -              h264    yes',
      '',
    ].join('\n'),
  )
})
