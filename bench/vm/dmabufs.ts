/** The camera's own buffers, read by the encoder where they are: what is copied (nothing), and what handing one over costs. */
import { createEncoder, openCamera } from '../../ts/index.js'
import { figure, median } from '../report.js'
import { BYTES, HEIGHT, mappedRing, timed, WIDTH } from './machine.js'

const FRAMES = 80
const WARM_UP = 20
/** What vivid and vicodec can do at once in an emulated machine. */
const FRAMERATE = 5

export async function dmabufs(): Promise<void> {
  const camera = await openCamera({ width: WIDTH, height: HEIGHT, framerate: FRAMERATE, format: 'NV12' })
  const encoder = await createEncoder({ codec: 'fwht', ...camera.config, hardware: 'require' })
  encoder.subscribe({ start: 'now' })
  const ring = mappedRing(BYTES)
  const picture = new Uint8Array(BYTES).fill(100)
  const [copies, ours]: [number[], number[]] = [[], []]
  for await (const frame of camera.frames({ dmabuf: true })) {
    let isTaken = false
    const took = timed(() => (isTaken = encoder.tryEncode(frame)))
    if (!isTaken) {
      frame.release()
      continue
    }
    ours.push(took)
    copies.push(timed(() => ring.copy(picture)))
    if (ours.length === WARM_UP + FRAMES) break
  }
  await encoder.close()
  const { framesIn, framesImported, framesCopied } = encoder.stats
  const { converted } = camera.stats
  await camera.close()
  figure('frames of the camera that were encoded', framesIn, '', { least: WARM_UP + FRAMES })
  figure('of these, read by the encoder where the camera put them', framesImported, '', { least: framesIn })
  figure('of these, copied or converted', framesCopied + converted, '', { most: 0 })
  const [copy, handing] = [copies, ours].map((times) => median(times.slice(WARM_UP)))
  figure('copying a frame of 1280x720, median', copy!, 'ms')
  figure("tryEncode() of a frame in the camera's memory, median", handing!, 'ms')
  figure('ratio', handing! / copy!, '×', { most: 0.05 })
}
