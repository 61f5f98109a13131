/**
 * What metadata costs a frame: the processor time of all threads with and without it, on a device whose chunks cost nothing, in
 * rounds that take turns; and what reading it back from a chunk takes.
 */
import { setImmediate } from 'node:timers/promises'
import { createEncoder } from '../ts/index.js'
import type { EncodedChunk, Encoder, FrameMetadata } from '../ts/index.js'
import { readMetadata } from '../ts/metadata/index.js'
import { device } from './device.js'
import { figure, quantile } from './report.js'

const WIDTH = 320
const HEIGHT = 240
const ROUNDS = 41
const FRAMES = 300
const READS = 20_000

const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2)
const CAPTURED: FrameMetadata = { captureTime: 1_796_083_200_123_456, captureTimeUncertainty: 40 }
const WITH_BYTES: FrameMetadata = { ...CAPTURED, userData: new Uint8Array(100).fill(7) }

export async function metadata(): Promise<void> {
  const open = (enabled: boolean) =>
    createEncoder({
      codec: 'h264',
      width: WIDTH,
      height: HEIGHT,
      ...device({}),
      hardware: 'require',
      metadata: enabled,
    })
  const [plain, carrying] = [await open(false), await open(true)]
  for (const [name, given] of [
    ['capture time and number', CAPTURED],
    ['the same and 100 bytes', WITH_BYTES],
  ] as const) {
    const times = new Map<Encoder, number[]>([
      [plain, []],
      [carrying, []],
    ])
    for (let round = 0; round < ROUNDS; round++) {
      // Whichever is first finds the caches colder.
      for (const encoder of round % 2 === 0 ? [plain, carrying] : [carrying, plain]) {
        times.get(encoder)!.push(await processorTime(encoder, encoder === carrying ? given : undefined))
      }
    }
    // What other programs do meanwhile makes a round slower and never faster, so the fast ones are compared.
    const [without, withIt] = [plain, carrying].map((encoder) => quantile(times.get(encoder)!, 0.1)) as [number, number]
    figure(`metadata, ${name}: processor time a frame`, withIt - without, 'µs', { most: 10 })
  }
  await Promise.all([plain.close(), reading(carrying)])
}

/** Microseconds of all threads for each frame. */
async function processorTime(encoder: Encoder, given: FrameMetadata | undefined): Promise<number> {
  const before = process.cpuUsage()
  const frames = function* () {
    for (let frame = 0; frame < FRAMES; frame++) yield { data, timestamp: frame * 16_667, metadata: given }
  }
  let chunks = 0
  for await (const _ of encoder.encodeAll(frames())) chunks++
  const { user, system } = process.cpuUsage(before)
  if (chunks !== FRAMES) throw new Error(`${chunks} chunks of ${FRAMES} frames`)
  return (user + system) / FRAMES
}

async function reading(encoder: Encoder): Promise<void> {
  const chunks: EncodedChunk[] = []
  for await (const chunk of encoder.encodeAll([{ data, timestamp: 0, metadata: WITH_BYTES }])) chunks.push(chunk)
  const { config } = encoder
  await encoder.close()
  const times: number[] = []
  for (let round = 0; round < 20; round++) {
    const start = process.hrtime.bigint()
    for (let count = 0; count < READS / 20; count++) readMetadata(chunks[0]!.data, config)
    times.push(Number(process.hrtime.bigint() - start) / 1000 / (READS / 20))
    await setImmediate()
  }
  figure('readMetadata() of such a chunk', quantile(times, 0.1), 'µs', { most: 20 })
}
