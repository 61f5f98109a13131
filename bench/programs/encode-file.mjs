// Codes a file of NV12 pictures: encode-file.mjs PICTURES WIDTHxHEIGHT KEY_FRAME_INTERVAL CODED
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { createEncoder } from '../../dist/index.js'

const [pictures, size, interval, coded] = process.argv.slice(2)
const [width, height] = size.split('x').map(Number)
const input = openSync(pictures)
const output = openSync(coded, 'w')
const frames = fstatSync(input).size / ((width * height * 3) / 2)
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
for (let number = 0; number < frames; number++) {
  const frame = await encoder.acquireFrame()
  for (const [plane, { data, stride }] of frame.planes.entries()) {
    // A size without padding is read in one go.
    const rows = stride === width ? 1 : height >> plane
    const length = stride === width ? width * (height >> plane) : width
    for (let row = 0; row < rows; row++) readSync(input, data, row * stride, length, null)
  }
  frame.timestamp = number * 33_333
  await encoder.encode(frame)
}
await encoder.close()
await reading
closeSync(output)
