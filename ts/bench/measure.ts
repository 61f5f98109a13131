import { availableParallelism } from 'node:os'
import { VERSION } from '../shared/version.js'
import { MeasuredStream } from './measured-stream.js'
import type { OpenEncoder } from './measured-stream.js'
import { lanesOf, runPaced, runSaturated } from './passes.js'
import { FrameRing } from './frame-ring.js'
import { pacedFrames } from './plan.js'
import type { BenchPlan, Size } from './plan.js'
import type { BenchResult, BenchRow, Failure } from './results.js'
import { failureOf, streamResult, togetherResult } from './summary.js'
import type { StreamRecords } from './summary.js'

/**
 * What is being done.
 *
 * @internal
 */
export interface BenchStep {
  text: string
  /** Its place among all steps, from 0. */
  index: number
  /** How many steps there are. */
  count: number
  /** How long it takes, about. */
  seconds: number
}

/**
 * What measuring needs from outside.
 *
 * @internal
 */
export interface Surroundings {
  open: OpenEncoder
  /** Ends it early; what was measured so far is the result. */
  signal: AbortSignal
  /** Called at the begin of each step. */
  report: (step: BenchStep) => void
}

interface Combination {
  codec: string
  size: Size
  /** Its place among all of the plan. */
  index: number
}

const PASSES = 2

interface Opened {
  streams: MeasuredStream[]
  refusal: Failure | null
}

/** One after another, so that the reason why the next one fails is the ones before. */
async function openStreams(
  plan: BenchPlan,
  { codec, size }: Combination,
  { open, signal }: Surroundings,
): Promise<Opened> {
  const { framerate, bitrate, hardware, latencyMode, device, library } = plan
  const rest = { framerate, hardware, latencyMode, signal, ...defined({ bitrate, device, library }) }
  const streams: MeasuredStream[] = []
  while (streams.length < plan.streams) {
    // A stream that finds no hardware any more is a result; one in software among others in hardware would be a riddle.
    const first = streams[0]?.encoder.backend
    const strict = first === undefined || first === 'software' ? {} : { hardware: 'require' as const }
    try {
      streams.push(await MeasuredStream.open(open, { codec, ...size, ...rest, ...strict }))
    } catch (error) {
      return { streams, refusal: failureOf(error) }
    }
  }
  return { streams, refusal: null }
}

function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
}

async function runPasses(
  streams: readonly MeasuredStream[],
  plan: BenchPlan,
  { codec, size, index }: Combination,
  { signal, report }: Surroundings,
): Promise<{ records: StreamRecords[]; latenesses: number[] }> {
  const { framerate, seconds } = plan
  const ring = new FrameRing(size.width, size.height)
  const paced = lanesOf(streams)
  const saturated = lanesOf(streams)
  const frames = pacedFrames(plan)
  const reportPass = (pass: number, text: string) =>
    report({
      text: `${codec} ${size.width}x${size.height}: ${text}`,
      index: index * PASSES + pass,
      count: plan.codecs.length * plan.sizes.length * PASSES,
      seconds: Math.min(seconds, frames / framerate),
    })
  reportPass(0, `${frames} frames at ${Number(framerate.toFixed(2))} fps`)
  const latenesses = await runPaced(paced, ring, { frames, framerate, signal })
  const isSaturated = !signal.aborted && streams.some(({ hasEnded }) => !hasEnded)
  if (isSaturated) {
    reportPass(1, 'as fast as it goes')
    await runSaturated(saturated, ring, { frames: plan.frames, seconds, signal })
  }
  const records = streams.map((stream, place) => ({
    stream,
    paced: paced[place]!.record,
    saturated: isSaturated ? saturated[place]!.record : undefined,
  }))
  return { records, latenesses }
}

/** One codec at one size; undefined when it was given up before anything could be measured. */
async function measureRow(
  plan: BenchPlan,
  combination: Combination,
  surroundings: Surroundings,
): Promise<BenchRow | undefined> {
  const { codec, size } = combination
  const { streams, refusal } = await openStreams(plan, combination, surroundings)
  const asked = { codec, ...size, streamsAsked: plan.streams }
  let passes: Awaited<ReturnType<typeof runPasses>>
  try {
    if (surroundings.signal.aborted) return undefined
    if (streams.length === 0) return { ...asked, streams: [], refusal, together: null }
    passes = await runPasses(streams, plan, combination, surroundings)
  } finally {
    await Promise.all(streams.map((stream) => stream.close()))
  }
  const results = passes.records.map((record) => streamResult(record, plan))
  return { ...asked, streams: results, refusal, together: togetherResult(passes.records, results, passes.latenesses) }
}

/**
 * Measures every codec of the plan at every size, with two passes each: paced, then saturated. What an encoder rejects is a row
 * with the reason.
 *
 * @internal
 */
export async function measure(plan: BenchPlan, surroundings: Surroundings): Promise<BenchResult> {
  const date = new Date().toISOString()
  const rows: BenchRow[] = []
  const combinations = plan.codecs.flatMap((codec) => plan.sizes.map((size) => ({ codec, size })))
  for (const [index, combination] of combinations.entries()) {
    if (surroundings.signal.aborted) break
    const row = await measureRow(plan, { ...combination, index }, surroundings)
    if (row) rows.push(row)
  }
  return {
    version: VERSION,
    date,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processors: availableParallelism(),
    framerate: plan.framerate,
    latencyMode: plan.latencyMode,
    rows,
    interrupted: surroundings.signal.aborted,
  }
}
