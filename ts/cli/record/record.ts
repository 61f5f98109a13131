import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'
import { openEncoder } from '../../encoder/create.js'
import type { Encoder } from '../../encoder/encoder.js'
import { loadAddon } from '../../native/loader.js'
import { LOG_LEVELS } from '../../shared/log.js'
import type { LogOption, LogRecord } from '../../shared/log.js'
import { parseCodecs } from '../../encoder/codec.js'
import { PIXEL_FORMATS } from '../../frame/pixel-format.js'
import { chooseDevice, chooseEncoder, withOwnCure } from './choice.js'
import type { EncoderFlags } from './choice.js'
import { destinationOf, openDestination } from './destination.js'
import { ExitStatus, usageError } from '../exit.js'
import { checkFrameSize } from './frame-size.js'
import { openInput, tellDropped } from './input.js'
import type { Input } from './input.js'
import { checkInput } from './input-bytes.js'
import { claimStdout, ReaderGone } from './output.js'
import type { Output } from './output.js'
import { checkOutputName, refuseSameFile, tellOtherCodec } from './output-name.js'
import { Progress } from './progress.js'
import { onStopRequest } from './stop.js'
import { Terminal } from '../terminal.js'
import { until } from './until.js'
import type { Limit } from './until.js'
import * as values from '../values.js'

const recordArgs = {
  output: {
    type: 'positional',
    required: false,
    description: 'File for the stream, or - for standard output (default: record.h264, or as the codec)',
  },
  input: {
    type: 'string',
    alias: 'i',
    default: 'testsrc',
    valueHint: 'source',
    description: 'testsrc, a file, - for standard input, argus:N, libcamera:N, rtsp://…, http://… or pipe:COMMAND',
  },
  'camera-index': {
    type: 'string',
    valueHint: 'number',
    description: 'Take this camera of v4l2-encoder cameras instead of an input',
  },
  camera: {
    type: 'string',
    valueHint: 'name',
    description: 'Take the camera of this node or with this text in its name, such as /dev/video0 or Logitech',
  },
  codec: {
    type: 'string',
    valueHint: 'name',
    description: 'h264, h265, an RFC 6381 string, or several in order: h265,h264 (default: by the file name, or h264)',
  },
  h264: { type: 'boolean', description: 'Short for --codec h264' },
  h265: { type: 'boolean', description: 'Short for --codec h265' },
  'hardware-encoder': { type: 'boolean', description: 'Fail rather than encode in software' },
  'software-encoder': { type: 'boolean', description: 'Use no hardware (H.264 only)' },
  size: {
    type: 'string',
    valueHint: 'WxH',
    description:
      'Of testsrc, raw pictures and cameras (default: 1280x720); video files and streams are scaled to it, with black bars where their shape is another',
  },
  fps: {
    type: 'string',
    valueHint: 'rate',
    description: 'Frames per second, such as 30 or 30000/1001 (default: that of the input, or 30)',
  },
  format: {
    type: 'string',
    valueHint: 'name',
    description: `Of raw pictures: ${PIXEL_FORMATS.join(', ')} (default: by the file name, or I420); of testsrc: I420, NV12`,
  },
  bitrate: {
    type: 'string',
    alias: 'b',
    valueHint: 'bits/s',
    description: 'Such as 2M or 500k (default: by size and rate, 2M for 1280x720 at 30)',
  },
  frames: {
    type: 'string',
    alias: 'n',
    valueHint: 'count',
    description: 'Stop after so many frames (default: at the end of the input)',
  },
  duration: {
    type: 'string',
    alias: 't',
    valueHint: 'time',
    description: 'Stop after so much video, of cameras and streams after so much time, such as 10, 1.5s or 2m',
  },
  device: {
    type: 'string',
    valueHint: 'node',
    description:
      'Only this, such as /dev/video11; several, with commas, in this order first (default: the first that does it)',
  },
  library: { type: 'string', valueHint: 'file', description: 'To load instead of libnvv4l2.so' },
  'log-level': {
    type: 'string',
    valueHint: 'level',
    description: `${LOG_LEVELS.join(', ')} (default: $V4L2_ENCODER_LOG, or info)`,
  },
} as const

/** Shown below the options by `--help`. */
const recordExamples = `The test picture comes at its frame rate until Ctrl-C, or with --frames or --duration as fast as it is encoded.
Ctrl-C finishes the file, as SIGTERM and a closed terminal do; a second Ctrl-C does not.

Files that end in .y4m, .yuv, .raw, .nv12, .rgb and the like hold pictures, and are read as they are. Films (.mp4, .mkv, …), rtsp:// and
http:// go through ffmpeg or GStreamer, argus:N (Jetson) through GStreamer, libcamera:N (Raspberry Pi) through rpicam-vid. COMMAND
goes through the shell; it writes Y4M or raw pictures to its standard output.

The stream of the software encoder, and of some drivers, does not tell its frame rate, and players assume 25. Name it to ffmpeg and ffplay:
ffmpeg -framerate 30 -i clip.h264 -c copy clip.mp4

EXAMPLES

  v4l2-encoder record clip.h264 --duration 10
  v4l2-encoder record clip.h264 --input clip.y4m --bitrate 4M
  v4l2-encoder record clip.h264 --input raw.nv12 --size 1920x1080 --fps 25
  v4l2-encoder record clip.h264 --camera-index 0 --size 1280x720 --duration 10
  v4l2-encoder record clip.h265 --input argus:0 --size 1920x1080 --fps 30
  v4l2-encoder record clip.h264 --input rtsp://camera/stream --duration 1m
  v4l2-encoder record clip.h264 --input 'pipe:ffmpeg -i clip.mov -f yuv4mpegpipe -pix_fmt yuv420p -'
  v4l2-encoder record - --h264 | ffplay -fflags nobuffer -f h264 -`

type Args = Record<string, string | boolean | undefined>

function textOf(args: Args, name: string): string | undefined {
  return args[name] as string | undefined
}

/** Log records are lines among the others. */
function logTo(terminal: Terminal, level: string | undefined): LogOption {
  const write = ({ level: severity, message }: LogRecord) =>
    terminal.line(severity === 'info' ? message : `${severity}: ${message}`)
  return level === undefined ? write : { level: values.oneOf(LOG_LEVELS)(level, '--log-level'), write }
}

interface Plan {
  flags: EncoderFlags
  choice: ReturnType<typeof chooseEncoder>
  input: Parameters<typeof openInput>[0]
  output: string
  bitrate: number | undefined
  /** Where to stop. */
  limit: Omit<Limit, 'isTimed'>
  device: string | string[] | undefined
  library: string | undefined
}

function flagsOf(args: Args): EncoderFlags {
  return {
    codec: textOf(args, 'codec'),
    h264: args.h264 as boolean | undefined,
    h265: args.h265 as boolean | undefined,
    softwareEncoder: args['software-encoder'] as boolean | undefined,
    hardwareEncoder: args['hardware-encoder'] as boolean | undefined,
  }
}

/** Everything the options say, checked before anything is opened. */
function planOf(args: Args): Plan {
  const text = (name: string) => textOf(args, name)
  checkOutputName(text('output'))
  const flags = flagsOf(args)
  const choice = chooseEncoder(flags, text('output'))
  const frames = values.optional(values.count, text('frames'), '--frames')
  const seconds = values.optional(values.duration, text('duration'), '--duration')
  return {
    choice,
    flags,
    input: {
      source: text('input')!,
      camera: cameraOf(text),
      size: values.optional(values.size, text('size'), '--size'),
      framerate: values.optional(values.rate, text('fps'), '--fps'),
      format: values.optional(values.oneOf(PIXEL_FORMATS), text('format'), '--format'),
      live: frames === undefined && seconds === undefined,
    },
    output: text('output') ?? `record.${parseCodecs(choice.codec)[0]!.codec}`,
    bitrate: values.optional(values.bitrate, text('bitrate'), '--bitrate'),
    limit: { frames: frames ?? Infinity, seconds: seconds ?? Infinity },
    device: chooseDevice(text('device'), choice.hardware === 'never'),
    library: text('library'),
  }
}

/** The camera that is asked for, if one is. */
function cameraOf(text: (name: string) => string | undefined): number | string | undefined {
  const [index, name] = [text('camera-index'), text('camera')]
  if (index !== undefined && name !== undefined) {
    throw usageError('The options --camera and --camera-index name the camera twice.', 'Give one of them.')
  }
  for (const [option, usual] of [
    ['input', recordArgs.input.default],
    ['format', undefined],
  ] as const) {
    if ((index ?? name) === undefined || text(option) === usual) continue
    throw usageError(`The option --${option} does not go together with a camera.`)
  }
  if (index !== undefined) return values.index(index, '--camera-index')
  if (name === '') throw usageError('The option --camera needs a device node or a part of a name.')
  return name
}

function open(plan: Plan, input: Input, log: LogOption, signal: AbortSignal): Promise<Encoder> {
  const { width, height, framerate, format, colorSpace, sampleAspectRatio } = input
  const { choice, bitrate, device, library } = plan
  // Quality rather than latency, unless the pictures come from a live source: a file is to be finished soon.
  const latencyMode = plan.input.live || input.isLive ? 'realtime' : 'quality'
  return openEncoder(loadAddon, {
    ...choice,
    width,
    height,
    framerate,
    format,
    colorSpace,
    sampleAspectRatio,
    bitrate,
    device,
    library,
    latencyMode,
    log,
    signal,
  }).catch((error: unknown) => {
    throw withOwnCure(error, plan.flags, plan.output)
  })
}

/** Encodes until the frames end; returns whether somebody was there to take all of it. */
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

/** Tells that the file's name is that of another codec; an encoder that took over may have one again. */
function nameTeller(terminal: Terminal, output: string): (encoder: Encoder) => void {
  let told: string | undefined
  return ({ config }) => {
    const line = tellOtherCodec(output, config.codec)
    if (line !== undefined && line !== told) terminal.line(line)
    told = line
  }
}

async function record(args: Args): Promise<number> {
  const terminal = new Terminal()
  const log = logTo(terminal, textOf(args, 'log-level'))
  const plan = planOf(args)
  const destination = destinationOf(plan.output)
  if (plan.input.camera === undefined) {
    checkInput(plan.input.source)
    refuseSameFile(plan.input.source, plan.output)
  }
  // What NVIDIA's library prints would end up in the stream, or among the lines of a script.
  const stdout = claimStdout()
  const stop = onStopRequest(() => terminal.line('Finishing; Ctrl-C again to abort.'))
  const input = await openInput({ ...plan.input, log }, stop.signal)
  if (plan.input.camera === undefined && plan.input.size === undefined) checkFrameSize(plan.input.source, input)
  const encoder = await open(plan, input, log, stop.signal)
  const output = await openDestination(destination, stdout, stop.signal)
  const progress = new Progress(terminal, encoder)
  const tellName = nameTeller(terminal, plan.output)
  tellName(encoder)
  try {
    const complete = await pump(
      encoder,
      until(input.frames, { ...plan.limit, isTimed: input.isTimed }, stop.signal),
      output,
      progress,
    )
    await encoder.close({ discard: !complete })
    if (complete && encoder.stats.chunksOut === 0) stop.signal.throwIfAborted()
    progress.finish(destination.name)
    tellName(encoder)
    for (const line of tellDropped(input.dropped())) terminal.line(line)
  } finally {
    progress.stop()
    await output.close()
    await input.close()
    stop.release()
  }
  return ExitStatus.Ok
}

const recordCommand = defineCommand({
  meta: {
    name: 'record',
    description: 'Encode a test picture, a file, a camera or another program’s pictures to an elementary stream',
  },
  args: recordArgs,
  run: ({ args }) => record(args as unknown as Args),
}) as CommandDef

export { recordArgs as args, recordCommand as command, recordExamples as examples }
