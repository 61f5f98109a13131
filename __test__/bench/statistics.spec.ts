import test from 'ava'
import type { MeasuredStream } from '../../ts/bench/measured-stream.js'
import { PassRecord } from '../../ts/bench/pass-record.js'
import { togetherResult } from '../../ts/bench/summary.js'
import { FrameRing } from '../../ts/bench/frame-ring.js'
import { pacedFrames } from '../../ts/bench/plan.js'
import type { BenchPlan } from '../../ts/bench/plan.js'
import { distributionOf, nearestRank } from '../../ts/bench/statistics.js'
import { warmUpOf } from '../../ts/bench/summary.js'

test('percentiles are values that were measured, by nearest rank', (t) => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  t.deepEqual(distributionOf(hundred.toReversed()), { count: 100, p50: 50, p95: 95, p99: 99, max: 100 })
  // The textbook's example: of five values the 30th percentile is the second, the 40th too, the 50th the third.
  const five = [15, 20, 35, 40, 50]
  t.deepEqual(
    [1, 30, 40, 50, 100].map((percent) => nearestRank(five, percent)),
    [15, 20, 20, 35, 50],
  )
})

test('values are put in order as numbers', (t) => {
  t.like(distributionOf([9, 100, 10]), { p50: 10, max: 100 })
})

test('one value is every percentile, and no values have none', (t) => {
  t.deepEqual(distributionOf([7.25]), { count: 1, p50: 7.25, p95: 7.25, p99: 7.25, max: 7.25 })
  t.is(distributionOf([]), null)
})

test('the warm-up is the first second, but no more than a quarter', (t) => {
  t.is(warmUpOf(150, 30), 30)
  t.is(warmUpOf(150, 29.97), 30)
  t.is(warmUpOf(40, 30), 10)
  t.is(warmUpOf(3, 30), 0)
  t.is(warmUpOf(0, 30), 0)
})

test('the paced pass ends with the frames or with the time, whichever is first', (t) => {
  const frames = (limits: Pick<BenchPlan, 'frames' | 'seconds' | 'framerate'>) => pacedFrames(limits as BenchPlan)
  t.is(frames({ frames: 1000, seconds: 5, framerate: 30 }), 150)
  t.is(frames({ frames: 20, seconds: 5, framerate: 30 }), 20)
  t.is(frames({ frames: 1000, seconds: 1001, framerate: 1000 / 1001 }), 1000)
})

test('the prepared pictures go forwards and backwards, each unlike the one before', (t) => {
  const ring = new FrameRing(64, 64)
  const last = ring.length - 1
  for (let index = 1; index < 3 * ring.length; index++) t.notDeepEqual(ring.at(index), ring.at(index - 1))
  t.is(ring.at(last + 1), ring.at(last - 1))
  t.is(ring.at(2 * last), ring.at(0))
})

test('large pictures get a shorter ring, which still moves', (t) => {
  const ring = new FrameRing(4096, 2160)
  t.true(ring.length >= 3 && ring.length < 16, `${ring.length}`)
})

/** A stream whose chunks come at these times, in milliseconds. */
function chunksAt(...times: number[]) {
  const saturated = new PassRecord()
  for (const [index, at] of times.entries()) saturated.samples.push({ index, latencyMs: 1, bytes: 1, at, cpuUs: 0 })
  return { stream: {} as MeasuredStream, paced: new PassRecord(), saturated }
}

test('streams together give what came in the time of all of them, not the sum of their own rates', (t) => {
  const fps = (...records: ReturnType<typeof chunksAt>[]) => togetherResult(records, [], []).fps
  const early = chunksAt(0, 100, 200, 300, 400)
  t.is(fps(early), 10)
  t.is(fps(early, chunksAt(500, 600, 700, 800, 900)), 10)
  t.is(fps(chunksAt(500, 600, 700, 800, 900), early), 10)
  t.is(fps(early, chunksAt(0, 100, 200, 300, 400)), 22.5)
  t.is(fps(early, chunksAt()), 10)
  t.is(fps(chunksAt(5)), null)
  t.is(fps(), null)
})
