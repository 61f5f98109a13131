import { PIXEL_FORMATS } from '../../frame/pixel-format.js'
import type { PixelFormat } from '../../frame/pixel-format.js'
import { LOG_LEVELS } from '../../shared/log.js'
import type { LogThreshold } from '../../shared/log.js'
import { helpSection, libraryOption, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import * as values from '../values.js'

/** The options as they were typed, each checked by itself. */
export interface RecordOptions {
  input: string
  camera?: string
  cameraIndex?: number
  size?: { width: number; height: number }
  fps?: number
  format?: PixelFormat
  codec?: string
  h264?: boolean
  h265?: boolean
  hardwareEncoder?: boolean
  softwareEncoder?: boolean
  device?: string
  library?: string
  bitrate?: number
  bitrateMode?: 'constant' | 'variable'
  keyFrameInterval?: number
  latencyMode?: 'realtime' | 'quality'
  frames?: number
  duration?: number
  force?: boolean
  quiet?: boolean
  logLevel?: LogThreshold
}

const NOTES = `  The test pattern runs at its frame rate until Ctrl-C; with --frames or with
  a --duration it runs as fast as it is encoded. Ctrl-C finishes the file, as
  SIGTERM and a closed terminal do; a second Ctrl-C does not.

  Files that end in .y4m, .yuv, .raw, .nv12, .rgb and the like hold raw frames
  and are read as they are. Video files (.mp4, .mkv, …), rtsp:// and http:// are
  read by ffmpeg or GStreamer, argus:N (Jetson) by GStreamer, libcamera:N
  (Raspberry Pi) by rpicam-vid. COMMAND runs in the shell and writes Y4M or raw
  frames to its standard output.

  An output file that exists is overwritten with --force, or when you say so at
  a terminal.

  The stream has no timestamps, only the requested frame rate. If frames came at
  another one, name it to ffmpeg and ffplay:
  ffmpeg -framerate 30 -i clip.h264 -c copy clip.mp4`

const EXAMPLES = `  v4l2-encoder record clip.h264 --duration 10
  v4l2-encoder record clip.h264 --input clip.y4m --bitrate 4M
  v4l2-encoder record clip.h264 --input raw.nv12 --size 1920x1080 --fps 25
  v4l2-encoder record clip.h264 --camera 0 --size 1280x720 --duration 10
  v4l2-encoder record clip.h265 --camera Logitech --h265
  v4l2-encoder record clip.h265 --input argus:0 --size 1920x1080 --fps 30
  v4l2-encoder record clip.h264 --input rtsp://camera/stream --duration 1m
  v4l2-encoder record clip.h264 --input 'pipe:my-renderer --y4m'
  v4l2-encoder record - --h264 | ffplay -fflags nobuffer -f h264 -`

function addInputOptions(command: Command): void {
  command
    .optionsGroup('Input:')
    .addOption(
      new Option(
        '-i, --input <source>',
        'testsrc, a file, - for standard input, argus:N, libcamera:N, rtsp://…, http://… or pipe:COMMAND',
      ).default('testsrc'),
    )
    .addOption(
      new Option('--camera <camera>', 'A V4L2 camera by index, device or part of its name')
        .argParser(values.text)
        .conflicts(['input', 'format', 'cameraIndex']),
    )
    .addOption(
      new Option('--camera-index <number>', 'A V4L2 camera by index')
        .argParser(values.index)
        .conflicts(['input', 'format', 'camera']),
    )
    .addOption(
      new Option(
        '--size <WxH>',
        'Size of testsrc, raw frames and cameras; video files and streams are scaled to it, with black bars',
      )
        .argParser(values.size)
        .default(undefined, 'that of the input, or 1280x720'),
    )
    .addOption(
      new Option('--fps <rate>', 'Frames per second, such as 30 or 30000/1001')
        .argParser(values.rate)
        .default(undefined, 'that of the input, or 30'),
    )
    .addOption(
      new Option('--format <format>', `Of raw frames: ${PIXEL_FORMATS.join(', ')}; of testsrc: I420, NV12`)
        .argParser(values.oneOf(PIXEL_FORMATS))
        .default(undefined, 'by the file name, or I420'),
    )
}

function addEncoderOptions(command: Command): void {
  command
    .optionsGroup('Encoder:')
    .addOption(
      new Option('--codec <names>', 'h264, h265, an RFC 6381 string, or several in order of preference: h265,h264')
        .conflicts(['h264', 'h265'])
        .default(undefined, 'by the file name, or h264'),
    )
    .addOption(new Option('--h264', 'Short for --codec h264').conflicts('h265'))
    .addOption(new Option('--h265', 'Short for --codec h265'))
    .addOption(new Option('--hardware-encoder', 'Fail rather than fall back to software').conflicts('softwareEncoder'))
    .addOption(new Option('--software-encoder', 'Use no hardware (H.264 only)').conflicts('device'))
    .addOption(
      new Option(
        '--device <devices>',
        'Only this device, such as /dev/video11; several: in order of preference',
      ).default(undefined, 'the first that works'),
    )
    .addOption(libraryOption())
}

function addRateOptions(command: Command): void {
  command
    .addOption(
      new Option('-b, --bitrate <bits/s>', 'Such as 2M or 500k')
        .argParser(values.bitrate)
        .default(undefined, 'by size and rate, 2M for 1280x720 at 30'),
    )
    .addOption(
      new Option('--bitrate-mode <mode>', 'constant or variable')
        .argParser(values.oneOf(['constant', 'variable']))
        .default(undefined, 'constant; on a Raspberry Pi variable'),
    )
    .addOption(
      new Option('--key-frame-interval <frames>', 'Frames from one key frame to the next')
        .argParser(values.count)
        .default(undefined, 'chosen by the encoder'),
    )
    .addOption(
      new Option('--latency-mode <mode>', 'realtime (few frames in flight) or quality (many)')
        .argParser(values.oneOf(['realtime', 'quality']))
        .default(undefined, 'realtime for live input, else quality'),
    )
}

function addOutputOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .addOption(
      new Option('-n, --frames <count>', 'Stop after this many frames')
        .argParser(values.count)
        .default(undefined, 'at the end of the input'),
    )
    .addOption(
      new Option('-t, --duration <time>', 'Stop after this much video, such as 10, 1.5s or 2m; live input: time')
        .argParser(values.duration)
        .default(undefined, 'at the end of the input'),
    )
    .addOption(new Option('--force', 'Overwrite the output file'))
    .optionsGroup('Messages:')
    .addOption(new Option('-q, --quiet', 'Print only warnings and errors').conflicts('logLevel'))
    .addOption(
      new Option('--log-level <level>', LOG_LEVELS.join(', '))
        .argParser(values.oneOf(LOG_LEVELS))
        .default(undefined, '$V4L2_ENCODER_LOG, or info'),
    )
}

/** An index stands for a camera of the list; anything else is a device or a part of a name. */
export function cameraOf({
  camera,
  cameraIndex,
}: Pick<RecordOptions, 'camera' | 'cameraIndex'>): number | string | undefined {
  if (camera === undefined) return cameraIndex
  return /^\d{1,9}$/.test(camera) ? Number(camera) : camera
}

/** The parser of `record`; the action is added where the command is run. */
export function recordParser(): Command {
  const command = newCommand().argument(
    '[output]',
    'File for the stream, or - for standard output (default: record.h264, or by the codec)',
  )
  addInputOptions(command)
  addEncoderOptions(command)
  addRateOptions(command)
  addOutputOptions(command)
  return command
    .addHelpText('after', helpSection('Notes:', NOTES))
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
}
