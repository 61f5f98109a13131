import { inspect } from 'node:util'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEncoder, openPipe } from '../../ts/index.js'
import type { PipeOptions, PipeSource, V4l2EncoderError } from '../../ts/index.js'
import { Filler, parse } from '../../ts/source/parse.js'
import type { FrameSink } from '../../ts/source/parse.js'
import type { Y4mHeader } from '../../ts/source/y4m.js'
import { assertGoodStream } from '../support/judge.js'
import { BYTES, framesOf, pictures, scratch, SIZE, stamped, writing, y4m } from '../support/pipe.js'
import { onAddon as test } from '../support/installed-programs.js'
import { originals, range } from '../support/record.js'

for (const format of ['I420', 'NV12'] as const) {
  test(`raw ${format} pictures of another program become the same pictures in the stream`, async (t) => {
    const [width, height, count] = [320, 180, 20]
    const command = stamped(t, format, width, height, count)
    await using source = await openPipe(command, { width, height, format, framerate: 25 })
    t.deepEqual(source.config, { width, height, format, framerate: 25 })
    await using encoder = await createEncoder({ codec: 'h264', hardware: 'never', ...source.config })
    const chunks = []
    for await (const chunk of encoder.encodeAll(source)) chunks.push(chunk)
    t.deepEqual(
      chunks.map(({ timestamp, duration }) => [timestamp, duration]),
      range(count).map((index) => [index * 40_000, 40_000]),
    )
    t.deepEqual(source.stats, { frames: count, dropped: 0, bytes: (count * width * height * 3) / 2 })
    const stream = Buffer.concat(chunks.map(({ data }) => data))
    await assertGoodStream(t, {
      stream,
      codec: 'h264',
      width,
      height,
      stamps: range(count),
      source: originals(width, height),
    })
  })
}

test('Y4M of ffmpeg says its size and rate itself', async (t) => {
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=30000/1001']
  const command = [
    'ffmpeg',
    '-v',
    'error',
    '-nostdin',
    ...input,
    '-frames:v',
    '3',
    '-pix_fmt',
    'yuv420p',
    '-f',
    'yuv4mpegpipe',
    '-',
  ]
  await using source = await openPipe(command as [string])
  t.deepEqual(source.config, { width: 96, height: 64, format: 'I420', framerate: 30_000 / 1001 })
  const times: number[] = []
  for await (const { timestamp, data } of source) {
    times.push(timestamp)
    t.is(data.byteLength, 96 * 96)
  }
  t.deepEqual(times, [0, 33_367, 66_733])
  t.regex(inspect(source), /^PipeSource \{[^]*program: 'ffmpeg',[^]*width: 96,[^]*height: 64,[^]*frames: 3/)
})

test('Y4M is known by its first bytes, and its pictures are found however the bytes arrive', (t) => {
  const bytes = Buffer.concat([
    y4m('W4 H2 F30000:1001 Ip C420jpeg XCOMMENT', 1),
    Buffer.from('FRAME Ixyz\n'),
    Buffer.alloc(12, 2),
  ])
  for (const size of [1, 5, 1000]) {
    const headers: Y4mHeader[] = []
    const found: Uint8Array[] = []
    let picture = new Uint8Array(0)
    const sink: FrameSink = {
      onHeader: (header) => headers.push(header),
      onRaw: () => t.fail(),
      begin: () => (picture = new Uint8Array(12)),
      done: () => found.push(picture),
    }
    const filler = new Filler(parse(undefined, sink))
    for (let rest: Uint8Array = bytes; rest.length > 0;) {
      const part = rest.subarray(0, Math.min(size, filler.buffer.length))
      filler.buffer.set(part)
      filler.advance(part.length)
      rest = rest.subarray(part.length)
    }
    t.notThrows(() => filler.end())
    t.is(headers.length, 1)
    t.like(headers[0], { width: 4, height: 2, framerate: 30_000 / 1001 })
    t.deepEqual(
      found.map((one) => [...new Set(one)]),
      [[1], [2]],
    )
  }
})

test('a video file that comes in the place of raw frames is rejected with what it is', (t) => {
  const films: [start: string, what: RegExp][] = [
    ['\0\0\0\x20ftypisom', /MP4/],
    ['\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42', /Matroska or WebM/],
    ['RIFF\x24\x10\0\0AVI ', /AVI/],
    ['\x89PNG\r\n\x1a\n\0\0', /PNG/],
    ['\0\0\0\x01\x67\x64\0\x1f\xac\xd9', /H\.264/],
  ]
  const never = () => t.fail()
  for (const [start, what] of films) {
    const parser = parse(undefined, { onHeader: never, onRaw: never, begin: () => new Uint8Array(64), done: never })
    const { into } = parser.next().value
    into.set(Buffer.from(start, 'latin1').subarray(0, into.length))
    const error = t.throws(() => parser.next(), { code: 'ERR_SOURCE', message: what }, start)
    t.regex(String((error as V4l2EncoderError).hint), /ffmpeg -i INPUT/)
  }
  const believed = parse(false, {
    onHeader: never,
    onRaw: () => t.pass(),
    begin: () => new Uint8Array(64),
    done: () => t.pass(),
  })
  believed.next().value.into.set(Buffer.from('GIF89a'))
  t.notThrows(() => believed.next(), 'who says that they are raw is believed')
})

test('Y4M is read with parameters on its pictures, and only its own pictures count', async (t) => {
  const bytes = Buffer.concat([
    y4m('W4 H2 F25:1 Ip C420jpeg XCOMMENT', 1),
    Buffer.from('FRAME Ixyz\n'),
    Buffer.alloc(12, 2),
  ])
  const frames = await framesOf(writing(t, bytes))
  t.deepEqual(
    frames.map(({ data }) => [...new Set(data)]),
    [[1], [2]],
  )
})

test('Y4M that cannot be taken is rejected with the reason and the hint', async (t) => {
  const all: [bytes: Buffer, message: RegExp, hint: RegExp | undefined][] = [
    [y4m('W4 H2 F30:1 C444', 1), /color space 444 \(not 4:2:0\); only 8 bit 4:2:0/, /-pix_fmt yuv420p/],
    [y4m('W4 H2 F30:1 C420p10', 1), /color space 420p10/, /-pix_fmt yuv420p/],
    [y4m('W4 H2 F30:1 It C420', 1), /interlaced \(It: /, /bwdif/],
    [y4m('W200000 H200000 F30:1 C420'), /takes 60000000000 bytes, and at most/, /Check the size/],
    [y4m('F30:1', 1), /no frame size in its header/, undefined],
    [y4m('W4 H2 F30:1'), /without giving a frame/, undefined],
    [Buffer.from('YUV4MPEG2 W4 H2'), /ends within its header/, undefined],
    [Buffer.from(`YUV4MPEG2 ${'X'.repeat(20_000)}`), /does not end within 16384 bytes/, undefined],
    [
      Buffer.concat([y4m('W4 H2 F30:1'), Buffer.from('rubbish')]),
      /damaged: a frame does not begin with "FRAME"/,
      undefined,
    ],
  ]
  for (const [bytes, message, hint] of all) {
    const error = await t.throwsAsync(openPipe(writing(t, bytes)), { code: 'ERR_SOURCE', message })
    if (hint) t.regex((error as { hint?: string }).hint ?? '', hint)
  }
  const raw = openPipe(pictures(1), { ...SIZE, y4m: true })
  await t.throwsAsync(raw, { code: 'ERR_SOURCE', message: /does not begin with "YUV4MPEG2"/ })
  const size = openPipe(writing(t, y4m('W4 H2 F30:1', 1)), SIZE)
  await t.throwsAsync(size, { code: 'ERR_SOURCE', message: /Y4M header says 4x2, but 64x64 was requested/ })
  await t.throwsAsync(openPipe(pictures(1)), {
    code: 'ERR_SOURCE',
    message: /raw .* options width and height are needed/,
  })
})

test('rows that are padded come with a layout', async (t) => {
  const [frame] = await framesOf('head -c 9216 /dev/zero', { width: 60, height: 64, stride: 96 })
  t.deepEqual(frame!.layout, [
    { offset: 0, stride: 96 },
    { offset: 6144, stride: 48 },
    { offset: 7680, stride: 48 },
  ])
  t.is((await framesOf(pictures(1), SIZE))[0]!.layout, undefined)
  await t.throwsAsync(openPipe('true', { ...SIZE, stride: 63 }), { code: 'ERR_CONFIG', message: /at least 64 bytes/ })
})

test('wrong options are rejected before anything is run', async (t) => {
  const all: [command: unknown, options: unknown, message: RegExp][] = [
    [[], {}, /must be a list \[program, …arguments\]/],
    [['cat', 3], {}, /must be a list/],
    ['', {}, /must be a list/],
    [['a\0b'], {}, /must be a list/],
    ['true', { width: 64 }, /go together/],
    ['true', { y4m: false }, /need the options width and height/],
    ['true', { ...SIZE, format: 'NV13' }, /format must be one of/],
    ['true', { width: 200_000, height: 200_000 }, /60000000000 bytes, and at most 1073741824 \(1 GiB\) are allowed/],
    ['true', { ...SIZE, stride: 1e9 }, /A frame of 64x64 in I420 takes/],
    ['true', { ...SIZE, framerate: 0 }, /framerate must be a number above 0/],
    ['true', { ...SIZE, whenFull: 'drop' }, /whenFull must be one of/],
    ['true', { ...SIZE, witdh: 3 }, /has no option "witdh"\. Did you mean "width"\?/],
    ['true', { ...SIZE, timeout: 1e12 }, /at most 2147483647/],
  ]
  for (const [command, options, message] of all) {
    await t.throwsAsync(openPipe(command as string, options as PipeOptions), { code: 'ERR_CONFIG', message })
  }
})

test('a partial last picture is an error, after the whole ones', async (t) => {
  const source = await openPipe(`head -c ${2 * BYTES + 7} /dev/zero`, SIZE)
  let count = 0
  const run = async () => {
    for await (const _ of source) count++
  }
  await t.throwsAsync(run, { code: 'ERR_SOURCE', message: /ends within a frame: 7 of 6144 bytes/ })
  t.is(count, 2)
})

test("whenFull: 'wait' holds the program up, and no frame is lost", async (t) => {
  const source = await openPipe('cat /dev/zero', { ...SIZE, limit: 3 })
  await sleep(100)
  const { frames, dropped } = source.stats
  t.is(dropped, 0)
  t.is(frames, 3)
  for await (const { timestamp } of source) if (timestamp > 1e6) break
  t.is(source.stats.dropped, 0)
})

test("whenFull: 'drop-oldest' drops and counts, and memory does not grow", async (t) => {
  const source = await openPipe('cat /dev/zero', { ...SIZE, whenFull: 'drop-oldest' })
  await sleep(50)
  const memories = new Set<ArrayBuffer>()
  let read = 0
  let last = -1
  for await (const { data, timestamp, release } of source) {
    t.true(timestamp > last)
    last = timestamp
    memories.add(data.buffer)
    release()
    await sleep(5)
    if (++read === 20) break
  }
  const { frames, dropped } = source.stats
  t.true(dropped > 100, `${dropped} dropped`)
  t.true(frames - dropped - read <= 2, 'all others were read, or thrown away by break')
  t.true(memories.size <= 5, `${memories.size} pieces of memory`)
})

test('released memory is used again, and a frame is released once', async (t) => {
  const source = await openPipe(pictures(50), SIZE)
  const memories = new Set<ArrayBuffer>()
  for await (const frame of source) {
    memories.add(frame.data.buffer)
    frame.release()
    frame.release()
  }
  t.is(source.stats.frames, 50)
  t.true(memories.size <= 4, `${memories.size} pieces of memory`)
})

test('the encoder gives the memory back', async (t) => {
  const source = await openPipe(pictures(50), SIZE)
  await using encoder = await createEncoder({ codec: 'h264', hardware: 'never', ...SIZE })
  const memories = new Set<ArrayBuffer>()
  async function* watched() {
    for await (const frame of source) {
      memories.add(frame.data.buffer)
      yield frame
    }
  }
  for await (const _ of encoder.encodeAll(watched())) continue
  t.true(memories.size <= 4, `${memories.size} pieces of memory`)
})

test('frames of a live source carry the time of their arrival', async (t) => {
  const go = join(scratch(t), 'go')
  const command = `${pictures(1)}; until [ -e ${go} ]; do sleep 0.02; done; ${pictures(1)}`
  const times: number[] = []
  for await (const { timestamp, duration } of await openPipe(command, {
    ...SIZE,
    timestamps: 'arrival',
    framerate: 25,
  })) {
    times.push(timestamp)
    t.is(duration, 40_000)
    await sleep(100)
    writeFileSync(go, '')
  }
  t.is(times[0], 0)
  t.true(times[1]! > 99_000, `${times[1]} µs`)
})

test('one loop reads it at a time', async (t) => {
  await using source: PipeSource = await openPipe('cat /dev/zero', SIZE)
  void source[Symbol.asyncIterator]()
  t.throws(() => source[Symbol.asyncIterator](), { code: 'ERR_BUSY' })
})

test('its frames come once: who reads it after its loop gets the hint to open it again', async (t) => {
  const source = await openPipe(pictures(1), SIZE)
  for await (const _ of source) continue
  const error = t.throws(() => source[Symbol.asyncIterator](), { code: 'ERR_CLOSED', message: /has been read/ })
  t.regex((error as { hint?: string }).hint!, /Open it once more/)
})
