import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { codecOfName, checkOutputName, rejectSameFile, otherCodecWarning } from '../../ts/cli/record/output-name.js'
import { scratch } from '../support/pipe.js'
import { onAddon } from '../support/installed-programs.js'
import { runSource } from '../support/run-source.js'
import type { End } from '../support/run-source.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

const record = (...args: string[]): Promise<End> => runSource(MAIN, ['record', ...args])

test('an output that is named like raw frames or a container is rejected, and kept', async (t) => {
  const folder = scratch(t)
  const all = ['video.mp4', 'video.MKV', 'frames.y4m', 'r.nv12', 'r.yuv'].map((name) => join(folder, name))
  for (const file of all) writeFileSync(file, 'precious')
  const ends = await Promise.all(all.map((file) => record(file, '--frames', '5', '--software-encoder')))
  for (const [index, { code, stderr }] of ends.entries()) {
    t.is(code, 2, stderr)
    t.regex(stderr, /what is written is an elementary stream/)
    t.true(stderr.includes('ffmpeg -framerate 30 -i clip.h264 -c copy clip.mp4'))
    t.true(stderr.includes(`write --input ${all[index]}`))
    t.is(readFileSync(all[index]!, 'utf8'), 'precious')
  }
  for (const end of 'i420 rgb bgr rgba bgra yuyv yuy2 uyvy mov webm avi ts m2ts flv ivf'.split(' '))
    t.throws(() => checkOutputName(`a.${end}`), { message: new RegExp(`a\\.${end} has a name like`) })
  for (const name of [undefined, '-', 'stream', 'a.h264', 'a.264', 'mp4', '/dev/null', 'a.bin'])
    t.notThrows(() => checkOutputName(name))
})

test('an output that is the input is rejected, and kept', async (t) => {
  const folder = scratch(t)
  const video = join(folder, 'video.h264')
  writeFileSync(video, 'precious')
  const { code, stderr } = await record(video, '--input', video, '--software-encoder')
  t.is(code, 2, stderr)
  t.regex(stderr, /are the same file, which would be lost/)
  t.is(readFileSync(video, 'utf8'), 'precious')
})

test('the same file is known by other names too', (t) => {
  const folder = scratch(t)
  const video = join(folder, 'video.h264')
  writeFileSync(video, 'precious')
  const [hard, soft, other] = ['hard', 'soft', 'other'].map((name) => join(folder, `${name}.h264`)) as [
    string,
    string,
    string,
  ]
  linkSync(video, hard)
  symlinkSync(video, soft)
  mkdirSync(join(folder, 'sub'))
  writeFileSync(other, 'precious')
  const expected = { message: /are the same file/ }
  for (const source of [hard, soft, `${folder}/sub/../video.h264`, `file:${video}`, `file://${video}`])
    t.throws(() => rejectSameFile(source, video), expected, source)
  t.throws(() => rejectSameFile(video, soft), expected)
  for (const source of [other, 'testsrc', '/nowhere', 'argus:0', `pipe:cat ${video}`])
    t.notThrows(() => rejectSameFile(source, video))
  t.notThrows(() => rejectSameFile('/dev/null', '/dev/null'), 'nothing can be lost')
})

test('the end of a name stands for a codec', (t) => {
  const all = { 'a.h264': 'h264', 'a.HEVC': 'h265', 'a.vp8': 'vp8', 'a.vp9': 'vp9', 'a.av1': 'av1', a: undefined }
  for (const [name, codec] of Object.entries(all)) t.is(codecOfName(name), codec as ReturnType<typeof codecOfName>)
  t.is(otherCodecWarning('x.h264', 'h264'), undefined)
  t.is(otherCodecWarning('stream', 'h264'), undefined)
  t.is(otherCodecWarning('-', 'h265'), undefined)
})

onAddon('a stream of another codec than its name says is warned of', async (t) => {
  const file = join(scratch(t), 'x.h265')
  const common = [file, '--codec', 'h265,h264', '--size', '64x64', '--frames', '2', '--log-level', 'error']
  const { code, stderr } = await record(...common, '--software-encoder')
  t.is(code, 0, stderr)
  t.regex(stderr, /^warn: The stream in .*x\.h265 is H264, although its name says H265.* Rename it to x\.h264\.$/m)
  t.is(stderr.match(/although/g)?.length, 1)
})

test('a URL of an input that is no file’s is rejected with a hint', (t) => {
  t.throws(() => rejectSameFile('file://clip.mp4', 'a.h264'), { code: 'ERR_CONFIG', message: /no URL of a file here/ })
})
