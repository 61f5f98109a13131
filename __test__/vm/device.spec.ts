import { closeSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import {
  openDevice,
  V4L2_BUF_TYPE,
  V4L2_COLORSPACE,
  V4L2_EVENT,
  V4L2_PIX_FMT_FLAG,
  V4L2_QUANTIZATION,
  V4L2_SEL_TGT,
  V4L2_XFER_FUNC,
  V4L2_YCBCR_ENC,
} from '../../ts/device/index.js'
import type { Device, DeviceOptions, Queue } from '../../ts/device/index.js'
import type { V4l2EncoderError } from '../../ts/index.js'
import { assertGoodFwht, cameraNode, encoderNode, onKernel, run } from '../support/kernel.js'
import { originals, range } from '../support/record.js'

const EXAMPLES = join(import.meta.dirname, '../../examples')
const SIZE = { width: 640, height: 480 }
const DRIVER = '/sys/bus/platform/drivers/vicodec'

async function open(t: ExecutionContext, path: string, options?: DeviceOptions): Promise<Device> {
  const device = await openDevice(path, options)
  t.teardown(() => device.close().catch(() => {}))
  return device
}

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'device-'))
  t.teardown(() => rmSync(made, { recursive: true }))
  return made
}

/** The value that v4l2-ctl sees. */
async function seenByV4l2Ctl(control: string): Promise<string> {
  const printed = await run('v4l2-ctl', '-d', cameraNode(), '-C', control)
  return printed.trim().slice(`${control}: `.length)
}

onKernel('a control that is set is what v4l2-ctl sees, and the other way round', async (t) => {
  const device = await open(t, cameraNode())
  t.is(await device.setControl('brightness', 77), 77)
  t.is(await seenByV4l2Ctl('brightness'), '77')
  await run('v4l2-ctl', '-d', cameraNode(), '-c', 'brightness=99')
  t.is(await device.getControl('brightness'), 99)
  t.is(await device.resetControl('brightness'), 128)
  t.is(await seenByV4l2Ctl('brightness'), '128')
})

onKernel('each kind of control has its kind of value', async (t) => {
  const device = await open(t, cameraNode())
  const values: [string, number | bigint | string | boolean, string][] = [
    ['boolean', false, '0'],
    ['integer_64_bits', 123_456_789_012n, '123456789012'],
    ['menu', 4, '4 (Menu Item 4)'],
    ['string', 'a b', "'a b'"],
    ['bitmask', 0x8000_0000, '-2147483648'],
    ['integer_menu', 3, '3 (3 0x3)'],
  ]
  for (const [control, value, seen] of values) {
    const taken = await device.setControl(control, value)
    t.is(taken, typeof value === 'boolean' ? Number(value) : value, control)
    t.is(await seenByV4l2Ctl(control), seen, control)
    await device.resetControl(control)
  }
  await t.throwsAsync(device.setControl('menu', 2), { code: 'ERR_CONTROL', message: /one of 1 \(Menu Item 1\)/ })
  await t.throwsAsync(device.setControl('string', 'far too long for it'), { code: 'ERR_CONTROL' })
  await t.throwsAsync(device.setControl('read_only_integer_32_bits', 1), {
    code: 'ERR_CONTROL',
    message: /only be read/,
  })
})

onKernel('an array is bytes, as many as the control has', async (t) => {
  const device = await open(t, cameraNode())
  const { dims, elemSize, elems } = await device.control('u16_8x16_matrix')
  t.deepEqual([dims, elemSize, elems], [[8, 16], 2, 128])
  const matrix = new Uint8Array(256).map((_, index) => (index % 2 === 0 ? 16 + (index % 80) : 0))
  t.deepEqual(await device.setControl('u16_8x16_matrix', matrix), matrix)
  t.deepEqual(await device.getControl('u16_8x16_matrix'), matrix)
  await t.throwsAsync(device.setControl('u16_8x16_matrix', matrix.subarray(1)), { message: /256 bytes.*255/ })
  await device.resetControl('u16_8x16_matrix')
})

onKernel('an array that changes its length takes any number of elements that it may have', async (t) => {
  const device = await open(t, cameraNode())
  const { dims, elemSize } = await device.control('u32_dynamic_array')
  t.deepEqual([dims, elemSize], [[100], 4])
  const three = new Uint8Array(Uint32Array.of(50, 60, 70).buffer)
  t.deepEqual(await device.setControl('u32_dynamic_array', three), three)
  t.deepEqual(await device.getControl('u32_dynamic_array'), three)
  await t.throwsAsync(device.setControl('u32_dynamic_array', new Uint8Array(404)), { message: /4 to 400 bytes/ })
  await t.throwsAsync(device.setControl('u32_dynamic_array', new Uint8Array(5)), { code: 'ERR_CONTROL' })
  await device.resetControl('u32_dynamic_array')
})

onKernel('a button is pressed, and has nothing to go back to', async (t) => {
  const device = await open(t, cameraNode())
  await device.setControl('button', 1)
  await t.throwsAsync(device.resetControl('button'), { code: 'ERR_CONTROL', message: /is a button/ })
})

onKernel('several controls are set in one request', async (t) => {
  const device = await open(t, cameraNode())
  t.deepEqual(
    await device.setControls([
      ['contrast', 100],
      ['string', 'xyz'],
      ['integer_64_bits', -5n],
    ]),
    [100, 'xyz', -5n],
  )
  t.deepEqual(await device.getControls(['contrast', 'string', 'integer_64_bits']), [100, 'xyz', -5n])
  for (const control of ['contrast', 'string', 'integer_64_bits']) await device.resetControl(control)
})

onKernel('a change that another program makes is an event', async (t) => {
  const device = await open(t, cameraNode())
  const { id } = await device.control('saturation')
  const events = await device.events([{ type: V4L2_EVENT.CTRL, id, initial: true }])
  t.is((await events.next()).value?.payload.ctrl?.u.value, 128)
  await run('v4l2-ctl', '-d', cameraNode(), '-c', 'saturation=55')
  const { value: event } = await events.next()
  t.deepEqual([event?.type, event?.id, event?.payload.ctrl?.u.value], [V4L2_EVENT.CTRL, id, 55])
  await device.resetControl(id)
  await events.return?.()
  t.true((await events.next()).done)
})

onKernel('two iterators are both told how things are, and the end of one does not end the other', async (t) => {
  const device = await open(t, cameraNode())
  const { id } = await device.control('hue')
  const wanted = [{ type: V4L2_EVENT.CTRL, id, initial: true }]
  const [first, second] = [await device.events(wanted), await device.events(wanted)]
  for (const events of [first, second]) t.is((await events.next()).value?.payload.ctrl?.u.value, 0)
  await first.return?.()
  await device.setControl(id, 7)
  t.is((await second.next()).value?.payload.ctrl?.u.value, 7)
  await device.resetControl(id)
})

onKernel('sizes, rates and rectangles are told and set', async (t) => {
  const device = await open(t, cameraNode())
  const [yuyv] = await device.formats(device.captureType)
  const sizes = await device.frameSizes(yuyv!.fourcc)
  t.true(sizes.some((size) => size.type === 'discrete' && size.width === 1280 && size.height === 720))
  t.true((await device.frameIntervals('YUYV', 640, 360)).length > 2)
  const format = await device.setFormat({ type: device.captureType, ...SIZE, code: 'NV12' })
  t.deepEqual([format.width, format.height, format.code], [640, 480, 'NV12'])
  const { timePerFrame } = await device.setFrameInterval(device.captureType, { numerator: 1, denominator: 10 })
  t.is(timePerFrame.denominator / timePerFrame.numerator, 10)

  const encoder = await open(t, encoderNode())
  await encoder.setFormat({ type: encoder.outputType, width: 642, height: 480, code: 'YU12' })
  const { OUTPUT_CROP, OUTPUT } = { OUTPUT_CROP: V4L2_SEL_TGT.CROP, OUTPUT: V4L2_BUF_TYPE.VIDEO_OUTPUT }
  const rect = { left: 0, top: 0, width: 640, height: 400 }
  t.deepEqual((await encoder.setSelection(OUTPUT, OUTPUT_CROP, rect)).rect, rect)
  t.deepEqual((await encoder.selection(OUTPUT, OUTPUT_CROP)).rect, rect)
})

onKernel('the driver is asked for colors, and not only told a size', async (t) => {
  const device = await open(t, cameraNode())
  const colors = {
    colorspace: V4L2_COLORSPACE.REC709,
    ycbcrEnc: V4L2_YCBCR_ENC['709'],
    quantization: V4L2_QUANTIZATION.LIM_RANGE,
    xferFunc: V4L2_XFER_FUNC['709'],
  }
  const flags = V4L2_PIX_FMT_FLAG.SET_CSC
  t.like(await device.tryFormat({ type: device.captureType, ...SIZE, code: 'NV12', ...colors, flags }), colors)
})

/** Some pictures of the camera; the buffers are the caller's to free. */
async function capture(device: Device, count: number): Promise<Queue> {
  await device.setFormat({ type: device.captureType, ...SIZE, code: 'NV12' })
  const queue = await device.queue(device.captureType)
  for (const { index } of queue.buffers) await queue.enqueue(index)
  await queue.start()
  for (let taken = 0; taken < count; taken++) {
    const buffer = (await queue.dequeue())!
    await queue.enqueue(buffer.index)
  }
  return queue
}

onKernel('mapped buffers are detached when the queue is freed and when the device is closed', async (t) => {
  const device = await open(t, cameraNode())
  const queue = await capture(device, 2)
  const [first] = queue.buffers[0]!.planes
  t.is(first!.length, 460_800)
  await queue.free()
  t.is(first!.length, 0)
  await t.throwsAsync(queue.enqueue(0), { code: 'ERR_CLOSED' })
  const again = await capture(device, 1)
  const [other] = again.buffers[0]!.planes
  await device.close()
  t.is(other!.length, 0)
})

onKernel('whoever waits for a buffer of a queue that is freed is told so', async (t) => {
  for (let round = 0; round < 10; round++) {
    const device = await openDevice(cameraNode())
    const queue = await capture(device, 1)
    const loop = (async () => {
      for (;;) await queue.enqueue((await queue.dequeue())!.index)
    })()
    await Promise.all([t.throwsAsync(loop, { code: 'ERR_CLOSED' }), round % 2 ? queue.free() : device.close()])
    await t.throwsAsync(queue.dequeue(), { code: 'ERR_CLOSED' })
    await device.close()
  }
})

onKernel('there is one queue of a kind at a time', async (t) => {
  const device = await open(t, cameraNode())
  const first = await capture(device, 1)
  await t.throwsAsync(device.queue(device.captureType), { code: 'ERR_BUSY', message: /has a queue of buffer type/ })
  await first.free()
  const second = await capture(device, 1)
  t.is(second.buffers[0]!.planes[0]!.length, 460_800)
})

onKernel('a buffer that nobody gave cannot be waited for, and a wait has an end', async (t) => {
  const camera = await open(t, cameraNode())
  await using pictures = await capture(camera, 1)
  for (let given = 0; given < pictures.count; given++) await pictures.dequeue()
  const error = await t.throwsAsync<V4l2EncoderError>(pictures.dequeue({ timeout: 100 }), { code: 'ERR_TIMEOUT' })
  t.regex(error?.hint ?? '', /has no buffer of this queue/)
  await t.throwsAsync(pictures.enqueue(99), { code: 'ERR_CONFIG', message: /buffers 0 to/ })

  const encoder = await open(t, encoderNode())
  await encoder.setFormat({ type: encoder.captureType, code: 'FWHT', ...SIZE })
  await using coded = await encoder.queue(encoder.captureType)
  await coded.enqueue(0)
  await coded.start()
  await t.throwsAsync(coded.dequeue({ timeout: 300 }), { code: 'ERR_TIMEOUT', message: /was ready within 300 ms/ })
  const reason = new Error('enough')
  const stop = new AbortController()
  setTimeout(() => stop.abort(reason), 50)
  t.is(await t.throwsAsync(coded.dequeue({ signal: stop.signal })), reason)
})

onKernel('a buffer that is exported goes to another device by its descriptor', async (t) => {
  const camera = await open(t, cameraNode())
  await using pictures = await capture(camera, 1)
  await pictures.stop()
  const encoder = await open(t, encoderNode())
  await encoder.setFormat({ type: encoder.captureType, code: 'FWHT', ...SIZE })
  const { planes } = await encoder.setFormat({ type: encoder.outputType, code: 'NV12', ...SIZE })
  await using raw = await encoder.queue(encoder.outputType, { count: 2, memory: 'dmabuf' })
  await using coded = await encoder.queue(encoder.captureType, { count: 2 })
  await coded.enqueue(0)
  await raw.start()
  await coded.start()
  const fd = await pictures.export(0)
  t.teardown(() => closeSync(fd))
  t.is(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^flags:\t0(\d+)$/m)?.[1], '2000002', 'closed on exec')
  const { sizeImage } = planes[0]!
  await raw.enqueue(0, { fds: [fd], lengths: [sizeImage], timestamp: 1_234_567 })
  const buffer = await coded.dequeue()
  t.is(buffer?.timestamp, 1_234_567)
  t.true(buffer!.bytesUsed[0]! > 1000)
})

onKernel('a device that vanishes between two requests is lost', async (t) => {
  const device = await open(t, encoderNode())
  await device.formats(device.captureType)
  writeFileSync(`${DRIVER}/unbind`, 'vicodec.0')
  t.teardown(async () => {
    writeFileSync(`${DRIVER}/bind`, 'vicodec.0')
    while (!existsSync('/dev/video0')) await sleep(10)
  })
  const error = await t.throwsAsync<V4l2EncoderError>(device.format(device.captureType))
  t.deepEqual([error?.code, error?.errno], ['ERR_DEVICE_LOST', 'ENODEV'])
  await device.close()
  await t.throwsAsync(openDevice('/dev/video0'), { code: 'ERR_DEVICE_NOT_FOUND' })
})

onKernel('opening again and again leaves no descriptor and no thread', async (t) => {
  const left = (): number[] => ['fd', 'task'].map((kind) => readdirSync(`/proc/self/${kind}`).length)
  await (await openDevice(cameraNode())).close()
  await sleep(200)
  const before = left()
  for (let round = 0; round < 200; round++) await (await openDevice(cameraNode())).close()
  await sleep(200)
  t.deepEqual(left(), before)
})

// 360 rows are padded to 368.
for (const size of [SIZE, { width: 640, height: 360 }]) {
  const named = `${size.width}x${size.height}`
  onKernel(`the example encodes what the kernel’s decoder decodes: ${named}`, async (t) => {
    const work = folder(t)
    const [pictures, coded] = [join(work, 'pictures.yuv'), join(work, 'coded.fwht')]
    const source = originals(size.width, size.height)
    writeFileSync(pictures, Buffer.concat(range(10).map((stamp) => Buffer.from(source(stamp)))))
    const example = join(EXAMPLES, 'encode-through-ioctls.js')
    const printed = await run(process.execPath, example, encoderNode(), named, pictures, coded)
    t.regex(printed, /^frame of \d+ bytes at 0 ms\n[^]*\nframe of \d+ bytes at 360 ms\n10 frames by vicodec\n$/)
    await assertGoodFwht(t, { stream: readFileSync(coded), ...size, stamps: range(10) })
  })
}

onKernel('the example grabs pictures of the camera', async (t) => {
  const pictures = join(folder(t), 'pictures.raw')
  const example = join(EXAMPLES, 'grab-from-camera.js')
  const printed = await run(process.execPath, example, cameraNode(), '640x480', '5', pictures)
  t.regex(printed, /^vivid: reset brightness, contrast,/)
  t.regex(printed, /brightness became 255\n640x480 YUYV, of \d+ formats\n/)
  t.is(readFileSync(pictures).length, 5 * 640 * 480 * 2)
})
