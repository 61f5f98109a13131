import { homedir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { codecsOf } from '../../ts/bench/codecs.js'
import { measure } from '../../ts/bench/measure.js'
import type { Support } from '../../ts/encoder/list.js'
import type { BenchStep } from '../../ts/bench/measure.js'
import type { OpenEncoder } from '../../ts/bench/measured-stream.js'
import type { BenchPlan } from '../../ts/bench/plan.js'
import type { BenchResult } from '../../ts/bench/results.js'
import { statusOfBench } from '../../ts/cli/bench/bench.js'
import { benchParser, wantedBench } from '../../ts/cli/bench/bench-plan.js'
import { clockText, progressBar, secondsLeft } from '../../ts/cli/progress-bar.js'
import { reportOf } from '../../ts/cli/bench/bench-report.js'
import { tableLines } from '../../ts/cli/bench/bench-text.js'
import { openEncoder } from '../../ts/encoder/create.js'
import { parseCommand } from '../support/parse-command.js'
import { FakeAddon, nativeError } from '../support/fake-addon.js'
import { runSource } from '../support/run-source.js'
import type { End } from '../support/run-source.js'
import { onAddon } from '../support/installed-programs.js'

/** Where people's folders are; in two words, because no file here may name one of this machine's. */
const HOMES = join('/', 'home')

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

const PLAN: BenchPlan = {
  codecs: ['h264'],
  sizes: [{ width: 64, height: 64 }],
  framerate: 240,
  bitrate: undefined,
  // As many as the fake device and the queue before it hold, so that none is refused on a machine that comes too late for all of them.
  frames: 24,
  seconds: 60,
  streams: 1,
  hardware: 'prefer',
  latencyMode: 'realtime',
  device: undefined,
  library: undefined,
}

function measureOn(
  addon: FakeAddon,
  plan: Partial<BenchPlan> = {},
  surroundings: { signal?: AbortSignal; report?: (step: BenchStep) => void; open?: OpenEncoder } = {},
): Promise<BenchResult> {
  const open: OpenEncoder = (options) => openEncoder(() => addon, { ...options, log: 'silent' })
  return measure(
    { ...PLAN, ...plan },
    { open, signal: new AbortController().signal, report: () => {}, ...surroundings },
  )
}

/** An addon whose device is taken by the first so many encoders. */
function addonFor(encoders: number): FakeAddon {
  const addon = new FakeAddon()
  const open = addon.open.bind(addon)
  addon.open = (config, onEvent) => {
    if (addon.sessions.length < encoders) return open(config, onEvent)
    return { error: nativeError('ERR_BUSY', 'The device has no session left.') }
  }
  return addon
}

const run = (...args: string[]): Promise<End> =>
  runSource(MAIN, ['bench', ...args], { timeout: 60_000, env: { LC_ALL: 'C.UTF-8' } })

test('every frame of both passes is given once, and its chunk is counted', async (t) => {
  const addon = new FakeAddon()
  const { rows, interrupted } = await measureOn(addon)
  t.false(interrupted)
  const [stream] = rows[0]!.streams
  t.like(stream!.paced, { frames: 24, chunks: 24, lost: 0, refused: 0, warmUpFrames: 6 })
  t.is(stream!.paced.latencyMs!.count, 18)
  t.is(stream!.paced.latenciesMs.length, 18)
  t.like(stream!.saturated, { frames: 24, chunks: 24, lost: 0 })
  t.true(stream!.saturated!.fps! > 0)
  t.is(stream!.failure, null)
  const times = addon.sessions[0]!.frames.map(({ timestamp }) => timestamp)
  t.is(new Set(times).size, 48)
  t.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
  )
  t.true(addon.sessions[0]!.closed)
})

test('the bit rate reached is the bits of all chunks by the time that their frames last', async (t) => {
  const { rows } = await measureOn(new FakeAddon(), { bitrate: 15_360 })
  // Four bytes a chunk, 240 chunks a second.
  t.like(rows[0]!.streams[0]!.paced, { bytes: 96, bitrateAsked: 15_360, bitrateReached: 7680, bitratePercent: 50 })
})

test('what is asked of the encoder is what the plan says', async (t) => {
  const addon = new FakeAddon()
  const size = { width: 128, height: 96 }
  await measureOn(addon, { codecs: ['h265'], sizes: [size], bitrate: 900_000, latencyMode: 'quality', frames: 2 })
  t.like(addon.configs[0], { ...size, framerate: 240, bitrate: 900_000, latencyMode: 'quality', hardware: 'prefer' })
  t.like(addon.configs[0]!.codecs[0], { codec: 'h265' })
  t.false('device' in addon.configs[0]!)
})

test('every codec is measured at every size, and what an encoder rejects is a row with the reason', async (t) => {
  const addon = new FakeAddon()
  const open: OpenEncoder = (options) => {
    addon.refusal = options.codec === 'h265' ? nativeError('ERR_CODEC_UNSUPPORTED', 'It does not code H265.') : null
    return openEncoder(() => addon, { ...options, log: 'silent' })
  }
  const sizes = [PLAN.sizes[0]!, { width: 96, height: 64 }]
  const result = await measureOn(addon, { codecs: ['h264', 'h265'], sizes, frames: 4 }, { open })
  t.deepEqual(
    result.rows.map(({ codec, width, streams, refusal }) => [codec, width, streams.length, refusal?.code]),
    [
      ['h264', 64, 1, undefined],
      ['h264', 96, 1, undefined],
      ['h265', 64, 0, 'ERR_CODEC_UNSUPPORTED'],
      ['h265', 96, 0, 'ERR_CODEC_UNSUPPORTED'],
    ],
  )
  t.is(statusOfBench(result), 0)
  t.true(tableLines(result).some((line) => /^h265 +96x64 +0 of 1 +- /.test(line)))
  t.true(tableLines(result).includes('  It does not code H265.'))
})

test('streams that do not open are a result, and the others are measured', async (t) => {
  const addon = addonFor(2)
  const result = await measureOn(addon, { streams: 3, frames: 8 })
  const [row] = result.rows
  t.is(row!.streams.length, 2)
  t.is(row!.streamsAsked, 3)
  t.is(row!.refusal!.message, 'The device has no session left.')
  for (const { paced, saturated } of row!.streams) {
    t.like(paced, { frames: 8, chunks: 8 })
    t.like(saturated, { frames: 8, chunks: 8 })
  }
  t.is(row!.together!.latencyMs!.count, 12)
  t.is(row!.together!.worstP95Ms, Math.max(...row!.streams.map(({ paced }) => paced.latencyMs!.p95)))
  const lines = tableLines(result)
  t.true(lines.some((line) => /^h264 +64x64 +2 of 3 +jetson /.test(line)))
  t.true(lines.includes('  2 of 3 streams opened: The device has no session left.'))
  t.is(lines.filter((line) => /^ {2}stream [12] /.test(line)).length, 2)
})

test('a machine that is too busy to keep the rate is reported', async (t) => {
  const report = ({ text }: BenchStep) => {
    if (!text.includes('fps')) return
    const end = performance.now() + 60
    setImmediate(() => {
      while (performance.now() < end);
    })
  }
  const result = await measureOn(new FakeAddon(), {}, { report })
  t.true(result.rows[0]!.together!.latenessMs!.max > 20)
  t.true(tableLines(result).some((line) => line.startsWith('  Frames were submitted late (p99 ')))
})

test('where the first stream has hardware, none of the others may be in software', async (t) => {
  const addon = new FakeAddon()
  await measureOn(addon, { streams: 2, frames: 2 })
  t.deepEqual(
    addon.configs.map(({ hardware }) => hardware),
    ['prefer', 'require'],
  )
})

test('nothing that opened, nothing that came, and anything that came have an exit status each', async (t) => {
  t.is(statusOfBench(await measureOn(addonFor(0))), 3)
  const silent = new FakeAddon()
  const open: OpenEncoder = async (options) => {
    const encoder = await openEncoder(() => silent, { ...options, log: 'silent' })
    silent.sessions[0]!.takeError = nativeError('ERR_DEVICE', 'The device is gone.')
    return encoder
  }
  const result = await measureOn(silent, {}, { open })
  t.is(statusOfBench(result), 1)
  t.is(result.rows[0]!.streams[0]!.failure!.message, 'The device is gone.')
  t.is(result.rows[0]!.streams[0]!.saturated, null)
  t.true(tableLines(result).includes('  The device is gone.'))
  t.is(statusOfBench(await measureOn(new FakeAddon(), { frames: 1 })), 0)
})

test('a request to stop keeps what was measured so far', async (t) => {
  const stop = new AbortController()
  const report = ({ text }: BenchStep) => {
    if (text.includes('as fast as it goes')) stop.abort(new Error('stopped'))
  }
  const result = await measureOn(new FakeAddon(), { codecs: ['h264', 'h265'] }, { signal: stop.signal, report })
  t.true(result.interrupted)
  t.is(result.rows.length, 1)
  t.like(result.rows[0]!.streams[0]!.paced, { frames: 24, chunks: 24 })
  t.like(result.rows[0]!.streams[0]!.saturated, { frames: 0, fps: null })
  t.true(tableLines(result).some((line) => line.startsWith('Interrupted')))
})

test('a request to stop while it opens measures nothing', async (t) => {
  const addon = new FakeAddon()
  addon.neverOpens = true
  const stop = new AbortController()
  const measuring = measureOn(addon, {}, { signal: stop.signal })
  stop.abort(new Error('stopped'))
  t.deepEqual((await measuring).rows, [])
})

test('the codecs are those of the hardware, else those of the software encoder, else H.264', async (t) => {
  const codecs = (backends: Record<string, Support['backend']>) =>
    codecsOf(
      (codec) => Promise.resolve({ supported: codec in backends, backend: backends[codec], rejected: [] }),
      PLAN.sizes,
    )
  t.deepEqual(await codecs({ h264: 'jetson', h265: 'jetson' }), ['h264', 'h265'])
  t.deepEqual(await codecs({ h264: 'software', fwht: 'v4l2' }), ['fwht'])
  t.deepEqual(await codecs({ h264: 'software' }), ['h264'])
  t.deepEqual(await codecs({}), ['h264'])
})

test('a codec counts although the hardware does it at one of the sizes only', async (t) => {
  const sizes = [
    { width: 128, height: 128 },
    { width: 640, height: 480 },
  ]
  const ask = (codec: string, { width }: { width: number }) =>
    Promise.resolve({
      supported: codec === 'h264' || (codec === 'h265' && width > 144),
      backend: 'jetson' as const,
      rejected: [],
    })
  t.deepEqual(await codecsOf(ask, sizes), ['h264', 'h265'])
})

/** What the arguments of `bench` want. */
const wanted = (...args: string[]) => wantedBench(parseCommand(benchParser(), args).opts())

test('options have their defaults', (t) => {
  t.deepEqual(wanted(), {
    codecs: undefined,
    sizes: [{ width: 1280, height: 720 }],
    framerate: 30,
    bitrate: undefined,
    frames: 100_000,
    seconds: 5,
    streams: 1,
    hardware: 'prefer',
    latencyMode: 'realtime',
    device: undefined,
    library: undefined,
  })
  t.like(wanted('--frames', '20'), { frames: 20, seconds: 600 })
  t.like(wanted('-n', '20', '--duration', '2s'), { frames: 20, seconds: 2 })
  t.like(wanted('--codec', 'h264, h265'), { codecs: ['h264', 'h265'] })
})

test('wrong options are rejected with what is allowed', (t) => {
  const all: [args: string[], expected: RegExp][] = [
    [['--size', '640x480,big'], /is invalid\. Allowed is a width and a height/],
    [['--size', '640x480,640x480'], /"640x480" is in the list twice/],
    [['--size', '65x64'], /must be even and at least 64, not 65x64/],
    [['--fps', 'fast'], /Allowed are frames per second/],
    [['--bitrate', 'much'], /Allowed are bits per second/],
    [['--frames', '0'], /Allowed is a whole number from 1 up/],
    [['--frames', '100001'], /'100001' is invalid\. The maximum is 100000\./],
    [['--duration', '11m'], /'11m' is invalid\. The maximum is 600 seconds\./],
    [['--latency-mode', 'real'], /Allowed are realtime, quality/],
    [['--codec', 'h264,h264'], /"h264" is in the list twice/],
    [['--codec', 'h265', '--software-encoder'], /encodes H\.264 only/],
  ]
  for (const [args, message] of all) t.throws(() => wanted(...args), { message }, args.join(' '))
})

test('a bar shows how much is done and what time is left, and fits on a terminal', (t) => {
  t.is(progressBar(0.5, 75, { LANG: 'C.UTF-8' }), '████████████░░░░░░░░░░░░  50 %, 1:15 left')
  t.is(progressBar(1.2, 0, { LC_ALL: 'C' }), '######################## 100 %, 0:00 left')
  t.is(progressBar(0, undefined, { LC_ALL: 'C' }), '------------------------   0 %')
  t.deepEqual([7, 59.2, 3600, 3725].map(clockText), ['0:07', '1:00', '1:00:00', '1:02:05'])
  t.is(secondsLeft(0.25, 10), 30)
  t.is(secondsLeft(0, 10), undefined)
})

test('each step of a bench is reported with its place among all', async (t) => {
  const steps: BenchStep[] = []
  await measureOn(new FakeAddon(), { codecs: ['h264', 'h265'] }, { report: (step) => steps.push(step) })
  t.deepEqual(
    steps.map(({ index, count }) => `${index} of ${count}`),
    ['0 of 4', '1 of 4', '2 of 4', '3 of 4'],
  )
  t.true(
    steps.every(({ seconds }) => seconds === 0.1),
    'as long as 24 frames at 240 per second',
  )
})

test('a report is one block that says what ran on what, and pastes as it is', async (t) => {
  const result = await measureOn(new FakeAddon())
  const others = join(HOMES, 'alice/x.so')
  const text = reportOf(result, `Doctor: \`\`\` ${join(homedir(), 'lib.so')}, ${others}\u0007\n`)
  const lines = text.split('\n')
  t.is(lines[0], '```')
  t.deepEqual(lines.slice(-2), ['```', ''])
  t.is(text.split('```').length, 3, 'nothing inside ends the block')
  t.true(text.includes(`v4l2-encoder ${result.version}, ${result.date.slice(0, 10)}, Node.js ${process.version}`))
  t.true(lines.includes(`Doctor: ''' ~/lib.so, ${HOMES}/USER/x.so `), text)
  for (const line of tableLines(result)) t.true(lines.includes(line), line)
})

test('a report of many rows is shortened to 150 lines, and says so', async (t) => {
  const { rows, ...rest } = await measureOn(new FakeAddon())
  const result = { ...rest, rows: Array.from({ length: 100 }, () => rows[0]!) }
  const text = reportOf(result, 'a line of the doctor\n'.repeat(200))
  t.true(text.trimEnd().split('\n').length <= 150)
  t.regex(text, /\(121 more lines: v4l2-encoder doctor\)/)
  const huge = { ...rest, rows: Array.from({ length: 200 }, () => rows[0]!) }
  t.regex(text, /\(\d+ more lines: v4l2-encoder bench\)/)
  t.true(reportOf(huge, '').trimEnd().split('\n').length <= 150)
})

onAddon('the software encoder is measured from the command line, as JSON', async (t) => {
  const { code, stdout, stderr } = await run('--software-encoder', '--size', '128x96', '--frames', '12', '--json')
  t.is(code, 0, stderr)
  const { rows, interrupted } = JSON.parse(stdout) as BenchResult
  t.false(interrupted)
  t.like(rows[0], { codec: 'h264', width: 128, height: 96, refusal: null })
  const [stream] = rows[0]!.streams
  t.is(stream!.encoder.backend, 'software')
  t.like(stream!.paced, { frames: 12, chunks: 12, lost: 0, refused: 0 })
  t.like(stream!.saturated, { frames: 12, chunks: 12, lost: 0 })
  t.true(stream!.paced.bytes > 0 && stream!.paced.latencyMs!.max > 0)
  t.true(rows[0]!.together!.cpuMsPerFrame! > 0)
})

onAddon('a report from the command line has every part', async (t) => {
  const { code, stdout, stderr } = await run('--software-encoder', '--size', '64x64', '--frames', '8', '--report')
  t.is(code, 0, stderr)
  for (const part of [/^```\nv4l2-encoder /, /\nDOCTOR\n/, /software/, /\nBENCH\n\nCODEC/, /```\n$/]) {
    t.regex(stdout, part)
  }
})

onAddon('what the addon does not take is rejected before anything is opened, with exit status 2', async (t) => {
  const results = await Promise.all([run('--fps', '500'), run('--size', '64x64,9000x64'), run('--codec', 'h264,h256')])
  const expected = [/`framerate` is 500/, /`width` is 9000/, /Did you mean "h265"/]
  for (const [index, { code, stdout, stderr }] of results.entries()) {
    t.is(code, 2)
    t.is(stdout, '')
    t.regex(stderr, expected[index]!)
  }
})

onAddon('where nothing opens, the reason is printed, with exit status 3', async (t) => {
  const { code, stdout } = await run('--codec', 'av1', '--frames', '2')
  t.is(code, 3)
  t.regex(stdout, /No encoder of this version encodes AV1/)
})
