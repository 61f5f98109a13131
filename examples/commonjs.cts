/**
 * The package in a project whose modules are CommonJS, in TypeScript: `import … = require()` is what it compiles to. It is the same
 * instance that ES modules of the program get, and its types are those of `require()`.
 *
 *   tsc commonjs.cts && node commonjs.cjs clip.h264
 */

import fs = require('node:fs/promises')
import v4l2 = require('v4l2-encoder')

async function record(path: string): Promise<number> {
  const encoder: v4l2.Encoder = await v4l2.createEncoder({ codec: 'h264', width: 320, height: 240 })
  const frames: v4l2.Frame[] = Array.from({ length: 30 }, (_, number) => ({
    data: new Uint8Array(320 * 240 * 1.5).fill(number * 8),
    timestamp: number * 33_333,
  }))
  const chunks: Uint8Array[] = []
  for await (const { data } of encoder.encodeAll(frames)) chunks.push(data)
  await encoder.close()
  await fs.writeFile(path, chunks)
  return chunks.length
}

const path = process.argv[2] ?? 'clip.h264'
record(path).then(
  (count) => console.log(`${count} frames in ${path}`),
  (error: unknown) => {
    console.error(error instanceof v4l2.V4l2EncoderError ? `${error.code}: ${error.message}` : error)
    process.exitCode = 1
  },
)
