import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { openPipe } from '../../ts/index.js'
import { aspectRatio, faultOf, parseY4mHeader } from '../../ts/source/y4m.js'
import { framesOf, scratch, writing, y4m } from '../support/pipe.js'
import { onAddon } from '../support/installed-programs.js'

test('a header says the range of the values and the shape of the pixels', (t) => {
  const plain = parseY4mHeader('W640 H480 F25:1 Ip A0:0 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED')
  t.deepEqual([plain.colorSpace, plain.sampleAspectRatio], [undefined, undefined])
  const pal = parseY4mHeader('W720 H576 F25:1 Ip A64:45 C420mpeg2 XCOLORRANGE=FULL')
  t.deepEqual(pal.colorSpace, { matrix: 'smpte170m', fullRange: true })
  t.deepEqual(pal.sampleAspectRatio, { width: 64, height: 45 })
  const hd = parseY4mHeader('W1280 H720 XCOLORRANGE=full A1:1')
  t.deepEqual(hd.colorSpace, { matrix: 'bt709', fullRange: true }, 'as players suppose of 720 rows')
  t.is(hd.sampleAspectRatio, undefined)
})

test('a shape is written in lowest terms of 16 bits', (t) => {
  t.deepEqual(aspectRatio('128:90'), { width: 64, height: 45 })
  t.deepEqual(aspectRatio('1000000:500001'), { width: 65_535, height: 32_768 })
  for (const none of [undefined, '', '0:1', '1:0', '7:7', '-4:3', '4/3', 'x']) t.is(aspectRatio(none), undefined, none)
})

test('a rate that is none is not taken for one', (t) => {
  t.is(parseY4mHeader('W4 H2 F24000:1001').framerate, 24_000 / 1001)
  t.is(parseY4mHeader('W4 H2 F25').framerate, 25)
  for (const rate of ['', ' F0:0', ' F-25:1', ' F25:0', ' F0x10:1']) {
    t.is(parseY4mHeader(`W4 H2${rate}`).framerate, undefined, rate)
  }
})

test('a size is whole digits', (t) => {
  for (const size of ['W-4 H2', 'W0 H2', 'W1e3 H2', 'W0x10 H2', 'W H2', 'H2', 'W4']) {
    t.throws(() => parseY4mHeader(size), { code: 'ERR_SOURCE', message: /no frame size/ }, size)
  }
})

test('frames of another kind are rejected with what they are', (t) => {
  const all: [header: string, message: RegExp][] = [
    ['C420p10', /420p10 \(10 bits a sample\)/],
    ['Cmono', /mono \(gray without chroma\)/],
    ['C444alpha', /444alpha \(with an alpha channel\)/],
    ['C411', /411 \(not 4:2:0\)/],
    ['XYSCSS=444', /444 \(not 4:2:0\)/],
  ]
  for (const [header, message] of all) {
    t.throws(() => parseY4mHeader(`W4 H2 ${header}`), { code: 'ERR_SOURCE', message }, header)
  }
  for (const colors of ['C420', 'C420mpeg2', 'XYSCSS=420MPEG2 C420jpeg', 'XYSCSS=420PALDV']) {
    t.notThrows(() => parseY4mHeader(`W4 H2 ${colors}`))
  }
})

test('a field order that the format does not define is taken for none, also where it is a name that every object has', (t) => {
  for (const order of ['constructor', 'toString', '__proto__', '?']) {
    t.is(parseY4mHeader(`W4 H2 I${order}`).width, 4)
  }
})

test('interlaced frames are rejected with their order, and so that a program can deinterlace them', (t) => {
  for (const [fields, order] of [
    ['t', 'top field first'],
    ['b', 'bottom field first'],
    ['m', 'mixed with progressive frames'],
  ]) {
    const error = t.throws(() => parseY4mHeader(`W4 H2 I${fields}`), {
      message: new RegExp(`\\(I${fields}: ${order}\\)`),
    })
    t.is(faultOf(error), 'interlaced')
  }
  t.is(faultOf(t.throws(() => parseY4mHeader('W4 H2 C444'))), undefined)
  for (const progressive of ['p', '?']) t.notThrows(() => parseY4mHeader(`W4 H2 I${progressive}`))
})

onAddon('a header may be long, end in CR LF, or be separated by more than one blank', async (t) => {
  for (const header of [`W4 H2 X${'a'.repeat(4000)}`, 'W4 H2 Ip C420jpeg\r', ' W4\tH2  F25:1 ', 'W4 H2 XA XB=1']) {
    t.is((await framesOf(writing(t, y4m(header, 1, 2)))).length, 2, JSON.stringify(header.slice(0, 20)))
  }
})

onAddon('what is no Y4M is reported as what it is', async (t) => {
  const all: [bytes: string | Buffer, y4m: boolean | undefined, message: RegExp, hint?: RegExp][] = [
    ['hello\n', true, /no YUV4MPEG2 \(Y4M\): it has 6 bytes, and does not begin with "YUV4MPEG2"/],
    ['hello\n', undefined, /raw .* options width and height are needed/],
    ['YUV4M', undefined, /Y4M input ends within its header, after 5 bytes/],
    ['YUV4MPEG2\n', undefined, /no frame size in its header/],
    ['\uFEFFYUV4MPEG2 W4 H2\n', undefined, /begins with a byte order mark/, /binary mode/],
    [Buffer.from('\uFEFFYUV4MPEG2 W4 H2\n', 'utf16le'), true, /begins with a byte order mark/, /PowerShell/],
    ['YUV4MPEG2 W4 H2\r\nFRAME\r\n' + '\r\n'.repeat(12), undefined, /does not begin with "FRAME"/, /CR LF.*text mode/],
  ]
  for (const [bytes, wanted, message, hint] of all) {
    const path = join(scratch(t), 'input')
    writeFileSync(path, bytes)
    const reading = framesOf(['cat', path], wanted === undefined ? {} : { y4m: wanted })
    const error = await t.throwsAsync(reading, { code: 'ERR_SOURCE', message })
    if (hint) t.regex((error as { hint?: string }).hint ?? '', hint)
  }
})

onAddon('times are those of the source, and the rate is one that an encoder can count on', async (t) => {
  for (const [rate, framerate, times] of [
    ['F1:10', 1, [0, 10_000_000]],
    ['F480:1', 240, [0, 2083]],
    ['F30:1', 30, [0, 33_333]],
  ] as const) {
    await using source = await openPipe(writing(t, y4m(`W4 H2 ${rate}`, 1, 2)))
    t.is(source.config.framerate, framerate)
    const found: number[] = []
    for await (const { timestamp } of source) found.push(timestamp)
    t.deepEqual(found, [...times])
  }
})
