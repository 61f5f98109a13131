import { setTimeout as sleep } from 'node:timers/promises'
import test from 'ava'
import { until } from '../../ts/cli/record/until.js'
import type { Limit } from '../../ts/cli/record/until.js'
import { Progress } from '../../ts/cli/record/progress.js'
import { Terminal } from '../../ts/cli/terminal.js'
import { MediaTime } from '../../ts/output/media-time.js'
import { openFake } from '../support/fake-addon.js'

const forever = new AbortController().signal

/** Frames at these times, in milliseconds, that say how many of them were given back. */
function framesAt(times: Iterable<number>, duration: number) {
  const state = { released: 0, ended: false }
  async function* generate() {
    try {
      for (const ms of times) {
        const release = () => void state.released++
        yield { data: new Uint8Array(1), timestamp: ms * 1000, duration: duration * 1000, release }
      }
    } finally {
      state.ended = true
    }
  }
  return { state, frames: generate() }
}

/** How many frames come before the end. */
async function count(limit: Partial<Limit>, times: Iterable<number>, duration: number): Promise<number> {
  let frames = 0
  const all = { frames: Infinity, seconds: Infinity, isTimed: false, ...limit }
  for await (const _ of until(framesAt(times, duration).frames, all, forever)) frames++
  return frames
}

function* every(ms: number, from = 0): Generator<number> {
  for (let index = 0; index < 1000; index++) yield from + index * ms
}

test('a duration is of the time of the frames, however many there are', async (t) => {
  // A camera that says 30 a second and gives 6.
  t.is(await count({ seconds: 2, isTimed: true }, every(1000 / 6, 5e6), 1000 / 30), 12)
  t.is(await count({ seconds: 2 }, every(1000 / 30), 1000 / 30), 60)
  t.is(await count({ seconds: 1.5 }, every(1000), 1000), 2)
  t.is(await count({ seconds: 2, frames: 7 }, every(1000 / 30), 1000 / 30), 7)
  t.is(await count({ frames: 5 }, every(0), 1000 / 30), 5)
})

test('a camera whose clock trembles gives no frame more', async (t) => {
  const tremble = Array.from(every(40), (ms, index) => ms - (index % 3))
  t.is(await count({ seconds: 2, isTimed: true }, tremble, 40), 50)
})

test('a frame after the end goes back to where it came from, and the source ends', async (t) => {
  const { state, frames } = framesAt(every(100), 100)
  for await (const _ of until(frames, { frames: Infinity, seconds: 0.3, isTimed: true }, forever));
  await sleep()
  t.deepEqual(state, { released: 1, ended: true })
})

test('a camera that stops delivering frames does not stop the time', async (t) => {
  async function* stuck(isTimed: boolean) {
    yield { data: new Uint8Array(1), timestamp: 0 }
    await (isTimed ? new Promise(() => {}) : sleep(500))
  }
  for (const isTimed of [true, false]) {
    const start = performance.now()
    let frames = 0
    for await (const _ of until(stuck(isTimed), { frames: Infinity, seconds: 0.1, isTimed }, forever)) frames++
    t.is(frames, 1)
    // A file that is read slowly is waited for.
    t.true(isTimed || performance.now() - start > 450)
  }
})

test('the time of a stream is that of its frames, and the frame rate only where those have none', (t) => {
  const seconds = (times: number[], framerate: number) => {
    const media = new MediaTime()
    for (const time of times) media.add(time * 1e6)
    return media.seconds(framerate)
  }
  t.is(seconds([0, 1, 2], 30), 3)
  t.is(seconds([7, 5, 6], 30), 3)
  t.is(seconds([4, 4, 4], 30), 0.1)
  t.is(seconds([9], 25), 0.04)
  t.is(seconds([], 25), 0)
})

test('the bit rate that record prints is that of the time of the frames', async (t) => {
  const { encoder } = await openFake(t)
  const lines: string[] = []
  class Lines extends Terminal {
    override line(text: string): void {
      lines.push(text)
    }
  }
  const progress = new Progress(new Lines(), encoder, { frames: Infinity, seconds: Infinity, quiet: false })
  for (const timestamp of [0, 500_000, 1_000_000]) {
    progress.count({ type: 'delta', timestamp, data: new Uint8Array(1500) })
  }
  progress.finish('a.h264')
  // 4500 bytes in one and a half seconds.
  t.regex(lines.at(-1)!, /^3 frames, .* 24 kbit\/s/)
})
