/**
 * A whole encoder on the ioctl layer: I420 pictures of a file go through a stateful V4L2 encoder (the kernel's `vicodec` here, which
 * codes FWHT), and the coded ones into another file. The product's own way of a frame is `createEncoder()`; this shows the requests.
 *
 *   node encode-through-ioctls.ts /dev/video0 640x480 pictures.yuv coded.fwht
 */

import { open, readFile } from 'node:fs/promises'
import { isLast, openDevice, Requests, V4L2_ENC_CMD } from 'v4l2-encoder/device'
import type { Device, Queue } from 'v4l2-encoder/device'

/** Copies a tight picture into a buffer whose rows may be longer. Planes of I420: a whole one and two of half its width and height. */
function copyPicture(picture: Uint8Array, buffer: Uint8Array, width: number, height: number, stride: number): void {
  const planes = [
    { columns: width, rows: height, stride },
    { columns: width / 2, rows: height / 2, stride: stride / 2 },
    { columns: width / 2, rows: height / 2, stride: stride / 2 },
  ]
  let from = 0
  let to = 0
  for (const plane of planes) {
    for (let row = 0; row < plane.rows; row++, from += plane.columns, to += plane.stride)
      buffer.set(picture.subarray(from, from + plane.columns), to)
  }
}

/** Gives the device every picture, then tells it that there are no more. */
async function feed(device: Device, queue: Queue, pictures: Uint8Array, width: number, height: number): Promise<void> {
  const { planes } = await device.format(queue.type)
  const stride = planes[0]!.bytesPerLine
  const bytes = (width * height * 3) / 2
  for (let number = 0; (number + 1) * bytes <= pictures.length; number++) {
    const index = number < queue.count ? number : (await queue.dequeue())!.index
    const picture = pictures.subarray(number * bytes, (number + 1) * bytes)
    copyPicture(picture, queue.buffers[index]!.planes[0]!, width, height, stride)
    await queue.enqueue(index, { timestamp: number * 40_000 })
  }
  await device.request(Requests.ENCODER_CMD, { cmd: V4L2_ENC_CMD.STOP })
}

async function encode(
  device: Device,
  pictures: Uint8Array,
  width: number,
  height: number,
  to: string,
): Promise<number> {
  // The coded format comes first: it decides which raw ones there are.
  await device.setFormat({ type: device.captureType, code: 'FWHT', width, height })
  await device.setFormat({ type: device.outputType, code: 'YU12', width, height })
  const raw = await device.queue(device.outputType)
  const coded = await device.queue(device.captureType)
  for (const { index } of coded.buffers) await coded.enqueue(index)
  await raw.start()
  await coded.start()

  const file = await open(to, 'w')
  try {
    // Both at once: the device holds pictures only while it has room for coded ones.
    const feeding = feed(device, raw, pictures, width, height)
    let frames = 0
    for (;;) {
      const buffer = await coded.dequeue()
      if (buffer && buffer.bytesUsed[0]! > 0) {
        await file.write(buffer.planes[0]!)
        frames++
        console.log(`frame of ${buffer.bytesUsed[0]} bytes at ${buffer.timestamp / 1000} ms`)
      }
      if (!buffer || isLast(buffer)) break
      await coded.enqueue(buffer.index)
    }
    await feeding
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
    const frames = await encode(device, await readFile(from), width, height, to)
    console.log(`${frames} frames by ${device.capability.card}`)
  } finally {
    await device.close()
  }
}

await main(process.argv.slice(2))
