import { spawn, spawnSync } from 'node:child_process'
import { statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { openSource } from '../../ts/index.js'
import type { SourceOptions } from '../../ts/index.js'
import { planFfmpeg } from '../../ts/source/ffmpeg.js'
import { constantRate, durationByFfmpeg, printedDuration, probeVideo } from '../../ts/source/video-facts.js'
import type { VideoFacts } from '../../ts/source/video-facts.js'
import { scratch } from '../support/pipe.js'
import { onAddon } from '../support/installed-programs.js'

const FACTS: VideoFacts = {
  width: 640,
  height: 480,
  pixelFormat: 'yuv420p',
  fullRange: false,
  matrix: undefined,
  hdrTransfer: undefined,
  primaries: undefined,
  isInterlaced: false,
  averageRate: 25,
  baseRate: 25,
  times: [],
  canConvertHdr: false,
  duration: undefined,
}

function plan(facts: Partial<VideoFacts>, size?: { width: number; height: number }) {
  const { width, height } = size ?? {}
  return planFfmpeg({ width, height, framerate: undefined, facts: { ...FACTS, ...facts }, interlaced: 'ignored' })
}

const HD = { width: 1280, height: 720 }

test('the matrix that a file names is that of the stream; another is supposed by its rows before they are scaled', (t) => {
  const matrixOf = (...args: Parameters<typeof plan>) => plan(...args).colorSpace?.matrix
  t.is(matrixOf({ ...HD, matrix: 'smpte170m' }), 'smpte170m')
  t.is(matrixOf({ matrix: 'bt709' }), 'bt709')
  t.is(matrixOf({ matrix: 'bt2020nc' }), 'bt2020-ncl')
  t.is(matrixOf({ matrix: 'bt2020c' }), 'bt2020-ncl', 'as ffmpeg decodes it')
  t.is(matrixOf({}, HD), 'smpte170m')
  t.is(matrixOf(HD, { width: 640, height: 480 }), 'bt709')
})

test('what a stream cannot be labelled with is converted', (t) => {
  t.deepEqual(plan({ pixelFormat: 'bgr0', ...HD }).filters, [
    'scale=in_color_matrix=auto:out_color_matrix=bt709:out_range=limited',
  ])
  t.regex(plan({ matrix: 'smpte240m' }).filters.join(), /in_color_matrix=smpte240m:out_color_matrix=bt601/)
  const hdr = plan({ hdrTransfer: 'smpte2084', matrix: 'bt2020nc', canConvertHdr: true })
  t.regex(hdr.filters.join(), /zscale.*tonemap/)
  t.deepEqual(hdr.colorSpace, { matrix: 'bt709', fullRange: false })
  t.regex(hdr.warnings.join(), /HDR; its colors are converted to SDR/)
  const pale = plan({ hdrTransfer: 'arib-std-b67', matrix: 'bt2020nc' })
  t.is(pale.colorSpace?.matrix, 'bt2020-ncl')
  t.regex(pale.warnings.join(), /no zscale filter.*pale/)
})

test('colors that are neither converted nor named in a stream are warned of', (t) => {
  for (const matrix of ['ycgco', 'ictcp', 'chroma-derived-nc']) {
    t.regex(plan({ matrix }).warnings.join(), new RegExp(`are in ${matrix}, .* they look wrong`))
  }
  for (const matrix of [undefined, 'bt709', 'bt470bg', 'bt2020c', 'fcc', 'gbr']) {
    t.deepEqual(plan({ matrix }).warnings, [], matrix)
  }
})

test('the full range is kept, unless black bars may be needed', (t) => {
  const kept = plan({ fullRange: true })
  t.deepEqual([kept.filters, kept.colorSpace?.fullRange], [['scale=in_range=full:out_range=full'], true])
  const scaled = plan({ fullRange: true }, HD)
  t.regex(scaled.filters.join(), /in_range=full:out_range=limited/)
  t.is(scaled.colorSpace?.fullRange, false)
})

test('a rate without sense is replaced by the lowest usual one that shows every frame', (t) => {
  const rateOf = (facts: Partial<VideoFacts>) => constantRate({ ...FACTS, averageRate: undefined, ...facts })
  const jittered = Array.from({ length: 90 }, (_, index) => (index + (index % 3) * 0.1) / 30).filter(
    (_, n) => n % 7 !== 3,
  )
  t.deepEqual(rateOf({ baseRate: 1000, times: jittered }), { rate: 30, isComplete: true })
  t.deepEqual(rateOf({ baseRate: 90_000, times: [0, 0.5, 1, 1.5] }), { rate: 2, isComplete: true }, 'their own')
  t.deepEqual(rateOf({ baseRate: 1000, times: [0, 0.001, 0.002, 1] }), { rate: 60, isComplete: false })
  t.deepEqual(rateOf({ baseRate: 50, averageRate: 25, isInterlaced: true }), { rate: 25, isComplete: true })
  const even = Array.from({ length: 90 }, (_, index) => index / 1000)
  t.is(rateOf({ baseRate: 1000, times: even }), undefined, 'slow motion, in a file that tells no average')
  for (const rate of [1 / 3600, 0.1, 25, 60, 480, 960]) {
    t.is(rateOf({ baseRate: rate, averageRate: rate }), undefined, 'a constant rate is what it is')
  }
})

/** A clip of a moving picture, or of what `source` says. */
function clip(t: ExecutionContext, name: string, source: string, ...args: string[]): string {
  const path = join(scratch(t), name)
  const { status, stderr } = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-f',
    'lavfi',
    '-i',
    source,
    ...args,
    path,
  ])
  if (status !== 0) throw new Error(`ffmpeg is needed, with libx264: apt-get install ffmpeg (${String(stderr)})`)
  return path
}

async function read(path: string, options: SourceOptions = {}) {
  await using source = await openSource(path, { log: 'silent', ...options })
  const frames: { timestamp: number; data: Uint8Array }[] = []
  for await (const { timestamp, data } of source) frames.push({ timestamp, data })
  return { ...source.config, warnings: source.warnings.join('\n'), frames }
}

const GRAY = 'color=c=0x404040:size=64x48:rate=10:duration=0.2'

test('ffmpeg prints how long an input takes, or that it does not know', (t) => {
  const printed = (text: string) => printedDuration(`Input #0, mov, from 'a.mp4':\n  ${text}, start: 0.000000`)
  t.is(printed('Duration: 01:02:03.50'), 3723.5)
  t.is(printed('Duration: N/A'), undefined)
  t.is(printed('Duration: 00:00:00.00'), undefined)
  t.is(printedDuration('a.mp4: Invalid data found'), undefined)
})

onAddon('gray of the full range stays what it is', async (t) => {
  const full = ['-vf', 'scale=out_range=pc,format=yuvj420p', '-color_range', 'pc', '-qp', '1']
  const { colorSpace, frames, warnings } = await read(clip(t, 'full.mp4', GRAY, ...full))
  t.deepEqual(colorSpace, { matrix: 'smpte170m', fullRange: true })
  t.true(Math.abs(frames[0]!.data[64 * 24 + 32]! - 64) <= 1)
  t.is(warnings, '')
})

onAddon(
  'pixels that are not square keep their shape in the stream, and get black bars where a size is asked for',
  async (t) => {
    const path = clip(t, 'pal.mp4', 'color=c=white:size=96x64:rate=10:duration=0.2,setsar=4/3')
    const plain = await read(path)
    t.deepEqual(plain.sampleAspectRatio, { width: 4, height: 3 })
    const scaled = await read(path, { width: 64, height: 64 })
    t.is(scaled.sampleAspectRatio, undefined)
    // 128 by 64 in 64 by 64: 16 black rows above and below.
    const luma = (row: number) => scaled.frames[0]!.data[row * 64 + 32]!
    t.deepEqual([luma(8) < 20, luma(20) > 220, luma(44) > 220, luma(56) < 20], [true, true, true, true])
  },
)

onAddon('interlaced video is deinterlaced at its own rate, and that is logged once', async (t) => {
  const interlaced = ['-vf', 'interlace=scan=bff', '-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-top', '0']
  const path = clip(t, 'bff.mpg', 'testsrc2=size=96x64:rate=50:duration=0.4', ...interlaced)
  const { framerate, frames, warnings } = await read(path)
  t.is(framerate, 25)
  t.true(frames.length >= 9 && frames.length <= 11, `${frames.length} frames`)
  t.is(warnings, 'The video is interlaced; its frames are deinterlaced.')
})

onAddon('time lapse and slow motion have the times of the file and a rate that an encoder can count on', async (t) => {
  const lapse = await read(clip(t, 'lapse.mp4', 'testsrc2=size=64x48:rate=1/10:duration=30'))
  t.is(lapse.framerate, 1)
  t.deepEqual(
    lapse.frames.map(({ timestamp }) => timestamp),
    [0, 10_000_000, 20_000_000],
  )
  t.regex(lapse.warnings, /0\.1 frames a second/)
  const slow = await read(clip(t, 'slow.mp4', 'testsrc2=size=64x48:rate=480:duration=0.05'))
  t.deepEqual([slow.framerate, slow.frames.length], [240, 24])
  t.is(slow.frames[1]!.timestamp, 2083)
})

onAddon('a recording with times in milliseconds and no rate gets one that shows all its frames', async (t) => {
  // Of 30 places a second some are empty, and times are up to 10 ms late.
  const some = [0, 100, 143, 171, 200].map((ms) => `eq(mod(n\\,300)\\,${ms})`).join('+')
  const vary = ['-vf', `settb=1/1000,select=${some}`, '-fps_mode', 'vfr', '-enc_time_base', '1/1000', '-c:v', 'mpeg4']
  const path = clip(t, 'screen.mkv', 'testsrc2=size=64x48:rate=1000:duration=1.5', ...vary)
  const { framerate, frames, warnings } = await read(path)
  t.is(framerate, 30)
  t.true(frames.length >= 40 && frames.length <= 46, `${frames.length} frames in 1.4 seconds`)
  t.regex(warnings, /varying intervals.* to have 30 a second/)
})

onAddon('audio without video is reported as that, also with a cover picture', async (t) => {
  const sound = clip(t, 'sound.wav', 'sine=duration=0.2')
  const cover = clip(t, 'cover.png', 'color=c=red:size=64x48', '-frames:v', '1')
  const song = join(scratch(t), 'song.m4a')
  const streams = ['-i', sound, '-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy']
  t.is(spawnSync('ffmpeg', ['-v', 'error', ...streams, '-disposition:v:0', 'attached_pic', song]).status, 0)
  for (const path of [sound, song]) {
    const error = await t.throwsAsync(openSource(path, { log: 'silent' }), { code: 'ERR_SOURCE' })
    t.is(error.message.split('\n')[0], `The input ${path} has no video.`)
  }
})

onAddon('a file that was cut off is read as far as it goes, and the end says so', async (t) => {
  const whole = clip(t, 'whole.mkv', 'testsrc2=size=64x48:rate=25:duration=1', '-c:v', 'mpeg4')
  const sound = await read(whole)
  t.deepEqual([sound.frames.length, sound.warnings], [25, ''])
  truncateSync(whole, Math.round(statSync(whole).size * 0.6))
  const { frames, warnings } = await read(whole)
  t.true(frames.length > 5 && frames.length < 25)
  t.regex(warnings, /ffmpeg found errors in the input\. It printed:\n./)
})

onAddon('odd sizes lose their last row or column, with a warning', async (t) => {
  const odd = clip(t, 'odd.mkv', 'rgbtestsrc=size=65x49:rate=10:duration=0.2', '-c:v', 'ffv1', '-pix_fmt', 'yuv420p')
  const { width, height, warnings } = await read(odd)
  t.deepEqual([width, height], [64, 48])
  t.regex(warnings, /are 65x49; encoders take even sizes/)
})

onAddon('a named pipe is read once, from its beginning', async (t) => {
  const path = clip(t, 'clip.ts', 'testsrc2=size=64x48:rate=25:duration=0.4', '-c:v', 'mpeg2video')
  const pipe = join(scratch(t), 'pipe.ts')
  t.is(spawnSync('mkfifo', [pipe]).status, 0)
  const writer = spawn('sh', ['-c', 'exec cat "$0" > "$1"', path, pipe])
  t.teardown(() => writer.kill('SIGKILL'))
  t.is((await read(pipe)).frames.length, 10)
})

test('the duration of a video file is known by ffprobe, and by ffmpeg alone; that of a stream without times is not', async (t) => {
  const source = 'testsrc2=size=64x48:rate=25:duration=2'
  const paths = ['a.mp4', 'a.mkv', 'a.h264'].map((name) => `file:${clip(t, name, source, '-c:v', 'libx264')}`)
  const probed = await Promise.all(paths.map((path) => probeVideo(path, undefined)))
  t.deepEqual(
    probed.map((facts) => facts?.duration),
    [2, 2, undefined],
  )
  t.is(probed[2]?.width, 64)
  t.deepEqual(await Promise.all(paths.map((path) => durationByFfmpeg(path, undefined))), [2, 2, undefined])
})
