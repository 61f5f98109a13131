/**
 * Encodes frames with the best encoder of this machine and writes a file that plays: what most programs do.
 *
 *   node record.ts clip
 *
 * leaves clip.h265 or clip.h264.
 */

import { open } from 'node:fs/promises'
import { createEncoder } from 'v4l2-encoder'
import type { Frame } from 'v4l2-encoder'

const WIDTH = 640
const HEIGHT = 360
const FRAMERATE = 30

/** Two seconds of I420 frames: a bright column that moves over grey. */
function* frames(): Generator<Frame> {
  for (let number = 0; number < 2 * FRAMERATE; number++) {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128)
    for (let row = 0; row < HEIGHT; row++) data.fill(235, row * WIDTH + number * 8, row * WIDTH + number * 8 + 64)
    // In microseconds.
    yield { data, timestamp: Math.round((number * 1_000_000) / FRAMERATE) }
  }
}

const name = process.argv[2] ?? 'clip'
const encoder = await createEncoder({
  codec: ['h265', 'h264'],
  width: WIDTH,
  height: HEIGHT,
  framerate: FRAMERATE,
  bitrate: 1_000_000,
})
// Why no better encoder was taken.
for (const { device, message } of encoder.rejected) console.error(device, message)

const path = `${name}.${encoder.config.codec}`
const file = await open(path, 'w')
try {
  // Waits for the encoder when it is slower, and for the disk when that is.
  for await (const chunk of encoder.encodeAll(frames())) await file.appendFile(chunk.data)
} finally {
  await Promise.all([file.close(), encoder.close()])
}
console.log(`${encoder.stats.chunksOut} frames in ${path} by ${encoder.backend}`)
