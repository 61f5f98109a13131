/**
 * Encodes in a worker thread, so that the main thread stays free: it sends frames and gets chunks, and neither is copied, as their
 * memory is transferred. The worker grants frames one at a time, so that they do not pile up when the encoder is slower.
 *
 *   node worker.ts clip.h264
 */

import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { createEncoder } from 'v4l2-encoder'

const WIDTH = 640
const HEIGHT = 360
const COUNT = 60

/** From the main thread: a frame, or null after the last one. */
type Order = { data: Uint8Array<ArrayBuffer>; timestamp: number } | null
/** From the worker: a chunk, or that it takes another frame. */
type Answer = { data: Uint8Array<ArrayBuffer> } | 'ready'

async function work(): Promise<void> {
  const port = parentPort!
  const encoder = await createEncoder({ codec: 'h264', width: WIDTH, height: HEIGHT, framerate: 30 })
  const reading = (async () => {
    for await (const { data } of encoder) port.postMessage({ data } satisfies Answer, [data.buffer])
  })()
  for (;;) {
    port.postMessage('ready' satisfies Answer)
    const [order] = (await once(port, 'message')) as [Order]
    if (order === null) break
    await encoder.encode(order)
  }
  await Promise.all([encoder.close(), reading])
  port.close()
}

async function main(path: string): Promise<void> {
  const worker = new Worker(new URL(import.meta.url))
  const file = await open(path, 'w')
  let sent = 0
  let written = Promise.resolve()
  let chunks = 0
  worker.on('message', (answer: Answer) => {
    if (answer !== 'ready') {
      chunks++
      written = written.then(() => file.appendFile(answer.data))
    } else if (sent < COUNT) {
      const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(sent * 4)
      worker.postMessage({ data, timestamp: Math.round((sent++ * 1_000_000) / 30) } satisfies Order, [data.buffer])
    } else {
      worker.postMessage(null satisfies Order, [])
    }
  })
  await once(worker, 'exit')
  await written
  await file.close()
  console.log(`${chunks} frames in ${path}`)
}

await (isMainThread ? main(process.argv[2] ?? 'clip.h264') : work())
