import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openEncoder } from '../encoder/create.js'
import type { Encoder } from '../encoder/encoder.js'
import { V4l2EncoderError } from '../shared/errors.js'
import { frameTimes } from '../test-pattern/frame-times.js'
import { loadAddon } from '../native/loader.js'
import type { NativeAddon } from '../native/addon.js'
import { TestSource } from '../test-pattern/testsrc.js'
import { endWithParent } from './end-with-parent.js'
import { ANSWER_DESCRIPTOR, PROBE_FRAMERATE, PROBE_FRAMES } from './probe-request.js'
import { flawIn } from './usable.js'
import type { ProbeAnswer, ProbeFailure, ProbeRequest, ProbeSuccess } from './probe-request.js'

/** The addon, looking for libraries below another root. */
function addonBelow(root: string | undefined): NativeAddon {
  const addon = loadAddon()
  return root === undefined ? addon : { ...addon, open: (config, onEvent) => addon.open({ ...config, root }, onEvent) }
}

function failureOf(error: unknown, device: string): ProbeFailure {
  const failure = error as V4l2EncoderError
  const own = error instanceof V4l2EncoderError ? error.rejected.find((one) => one.device === device) : undefined
  const { code, message, hint, ioctl, errno } = own ?? failure
  return { code, message, hint, ioctl, errno }
}

/** Notes when each chunk comes; ends with the encoder. */
async function listen(encoder: Encoder, given: Map<number, number>, into: ProbeSuccess): Promise<void> {
  const seen = new Set<number>()
  for await (const chunk of encoder) {
    const { type, timestamp, data } = chunk
    const since = given.get(timestamp)
    const flaw = flawIn(encoder.config.codec, chunk)
    if (flaw !== undefined) into.flaw ??= `Chunk ${into.types.length + 1} of ${data.length} bytes ${flaw}.`
    if (since === undefined || seen.has(timestamp))
      into.flaw ??= `The device returned a chunk for a frame that it was not sent.`
    seen.add(timestamp)
    into.types.push(type)
    into.bytes += data.length
    into.latenciesMs.push(performance.now() - (since ?? performance.now()))
  }
}

/** Gives moving pictures at a camera's pace. */
async function give(encoder: Encoder, given: Map<number, number>, into: ProbeSuccess): Promise<void> {
  const { width, height } = encoder.config
  const source = new TestSource(width, height)
  const pictures = Array.from({ length: PROBE_FRAMES }, (_, number) => source.draw(number))
  const start = performance.now()
  for (const [number, data] of pictures.entries()) {
    const { timestamp } = frameTimes(number, PROBE_FRAMERATE)
    await sleep(Math.max(0, start + timestamp / 1000 - performance.now()))
    given.set(timestamp, performance.now())
    await encoder.encode({ data, timestamp })
    into.framesIn++
  }
}

function open(request: ProbeRequest, onFrameLost: () => void): Promise<Encoder> {
  const { device, codec, width, height, library, root, timeoutMs } = request
  return openEncoder(() => addonBelow(root), {
    codec,
    width,
    height,
    framerate: PROBE_FRAMERATE,
    device,
    ...(library !== undefined && { library }),
    hardware: 'require',
    timeout: timeoutMs,
    log: 'silent',
    onFrameLost,
  })
}

async function encodeSome(request: ProbeRequest): Promise<ProbeAnswer> {
  const nothing = { openMs: 0, bytes: 0, framesIn: 0, framesLost: 0, pipelineDelay: null }
  const success: ProbeSuccess = { ...nothing, latenciesMs: [], types: [] }
  const start = performance.now()
  const encoder = await open(request, () => success.framesLost++)
  success.openMs = performance.now() - start
  const given = new Map<number, number>()
  const listening = listen(encoder, given, success)
  await Promise.all([listening, give(encoder, given, success).then(() => encoder.close())])
  success.pipelineDelay = encoder.stats.pipelineDelay
  return success
}

async function probe(): Promise<void> {
  const request = JSON.parse(process.argv[2]!) as ProbeRequest
  const answer = await encodeSome(request).catch((error: unknown) => failureOf(error, request.device))
  writeSync(ANSWER_DESCRIPTOR, `${JSON.stringify(answer)}\n`)
}

endWithParent()
// No top-level await: a device that hangs must not keep the process from ending.
probe().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
