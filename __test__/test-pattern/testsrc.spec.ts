import { spawnSync } from 'node:child_process'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { assertGoodStream, judge } from '../support/judge.js'
import { readStamp } from '../support/stamp.js'

const SIZES: [number, number][] = [
  [64, 64],
  [144, 144],
  [322, 242],
  [640, 480],
  [1280, 720],
  [3840, 2160],
]

for (const [width, height] of SIZES) {
  test(`the stamp can be read at ${width}x${height}, in both formats`, (t) => {
    for (const format of ['I420', 'NV12'] as const) {
      const source = new TestSource(width, height, format)
      for (const frame of [0, 1, 255, 65_536, 0xff_ffff]) t.is(readStamp(source.draw(frame), width, height), frame)
    }
  })
}

test('I420 and NV12 show the same picture', (t) => {
  const [width, height] = [322, 242]
  const planar = new TestSource(width, height, 'I420').draw(9)
  const mixed = new TestSource(width, height, 'NV12').draw(9)
  const size = width * height
  t.deepEqual(mixed.subarray(0, size), planar.subarray(0, size))
  const chroma = mixed.subarray(size)
  t.deepEqual(
    chroma.filter((_, index) => index % 2 === 0),
    planar.subarray(size, size * 1.25),
  )
  t.deepEqual(
    chroma.filter((_, index) => index % 2 === 1),
    planar.subarray(size * 1.25),
  )
})

test('a picture without a stamp has none', (t) => {
  for (const value of [0, 16, 128, 235]) t.is(readStamp(new Uint8Array(64 * 64).fill(value), 64, 64), null)
})

/** Codes with ffmpeg, so that the judge is judged without our own encoder. */
function codeWithFfmpeg(t: ExecutionContext, pictures: Uint8Array[], width: number, height: number): Uint8Array {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${width}x${height}`, '-i', 'pipe:0']
  const output = ['-c:v', 'libx264', '-tune', 'zerolatency', '-f', 'h264', 'pipe:1']
  const { stdout, status, stderr } = spawnSync('ffmpeg', ['-v', 'error', ...input, ...output], {
    input: Buffer.concat(pictures),
    maxBuffer: 1e9,
  })
  t.is(status, 0, stderr.toString())
  return stdout
}

test('the judge finds every picture of a good stream, and what a bad one lacks', async (t) => {
  const [width, height] = [322, 242]
  const pictures = new TestSource(width, height)
  const source = (stamp: number) => pictures.draw(stamp)
  const one = { codec: 'h264', width, height, source }
  const all = [0, 1, 2, 3, 4]
  const stream = codeWithFfmpeg(t, all.map(source), width, height)
  await assertGoodStream(t, { ...one, stream, stamps: all }, 30)

  const doubled = codeWithFfmpeg(t, [0, 1, 1, 3].map(source), width, height)
  t.deepEqual((await judge({ ...one, stream: doubled, stamps: all })).stamps, [0, 1, 1, 3])

  const wrong = await judge({ ...one, stream, stamps: all, source: (stamp) => source(stamp).fill(0, width * height) })
  t.true(wrong.psnr.y > 30)
  t.true(wrong.psnr.u < 20)
  await t.throwsAsync(judge({ ...one, stream: stream.subarray(0, stream.length / 3), stamps: all, source }), {
    message: /ffmpeg/,
  })
})
