import test from 'ava'
import { Observer } from '../../ts/encoder/observations.js'
import type { Observation } from '../../ts/encoder/observations.js'
import type { EncodedChunk } from '../../ts/output/chunk.js'

const chunk = (timestamp: number, bytes: number) => ({ timestamp, data: new Uint8Array(bytes) }) as EncodedChunk

/** Chunks of 25 frames a second, at so many bits a second. */
function encode(observer: Observer, from: number, to: number, bitrate: number): void {
  for (let frame = from * 25; frame < to * 25; frame++) observer.chunk(chunk(frame * 40_000, bitrate / 25 / 8))
}

async function all(observer: Observer): Promise<Observation[]> {
  observer.end()
  const found: Observation[] = []
  for await (const one of observer) found.push(one)
  return found
}

const observer = (target = 1_000_000) =>
  new Observer(
    () => target,
    () => {},
  )

test('the bit rate is that of each second of frames, by their timestamps', async (t) => {
  const one = observer()
  encode(one, 0, 2, 800_000)
  encode(one, 2, 3.04, 400_000)
  const found = await all(one)
  t.deepEqual(
    found.map((each) => each.type === 'bitrate' && [each.timestamp, each.windowMs, each.bitrate, each.target]),
    [
      [960_000, 1000, 800_000, 1_000_000],
      [1_960_000, 1000, 800_000, 1_000_000],
      [2_960_000, 1000, 400_000, 1_000_000],
    ],
  )
})

test('a change is observed with the first frame behind it, also where frames before it are lost', async (t) => {
  const one = observer()
  one.changed(['keyFrameInterval'], 3, undefined)
  one.chunk(chunk(0, 10))
  one.lost()
  one.chunk(chunk(80_000, 10))
  one.chunk(chunk(120_000, 10))
  t.deepEqual(await all(one), [{ type: 'change', timestamp: 120_000, settings: ['keyFrameInterval'] }])
})

test('a bit rate that stays where it was after a change is reported as ignored, and one that follows is not', async (t) => {
  for (const [requested, measured, ignored] of [
    [1_000_000, 3_900_000, true],
    [1_000_000, 1_100_000, false],
    [8_000_000, 4_100_000, true],
    [8_000_000, 7_600_000, false],
    // Frames that need no more.
    [8_000_000, 1_000_000, false],
    [4_200_000, 4_000_000, false],
  ] as const) {
    const one = observer(requested)
    one.changed(['bitrate'], 0, { before: 4_000_000, requested })
    encode(one, 0, 4, measured)
    const found = (await all(one)).find(({ type }) => type === 'ignored')
    t.deepEqual(
      found,
      ignored ? { type: 'ignored', timestamp: 3_000_000, setting: 'bitrate', requested, measured } : undefined,
      `${requested} ${measured}`,
    )
  }
})

test('a second change of the bit rate ends the measurement of the first', async (t) => {
  const one = observer()
  one.changed(['bitrate'], 0, { before: 4_000_000, requested: 1_000_000 })
  encode(one, 0, 1.5, 4_000_000)
  one.changed(['bitrate'], 0, { before: 1_000_000, requested: 4_000_000 })
  encode(one, 1.5, 6, 4_000_000)
  t.is((await all(one)).filter(({ type }) => type === 'ignored').length, 0)
})

test('timestamps that go back begin a new window', async (t) => {
  const one = observer()
  encode(one, 5, 5.5, 800_000)
  encode(one, 0, 1.04, 800_000)
  t.deepEqual(
    (await all(one)).map((each) => each.type === 'bitrate' && each.bitrate),
    [800_000],
  )
})

test('a reader that does not read has the newest observations, and no more than 256', async (t) => {
  const one = observer()
  encode(one, 0, 300.04, 8000)
  const found = await all(one)
  t.is(found.length, 256)
  t.is(found.at(-1)!.timestamp, 299_960_000)
})

test('leaving the loop ends the observation', async (t) => {
  const left: Observer[] = []
  const one = new Observer(
    () => 1,
    (who) => left.push(who),
  )
  encode(one, 0, 2.04, 8000)
  for await (const _ of one) break
  t.deepEqual(left, [one])
  t.true((await one.next()).done)
})
