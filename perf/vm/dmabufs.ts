/**
 * The camera's own buffers, read by the encoder where they are: what is copied (nothing), and what handing one over costs beside
 * copying it out of the camera's memory.
 *
 * Both take less when they were done a moment before, so both are done for a dozen frames in a row. At a camera's pace, the other
 * figures, the caches of the processor and of the emulator have forgotten both, and the thread that codes has to be woken.
 */
import { createEncoder, openCamera } from '../../ts/index.js'
import type { Camera, CameraDmabufFrame, Encoder } from '../../ts/index.js'
import { figure, median } from '../report.js'
import { BYTES, HEIGHT, mappedRing, sharedMemory, timed, WIDTH } from './machine.js'
import type { MappedRing, SharedMemory } from './machine.js'

/** What vivid and vicodec can do at once in an emulated machine. */
const FRAMERATE = 5
const AT_ONCE = 12
const BURSTS = 8
const SINGLE = 40
/** Code that has run seldom is not compiled, and a benchmark must not measure a program's first seconds only. */
const WARM_UP_CALLS = 3000

interface Times {
  copies: number[]
  ours: number[]
}

export async function dmabufs(): Promise<void> {
  const buffers = AT_ONCE + 4
  const camera = await openCamera({ width: WIDTH, height: HEIGHT, framerate: FRAMERATE, format: 'NV12', buffers })
  const config = { codec: 'fwht', ...camera.config, hardware: 'require', queueDepth: AT_ONCE, timeout: 60_000 } as const
  const encoder = await createEncoder(config)
  encoder.subscribe({ start: 'now' })
  const bench = new Hands(camera, encoder)
  await bench.warmUp()
  const bursts = await bench.measure(AT_ONCE, BURSTS)
  const singles = await bench.measure(1, SINGLE)
  await encoder.close()
  const { framesIn, framesImported, framesCopied } = encoder.stats
  const { converted } = camera.stats
  await camera.close()
  figure('frames of the camera that were encoded', framesIn, '', { least: AT_ONCE * BURSTS + SINGLE })
  figure('of these, read by the encoder where the camera put them', framesImported, '', { least: framesIn })
  figure('of these, copied or converted', framesCopied + converted, '', { most: 0 })
  tell(`${AT_ONCE} in a row`, bursts, 0.05)
  tell('one at a time', singles)
}

function tell(how: string, { copies, ours }: Times, most?: number): void {
  figure(`copying a camera's frame of 1280x720, ${how}, median`, median(copies) * 1000, 'µs')
  figure(`tryEncode() of it in the camera's memory, ${how}, median`, median(ours) * 1000, 'µs')
  figure(`ratio, ${how}`, median(ours) / median(copies), '×', most === undefined ? undefined : { most })
}

/** Takes frames from the camera and hands them to the encoder. */
class Hands {
  readonly #frames: AsyncIterator<CameraDmabufFrame>
  readonly #encoder: Encoder
  readonly #ring: MappedRing = mappedRing(BYTES)
  /** The camera's buffers, by their descriptors. */
  readonly #memories = new Map<number, SharedMemory>()

  constructor(camera: Camera, encoder: Encoder) {
    this.#frames = camera.frames({ dmabuf: true }) as AsyncIterator<CameraDmabufFrame>
    this.#encoder = encoder
  }

  /** Has the encoder opened for such memory, and everything compiled: with its queue full, most of the calls find no room. */
  async warmUp(): Promise<void> {
    let calls = 0
    for (let round = 0; round < BURSTS && calls < WARM_UP_CALLS; round++) {
      const frames = await this.#draw(AT_ONCE + 1)
      for (const frame of frames) {
        this.#copy(frame)
        while (calls < WARM_UP_CALLS && !this.#encoder.tryEncode(frame)) calls++
      }
      for (const frame of frames) frame.release()
      await this.#encoder.flush()
    }
  }

  /** Hands over so many frames at once, so many times. */
  async measure(atOnce: number, times: number): Promise<Times> {
    const [copies, ours]: [number[], number[]] = [[], []]
    for (let time = 0; time < times; time++) {
      const frames = await this.#draw(atOnce)
      for (const frame of frames) copies.push(this.#copy(frame))
      for (const frame of frames) {
        let isTaken = false
        ours.push(timed(() => (isTaken = this.#encoder.tryEncode(frame))))
        if (!isTaken) throw new Error('The encoder had no room for a frame.')
      }
      await this.#encoder.flush()
    }
    return { copies, ours }
  }

  async #draw(count: number): Promise<CameraDmabufFrame[]> {
    const frames: CameraDmabufFrame[] = []
    while (frames.length < count) frames.push((await this.#frames.next()).value as CameraDmabufFrame)
    return frames
  }

  #copy({ planes: [luma] }: CameraDmabufFrame): number {
    const memory = this.#memories.get(luma!.fd) ?? sharedMemory(luma!.fd)
    this.#memories.set(luma!.fd, memory)
    return timed(() => this.#ring.copyShared(memory))
  }
}
