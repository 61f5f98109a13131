// Codes a file of NV12 pictures: encode-file.mjs PICTURES WIDTHxHEIGHT KEY_FRAME_INTERVAL CODED
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { createEncoder } from '../../dist/index.js'

const [pictures, size, interval, coded] = process.argv.slice(2)
const [width, height] = size.split('x').map(Number)
const [input, output] = [openSync(pictures), openSync(coded, 'w')]
const encoder = await createEncoder({
  codec: 'fwht',
  width,
  height,
  format: 'NV12',
  keyFrameInterval: Number(interval),
  hardware: 'require',
  latencyMode: 'quality',
})
const reading = (async () => {
  for await (const { data } of encoder) writeSync(output, data)
})()
for (let timestamp = 0; ; timestamp += 33_333) {
  const frame = await encoder.acquireFrame()
  // From the file into the device's own memory. Its rows have no padding at this size, so a plane is what the file has of it.
  const isWhole = frame.planes.every(({ data }) => readSync(input, data) === data.length)
  if (!isWhole) {
    frame.close()
    break
  }
  frame.timestamp = timestamp
  await encoder.encode(frame)
}
await encoder.close()
await reading
closeSync(output)
