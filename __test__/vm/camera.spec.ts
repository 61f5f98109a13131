import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { createEncoder, listCameras, openCamera } from '../../ts/index.js'
import type { ColorSpace } from '../../ts/index.js'
import { cameraNode, decodeByKernel, decoderNode, onKernel, run } from '../support/kernel.js'

const SIZE = { width: 640, height: 480 }
const FRAMES = 10
const CLI = join(import.meta.dirname, '../../dist/cli/main.js')

/** White, yellow, cyan, green, magenta, red, blue, black; each color at 75%, as vivid draws them. */
const BARS = [
  [1, 1, 1],
  [1, 1, 0],
  [0, 1, 1],
  [0, 1, 0],
  [1, 0, 1],
  [1, 0, 0],
  [0, 0, 1],
  [0, 0, 0],
] as const

/** Y, U and V of a bar in limited range. */
function yuv([r, g, b]: readonly [number, number, number], matrix: ColorSpace['matrix']): [number, number, number] {
  const [kr, kb] = matrix === 'smpte170m' ? [0.299, 0.114] : [0.2126, 0.0722]
  const y = 0.75 * (kr * r + (1 - kr - kb) * g + kb * b)
  const [u, v] = [(0.75 * b - y) / (2 - 2 * kb), (0.75 * r - y) / (2 - 2 * kr)]
  return [16 + 219 * y, 128 + 224 * u, 128 + 224 * v]
}

interface Picture {
  data: Uint8Array
  format: string
  width: number
  height: number
}

/** The bars below vivid's writing; `tolerance` is what coding may change. */
function assertBars(t: ExecutionContext, { data, format, width, height }: Picture, tolerance: number): void {
  const luma = width * height
  const y = Math.floor((height * 5) / 6)
  for (const [bar, color] of BARS.entries()) {
    const x = Math.floor((width / 8) * (bar + 0.5))
    const chroma = (y >> 1) * (width >> 1) + (x >> 1)
    const pair = format === 'NV12' ? [luma + 2 * chroma, luma + 2 * chroma + 1] : [luma + chroma, luma * 1.25 + chroma]
    const seen = [data[y * width + x]!, data[pair[0]!]!, data[pair[1]!]!]
    const expected = yuv(color, 'smpte170m')
    t.true(
      seen.every((value, index) => Math.abs(value - expected[index]!) <= tolerance),
      `bar ${bar} is ${seen.join(', ')}, not ${expected.map(Math.round).join(', ')}`,
    )
  }
}

/** Pictures of an FWHT stream, as the kernel's own decoder sees them (I420). */
async function decode(stream: Uint8Array, { width, height }: { width: number; height: number }): Promise<Uint8Array> {
  const pictures: Uint8Array[] = []
  const one = { stream, codec: 'fwht', width, height, stamps: [], source: () => stream }
  await decodeByKernel(one, (picture) => void pictures.push(picture.slice()))
  return Buffer.concat(pictures)
}

onKernel('cameras are listed with formats, sizes and rates, and codecs are not', async (t) => {
  const cameras = await listCameras()
  t.deepEqual(
    cameras.map(({ index, device, name, driver, available }) => ({ index, device, name, driver, available })),
    [{ index: 0, device: cameraNode(), name: 'vivid', driver: 'vivid', available: true }],
  )
  const yuyv = cameras[0]!.formats.find(({ code }) => code === 'YUYV')!
  const size = yuyv.sizes.find(({ width, height }) => width === 1280 && height === 720)!
  t.true(size.framerates.includes(10), size.framerates.join(', '))
})

for (const cameraFormat of ['NV12', 'YUYV', 'RGB'] as const) {
  onKernel(`its color bars are recognised when it gives ${cameraFormat}`, async (t) => {
    await using camera = await openCamera({ ...SIZE, framerate: 15, cameraFormat })
    t.is(camera.cameraFormat, cameraFormat)
    t.deepEqual(camera.config.colorSpace, { matrix: 'smpte170m', fullRange: false })
    let last = 0
    let count = 0
    for await (const frame of camera.frames()) {
      assertBars(t, { ...frame, format: 'NV12' }, 6)
      t.true(frame.timestamp > last)
      last = frame.timestamp
      // vivid's clock is the monotonic one, so the time is known to a few microseconds, and not only to the interval.
      t.true(frame.metadata.captureTimeUncertainty! < 10_000)
      t.true(Math.abs(Date.now() * 1000 - frame.metadata.captureTime!) < 1_000_000)
      frame.release()
      if (++count === 5) break
    }
    const { delivered, converted, dmabuf, errors } = camera.stats
    t.deepEqual({ delivered, converted, dmabuf, errors }, { delivered: 5, converted: 5, dmabuf: 0, errors: 0 })
  })
}

onKernel('from camera to encoder nothing is copied where both agree, and the stream has the bars', async (t) => {
  const camera = await openCamera({ width: 1280, height: 720, framerate: 10 })
  t.true(camera.dmabuf)
  const encoder = await createEncoder({ codec: 'fwht', ...camera.config, hardware: 'require', log: 'silent' })
  const chunks: Uint8Array[] = []
  for await (const { data } of encoder.encodeAll(camera.frames())) {
    chunks.push(data)
    if (chunks.length === FRAMES) break
  }
  await encoder.close({ discard: true })
  await camera.close()
  const { framesImported, framesCopied, framesIn } = encoder.stats
  t.deepEqual({ framesImported, framesCopied }, { framesImported: framesIn, framesCopied: 0 })
  t.is(camera.stats.converted, 0)
  t.true(camera.stats.dmabuf >= FRAMES)
  const decoded = await decode(Buffer.concat(chunks), { width: 1280, height: 720 })
  t.is(decoded.length, FRAMES * 1280 * 720 * 1.5)
  for (const index of [0, FRAMES - 1]) {
    const data = decoded.subarray(index * 1280 * 720 * 1.5)
    assertBars(t, { data, format: 'I420', width: 1280, height: 720 }, 16)
  }
})

onKernel('a picture goes to encoders that read it and that copy it at once, and to none after that', async (t) => {
  const camera = await openCamera({ width: 1280, height: 720, framerate: 10 })
  const options = { ...camera.config, log: 'silent' } as const
  const hardware = { ...options, codec: 'fwht', hardware: 'require' } as const
  const software = { ...options, codec: 'h264', hardware: 'never' } as const
  const encoders = await Promise.all([software, hardware, hardware].map((config) => createEncoder(config)))
  const frames = camera.frames({ dmabuf: true })
  const counts = encoders.map(() => 0)
  const reading = encoders.map(async (encoder, index) => {
    for await (const { timestamp } of encoder) if (timestamp >= 0) counts[index]!++
  })
  for (let number = 0; number < FRAMES; number++) {
    const { value: frame } = await frames.next()
    await Promise.all(encoders.map((encoder) => encoder.encode(frame)))
    if (number < FRAMES - 1) continue
    await t.throwsAsync(encoders[0]!.encode(frame), { code: 'ERR_FRAME', message: /given back to the camera/ })
  }
  await Promise.all(encoders.map((encoder) => encoder.close()))
  await Promise.all(reading)
  await camera.close()
  t.deepEqual(counts, [FRAMES, FRAMES, FRAMES])
  const ways = encoders.map(({ stats: { framesImported, framesCopied } }) => [framesImported, framesCopied])
  t.deepEqual(ways, [
    [0, FRAMES],
    [FRAMES, 0],
    [FRAMES, 0],
  ])
})

onKernel('a slow loop misses the oldest pictures, and the camera goes on', async (t) => {
  await using camera = await openCamera({ ...SIZE, framerate: 15, limit: 1 })
  const frames = camera.frames()
  ;(await frames.next()).value!.release()
  await sleep(2000)
  ;(await frames.next()).value!.release()
  t.true(camera.stats.dropped >= 5, JSON.stringify(camera.stats))
})

onKernel('controls are set as v4l2-ctl reads them, and wrong values are answered with the right ones', async (t) => {
  await using camera = await openCamera({ ...SIZE, framerate: 15 })
  const brightness = (await camera.controls()).find(({ name }) => name === 'brightness')!
  t.deepEqual([brightness.type, brightness.minimum, brightness.maximum, brightness.default], ['integer', 0, 255, 128])
  t.is(await camera.setControl('brightness', 99), 99)
  t.regex(await run('v4l2-ctl', '-d', cameraNode(), '-C', 'brightness'), /brightness: 99/)
  await camera.setControl('brightness', 128)
  await t.throwsAsync(camera.setControl('brightness', 256), {
    instanceOf: RangeError,
    code: 'ERR_CONTROL',
    message: 'The control brightness takes 0 to 255, not 256.',
  })
})

onKernel('what the camera cannot do is answered with what it can, and other devices by their name', async (t) => {
  const size = await t.throwsAsync(openCamera({ width: 642, height: 480 }), {
    instanceOf: RangeError,
    code: 'ERR_CONFIG',
  })
  t.regex(size.message, /640x480/)
  await t.throwsAsync(openCamera({ camera: decoderNode() }), { code: 'ERR_NOT_A_CAMERA' })
  await t.throwsAsync(openCamera({ camera: 'Logitech' }), { code: 'ERR_DEVICE_NOT_FOUND', message: /vivid/ })
  await using first = await openCamera(SIZE)
  await t.throwsAsync(openCamera({ camera: first.device, ...SIZE }), { code: 'ERR_BUSY' })
})

onKernel('record takes a camera, and cameras shows it', async (t) => {
  t.regex(await run('node', CLI, 'cameras'), /^0 {2}\/dev\/video\d+ {2}vivid \(vivid, platform:vivid-000\)$/m)
  const folder = mkdtempSync(join(tmpdir(), 'camera-'))
  const file = join(folder, 'clip.fwht')
  const size = ['--size', '1280x720', '--fps', '10']
  await run('node', CLI, 'record', file, '--codec', 'fwht', '--camera-index', '0', '--frames', `${FRAMES}`, ...size)
  const decoded = await decode(readFileSync(file), { width: 1280, height: 720 })
  rmSync(folder, { recursive: true })
  t.is(decoded.length, FRAMES * 1280 * 720 * 1.5)
  assertBars(t, { data: decoded, format: 'I420', width: 1280, height: 720 }, 16)
})

onKernel('an idle camera does not keep the process alive, and exit() closes it', (t) => {
  for (const end of ['', 'process.exit(0)']) {
    const program = `
      import { openCamera } from '${join(import.meta.dirname, '../../dist/index.js')}'
      const camera = await openCamera({ width: 640, height: 480 })
      const { value } = await camera.frames().next()
      value.release()
      console.log('one frame')
      ${end}`
    const { status, stdout, stderr } = spawnSync('node', ['--input-type=module', '-e', program], { timeout: 30_000 })
    t.is(status, 0, String(stderr))
    t.is(String(stdout), 'one frame\n')
  }
})

onKernel('a camera that is unplugged ends the loop with its error', async (t) => {
  const driver = '/sys/bus/platform/drivers/vivid'
  const camera = await openCamera({ ...SIZE, framerate: 15 })
  const error = await t.throwsAsync<Error & { device?: string }>(
    async () => {
      for await (const frame of camera) {
        frame.release()
        if (camera.stats.delivered === 3) writeFileSync(`${driver}/unbind`, 'vivid.0')
      }
    },
    { code: 'ERR_DEVICE_LOST' },
  )
  t.is(error.device, camera.device)
  await camera.close()
  writeFileSync(`${driver}/bind`, 'vivid.0')
  await using again = await openCamera({ ...SIZE, framerate: 15 })
  t.false((await again.frames().next()).done ?? false)
})
