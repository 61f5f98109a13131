import { spawnSync } from 'node:child_process'
import { createReadStream, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import test from 'ava'
import { openSource } from '../../ts/index.js'
import type { SourceOptions } from '../../ts/index.js'
import { loadAddon } from '../../ts/native/loader.js'
import { planFfmpeg } from '../../ts/source/ffmpeg.js'
import { hasFpsMode, planSource } from '../../ts/source/open-source.js'
import { PipeSource } from '../../ts/source/pipe-source.js'
import { fraction } from '../../ts/source/presets.js'
import { urlValue } from '../../ts/source/gstreamer.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { scratch } from '../support/pipe.js'
import { onAddon, onGStreamer } from '../support/installed-programs.js'

const ASKED = {
  width: undefined,
  height: undefined,
  framerate: undefined,
  program: undefined,
  transport: 'tcp' as const,
  whenFull: undefined,
  limit: undefined,
  timestamps: undefined,
  timeout: undefined,
  idleTimeout: undefined,
  log: undefined,
  signal: undefined,
}

const ALL = { has: () => true }

function plan(source: string, asked: Partial<SourceOptions> = {}, facts: Parameters<typeof planSource>[2] = ALL) {
  return planSource(source, { ...ASKED, ...asked }, facts)
}

/** A command as one would type it, were there no blanks in it. */
function line(source: string, asked?: Partial<SourceOptions>, facts?: Parameters<typeof planSource>[2]): string {
  const { program, arguments: args } = plan(source, asked, facts).command
  return [program, ...args].join(' ')
}

test('argus:N is the CSI camera of a Jetson through NVIDIA’s source and converter', (t) => {
  t.is(
    line('argus:1', { width: 1920, height: 1080, framerate: 60 }),
    'gst-launch-1.0 -q nvarguscamerasrc sensor-id=1' +
      ' ! video/x-raw(memory:NVMM),width=1920,height=1080,framerate=60/1' +
      ' ! nvvidconv ! video/x-raw,format=I420,width=1920,height=1080 ! fdsink fd=3 sync=false',
  )
  const { command, expected, ...rest } = plan('argus:0')
  t.like(expected, { width: 1280, height: 720, framerate: 30, format: 'I420', y4m: false })
  t.is(command.framesOn, 3, 'what NVIDIA’s source prints goes to standard output')
  t.is(command.stopSignal, 'SIGINT')
  t.like(rest, { whenFull: 'drop-oldest', timestamps: 'arrival', timeout: 10_000, idleTimeout: 10_000 })
})

test('libcamera:N is the CSI camera of a Raspberry Pi through the program that is there', (t) => {
  const args =
    '--camera 0 --width 1280 --height 720 --framerate 30 --codec yuv420 --nopreview --timeout 0 --flush --output -'
  t.is(line('libcamera:0'), `rpicam-vid ${args}`)
  t.is(line('libcamera:0', {}, { has: (program) => program === 'libcamera-vid' }), `libcamera-vid ${args}`)
  t.deepEqual(plan('libcamera:0').expected.strides, [1280, 640, 640])
  const wide = plan('libcamera:0', { width: 1280, height: 480 }).expected.colorSpace
  t.deepEqual(wide, { matrix: 'bt709', fullRange: false }, 'the camera is set by the width as well')
  t.is(plan('libcamera:0', { width: 640, height: 480 }).expected.colorSpace?.matrix, 'smpte170m')
  t.deepEqual(plan('libcamera:0', { width: 1000, height: 700 }).expected.strides, [1024, 512, 512])
})

test('rtsp:// comes with as little delay as the program can', (t) => {
  t.is(
    line('rtsp://camera/live'),
    'ffmpeg -hide_banner -nostdin -loglevel error -fflags nobuffer -flags low_delay -rtsp_transport tcp' +
      ' -i rtsp://camera/live -map 0:V:0 -fps_mode passthrough -pix_fmt yuv420p -f yuv4mpegpipe pipe:1',
  )
  t.regex(line('rtsp://camera/live', {}, { ...ALL, ffmpegHasFpsMode: false }), / -vsync passthrough /)
  t.regex(line('rtsp://camera/live', { transport: 'udp' }), /-rtsp_transport udp/)
  t.regex(line('rtspt://camera/live', { transport: 'udp' }), /-rtsp_transport tcp -i rtsp:\/\/camera\/live /)
  t.regex(line('rtsp://camera/live', { framerate: 25 }), /-map 0:V:0 -r 25\/1 -pix_fmt/, 'which excludes passthrough')
  t.is(
    line('rtsp://camera/live', { program: 'gstreamer' }),
    'gst-launch-1.0 -q rtspsrc location=rtsp://camera/live protocols=tcp latency=0 ! application/x-rtp,media=video' +
      ' ! decodebin ! videoconvert ! videoflip video-direction=auto ! deinterlace fields=top ! video/x-raw,format=I420,colorimetry=bt709 ! y4menc ! fdsink fd=3 sync=false',
  )
  t.like(plan('rtsp://camera/live'), { whenFull: 'drop-oldest', timestamps: 'arrival', idleTimeout: 10_000 })
})

test('files and http:// come complete, scaled and at a rate where that is requested', (t) => {
  const head = 'ffmpeg -hide_banner -nostdin -loglevel error'
  const tail = '-pix_fmt yuv420p -f yuv4mpegpipe pipe:1'
  const DEINTERLACE = 'bwdif=mode=send_frame:deint=interlaced'
  const fit = planFfmpeg({ ...ASKED, width: 640, height: 360, facts: undefined, interlaced: 'ignored' }).filters.join()
  t.is(line('/a/b c.mp4'), `${head} -i file:/a/b c.mp4 -map 0:V:0 -vf ${DEINTERLACE} ${tail}`)
  t.is(
    line('https://host/a.mp4', { width: 640, height: 360, framerate: 29.97 }),
    `${head} -i https://host/a.mp4 -map 0:V:0 -vf ${DEINTERLACE},${fit} -r 30000/1001 ${tail}`,
  )
  t.is(
    line('/a/b c.mp4', { width: 640, height: 360, framerate: 15 }, { has: (program) => program !== 'ffmpeg' }),
    'gst-launch-1.0 -q uridecodebin uri=file:///a/b%20c.mp4 ! videoconvert ! videoflip video-direction=auto ! deinterlace fields=top' +
      ' ! videoscale ! videorate' +
      ' ! video/x-raw,format=I420,colorimetry=bt709,width=640,height=360,pixel-aspect-ratio=1/1,framerate=15/1 ! y4menc ! fdsink fd=3 sync=false',
  )
  t.is(plan('file:///a/b%20c.mp4').command.arguments[5], 'file:/a/b c.mp4')
  t.like(plan('/a.mp4'), { whenFull: 'wait', timestamps: 'rate', idleTimeout: undefined })
})

test('rates are fractions', (t) => {
  t.is(fraction(30), '30/1')
  t.is(fraction(29.97), '30000/1001')
  t.is(fraction(24_000 / 1001), '24000/1001')
  t.is(fraction(12.5), '12500/1000')
  t.is(fraction(1 / 3600), '1000000/3600000000')
})

test('-fps_mode is there from ffmpeg 5.1 on', (t) => {
  for (const version of ['5.1.8-0+deb12u1', '6.0', '7.1', 'n8.0', 'N-117870-g'])
    t.true(hasFpsMode(`ffmpeg version ${version} Copyright`))
  for (const version of ['4.2.7-0ubuntu0.1', '4.4.2', '5.0.1'])
    t.false(hasFpsMode(`ffmpeg version ${version} Copyright`))
})

test('a source that is not known, or for which nothing is installed, says what there is', (t) => {
  t.throws(() => plan('argos:0'), {
    code: 'ERR_CONFIG',
    message: /no source of the kind "argos"\. Did you mean "argus"/,
  })
  t.throws(() => plan('argus:first'), { code: 'ERR_CONFIG', message: /looks like argus:0/ })
  t.throws(() => plan('gopher://x'), { code: 'ERR_CONFIG', message: /Known are: argus, libcamera, rtsp/ })
  t.throws(() => plan('argus:0', { program: 'ffmpeg' }), { code: 'ERR_CONFIG', message: /not come from ffmpeg/ })
  const huge = { width: 200_000, height: 200_000 }
  for (const source of ['a.mp4', 'argus:0']) {
    t.throws(() => plan(source, huge), { instanceOf: RangeError, code: 'ERR_CONFIG', message: /at most 1073741824/ })
  }
  for (const url of ['file://clip.mp4', 'file:///tmp/%', 'file:///a%2Fb', 'file://[']) {
    const wrong = t.throws(() => plan(url), { code: 'ERR_CONFIG', message: /is no URL of a file here: / })
    t.regex((wrong as { hint?: string }).hint!, /file:\/\/\/home\/me\/clip\.mp4/)
  }
  t.throws(() => plan('a.mp4', { width: 3 }), { code: 'ERR_CONFIG', message: /go together/ })
  const error = t.throws(() => plan('a.mp4', {}, { has: () => false }), {
    code: 'ERR_SOURCE',
    message: /needs ffmpeg or gst-launch-1\.0, and none of them is installed/,
  })
  t.regex((error as { hint?: string }).hint!, /apt-get install ffmpeg/)
})

test('nothing in the name of a source becomes an element, an option or a command', (t) => {
  t.is(
    urlValue('rtsp://h/a b" ! filesink location=\\x\'ü'),
    'rtsp://h/a%20b%22%20!%20filesink%20location=%5Cx%27%C3%BC',
  )
  const evil = '/tmp/x" ! filesink location=/tmp/y; touch z #.mp4'
  for (const program of ['ffmpeg', 'gstreamer'] as const) {
    const { arguments: args } = plan(evil, { program }).command
    t.is(args.length, plan('/tmp/x.mp4', { program }).command.arguments.length)
    if (program === 'gstreamer') t.false(/[\s"'\\]/.test(args[2]!), args[2])
  }
  t.is(plan('-y').command.arguments[4], '-i')
  t.regex(plan('-y').command.arguments[5]!, /^file:\//)
  t.regex(plan('./concat:a|b').command.arguments[5]!, /^file:\/.*concat:a\|b$/)
})

async function count(source: PipeSource): Promise<number> {
  let frames = 0
  for await (const { release } of source) {
    frames++
    release()
  }
  return frames
}

/** A film of ten pictures in a file of a nasty name. */
function film(folder: string, name: string, ...codec: string[]): string {
  const path = join(folder, name)
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=160x96:rate=25', '-frames:v', '10']
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...codec, `file:${path}`])
  if (status !== 0) throw new Error(`ffmpeg is needed: apt-get install ffmpeg (${String(stderr)})`)
  return path
}

onAddon('a video file comes through ffmpeg, from a file and over HTTP', async (t) => {
  const path = film(scratch(t), `-a "b" ! 'c' \\ $(d) %20;#ü.mkv`, '-c:v', 'mpeg4')
  await using file = await openSource(path)
  t.like(file.config, { width: 160, height: 96, format: 'I420', framerate: 25 })
  t.is(await count(file), 10)
  await using scaled = await openSource(path, { width: 80, height: 48, framerate: 50 })
  t.like(scaled.config, { width: 80, height: 48, format: 'I420', framerate: 50 })
  t.true((await count(scaled)) >= 19)

  const server = createServer((_, response) => createReadStream(path).pipe(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  await using remote = await openSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mkv`)
  t.is(await count(remote), 10)
})

onGStreamer('a video file comes through GStreamer', async (t) => {
  const path = film(scratch(t), `-a "b" ! 'c' \\ $(d) %20;#ü.avi`, '-c:v', 'mjpeg')
  await using file = await openSource(path, { program: 'gstreamer' })
  t.like(file.config, { width: 160, height: 96, format: 'I420', framerate: 25 })
  t.is(await count(file), 10)
  await using scaled = await openSource(path, { program: 'gstreamer', width: 80, height: 48, framerate: 50 })
  t.like(scaled.config, { width: 80, height: 48, format: 'I420', framerate: 50 })
  t.true((await count(scaled)) >= 19)
})

onGStreamer(
  'a film whose frames come at varying intervals has a rate and its whole time through GStreamer',
  async (t) => {
    const vary = [
      '-vf',
      "settb=1/1000,select='eq(n,0)+eq(n,317)+eq(n,1000)+eq(n,1033)'",
      '-fps_mode',
      'vfr',
      '-enc_time_base',
      '1/1000',
    ]
    const path = join(scratch(t), 'slides.webm')
    const input = ['-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=1000:duration=1.1']
    const { status } = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...vary, '-c:v', 'libvpx', path])
    t.is(status, 0)
    await using file = await openSource(path, { program: 'gstreamer', log: 'silent' })
    t.is(file.config.framerate, 30)
    t.regex(file.warnings.join(), /varying intervals; they are repeated to have 30 a second/)
    const frames = await count(file)
    t.true(frames > 28 && frames < 36, `${frames} frames in a second`)
  },
)

for (const program of ['ffmpeg', 'gstreamer'] as const) {
  const run = program === 'ffmpeg' ? onAddon : onGStreamer
  run(`a video of a phone that was held upright stands upright through ${program}`, async (t) => {
    const upright = film(scratch(t), 'upright.mov', '-c:v', 'mjpeg')
    const bytes = readFileSync(upright)
    // The matrix of the track's header (ISO/IEC 14496-12, 8.3.2): a quarter turn.
    const turn = [0, 0x1_0000, 0, -0x1_0000, 0, 0]
    turn.forEach((value, index) => bytes.writeInt32BE(value, bytes.indexOf('tkhd') + 44 + 4 * index))
    writeFileSync(upright, bytes)
    await using file = await openSource(upright, { program, log: 'silent' })
    t.like(file.config, { width: 96, height: 160 })
  })
}

for (const width of [320, 322]) {
  onGStreamer(
    `the pipeline of argus:N gives pictures of ${width} pixels a row with a test source in its place`,
    async (t) => {
      const wanted = plan('argus:0', { width, height: 240, framerate: 30 })
      const args = wanted.command.arguments
        .flatMap((one) => (one === 'sensor-id=0' ? ['is-live=true', 'pattern=smpte', 'num-buffers=5'] : [one]))
        .map((one) => one.replace('nvarguscamerasrc', 'videotestsrc').replace('(memory:NVMM)', ',format=NV12'))
        .map((one) => (one === 'nvvidconv' ? 'videoconvert' : one))
      const command = { ...wanted.command, arguments: args }
      await using source = await PipeSource.open(loadAddon(), { ...wanted, command, whenFull: 'wait' })
      let pictures = 0
      for await (const { data, layout } of source) {
        const [luma, cb] = layout ?? [
          { offset: 0, stride: width },
          { offset: width * 240, stride: width / 2 },
        ]
        // White, and in the lower left corner blue: of each, luma near the left edge of its rows.
        t.true(data[luma!.offset + 10 * luma!.stride + 10]! > 170)
        t.true(data[cb!.offset + 85 * cb!.stride + 5]! > 190)
        pictures++
      }
      t.is(pictures, 5)
    },
  )
}

onGStreamer('a pipeline that runs on is ended in good order, soon', async (t) => {
  const { command, ...rest } = plan('argus:0', { width: 320, height: 240 })
  const args = [
    '-q',
    'videotestsrc',
    'is-live=true',
    '!',
    'video/x-raw,format=I420,width=320,height=240',
    '!',
    'fdsink',
    'fd=3',
  ]
  const source = await PipeSource.open(loadAddon(), { ...rest, command: { ...command, arguments: args } })
  const begun = performance.now()
  for await (const _ of source) break
  t.true(performance.now() - begun < 1900, 'before it is killed')
})

for (const program of ['ffmpeg', 'gstreamer'] as const) {
  const run = program === 'ffmpeg' ? onAddon : onGStreamer
  run(`a camera on the network comes through ${program}, with the time of each frame’s arrival`, async (t) => {
    const url = await startRtspServer(t)
    const source = await openSource(url.replace('rtsp://', 'rtsp://me:secret@'), { program })
    t.like(source.config, { width: 160, height: 96, format: 'I420' })
    const times: number[] = []
    for await (const { timestamp, release } of source) {
      times.push(timestamp)
      release()
      if (times.length === 50) break
    }
    // The first ones may come together, from while the stream was looked at.
    const seconds = (times.at(-1)! - times.at(-21)!) / 1e6
    t.true(seconds > 0.6, `20 frames at 25 a second in ${seconds} s`)
  })
}

onAddon('what a stream fails with does not tell its password', async (t) => {
  const error = await t.throwsAsync(openSource('rtsp://me:secret@127.0.0.1:1/live'), { code: 'ERR_SOURCE' })
  t.regex(error.message, /127\.0\.0\.1/)
  t.notRegex(error.message, /secret/)
})

onAddon('a file that is not there, or is no video, says so', async (t) => {
  await t.throwsAsync(openSource('/nowhere/film.mp4'), { code: 'ERR_SOURCE', message: /cannot be opened: ENOENT/ })
  await t.throwsAsync(openSource(import.meta.filename), {
    code: 'ERR_SOURCE',
    message: /ffmpeg ended with exit status/,
  })
})
