import { createEncoder } from '../../../ts/index.js'

/** Encodes for longer than a test stops it, and says what came of it. */
const [size, timeout, device, library] = process.argv.slice(2)
const [width, height] = size!.split('x').map(Number) as [number, number]
const FRAMES = 60

const encoder = await createEncoder({
  codec: 'h264',
  width,
  height,
  ...(device && library ? { device, library, hardware: 'require' } : { hardware: 'never' }),
  timeout: Number(timeout),
  log: 'silent',
})
const data = Uint8Array.from({ length: width * height * 1.5 }, (_, byte) => (byte * 7919) % 251)
const chunks = (async () => {
  let count = 0
  for await (const chunk of encoder) count += chunk.data.byteLength > 0 ? 1 : 0
  return count
})()
for (let frame = 0; frame < FRAMES; frame++) {
  await encoder.encode({ data, timestamp: frame * 33_333 })
  // From here on it may be stopped at any moment.
  if (frame === 10) console.log('encoding')
}
await encoder.flush()
await encoder.close()
console.log(`${await chunks} of ${FRAMES}`)
