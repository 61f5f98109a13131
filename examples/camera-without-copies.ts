/**
 * Records a V4L2 camera. Where camera and encoder can share memory, no frame is copied: `camera.frames()` gives descriptors of the
 * camera's buffers (DMABUFs), and `encodeAll()` gives each buffer back when the encoder has read it. Elsewhere each frame is copied
 * once, and the last line says so.
 *
 *   node camera-without-copies.ts camera.h264 100
 */

import { open } from 'node:fs/promises'
import { createEncoder, openCamera } from 'v4l2-encoder'

const [path = 'camera.h264', count = '100'] = process.argv.slice(2)

const camera = await openCamera({ width: 1280, height: 720, framerate: 30 })
// The camera's size and rate, and its format where the encoder can read it in place.
const encoder = await createEncoder({ codec: 'h264', latencyMode: 'realtime', ...camera.config })
const file = await open(path, 'w')
let written = 0
try {
  for await (const chunk of encoder.encodeAll(camera.frames())) {
    await file.appendFile(chunk.data)
    if (++written === Number(count)) break
  }
} finally {
  await Promise.all([file.close(), encoder.close({ discard: true }), camera.close()])
}
const { framesImported, framesCopied } = encoder.stats
console.log(`${framesImported} frames without a copy, ${framesCopied} copied`)
