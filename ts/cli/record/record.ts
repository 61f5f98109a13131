import { openEncoder } from '../../encoder/create.js'
import type { Encoder } from '../../encoder/encoder.js'
import { parseCodecs } from '../../encoder/codec.js'
import { loadAddon } from '../../native/loader.js'
import type { LogOption, LogRecord } from '../../shared/log.js'
import type { Command } from '../command.js'
import { ExitStatus } from '../exit.js'
import { Terminal } from '../terminal.js'
import { chooseDevice, chooseEncoder, withFittingHint } from './choice.js'
import { destinationOf, openDestination } from './destination.js'
import type { Destination } from './destination.js'
import { checkFrameSize } from './frame-size.js'
import { droppedLines, openInput } from './input.js'
import type { Input } from './input.js'
import { checkInput } from './input-bytes.js'
import { cameraOf, recordParser } from './options.js'
import type { RecordOptions } from './options.js'
import { claimStdout, ReaderGone } from './output.js'
import type { Output } from './output.js'
import { checkOutputName, otherCodecWarning, rejectSameFile } from './output-name.js'
import { confirmOverwrite } from './overwrite.js'
import { Progress } from './progress.js'
import { onStopRequest } from './stop.js'
import { until } from './until.js'
import type { Limit } from './until.js'

/** Log records are lines among the others. */
function logTo(terminal: Terminal, { logLevel, quiet }: RecordOptions): LogOption {
  const write = ({ level: severity, message }: LogRecord) => {
    if (severity === 'error' || severity === 'warn') terminal.line(`${severity}: ${message}`, severity)
    else terminal.line(severity === 'info' ? message : `${severity}: ${message}`)
  }
  const level = quiet ? 'warn' : logLevel
  return level === undefined ? write : { level, write }
}

interface Plan {
  options: RecordOptions
  choice: ReturnType<typeof chooseEncoder>
  input: Parameters<typeof openInput>[0]
  output: string
  /** Where to stop. */
  limit: Omit<Limit, 'isTimed'>
  device: string | string[] | undefined
}

/** Everything the options say, checked before anything is opened. */
function planOf(output: string | undefined, options: RecordOptions): Plan {
  checkOutputName(output)
  const choice = chooseEncoder(options, output)
  const { input, size, fps, format, frames, duration } = options
  return {
    options,
    choice,
    input: {
      source: input,
      camera: cameraOf(options),
      size,
      framerate: fps,
      format,
      live: frames === undefined && duration === undefined,
    },
    output: output ?? `record.${parseCodecs(choice.codec)[0]!.codec}`,
    limit: { frames: frames ?? Infinity, seconds: duration ?? Infinity },
    device: chooseDevice(options.device),
  }
}

/** Where the stream goes, and that it may go there. */
async function prepareOutput({ input, output, options }: Plan, terminal: Terminal): Promise<Destination> {
  const destination = destinationOf(output)
  const source = input.camera === undefined ? input.source : undefined
  if (source !== undefined) {
    checkInput(source)
    rejectSameFile(source, output)
  }
  if (!options.force) await confirmOverwrite(destination, source, terminal)
  return destination
}

function open(plan: Plan, input: Input, log: LogOption, signal: AbortSignal): Promise<Encoder> {
  const { width, height, framerate, format, colorSpace, sampleAspectRatio } = input
  const { choice, options, device } = plan
  const { bitrate, bitrateMode, keyFrameInterval, library } = options
  // Quality rather than latency, unless the frames come from a live source: a file is to be finished soon.
  const latencyMode = options.latencyMode ?? (plan.input.live || input.isLive ? 'realtime' : 'quality')
  return openEncoder(loadAddon, {
    ...choice,
    width,
    height,
    framerate,
    format,
    colorSpace,
    sampleAspectRatio,
    bitrate,
    bitrateMode,
    keyFrameInterval,
    device,
    library,
    latencyMode,
    log,
    signal,
  }).catch((error: unknown) => {
    throw withFittingHint(error, options, plan.output)
  })
}

/** Encodes until the frames end; returns whether the reader of the output took all of it. */
async function pump(
  encoder: Encoder,
  frames: AsyncIterable<Parameters<Encoder['encode']>[0]>,
  output: Output,
  progress: Progress,
): Promise<boolean> {
  try {
    for await (const chunk of encoder.encodeAll(frames)) {
      await output.write(chunk.data)
      progress.count(chunk)
    }
    return true
  } catch (error) {
    if (error instanceof ReaderGone) return false
    throw error
  }
}

/** Warns where the file's name is that of another codec; an encoder that took over may have one again. */
function codecNameWarner(terminal: Terminal, output: string): (encoder: Encoder) => void {
  let last: string | undefined
  return ({ config }) => {
    const line = otherCodecWarning(output, config.codec)
    if (line !== undefined && line !== last) terminal.line(line, 'warn')
    last = line
  }
}

/** Encodes the input to the output. */
async function encode(
  plan: Plan,
  { input, encoder, output }: { input: Input; encoder: Encoder; output: Output },
  { terminal, name, signal }: { terminal: Terminal; name: string; signal: AbortSignal },
): Promise<void> {
  const { quiet = false } = plan.options
  const seconds = Math.min(plan.limit.seconds, input.duration ?? Infinity)
  const progress = new Progress(terminal, encoder, { ...plan.limit, seconds, quiet, inputPart: input.part })
  const warnOfName = codecNameWarner(terminal, plan.output)
  warnOfName(encoder)
  try {
    const frames = until(input.frames, { ...plan.limit, isTimed: input.isTimed }, signal)
    const complete = await pump(encoder, frames, output, progress)
    await encoder.close({ discard: !complete })
    if (complete && encoder.stats.chunksOut === 0) signal.throwIfAborted()
    progress.finish(name)
    warnOfName(encoder)
    for (const line of droppedLines(input.dropped())) terminal.line(line, 'warn')
  } finally {
    progress.stop()
  }
}

async function record(outputName: string | undefined, options: RecordOptions): Promise<number> {
  const terminal = new Terminal()
  const log = logTo(terminal, options)
  const plan = planOf(outputName, options)
  const destination = await prepareOutput(plan, terminal)
  // What NVIDIA's library prints would end up in the stream, or among the lines of a script.
  const stdout = claimStdout()
  const { signal, release } = onStopRequest(() => {
    if (!options.quiet) terminal.line('Finishing; Ctrl-C again to abort.')
  })
  const input = await openInput({ ...plan.input, log }, signal)
  if (plan.input.camera === undefined && plan.input.size === undefined) checkFrameSize(plan.input.source, input)
  const encoder = await open(plan, input, log, signal)
  const output = await openDestination(destination, stdout, signal)
  try {
    await encode(plan, { input, encoder, output }, { terminal, name: destination.name, signal })
  } finally {
    await output.close()
    await input.close()
    release()
  }
  return ExitStatus.Ok
}

export const command = (): Command =>
  recordParser().action(async (output: string | undefined, options: RecordOptions) => {
    process.exitCode = await record(output, options)
  })
