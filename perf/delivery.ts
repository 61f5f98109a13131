/** From the device's completion of a frame to its chunk in JavaScript, at a camera's pace. */
import { setTimeout } from 'node:timers/promises'
import { createEncoder } from '../ts/index.js'
import { device } from './device.js'
import { figure, quantile } from './report.js'

const SIZE = { width: 1280, height: 720 }
const FRAMES = 600
/** As the virtual device writes it: identifier, then 16 hexadecimal digits of the monotonic clock. */
const IDENTIFIER = Buffer.from('virtual-jetson-t')

export async function delivery(): Promise<void> {
  const encoder = await createEncoder({
    codec: 'h264',
    ...SIZE,
    ...device({ latencyMs: 10, stampCompletion: true }),
    hardware: 'require',
  })
  const delays: number[] = []
  const reading = (async () => {
    for await (const { data } of encoder) delays.push(Number(process.hrtime.bigint() - completion(data)) / 1e6)
  })()
  const data = new Uint8Array((SIZE.width * SIZE.height * 3) / 2)
  for (let frame = 0; frame < FRAMES; frame++) {
    await encoder.encode({ data, timestamp: frame * 16_667 })
    await setTimeout(16)
  }
  await encoder.close()
  await reading
  // The first frames wait for code that was never run.
  const steady = delays.slice(30)
  figure('completion to chunk in JavaScript, p50', quantile(steady, 0.5), 'ms')
  figure('completion to chunk in JavaScript, p99', quantile(steady, 0.99), 'ms', { most: 1 })
}

function completion(chunk: Uint8Array): bigint {
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  const at = bytes.lastIndexOf(IDENTIFIER) + IDENTIFIER.length
  return BigInt(`0x${bytes.toString('latin1', at, at + 16)}`)
}
