import { spawnSync } from 'node:child_process'
import test from 'ava'
import { createEncoder } from '../../ts/index.js'
import type { ColorSpace, PixelFormat } from '../../ts/index.js'

const WIDTH = 128
const HEIGHT = 96
/** One bar each; saturated ones show a wrong matrix, greys a wrong range. */
const BARS = [
  [255, 255, 255],
  [230, 20, 20],
  [20, 230, 20],
  [20, 20, 230],
  [230, 230, 20],
  [128, 128, 128],
  [60, 60, 60],
  [0, 0, 0],
] as const
const BAR = WIDTH / BARS.length

const ORDERS: Partial<Record<PixelFormat, number[]>> = {
  RGB: [0, 1, 2],
  BGR: [2, 1, 0],
  RGBA: [0, 1, 2],
  BGRA: [2, 1, 0],
}

function barsIn(format: PixelFormat): Uint8Array {
  const order = ORDERS[format]!
  const bytes = format.length
  const picture = new Uint8Array(WIDTH * HEIGHT * bytes).fill(7)
  for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
    const bar = BARS[Math.floor((pixel % WIDTH) / BAR)]!
    order.forEach((component, index) => (picture[pixel * bytes + index] = bar[component]!))
  }
  return picture
}

async function encode(data: Uint8Array, format: PixelFormat, colorSpace?: ColorSpace): Promise<Buffer> {
  const options = {
    width: WIDTH,
    height: HEIGHT,
    bitrate: 4_000_000,
    hardware: 'never',
    log: 'silent',
    colorSpace,
  } as const
  const encoder = await createEncoder({ codec: 'h264', ...options })
  const chunks: Uint8Array[] = []
  const frames = [0, 1, 2].map((number) => ({ data, format, timestamp: number * 33_333 }))
  for await (const chunk of encoder.encodeAll(frames)) chunks.push(chunk.data)
  await encoder.close()
  return Buffer.concat(chunks)
}

function ffmpeg(command: 'ffmpeg' | 'ffprobe', stream: Buffer, ...args: string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(command, ['-v', 'error', '-f', 'h264', '-i', 'pipe:0', ...args], {
    input: stream,
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`)
  return stdout
}

/** The color in the middle of each bar of the last picture, as ffmpeg shows it. */
function colors(stream: Buffer): number[][] {
  const pictures = ffmpeg('ffmpeg', stream, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1')
  const last = pictures.subarray(-WIDTH * HEIGHT * 3)
  return BARS.map((_, bar) => {
    const middle = ((HEIGHT / 2) * WIDTH + bar * BAR + BAR / 2) * 3
    return [...last.subarray(middle, middle + 3)]
  })
}

function signalled(stream: Buffer): string[] {
  const entries = ['-show_entries', 'stream=color_range,color_space', '-of', 'csv=p=0']
  return ffmpeg('ffprobe', stream, ...entries)
    .toString()
    .trim()
    .split(',')
}

const SPACES: [name: string, space: ColorSpace | undefined, range: string, matrix: string][] = [
  ['the default', undefined, 'tv', 'smpte170m'],
  ['BT.709 in full range', { matrix: 'bt709', fullRange: true }, 'pc', 'bt709'],
]

for (const format of ['RGB', 'BGR', 'RGBA', 'BGRA'] as const) {
  for (const [name, space, range, matrix] of SPACES) {
    test(`${format} keeps its colors in ${name}, and the stream says what they mean`, async (t) => {
      const stream = await encode(barsIn(format), format, space)
      t.deepEqual(signalled(stream), [range, matrix])
      for (const [bar, seen] of colors(stream).entries()) {
        for (const component of [0, 1, 2]) {
          const off = Math.abs(seen[component]! - BARS[bar]![component]!)
          t.true(off <= 10, `bar ${bar} is ${seen.join(', ')} instead of ${BARS[bar]!.join(', ')}`)
        }
      }
    })
  }
}

/** ffmpeg's own conversion of the RGB bars. */
function convertedBy(pixelFormat: string): Uint8Array {
  const size = `${WIDTH}x${HEIGHT}`
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', size, '-i', 'pipe:0']
  const output = ['-f', 'rawvideo', '-pix_fmt', pixelFormat, 'pipe:1']
  return spawnSync('ffmpeg', ['-v', 'error', ...input, ...output], { input: barsIn('RGB') }).stdout
}

const YUV: [format: PixelFormat, pixelFormat: string][] = [
  ['YUYV', 'yuyv422'],
  ['UYVY', 'uyvy422'],
  ['NV12', 'nv12'],
  ['NV21', 'nv21'],
]
for (const [format, pixelFormat] of YUV) {
  test(`${format} of a camera is the same picture`, async (t) => {
    for (const [bar, seen] of colors(await encode(convertedBy(pixelFormat), format)).entries()) {
      for (const component of [0, 1, 2]) {
        const off = Math.abs(seen[component]! - BARS[bar]![component]!)
        t.true(off <= 10, `bar ${bar} is ${seen.join(', ')} instead of ${BARS[bar]!.join(', ')}`)
      }
    }
  })
}

test('a packed frame has one plane in its layout, and a wrong length says what is right', async (t) => {
  const encoder = await createEncoder({ codec: 'h264', width: WIDTH, height: HEIGHT, hardware: 'never', log: 'silent' })
  const stride = WIDTH * 4 + 64
  const padded = {
    data: new Uint8Array(stride * HEIGHT),
    format: 'RGBA',
    layout: [{ offset: 0, stride }],
    timestamp: 0,
  }
  await encoder.encode(padded as never)
  const short = { data: new Uint8Array(10), format: 'BGR', timestamp: 1 } as const
  const error = await t.throwsAsync(encoder.encode(short), { instanceOf: RangeError, code: 'ERR_FRAME' })
  t.is(error.message, 'The frame has 10 bytes, but a tightly packed BGR frame of 128x96 has 36864.')
  await encoder.close()
})

test('settings tell the color space as it is in the stream', async (t) => {
  const encoder = await createEncoder({ codec: 'h264', width: WIDTH, height: HEIGHT, hardware: 'never', log: 'silent' })
  await encoder.encode({ data: barsIn('RGB'), format: 'RGB', timestamp: 0 })
  await encoder.flush()
  const setting = encoder.settings.find(({ name }) => name === 'colorSpace')
  t.deepEqual(setting, {
    name: 'colorSpace',
    requested: 'smpte170m limited',
    actual: 'smpte170m limited',
    source: 'bitstream',
  })
  await encoder.close()
})

test('the stream says the shape of its pixels, and the settings show that it does', async (t) => {
  const sampleAspectRatio = { width: 64, height: 45 }
  const options = { width: WIDTH, height: HEIGHT, hardware: 'never', log: 'silent', sampleAspectRatio } as const
  const encoder = await createEncoder({ codec: 'h264', ...options })
  const chunks: Uint8Array[] = []
  const frames = [0, 1].map((number) => ({ data: barsIn('RGB'), format: 'RGB', timestamp: number * 33_333 }) as const)
  for await (const chunk of encoder.encodeAll(frames)) chunks.push(chunk.data)
  t.deepEqual(
    encoder.settings.find(({ name }) => name === 'sampleAspectRatio'),
    { name: 'sampleAspectRatio', requested: '64:45', actual: '64:45', source: 'bitstream' },
  )
  await encoder.close()
  const entries = ['-show_entries', 'stream=sample_aspect_ratio,color_space', '-of', 'csv=p=0']
  t.is(
    ffmpeg('ffprobe', Buffer.concat(chunks), ...entries)
      .toString()
      .trim(),
    '64:45,smpte170m',
  )
  for (const wrong of [
    { width: 0, height: 1 },
    { width: 70_000, height: 1 },
    { width: 1.5, height: 1 },
  ]) {
    const refused = createEncoder({ codec: 'h264', ...options, sampleAspectRatio: wrong })
    await t.throwsAsync(refused, { code: 'ERR_CONFIG', message: /sampleAspectRatio\.width/ })
  }
})
