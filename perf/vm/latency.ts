/** From the camera's picture to its chunk in JavaScript, beside the coding alone. */
import { createEncoder, openCamera } from '../../ts/index.js'
import { figure, median, quantile } from '../report.js'

const FRAMES = 60
const WARM_UP = 10
/** A rate at which the machine can draw and code each picture. */
const WANTED = { width: 640, height: 480, framerate: 5 }

export async function latency(): Promise<void> {
  const camera = await openCamera({ ...WANTED, format: 'NV12' })
  // When the picture began; vivid's other choice is a time that it has computed for its end, and that is yet to come.
  await camera.setControl('timestamp_source', 1)
  const config = { codec: 'fwht', ...camera.config, hardware: 'require' } as const
  const encoder = await createEncoder(config)
  const delays: number[] = []
  for await (const { timestamp } of encoder.encodeAll(camera.frames({ dmabuf: true }))) {
    // vivid stamps by the clock that hrtime reads.
    delays.push(Number(process.hrtime.bigint()) / 1e6 - timestamp / 1e3)
    if (delays.length === WARM_UP + FRAMES) break
  }
  await encoder.close({ discard: true })
  const { dropped } = camera.stats
  await camera.close()
  const steady = delays.slice(WARM_UP)
  const coding = median(await codingAlone(config))
  const interval = 1000 / config.framerate
  figure('time of a frame at 640x480', interval, 'ms')
  figure('pictures that the camera had to drop', dropped, '')
  figure('picture to chunk in JavaScript, p50', quantile(steady, 0.5), 'ms')
  figure('picture to chunk in JavaScript, p95', quantile(steady, 0.95), 'ms')
  figure('coding alone, p50', coding, 'ms')
  const added = (quantile(steady, 0.95) - coding) / interval
  figure('added by the queues of camera and encoder, p95', added, 'frames', { most: 1 })
}

/** One picture after the other, with nothing else in the machine. */
async function codingAlone(config: Parameters<typeof createEncoder>[0] & { width: number; height: number }) {
  const encoder = await createEncoder(config)
  const chunks = encoder[Symbol.asyncIterator]()
  const data = new Uint8Array((config.width * config.height * 3) / 2)
  const times: number[] = []
  for (let number = 0; number < WARM_UP + FRAMES; number++) {
    const start = performance.now()
    // Something moves.
    data.fill(number, 0, data.length / 2)
    await encoder.encode({ data, timestamp: number * 33_333 })
    await chunks.next()
    times.push(performance.now() - start)
  }
  await encoder.close()
  return times.slice(WARM_UP)
}
