// A program of its own that ends in the middle of encoding, in the way its first argument says.
import { Worker, isMainThread, workerData } from 'node:worker_threads'
import { allocateSurface, createEncoder } from '../../../ts/index.js'
import { pictures } from '../record.js'

const [, , ending, device, library] = (isMainThread ? process.argv : workerData) as string[]

const open = () =>
  createEncoder({
    codec: 'h264',
    width: 320,
    height: 240,
    device: device!,
    library: library!,
    hardware: 'require',
  })

async function encodeForEver(): Promise<void> {
  const encoder = await open()
  let count = 0
  for await (const _ of encoder.encodeAll(pictures(encoder, Infinity))) if (++count === 3) end()
}

function end(): void {
  if (ending === 'process.exit') process.exit(7)
  if (ending === 'uncaught exception') {
    setImmediate(() => {
      throw new Error('on purpose')
    })
  }
  if (ending === 'SIGTERM') process.kill(process.pid, 'SIGTERM')
  if (ending === 'worker.terminate') console.log('now')
  if (ending === 'worker ends') process.exit(3)
}

/** Leaves an open encoder behind that has frames in it. */
async function leaveOpen(): Promise<void> {
  const encoder = await open()
  for (const frame of pictures(encoder, 3)) await encoder.encode(frame)
}

/** Ends while a buffer of the device's own, and a surface, are in the program's hands. */
async function endWithLent(): Promise<void> {
  const encoder = await open()
  const surface = await allocateSurface({ width: 320, height: 240, library: library! })
  const inDevice = await allocateSurface({ width: 320, height: 240, library: library! })
  inDevice.map()
  await encoder.encode(inDevice.toFrame({ timestamp: 0 }))
  await encoder.flush()
  const lent = await encoder.acquireFrame()
  const written = surface.map()
  setInterval(() => {
    lent.planes[0]!.data.fill(1)
    written[0]!.fill(1)
  }, 1)
  setTimeout(() => (isMainThread ? process.exit(7) : console.log('now')), 50)
}

if (isMainThread && ending!.startsWith('worker')) {
  const worker = new Worker(new URL(import.meta.url), { workerData: process.argv, stdout: true })
  worker.stdout.once('data', () => void worker.terminate())
  worker.on('exit', (code) => console.log(`worker ended with ${code}`))
} else if (ending === 'normal') {
  await leaveOpen()
} else if (ending!.endsWith('with a lent frame')) {
  await endWithLent()
} else {
  await encodeForEver()
}
