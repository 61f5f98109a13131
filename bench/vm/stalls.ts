/**
 * How long JavaScript's thread is held while frames are coded, at most. vicodec codes inside the ioctl, for many times as long as
 * copying a frame takes, so a thread that called it would stand still for that time.
 *
 * In an emulated machine everything stands still now and then: the host does something else, or the kernel, which Debian's does not
 * interrupt while it codes, has both processors. So copies and turns of the event loop are measured alternately, as many of each, and
 * the longest copy stands beside the longest turn. Another process that codes, with nothing for JavaScript to do, is the control.
 */
import { setImmediate } from 'node:timers/promises'
import { createEncoder } from '../../ts/index.js'
import { figure, quantile } from '../report.js'
import { BYTES, HEIGHT, mappedRing, pictures, timed, WIDTH } from './machine.js'
import { code } from './programs.js'
import { few } from './warm-up.js'

const FRAMES = 120
/** Code that was never run is compiled first. */
const WARM_UP = 20

export async function stalls(): Promise<void> {
  const file = few(pictures(), FRAMES)
  const control = new Watch()
  await code('v4l2-ctl', file)
  await control.end()
  const ours = new Watch()
  await encode(() => ours.forget())
  await ours.end()
  const [copy, turn] = [Math.max(...ours.copies), Math.max(...ours.turns)]
  figure(`copying a frame of 1280x720, ${ours.copies.length} times: p50`, quantile(ours.copies, 0.5), 'ms')
  figure('copying a frame of 1280x720: longest', copy, 'ms')
  figure("JavaScript's event loop while v4l2-ctl codes: longest turn", Math.max(...control.turns), 'ms')
  figure("JavaScript's event loop while this package codes: p99", quantile(ours.turns, 0.99), 'ms')
  figure("JavaScript's event loop while this package codes: longest turn", turn, 'ms')
  figure('longest turn to longest copy', turn / copy, '×', { most: 1 })
}

async function encode(onWarm: () => void): Promise<void> {
  const encoder = await createEncoder({
    codec: 'fwht',
    width: WIDTH,
    height: HEIGHT,
    format: 'NV12',
    hardware: 'require',
  })
  encoder.subscribe({ start: 'now' })
  for (let number = 0; number < WARM_UP + FRAMES; number++) {
    if (number === WARM_UP) onWarm()
    const frame = await encoder.acquireFrame()
    frame.timestamp = number * 33_333
    await encoder.encode(frame)
  }
  await encoder.close()
}

/** Turns of the event loop, one after the other without a pause but for copying a frame. */
class Watch {
  /** How long each took, in milliseconds. */
  turns: number[] = []
  copies: number[] = []
  #running = true
  readonly #done = this.#run()

  /** What was is as if it had not been. */
  forget(): void {
    this.turns = []
    this.copies = []
  }

  end(): Promise<void> {
    this.#running = false
    return this.#done
  }

  async #run(): Promise<void> {
    const ring = mappedRing(BYTES)
    const picture = new Uint8Array(BYTES).fill(100)
    while (this.#running) {
      const start = performance.now()
      await setImmediate()
      this.turns.push(performance.now() - start)
      this.copies.push(timed(() => ring.copy(picture)))
    }
  }
}
