/**
 * A camera on the ioctl layer: sets size and rate, turns what can be turned to the driver's own choice, and writes pictures into a file.
 * `openCamera()` is the product's way; this shows the requests.
 *
 *   node grab-from-camera.ts /dev/video0 640x480 10 pictures.yuv
 */

import { open } from 'node:fs/promises'
import { openDevice, V4L2_CAP, V4L2_CTRL_FLAG, V4L2_EVENT } from 'v4l2-encoder/device'
import type { Device } from 'v4l2-encoder/device'

/** What a control that is read-only, switched off or a button does not have: a value that could be set again. */
const FIXED = V4L2_CTRL_FLAG.READ_ONLY | V4L2_CTRL_FLAG.INACTIVE | V4L2_CTRL_FLAG.DISABLED | V4L2_CTRL_FLAG.WRITE_ONLY

async function resetControls(device: Device): Promise<string[]> {
  const reset: string[] = []
  for (const { id, key, type, flags } of await device.controls()) {
    if (flags & FIXED || !['integer', 'boolean', 'menu'].includes(type)) continue
    await device.resetControl(id)
    reset.push(key)
  }
  return reset
}

async function grab(device: Device, width: number, height: number, count: number, to: string): Promise<void> {
  const type = device.captureType
  const offered = await device.formats(type)
  const format = await device.setFormat({ type, width, height, code: offered[0]!.code })
  await device.setFrameInterval(type, { numerator: 1, denominator: 10 })
  console.log(`${format.width}x${format.height} ${format.code}, of ${offered.length} formats`)

  const queue = await device.queue(type)
  for (const { index } of queue.buffers) await queue.enqueue(index)
  await queue.start()
  const file = await open(to, 'w')
  try {
    for (let taken = 0; taken < count; taken++) {
      const buffer = await queue.dequeue()
      if (!buffer) break
      for (const plane of buffer.planes) await file.write(plane)
      console.log(`picture ${buffer.sequence} of ${buffer.bytesUsed.join(' + ')} bytes`)
      await queue.enqueue(buffer.index)
    }
  } finally {
    await file.close()
    await queue.free()
  }
}

/** Shows that the driver tells of a change, whoever made it. */
async function watchOneChange(device: Device): Promise<void> {
  const brightness = await device.control('brightness')
  const events = await device.events([{ type: V4L2_EVENT.CTRL, id: brightness.id }])
  await device.setControl(brightness.id, Number(brightness.maximum))
  const { value: event } = await events.next()
  await events.return?.()
  await device.resetControl(brightness.id)
  console.log(`brightness became ${event?.payload.ctrl?.u.value}`)
}

async function main([path, size, count, to]: string[]): Promise<void> {
  const [width, height] = (size ?? '').split('x').map(Number)
  if (!path || !width || !height || !(Number(count) > 0) || !to)
    throw new Error('Usage: grab-from-camera.ts DEVICE WIDTHxHEIGHT COUNT PICTURES')
  const device = await openDevice(path)
  try {
    const { card, deviceCaps } = device.capability
    if (!(deviceCaps & V4L2_CAP.VIDEO_CAPTURE)) throw new Error(`${card} (${path}) is no camera.`)
    console.log(`${card}: reset ${(await resetControls(device)).join(', ')}`)
    await watchOneChange(device)
    await grab(device, width, height, Number(count), to)
  } finally {
    await device.close()
  }
}

await main(process.argv.slice(2))
