import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { abortable, onAbort } from '../../shared/abort.js'
import { openCameraOn } from '../../camera/open-camera.js'
import { ErrorCode, V4l2EncoderError } from '../../shared/errors.js'
import { countableRate, frameTimes, rateWarning } from '../../test-pattern/frame-times.js'
import type { AnyFrame } from '../../frame/prepare.js'
import type { Frame } from '../../frame/frame.js'
import { keepAliveWhile } from '../../shared/keep-alive.js'
import { loadAddon } from '../../native/loader.js'
import { Logger } from '../../shared/log.js'
import type { LogOption } from '../../shared/log.js'
import type { ColorSpace, SampleAspectRatio } from '../../encoder/options.js'
import type { PixelFormat } from '../../frame/pixel-format.js'
import { planPipe } from '../../source/open-pipe.js'
import { isLiveSource, openSourceOn } from '../../source/open-source.js'
import { FrameReader } from '../../source/frame-reader.js'
import type { Expected } from '../../source/frame-reader.js'
import { PipeSource } from '../../source/pipe-source.js'
import { TestSource } from '../../test-pattern/testsrc.js'
import { CommandError, ExitStatus, usageError } from '../exit.js'
import { descriptorOfInput, openBytes } from './input-bytes.js'
import { formatOfName, isNamedAsRawFrames } from './pixel-format.js'
import { checkTestFormat, checkTestSize, checkTestRate } from './test-pattern.js'
import { explainCamera } from '../v4l2-node.js'

/** What the options say about the frames; Y4M has it in its header. */
export interface WantedInput {
  /** `testsrc`, `-`, `pipe:COMMAND`, a camera, a URL or a file. */
  source: string
  /** A V4L2 camera instead: its index, its node or a part of its name. */
  camera?: number | string | undefined
  size: { width: number; height: number } | undefined
  framerate: number | undefined
  /** Left out, that of the file's name, or I420. */
  format: PixelFormat | undefined
  /** Where warnings go. */
  log?: LogOption
  /** Whether the test pattern comes at its frame rate, like a camera, or as fast as it is encoded. */
  live: boolean
}

/** Frames to encode. */
export interface Input {
  width: number
  height: number
  framerate: number
  format: PixelFormat
  /** What the numbers mean, where the source says so. */
  colorSpace?: ColorSpace
  /** Shape of a pixel, where the source says that it is not square. */
  sampleAspectRatio?: SampleAspectRatio
  /** Frames come in their own time. */
  isLive: boolean
  /** The times of the frames are those at which they were taken or came, not counted by the frame rate. */
  isTimed: boolean
  frames: AsyncIterable<AnyFrame>
  /** The part of the input that was read, from 0 to 1, where its length is known. */
  part?: (() => number) | undefined
  /** Seconds that all frames take, where that is known. */
  duration?: number | undefined
  /** Frames so far that came faster than they were encoded. */
  dropped: () => number
  /** Ends the source. */
  close: () => Promise<void>
}

const DEFAULT_SIZE = { width: 1280, height: 720 }
const DEFAULT_FRAMERATE = 30

async function* drawTestPattern(source: TestSource, framerate: number, live: boolean): AsyncGenerator<Frame> {
  const data = new Uint8Array(source.byteLength)
  const start = performance.now()
  for (let index = 0; ; index++) {
    const wait = start + (index * 1000) / framerate - performance.now()
    if (live && wait > 0) await sleep(wait)
    yield { data: source.draw(index, data), ...frameTimes(index, framerate) }
  }
}

function openTestPattern({ size, framerate = DEFAULT_FRAMERATE, format = 'I420', live }: WantedInput): Input {
  const { width, height } = size ?? DEFAULT_SIZE
  checkTestFormat(format)
  checkTestRate(framerate)
  checkTestSize({ width, height })
  const frames = drawTestPattern(new TestSource(width, height, format), framerate, live)
  const close = () => Promise.resolve()
  return { width, height, framerate, format, isLive: live, isTimed: false, frames, dropped: () => 0, close }
}

/** Whether a file holds raw frames or Y4M; any other file is decoded by another program. */
function holdsRawFrames(source: string): boolean {
  const name = basename(source)
  return !name.includes('.') || /\.bin$/i.test(name) || isNamedAsRawFrames(name)
}

function expectedOf({ source, size, framerate, format }: WantedInput): Expected {
  const y4m = /\.y4m$/i.test(source) ? true : undefined
  return { ...size, rawSize: DEFAULT_SIZE, framerate, format: format ?? formatOfName(source) ?? 'I420', y4m }
}

async function openRawFrames(wanted: WantedInput, signal: AbortSignal): Promise<Input> {
  const { bytes, part } = await openBytes(wanted.source, signal)
  const reader = new FrameReader(bytes, {
    expected: expectedOf(wanted),
    whenFull: 'wait',
    limit: 2,
    timestamps: 'rate',
  })
  const config = await keepAliveWhile(abortable(reader.first, signal)).catch((error: unknown) => {
    reader.stop()
    throw error
  })
  if (!config) {
    throw new CommandError(ExitStatus.File, `The input ${wanted.source} holds no frame.`)
  }
  for (const warning of reader.warnings) Logger.from(wanted.log).log('warn', warning)
  const close = () => Promise.resolve(reader.stop())
  const isLive = descriptorOfInput(wanted.source) === 0
  return { ...config, isLive, isTimed: false, part, frames: framesOf(reader), dropped: () => 0, close }
}

async function* framesOf(reader: FrameReader): AsyncGenerator<Frame> {
  try {
    for (;;) {
      const { done, value } = await keepAliveWhile(reader.next())
      if (done) return
      yield value
    }
  } finally {
    reader.stop()
  }
}

/** What another program writes. */
function openCommand(
  command: string,
  { size, framerate, format, log }: WantedInput,
  signal: AbortSignal,
): Promise<PipeSource> {
  const plan = planPipe(command, { ...size, framerate, ...(format && { format }), log, signal })
  return PipeSource.open(loadAddon(), { ...plan, expected: { ...plan.expected, rawSize: DEFAULT_SIZE } })
}

/** A camera, a stream, or a video file. */
function openNamed({ source, size, framerate, format, log }: WantedInput, signal: AbortSignal): Promise<PipeSource> {
  if ((format ?? 'I420') !== 'I420') throw usageError(`The option --format is for raw frames; ${source} is I420.`)
  return openSourceOn(loadAddon, source, { ...size, framerate, log, signal })
}

/** A request to stop aborts only the opening: once frames come, the stream ends properly. */
async function whileOpening<T>(signal: AbortSignal, open: (opening: AbortSignal) => Promise<T>): Promise<T> {
  const opening = new AbortController()
  const ignore = onAbort(signal, () => opening.abort(signal.reason))
  try {
    return await open(opening.signal)
  } finally {
    ignore()
  }
}

/** A program that writes nothing is an input that cannot be read; the encoder's own time-outs are not. */
function failWith(source: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof V4l2EncoderError) || error.code !== ErrorCode.Timeout) throw error
    const hint = error.hint ?? 'Run the program by itself to see whether it writes frames.'
    throw new CommandError(ExitStatus.File, `The input ${source} wrote nothing: ${error.message}`, hint, error)
  }
}

/** The frames of a program; its failure is a failure of the input. */
function framesOfProgram(frames: PipeSource, fail: (error: unknown) => never): AsyncIterable<AnyFrame> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = frames[Symbol.asyncIterator]()
      return { next: () => iterator.next().catch(fail), return: () => iterator.return!() }
    },
  }
}

async function openProgram(wanted: WantedInput, signal: AbortSignal): Promise<Input> {
  const command = /^pipe:(.*)$/s.exec(wanted.source)?.[1]
  const fail = failWith(wanted.source)
  const source = await whileOpening(signal, (opening) =>
    command === undefined ? openNamed(wanted, opening) : openCommand(command, wanted, opening),
  ).catch(fail)
  const isTimed = command === undefined && isLiveSource(wanted.source)
  const isLive = command !== undefined || isTimed
  const frames = framesOfProgram(source, fail)
  const [dropped, close] = [() => source.stats.dropped, () => source.close()]
  return { ...source.config, isLive, isTimed, frames, duration: source.duration, dropped, close }
}

/** A V4L2 camera. */
async function openCamera({ camera, size, framerate, log }: WantedInput, signal: AbortSignal): Promise<Input> {
  const opened = await whileOpening(signal, (opening) =>
    openCameraOn(loadAddon, { camera, ...size, framerate, log, signal: opening }),
  ).catch((error: unknown) => {
    throw explainCamera(camera, error)
  })
  const { framerate: rate } = opened.config
  const warning = rateWarning(rate)
  if (warning !== undefined) Logger.from(log).log('warn', warning)
  return {
    ...opened.config,
    framerate: countableRate(rate),
    isLive: true,
    isTimed: true,
    frames: opened.frames(),
    dropped: () => opened.stats.dropped,
    close: () => opened.close(),
  }
}

/** Opens what `--input` names, or the camera; the signal aborts it. */
export function openInput(wanted: WantedInput, signal: AbortSignal): Promise<Input> {
  if (wanted.camera !== undefined) return openCamera(wanted, signal)
  if (wanted.source === 'testsrc') return Promise.resolve(openTestPattern(wanted))
  const isName = /^[a-z][a-z\d+.-]+:/i.test(wanted.source)
  return !isName && (wanted.source === '-' || holdsRawFrames(wanted.source))
    ? openRawFrames(wanted, signal)
    : openProgram(wanted, signal)
}

/** The warning about frames that were dropped, if any were. */
export function droppedLines(count: number): string[] {
  return count === 0 ? [] : [`${count} frames of the input were dropped: they came faster than they could be encoded.`]
}
