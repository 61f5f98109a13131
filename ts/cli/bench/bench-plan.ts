// ts/cli/bench: the command `bench`: its options, and its results as text.
import type { BenchPlan, Size } from '../../bench/plan.js'
import { chooseDevice, chooseEncoder } from '../record/choice.js'
import { usageError } from '../exit.js'
import { checkTestPicture } from '../record/test-picture.js'
import * as values from '../values.js'

/** NVIDIA's library stops at 16 in a process; no board is known to do more. */
const MOST_STREAMS = 32
/** Each frame's time is kept until the end. */
const MOST_FRAMES = 100_000
const MOST_SECONDS = 600
const DEFAULT_SECONDS = 5

export const benchArgs = {
  codec: {
    type: 'string',
    valueHint: 'names',
    description: 'One or several: h264,h265 (default: every codec that the encoder of this machine does)',
  },
  size: { type: 'string', default: '1280x720', valueHint: 'sizes', description: 'One or several: 1280x720,1920x1080' },
  fps: { type: 'string', default: '30', valueHint: 'rate', description: 'Frames per second of the paced pass' },
  bitrate: {
    type: 'string',
    alias: 'b',
    valueHint: 'bits/s',
    description: 'Such as 2M or 500k (default: by size and rate, 2M for 1280x720 at 30)',
  },
  frames: { type: 'string', alias: 'n', valueHint: 'count', description: 'Frames of each pass and stream' },
  duration: {
    type: 'string',
    alias: 't',
    valueHint: 'time',
    description: `Of each pass, such as 10 or 1m (default: ${DEFAULT_SECONDS} seconds, or so many --frames)`,
  },
  streams: { type: 'string', default: '1', valueHint: 'count', description: 'Encoders at a time' },
  'hardware-encoder': { type: 'boolean', description: 'Fail rather than encode in software' },
  'software-encoder': { type: 'boolean', description: 'Use no hardware (H.264 only)' },
  'latency-mode': {
    type: 'string',
    default: 'realtime',
    valueHint: 'realtime|quality',
    description: 'As few frames in the device as it allows, or as many',
  },
  device: {
    type: 'string',
    valueHint: 'node',
    description:
      'Only this, such as /dev/video11; several, with commas, in this order first (default: the first that does it)',
  },
  library: { type: 'string', valueHint: 'file', description: 'To load instead of libnvv4l2.so' },
  json: { type: 'boolean', description: 'Print JSON, with the latency of every frame' },
  report: { type: 'boolean', description: 'Print one block to paste into an issue, with what this machine has' },
} as const

/** Shown below the options by `--help`. */
export const benchExamples = `Every codec is measured at every size, twice: with frames at the frame rate, as those of a camera, and as fast as it goes. The
pictures are drawn before that. Ctrl-C ends it with what was measured so far.

EXAMPLES

  v4l2-encoder bench
  v4l2-encoder bench --codec h264,h265 --size 1280x720,1920x1080 --fps 60
  v4l2-encoder bench --streams 4 --duration 10 --json
  v4l2-encoder bench --report > report.md`

export type BenchArgs = Record<string, string | boolean | undefined>

/** What is asked for; without codecs it is every one that there is. */
export type WantedBench = Omit<BenchPlan, 'codecs'> & { codecs: readonly string[] | undefined }

function atMost(most: number, value: number, name: string, unit: string): number {
  if (value <= most) return value
  throw usageError(`The option ${name} goes up to ${most}${unit}, but ${value} was given.`)
}

/** Each of the values between commas, none of them twice. */
function listOf(text: string, name: string): string[] {
  const parts = text.split(',').map((part) => part.trim())
  const twice = parts.find((part, index) => parts.indexOf(part) !== index)
  if (twice === undefined) return parts
  throw usageError(`The option ${name} has ${twice === '' ? 'an empty value' : `"${twice}"`} twice.`)
}

function sizesOf(text: string): Size[] {
  const sizes = listOf(text, '--size').map((part) => values.size(part, '--size'))
  for (const size of sizes) checkTestPicture(size)
  return sizes
}

function lengthsOf(text: (name: string) => string | undefined): { frames: number; seconds: number } {
  const frames = values.optional(values.count, text('frames'), '--frames')
  const seconds = values.optional(values.duration, text('duration'), '--duration')
  return {
    frames: frames === undefined ? MOST_FRAMES : atMost(MOST_FRAMES, frames, '--frames', ''),
    seconds: atMost(
      MOST_SECONDS,
      seconds ?? (frames === undefined ? DEFAULT_SECONDS : MOST_SECONDS),
      '--duration',
      ' seconds',
    ),
  }
}

/** Everything the options say, checked as far as it can be without asking a device. */
export function wantedBench(args: BenchArgs): WantedBench {
  const text = (name: string) => args[name] as string | undefined
  const codec = text('codec')
  const { hardware } = chooseEncoder(
    {
      codec,
      h264: undefined,
      h265: undefined,
      softwareEncoder: args['software-encoder'] as boolean | undefined,
      hardwareEncoder: args['hardware-encoder'] as boolean | undefined,
    },
    undefined,
  )
  if (args.json && args.report) throw usageError('--json and --report exclude each other.')
  return {
    codecs: codec === undefined ? undefined : listOf(codec, '--codec'),
    sizes: sizesOf(text('size') ?? benchArgs.size.default),
    framerate: values.rate(text('fps') ?? benchArgs.fps.default, '--fps'),
    bitrate: values.optional(values.bitrate, text('bitrate'), '--bitrate'),
    ...lengthsOf(text),
    streams: atMost(
      MOST_STREAMS,
      values.count(text('streams') ?? benchArgs.streams.default, '--streams'),
      '--streams',
      '',
    ),
    hardware,
    latencyMode: values.oneOf(['realtime', 'quality'])(
      text('latency-mode') ?? benchArgs['latency-mode'].default,
      '--latency-mode',
    ),
    device: chooseDevice(text('device'), hardware === 'never'),
    library: text('library'),
  }
}
