import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { measure } from '../../ts/bench/measure.js'
import type { OpenEncoder } from '../../ts/bench/measured-stream.js'
import type { BenchPlan } from '../../ts/bench/plan.js'
import type { BenchResult, BenchRow } from '../../ts/bench/results.js'
import { tableLines } from '../../ts/cli/bench/bench-text.js'
import { createEncoder } from '../../ts/index.js'
import { onVirtualJetson, virtualJetson } from '../support/virtual-jetson.js'
import type { VirtualJetson } from '../support/virtual-jetson.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')
/** Fits into the device and the queue before it: nothing is refused, however late a loaded machine is. */
const FRAMES = 16
const QUIET = { codec: 'passthrough', stdoutMessages: false } as const

function measureOn({ device, library }: VirtualJetson, plan: Partial<BenchPlan> = {}): Promise<BenchResult> {
  const open: OpenEncoder = (options) => createEncoder({ ...options, log: 'silent' })
  const whole: BenchPlan = {
    codecs: ['h264'],
    sizes: [{ width: 160, height: 160 }],
    framerate: 60,
    bitrate: 1_000_000,
    frames: FRAMES,
    seconds: 60,
    streams: 1,
    hardware: 'require',
    latencyMode: 'realtime',
    device,
    library,
    ...plan,
  }
  return measure(whole, { open, signal: new AbortController().signal, report: () => {} })
}

function assertComplete(t: ExecutionContext, { streams }: BenchRow): void {
  for (const { paced, saturated, failure } of streams) {
    t.is(failure, null)
    t.like(paced, { frames: FRAMES, chunks: FRAMES, lost: 0, refused: 0 })
    t.like(saturated, { frames: FRAMES, chunks: FRAMES, lost: 0 })
  }
}

onVirtualJetson('no latency is below that of the device, and the counts of frames are exact', async (t) => {
  const { rows } = await measureOn(virtualJetson(t, { latencyMs: 12, ...QUIET }), {
    codecs: ['h264', 'h265'],
  })
  t.deepEqual(
    rows.map(({ codec }) => codec),
    ['h264', 'h265'],
  )
  for (const row of rows) {
    assertComplete(t, row)
    const [{ encoder, paced }] = row.streams as [BenchRow['streams'][0]]
    t.is(encoder.backend, 'jetson')
    t.true(Math.min(...paced.latenciesMs) >= 12, paced.latenciesMs.join(' '))
    t.true(paced.latencyMs!.p50 >= 12)
    t.true(paced.firstChunkMs! >= 12)
  }
})

onVirtualJetson('a device that holds frames back has their wait for the next ones in its latency', async (t) => {
  const device = virtualJetson(t, { delay: 2, ...QUIET })
  const { rows } = await measureOn(device, { framerate: 20 })
  assertComplete(t, rows[0]!)
  const [{ encoder, paced }] = rows[0]!.streams as [BenchRow['streams'][0]]
  t.is(encoder.pipelineDelay, 2)
  // Of 16 frames four are warm-up, and the last two came by the flush.
  t.is(paced.latencyMs!.count, 10)
  t.true(paced.latencyMs!.max > 80, paced.latenciesMs.join(' '))
})

onVirtualJetson('several streams at a time are measured each, and together', async (t) => {
  const { rows } = await measureOn(virtualJetson(t, { latencyMs: 5, ...QUIET }), { streams: 3 })
  const [row] = rows
  t.is(row!.streams.length, 3)
  t.is(row!.refusal, null)
  assertComplete(t, row!)
  const fps = row!.streams.reduce((sum, { saturated }) => sum + saturated!.fps!, 0)
  // Streams that do not begin and end at the same instant give less together than the sum of what each gives by itself.
  t.true(row!.together!.fps! > 0)
  const most = (fps * (3 * FRAMES - 1)) / (3 * FRAMES - 3)
  t.true(row!.together!.fps! <= most + 0.01, `${row!.together!.fps} of ${fps}`)
  t.is(row!.together!.latencyMs!.count, 3 * (FRAMES - FRAMES / 4))
})

onVirtualJetson('more streams than NVIDIA’s library opens are a result with the reason', async (t) => {
  const result = await measureOn(virtualJetson(t, { ...QUIET }), { streams: 17 })
  const [row] = result.rows
  t.is(row!.streams.length, 16)
  assertComplete(t, row!)
  t.regex(row!.refusal!.message, /at most 16 devices in one process/)
  t.true(tableLines(result).some((line) => line.startsWith('  16 of 17 streams opened: ')))
})

onVirtualJetson('an encoder that is too slow for the rate rejects frames, and says so', async (t) => {
  const device = virtualJetson(t, { latencyMs: 60, pipelineDepth: 1, ...QUIET })
  const result = await measureOn(device, { framerate: 240, frames: 60 })
  const { paced } = result.rows[0]!.streams[0]!
  t.true(paced.refused > 0)
  t.is(paced.frames + paced.refused, 60)
  t.is(paced.chunks, paced.frames)
  t.true(tableLines(result).some((line) => line.includes(`ready for them: ${paced.refused} of 60.`)))
})

onVirtualJetson('a device that fails in the middle leaves what came before, and the reason', async (t) => {
  const device = virtualJetson(t, { ...QUIET, faults: { dieAfterFrames: 10 } })
  const result = await measureOn(device)
  const [stream] = result.rows[0]!.streams
  t.is(stream!.failure!.code, 'ERR_DEVICE')
  t.is(stream!.paced.chunks, 10)
  t.true(stream!.paced.lost > 0)
  t.is(stream!.saturated, null)
})

onVirtualJetson('a frame that never comes out is counted as lost', async (t) => {
  const { rows } = await measureOn(virtualJetson(t, { ...QUIET, faults: { loseFrame: 5 } }))
  t.like(rows[0]!.streams[0]!.paced, { frames: FRAMES, chunks: FRAMES - 1, lost: 1 })
  t.regex(rows[0]!.streams[0]!.failure!.message, /no chunk for this frame/)
})

onVirtualJetson('what is unlike the size or codec of a Jetson is a row among the others', async (t) => {
  const { rows } = await measureOn(virtualJetson(t, { ...QUIET }), {
    codecs: ['h264', 'h265'],
    sizes: [{ width: 128, height: 128 }],
  })
  t.is(rows[0]!.refusal, null)
  t.regex(rows[1]!.refusal!.message, /at least 144x144/)
})

onVirtualJetson('Ctrl-C ends the measuring with what there is so far, as JSON and nothing else', async (t) => {
  // Slow enough that there is much to do after the first pass.
  const { device, library } = virtualJetson(t, { latencyMs: 150, pipelineDepth: 1, codec: 'passthrough' })
  const options = ['--codec', 'h264', '--size', '160x160,320x240', '--fps', '240', '--frames', String(FRAMES)]
  const args = ['bench', '--device', device, '--library', library, '--json', ...options]
  const child = spawn(process.execPath, ['--import=@oxc-node/core/register', MAIN, ...args], { timeout: 60_000 })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => {
    const isFirst = !stderr.includes('as fast as it goes')
    stderr += data
    if (isFirst && stderr.includes('as fast as it goes')) child.kill('SIGINT')
  })
  const code = await new Promise((resolve) => {
    child.on('close', resolve)
  })
  t.is(code, 0, stderr)
  t.regex(stderr, /Ctrl-C again to abort/)
  const { rows, interrupted } = JSON.parse(stdout) as BenchResult
  t.true(interrupted)
  t.is(rows.length, 1)
  t.like(rows[0]!.streams[0]!.paced, { frames: FRAMES, chunks: FRAMES })
})
