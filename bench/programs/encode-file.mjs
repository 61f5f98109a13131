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
const data = new Uint8Array((width * height * 3) / 2)
for (let timestamp = 0; readSync(input, data) === data.length; timestamp += 33_333) {
  await encoder.encode({ data, timestamp })
}
await encoder.close()
await reading
closeSync(output)
