import { setTimeout as sleep } from 'node:timers/promises'
import type { MeasuredStream } from './measured-stream.js'
import { PassRecord } from './pass-record.js'
import type { FrameRing } from './frame-ring.js'

/**
 * One stream in one pass.
 *
 * @internal
 */
export interface Lane {
  stream: MeasuredStream
  record: PassRecord
}

/**
 * A fresh record for each stream.
 *
 * @internal
 */
export function lanesOf(streams: readonly MeasuredStream[]): Lane[] {
  return streams.map((stream) => ({ stream, record: new PassRecord() }))
}

/** Until that moment of `performance.now()`, or the signal. */
async function waitUntil(moment: number, signal: AbortSignal): Promise<void> {
  const wait = moment - performance.now()
  if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => {})
}

/**
 * Gives a frame to every stream at each beat of the frame rate, as cameras that are triggered together would: whether or not the
 * encoder is ready, so that a slow one shows. The signal ends it early. Returns how late each beat was, in milliseconds.
 *
 * @internal
 */
export async function runPaced(
  lanes: readonly Lane[],
  ring: FrameRing,
  { frames, framerate, signal }: { frames: number; framerate: number; signal: AbortSignal },
): Promise<number[]> {
  const latenesses: number[] = []
  const start = performance.now()
  for (let index = 0; index < frames; index++) {
    const beat = start + (index * 1000) / framerate
    await waitUntil(beat, signal)
    const running = lanes.filter(({ stream }) => !stream.hasEnded)
    if (signal.aborted || running.length === 0) break
    // A timer counts whole milliseconds, so that it may be a fraction of one early.
    latenesses.push(Math.max(0, performance.now() - beat))
    for (const { stream, record } of running) void stream.give(record, ring.at(index))
  }
  await Promise.all(lanes.map(({ stream }) => stream.flush()))
  return latenesses
}

/**
 * Gives frames to every stream as fast as it takes them, until there were so many or so many seconds are over. The signal ends it
 * early.
 *
 * @internal
 */
export async function runSaturated(
  lanes: readonly Lane[],
  ring: FrameRing,
  { frames, seconds, signal }: { frames: number; seconds: number; signal: AbortSignal },
): Promise<void> {
  const end = performance.now() + seconds * 1000
  const feed = async (lane: Lane) => {
    for (let index = 0; index < frames && performance.now() < end; index++) {
      if (signal.aborted || lane.stream.hasEnded) break
      await lane.stream.give(lane.record, ring.at(index))
    }
    await lane.stream.flush()
  }
  await Promise.all(lanes.map(feed))
}
