import type { EncoderInfo } from '../encoder/list.js'
import type { Probe } from './diagnosis.js'
import { rootOf } from './identify.js'
import type { Machine } from './machine.js'
import { runProbe } from './probe-process.js'
import type { ProbeEnd } from './probe-process.js'
import type { ProbeRequest, ProbeSuccess } from './probe-request.js'

/** The size that is encoded where nothing else is requested. */
const SIZE = { width: 1280, height: 720 }
/** The test picture needs as much. */
const LEAST = 64

/**
 * How probes are run.
 *
 * @internal
 */
export interface Probing {
  machine: Machine
  library: string | undefined
  timeoutMs: number
  signal: AbortSignal | undefined
  /** The module that the process runs, for tests. */
  module?: string
}

type ReportedEnd = Pick<
  Probe,
  'outcome' | 'openMs' | 'latenciesMs' | 'framesIn' | 'pipelineDelay' | 'code' | 'message' | 'hint' | 'ioctl' | 'errno'
>

const NOTHING = { openMs: null, latenciesMs: [], framesIn: 0, pipelineDelay: null } as const

/** As near to the usual size as the encoder comes; even, as every picture here. */
function sizeFor({ sizes = [] }: EncoderInfo, codec: string): { width: number; height: number } {
  const range = sizes.find((one) => one.codec === codec)
  if (!range) return SIZE
  const fit = (wanted: number, least: number, most: number) =>
    Math.max(LEAST, 2 * Math.floor(Math.min(Math.max(wanted, least), most) / 2))
  return {
    width: fit(SIZE.width, range.minWidth, range.maxWidth),
    height: fit(SIZE.height, range.minHeight, range.maxHeight),
  }
}

/** What is wrong with a stream that came; undefined when nothing is. */
function flawOf({ types, framesIn, framesLost, flaw }: ProbeSuccess): string | undefined {
  if (types.length === 0) return `The device took ${framesIn} frames and gave nothing.`
  if (types[0] !== 'key') return 'The stream does not begin with a key frame.'
  if (framesLost > 0) return `The device failed on ${framesLost} of ${framesIn} frames.`
  if (types.length !== framesIn) return `The device took ${framesIn} frames and gave ${types.length}.`
  return flaw === undefined ? undefined : `The device gave what no decoder can use: ${flaw}`
}

function ofSuccess(success: ProbeSuccess): ReportedEnd {
  const { openMs, latenciesMs, framesIn, pipelineDelay } = success
  const flaw = flawOf(success)
  const measured = { openMs, latenciesMs, framesIn, pipelineDelay }
  return flaw === undefined
    ? { ...measured, outcome: 'works' }
    : { ...measured, outcome: 'fails', code: 'ERR_FRAME', message: flaw }
}

function ofSilence({ isLate, signal, exitStatus, failure }: ProbeEnd, timeoutMs: number): ReportedEnd {
  if (failure !== undefined) {
    const message = `No process could be started to try it: ${failure}.`
    return { ...NOTHING, outcome: 'fails', code: 'ERR_DEVICE', message }
  }
  if (isLate) {
    const message = `It did not come to an end within ${timeoutMs} ms, and was ended.`
    return { ...NOTHING, outcome: 'hangs', code: 'ERR_TIMEOUT', message }
  }
  const how = signal === null ? `ended with exit status ${exitStatus}` : `was ended by ${signal}`
  return { ...NOTHING, outcome: 'crashes', message: `The process that tried it ${how}.` }
}

function mergedEnd(end: ProbeEnd, timeoutMs: number): ReportedEnd {
  const { answer } = end
  if (!answer) return ofSilence(end, timeoutMs)
  if ('openMs' in answer) return ofSuccess(answer)
  return { ...NOTHING, ...answer, outcome: answer.code === 'ERR_TIMEOUT' ? 'hangs' : 'fails' }
}

/** Paths as the machine knows them, in all that is shown. */
function withoutRoot(machine: Machine, end: ProbeEnd): ProbeEnd {
  const { answer, output } = end
  if (!answer || 'openMs' in answer) return { ...end, output: machine.withoutRoot(output) }
  return {
    ...end,
    answer: { ...answer, message: machine.withoutRoot(answer.message) },
    output: machine.withoutRoot(output),
  }
}

async function probeOne(encoder: EncoderInfo, codec: string, probing: Probing): Promise<Probe> {
  const { machine, library, timeoutMs, signal, module } = probing
  const size = sizeFor(encoder, codec)
  const device = encoder.device!
  const request: ProbeRequest = {
    device: machine.place(device),
    codec,
    ...size,
    ...(library !== undefined && { library }),
    ...rootOf(machine),
    // So that the encoder's own explanation comes before the process has to be ended.
    timeoutMs: Math.round(timeoutMs / 2),
  }
  const end = withoutRoot(machine, await runProbe(request, timeoutMs, signal, module))
  const { backend } = encoder
  const ending = end.signal === null ? {} : { signal: end.signal }
  return { backend, device, codec, ...size, ...mergedEnd(end, timeoutMs), ...ending, output: end.output }
}

/**
 * Encodes with every hardware encoder and codec, one after the other: they share the chip.
 *
 * @internal
 */
export async function probeAll(encoders: readonly EncoderInfo[], probing: Probing): Promise<Probe[]> {
  const probes: Probe[] = []
  for (const encoder of encoders.filter(({ device, available }) => device !== null && available)) {
    for (const codec of encoder.codecs) probes.push(await probeOne(encoder, codec, probing))
  }
  return probes
}
