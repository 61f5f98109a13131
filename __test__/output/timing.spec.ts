import { createEncoder } from '../../ts/index.js'
import type { EncodedChunk, Encoder } from '../../ts/index.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'

const LATENCY_MS = 20
const now = () => Number(process.hrtime.bigint() / 1000n)

/** Chunks of frames that were captured 50 ms before they were encoded, one at a time. */
async function encodeCaptured(encoder: Encoder, count: number): Promise<EncodedChunk[]> {
  const { width, height } = encoder.config
  const data = new Uint8Array((width * height * 3) / 2)
  const chunks: EncodedChunk[] = []
  const reader = encoder[Symbol.asyncIterator]()
  for (let number = 0; number < count; number++) {
    const metadata = number % 2 === 0 ? { captureTime: Date.now() * 1000 - 50_000 } : {}
    await encoder.encode({ data, timestamp: number * 33_333, metadata })
    chunks.push((await reader.next()).value as EncodedChunk)
  }
  return chunks
}

onVirtualJetson(
  'each chunk says when what happened to its frame, and the statistics where the time goes',
  async (t) => {
    const { device, library } = virtualJetson(t, { latencyMs: LATENCY_MS, codec: 'passthrough', stdoutMessages: false })
    const encoder = await createEncoder({
      codec: 'h264',
      width: 160,
      height: 160,
      device,
      library,
      hardware: 'require',
      timeout: 60_000,
      metadata: true,
    })
    t.deepEqual(encoder.stats.stages, { capture: null, queue: null, device: null, delivery: null })
    const begun = now()
    const chunks = await encodeCaptured(encoder, 10)
    const ended = now()
    const { stages } = encoder.stats
    await encoder.close()
    for (const [number, { timing }] of chunks.entries()) {
      const { capture, taken, deviceIn, deviceOut, delivered } = timing!
      t.true(
        [begun, taken, deviceIn, deviceOut, delivered, ended].every(
          (time, index, all) => time >= all[Math.max(0, index - 1)]!,
        ),
      )
      t.true(deviceOut - deviceIn >= LATENCY_MS * 1000 - 1000, `${deviceOut - deviceIn} µs in the device`)
      // Date.now() has milliseconds only.
      if (number % 2 === 0)
        t.true(taken - capture! >= 49_000 && taken - capture! < 2_000_000, `${taken - capture!} µs old`)
      else t.is(capture, undefined)
    }
    t.true(stages.device!.p50 >= LATENCY_MS - 1)
    t.true(stages.capture!.p50 >= 49)
    const { taken, deviceIn, deviceOut, delivered } = chunks.at(-1)!.timing!
    t.is(stages.queue!.last, (deviceIn - taken) / 1000)
    t.is(stages.delivery!.last, (delivered - deviceOut) / 1000)
    for (const stage of Object.values(stages)) {
      const { p50, p95, p99, max } = stage!
      t.true(p50 <= p95 && p95 <= p99 && p99 <= max)
    }
  },
)
