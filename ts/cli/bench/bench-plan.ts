// ts/cli/bench: the command `bench`: its options, and its results as text.
import type { BenchPlan, Size } from '../../bench/plan.js'
import { helpSection, libraryOption, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import { chooseDevice, chooseEncoder } from '../record/choice.js'
import { checkTestSize } from '../record/test-pattern.js'
import * as values from '../values.js'

/** NVIDIA's library stops at 16 in a process; no board is known to do more. */
const MAX_STREAMS = 32
/** Each frame's time is kept until the end. */
const MAX_FRAMES = 100_000
const MAX_SECONDS = 600
const DEFAULT_SECONDS = 5

/** The options as they were typed, each checked by itself. */
export interface BenchOptions {
  codec?: string[]
  size: Size[]
  fps: number
  bitrate?: number
  frames?: number
  duration?: number
  streams: number
  hardwareEncoder?: boolean
  softwareEncoder?: boolean
  latencyMode: 'realtime' | 'quality'
  device?: string
  library?: string
  json?: boolean
  report?: boolean
}

const NOTES = `  Every codec is measured at every size, twice: with frames at the frame rate,
  like those of a camera, and as fast as possible. The frames are drawn before.
  Ctrl-C ends it with what was measured so far.`

const EXAMPLES = `  v4l2-encoder bench
  v4l2-encoder bench --codec h264,h265 --size 1280x720,1920x1080 --fps 60
  v4l2-encoder bench --streams 4 --duration 10 --json
  v4l2-encoder bench --report > report.md`

function addMeasureOptions(command: Command): void {
  command
    .optionsGroup('What is measured:')
    .addOption(
      new Option('--codec <names>', 'One or several: h264,h265')
        .argParser(values.listOf(values.text))
        .default(undefined, 'every codec that the encoder of this machine has'),
    )
    .addOption(
      new Option('--size <sizes>', 'One or several: 1280x720,1920x1080')
        .argParser(values.listOf(values.size))
        .default([{ width: 1280, height: 720 }], '1280x720'),
    )
    .addOption(new Option('--fps <rate>', 'Frames per second of the paced pass').argParser(values.rate).default(30))
    .addOption(
      new Option('-b, --bitrate <bits/s>', 'Such as 2M or 500k')
        .argParser(values.bitrate)
        .default(undefined, 'by size and rate, 2M for 1280x720 at 30'),
    )
    .addOption(
      new Option('-n, --frames <count>', 'Frames of each pass and stream')
        .argParser(values.atMost(MAX_FRAMES, '', values.count))
        .default(undefined, 'by the duration'),
    )
    .addOption(
      new Option('-t, --duration <time>', 'Of each pass, such as 10 or 1m')
        .argParser(values.atMost(MAX_SECONDS, ' seconds', values.duration))
        .default(undefined, `${DEFAULT_SECONDS} seconds, or as long as --frames take`),
    )
    .addOption(
      new Option('--streams <count>', 'Encoders at the same time')
        .argParser(values.atMost(MAX_STREAMS, '', values.count))
        .default(1),
    )
}

/** The parser of `bench`; the action is added where the command is run. */
export function benchParser(): Command {
  const command = newCommand()
  addMeasureOptions(command)
  return command
    .optionsGroup('Encoder:')
    .addOption(new Option('--hardware-encoder', 'Fail rather than fall back to software').conflicts('softwareEncoder'))
    .addOption(new Option('--software-encoder', 'Use no hardware (H.264 only)').conflicts('device'))
    .addOption(
      new Option('--latency-mode <mode>', 'realtime (few frames in flight) or quality (many)')
        .argParser(values.oneOf(['realtime', 'quality']))
        .default('realtime'),
    )
    .addOption(
      new Option(
        '--device <devices>',
        'Only this device, such as /dev/video11; several: in order of preference',
      ).default(undefined, 'the first that works'),
    )
    .addOption(libraryOption())
    .optionsGroup('Output:')
    .addOption(new Option('--json', 'Print JSON, with the latency of every frame').conflicts('report'))
    .addOption(new Option('--report', 'Print one block to paste into an issue, with facts about this machine'))
    .addHelpText('after', helpSection('Notes:', NOTES))
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
}

/** What is requested; without codecs it is every one that there is. */
export type WantedBench = Omit<BenchPlan, 'codecs'> & { codecs: readonly string[] | undefined }

function lengthsOf({ frames, duration }: BenchOptions): { frames: number; seconds: number } {
  const usual = frames === undefined ? DEFAULT_SECONDS : MAX_SECONDS
  return { frames: frames ?? MAX_FRAMES, seconds: duration ?? usual }
}

/** Everything the options say, checked as far as possible without asking a device. */
export function wantedBench(options: BenchOptions): WantedBench {
  const { codec, size, fps, bitrate, streams, latencyMode, device, library } = options
  const { softwareEncoder, hardwareEncoder } = options
  const flags = {
    ...(codec && { codec: codec.join(',') }),
    ...(softwareEncoder && { softwareEncoder }),
    ...(hardwareEncoder && { hardwareEncoder }),
  }
  const { hardware } = chooseEncoder(flags, undefined)
  for (const one of size) checkTestSize(one)
  return {
    codecs: codec,
    sizes: size,
    framerate: fps,
    bitrate,
    ...lengthsOf(options),
    streams,
    hardware,
    latencyMode,
    device: chooseDevice(device),
    library,
  }
}
