/**
 * A whole encoder on the ioctl layer: I420 pictures of a file go through a stateful V4L2 encoder (the kernel's `vicodec` here, which
 * codes FWHT), and the coded ones into another file. The product's own way of a frame is `createEncoder()`; this shows the requests.
 *
 *   node encode-through-ioctls.ts /dev/video0 640x480 pictures.yuv coded.fwht
 */

import { open, readFile } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { isLast, openDevice, Requests, V4L2_BUF_TYPE, V4L2_ENC_CMD, V4L2_SEL_TGT } from 'v4l2-encoder/device'
import type { Device, PixFormat, Queue } from 'v4l2-encoder/device'

interface Size {
  width: number
  height: number
}

/** Copies a tight I420 picture into a buffer with longer rows and more of them. Chroma planes have half of everything. */
function copyPicture(picture: Uint8Array, buffer: Uint8Array, { width, height }: Size, raw: PixFormat): void {
  const stride = raw.planes[0]!.bytesPerLine
  const planes = [
    { columns: width, rows: height, stride, bytes: stride * raw.height },
    { columns: width / 2, rows: height / 2, stride: stride / 2, bytes: (stride * raw.height) / 4 },
    { columns: width / 2, rows: height / 2, stride: stride / 2, bytes: (stride * raw.height) / 4 },
  ]
  let from = 0
  let start = 0
  for (const plane of planes) {
    for (let row = 0; row < plane.rows; row++, from += plane.columns)
      buffer.set(picture.subarray(from, from + plane.columns), start + row * plane.stride)
    start += plane.bytes
  }
}

/** Gives the device every picture, then tells it that there are no more. */
async function feed(device: Device, queue: Queue, pictures: Uint8Array, size: Size, raw: PixFormat): Promise<void> {
  const bytes = (size.width * size.height * 3) / 2
  for (let number = 0; (number + 1) * bytes <= pictures.length; number++) {
    const index = number < queue.count ? number : (await queue.dequeue())!.index
    const picture = pictures.subarray(number * bytes, (number + 1) * bytes)
    copyPicture(picture, queue.buffers[index]!.planes[0]!, size, raw)
    await queue.enqueue(index, { timestamp: number * 40_000 })
  }
  await device.request(Requests.ENCODER_CMD, { cmd: V4L2_ENC_CMD.STOP })
}

/** Writes every coded frame, until the last one. */
async function take(queue: Queue, file: FileHandle): Promise<number> {
  for (let frames = 0; ;) {
    const buffer = await queue.dequeue()
    if (buffer && buffer.bytesUsed[0]! > 0) {
      await file.write(buffer.planes[0]!)
      frames++
      console.log(`frame of ${buffer.bytesUsed[0]} bytes at ${buffer.timestamp / 1000} ms`)
    }
    if (!buffer || isLast(buffer)) return frames
    await queue.enqueue(buffer.index)
  }
}

async function encode(device: Device, pictures: Uint8Array, size: Size, to: string): Promise<number> {
  // The coded format comes first: it decides which raw ones there are.
  await device.setFormat({ type: device.captureType, code: 'FWHT', ...size })
  const raw = await device.setFormat({ type: device.outputType, code: 'YU12', ...size })
  // The driver may need more rows and columns than the picture has; the stream shall not show them.
  await device.setSelection(V4L2_BUF_TYPE.VIDEO_OUTPUT, V4L2_SEL_TGT.CROP, { left: 0, top: 0, ...size })
  const input = await device.queue(device.outputType)
  const output = await device.queue(device.captureType)
  for (const { index } of output.buffers) await output.enqueue(index)
  await input.start()
  await output.start()

  const file = await open(to, 'w')
  try {
    // Both at once: the device holds pictures only while it has room for coded ones.
    const [frames] = await Promise.all([take(output, file), feed(device, input, pictures, size, raw)])
    return frames
  } finally {
    await file.close()
  }
}

async function main([path, size, from, to]: string[]): Promise<void> {
  const [width, height] = (size ?? '').split('x').map(Number)
  if (!path || !width || !height || !from || !to)
    throw new Error('Usage: encode-through-ioctls.ts DEVICE WIDTHxHEIGHT PICTURES CODED')
  const device = await openDevice(path)
  try {
    const frames = await encode(device, await readFile(from), { width, height }, to)
    console.log(`${frames} frames by ${device.capability.card}`)
  } finally {
    await device.close()
  }
}

await main(process.argv.slice(2))
