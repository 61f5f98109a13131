import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { formatOfName } from '../../ts/cli/record/pixel-format.js'
import { assertGoodStream } from '../support/judge.js'
import { scratch } from '../support/pipe.js'
import { onAddon as test } from '../support/installed-programs.js'
import { originals, range } from '../support/record.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
const SIZE = { width: 128, height: 96 }
const COUNT = 10

interface End {
  code: number | null
  stream: Buffer
  stderr: string
}

function start(args: string[], stdin?: 'pipe' | number) {
  const all = [
    '--import=@oxc-node/core/register',
    MAIN,
    'record',
    '-',
    '--software-encoder',
    '--log-level',
    'warn',
    ...args,
  ]
  return spawn(process.execPath, all, { timeout: 60_000, stdio: [stdin ?? 'ignore', 'pipe', 'pipe'] })
}

/** Runs `record -` and takes the stream it writes. */
function record(args: string[], input?: Buffer[]): Promise<End> {
  const child = start(args, input && 'pipe')
  const parts: Buffer[] = []
  let stderr = ''
  child.stdout!.on('data', (part: Buffer) => parts.push(part))
  child.stderr!.on('data', (part) => (stderr += part))
  for (const part of input ?? []) child.stdin?.write(part)
  child.stdin?.end()
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stream: Buffer.concat(parts), stderr }))
  })
}

function raw(format: 'I420' | 'NV12' = 'I420'): Buffer {
  const source = new TestSource(SIZE.width, SIZE.height, format)
  return Buffer.concat(range(COUNT).map((index) => source.draw(index).slice()))
}

function y4m(): Buffer {
  const source = new TestSource(SIZE.width, SIZE.height)
  const pictures = range(COUNT).flatMap((index) => [Buffer.from('FRAME\n'), Buffer.from(source.draw(index).slice())])
  return Buffer.concat([Buffer.from('YUV4MPEG2 W128 H96 F25:1 Ip C420jpeg\n'), ...pictures])
}

const good = (stream: Uint8Array) => ({
  stream,
  codec: 'h264',
  ...SIZE,
  stamps: range(COUNT),
  source: originals(SIZE.width, SIZE.height),
})

test('frames come from a file, standard input and another program, raw or Y4M', async (t) => {
  const folder = scratch(t)
  const files = {
    y4m: join(folder, 'a.y4m'),
    i420: join(folder, 'a.yuv'),
    nv12: join(folder, 'a.nv12'),
    nv12InBin: join(folder, 'a.bin'),
  }
  writeFileSync(files.y4m, y4m())
  writeFileSync(files.i420, raw())
  writeFileSync(files.nv12, raw('NV12'))
  writeFileSync(files.nv12InBin, raw('NV12'))
  const sized = ['--size', '128x96']
  const all: [args: string[], input?: Buffer[]][] = [
    [['--input', files.y4m]],
    [['--input', files.i420, ...sized]],
    [['--input', files.nv12, ...sized]],
    [['--input', files.nv12InBin, ...sized, '--format', 'NV12']],
    [['--input', '-'], [y4m()]],
    [['--input', '-', ...sized], [raw()]],
    [['--input', `pipe:cat ${files.y4m}`]],
    [['--input', `pipe:cat ${files.nv12}`, ...sized, '--format', 'nv12', '--fps', '25']],
  ]
  for (const [args, input] of all) {
    const { code, stream, stderr } = await record(args, input)
    t.is(code, 0, `${args.join(' ')}: ${stderr}`)
    await assertGoodStream(t, good(stream))
  }
})

test('raw frames are in the format that the end of their name says', async (t) => {
  const folder = scratch(t)
  const formats = { nv21: 'nv21', rgb: 'rgb24', bgra: 'bgra', yuy2: 'yuyv422', uyvy: 'uyvy422' }
  for (const [end, format] of Object.entries(formats)) {
    const path = join(folder, `a.${end}`)
    const convert = ['-f', 'yuv4mpegpipe', '-i', 'pipe:0', '-f', 'rawvideo', '-pix_fmt', format, path]
    t.is(spawnSync('ffmpeg', ['-v', 'error', ...convert], { input: y4m() }).status, 0)
    const { code, stream, stderr } = await record(['--input', path, '--size', '128x96'])
    t.is(code, 0, stderr)
    await assertGoodStream(t, good(stream))
  }
})

test('the name says the format where --format does not', async (t) => {
  t.is(formatOfName('a.YUV'), 'I420')
  t.is(formatOfName('a.yv12'), 'YV12')
  t.is(formatOfName('a.bin'), undefined)
  const path = join(scratch(t), 'a.nv12')
  writeFileSync(path, raw())
  const { code, stream, stderr } = await record(['--input', path, '--size', '128x96', '--format', 'I420'])
  t.is(code, 0, stderr)
  await assertGoodStream(t, good(stream))
})

test('a video file is read by ffmpeg, and --frames ends it early', async (t) => {
  const path = join(scratch(t), 'film.mkv')
  const encode = ['-f', 'yuv4mpegpipe', '-i', 'pipe:0', '-c:v', 'ffv1', path]
  t.is(spawnSync('ffmpeg', ['-v', 'error', ...encode], { input: y4m() }).status, 0)
  const { code, stream, stderr } = await record(['--input', path])
  t.is(code, 0, stderr)
  await assertGoodStream(t, good(stream))
  const short = await record(['--input', path, '--frames', '4'])
  t.is(short.code, 0)
  await assertGoodStream(t, { ...good(short.stream), stamps: range(4) })
})

test('what is wrong with an input is printed, with its exit status', async (t) => {
  const folder = scratch(t)
  const broken = join(folder, 'broken.y4m')
  writeFileSync(broken, 'no Y4M at all')
  const odd = join(folder, 'odd.y4m')
  writeFileSync(odd, Buffer.concat([Buffer.from('YUV4MPEG2 W33 H20\nFRAME\n'), Buffer.alloc(33 * 20 + 17 * 10 * 2)]))
  const empty = join(folder, 'empty.yuv')
  writeFileSync(empty, '')
  const all: [args: string[], code: number, message: RegExp][] = [
    [['--input', '/nowhere/clip.y4m'], 4, /\/nowhere\/clip\.y4m cannot be opened/],
    [['--input', '/nowhere/clip.mp4'], 4, /\/nowhere\/clip\.mp4 cannot be opened/],
    [['--input', folder], 4, /The input .* is a directory/],
    [['--input', `${folder}/.`], 4, /Is a directory/],
    [['--input', 'pipe:exec sleep 100'], 4, /The input pipe:exec sleep 100 wrote nothing: .* within 10000 ms/],
    [['--input', '/dev/video99'], 2, /is a V4L2 device.*\nUse --camera \/dev\/video99 in place of --input/],
    [['--camera', broken], 3, /broken\.y4m is not a V4L2 camera: .*ENOTTY.*\n.*"v4l2-encoder cameras" lists/],
    [['--camera', folder], 3, /is not a V4L2 camera: .*EISDIR.*\n.*"v4l2-encoder cameras" lists/],
    [['--camera', '/nowhere/video0'], 3, /ENOENT/],
    [['--input', broken], 4, /does not begin with "YUV4MPEG2"/],
    [['--input', odd], 4, /frames of .*odd\.y4m are 33x20; encoders take even sizes/],
    [['--input', empty], 4, /empty\.yuv holds no frame/],
    [['--input', import.meta.filename], 4, /ffmpeg ended with exit status/],
    [['--input', 'argos:0'], 2, /Did you mean "argus"/],
    [['--input', 'argus:0', '--format', 'NV12'], 2, /--format is for raw frames; argus:0 is I420/],
    [['--format', 'RGB'], 2, /test pattern is I420 or NV12, not RGB/],
    [['--input', 'pipe:echo of the program >&2; exit 9'], 4, /exit status 9\. It printed:\nof the program/],
    [['--input', 'pipe:'], 2, /command must be/],
  ]
  for (const [args, code, message] of all) {
    const end = await record(args)
    t.is(end.code, code, `${args.join(' ')}: ${end.stderr}`)
    t.regex(end.stderr, message)
    t.is(end.stream.length, 0)
  }
  const partial = await record(['--input', '-', '--size', '128x96'], [raw().subarray(0, -1)])
  t.is(partial.code, 4)
  t.regex(partial.stderr, /ends within a frame: 18431 of 18432 bytes/)
  await assertGoodStream(t, { ...good(partial.stream), stamps: range(COUNT - 1) })
})

test('Ctrl-C finishes the stream and ends the program of the input', async (t) => {
  const pid = join(scratch(t), 'pid')
  const child = start(['--input', `pipe:echo $$ > ${pid}; exec cat /dev/zero`, '--size', '128x96'])
  const ended = new Promise((resolve) => {
    child.on('exit', resolve)
  })
  await new Promise((resolve) => {
    child.stdout!.once('data', resolve)
  })
  child.stdout!.resume()
  await sleep(100)
  child.kill('SIGINT')
  t.is(await ended, 0)
  t.throws(() => process.kill(Number(readFileSync(pid, 'utf8')), 0), { code: 'ESRCH' })
})
