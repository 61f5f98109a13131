import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame } from '../frame.js'
import type { PixelFormat } from '../options.js'
import { TestSource } from '../testsrc.js'
import { ByteReader } from './byte-reader.js'
import { CommandError, ExitStatus, usageError } from './exit.js'
import { isY4m, readY4mFrameHeader, readY4mHeader } from './y4m.js'

/** What the options say about the pictures; a .y4m input knows by itself. */
export interface WantedInput {
  /** `testsrc`, `-` or a file. */
  source: string
  size: { width: number; height: number } | undefined
  framerate: number | undefined
  format: PixelFormat
  /** Whether the test picture comes at its frame rate, as a camera would, or as fast as it is taken. */
  live: boolean
}

/** Pictures to encode; each is valid until the next is drawn. */
export interface Input {
  width: number
  height: number
  framerate: number
  format: PixelFormat
  frames: AsyncIterable<Frame>
}

const DEFAULT_SIZE = { width: 1280, height: 720 }
const DEFAULT_FRAMERATE = 30
/** The test picture's stamp needs room. */
const SMALLEST_TEST_PICTURE = 64

function stamped(index: number, framerate: number): { timestamp: number; duration: number } {
  const at = (frame: number) => Math.round((frame * 1e6) / framerate)
  return { timestamp: at(index), duration: at(index + 1) - at(index) }
}

async function* drawTestPictures(source: TestSource, framerate: number, live: boolean): AsyncGenerator<Frame> {
  const data = new Uint8Array(source.byteLength)
  const start = performance.now()
  for (let index = 0; ; index++) {
    const wait = start + (index * 1000) / framerate - performance.now()
    if (live && wait > 0) await sleep(wait)
    yield { data: source.draw(index, data), ...stamped(index, framerate) }
  }
}

function openTestPictures({ size, framerate = DEFAULT_FRAMERATE, format, live }: WantedInput): Input {
  const { width, height } = size ?? DEFAULT_SIZE
  if (width % 2 !== 0 || height % 2 !== 0 || Math.min(width, height) < SMALLEST_TEST_PICTURE) {
    throw usageError(
      `The test picture's width and height must be even and at least ${SMALLEST_TEST_PICTURE}, not ${width}x${height}.`,
    )
  }
  const frames = drawTestPictures(new TestSource(width, height, format), framerate, live)
  return { width, height, framerate, format, frames }
}

async function* readPictures(
  reader: ByteReader,
  size: number,
  framerate: number,
  begin: () => Promise<boolean>,
): AsyncGenerator<Frame> {
  const data = new Uint8Array(size)
  try {
    for (let index = 0; await begin(); index++) {
      const filled = await reader.read(data)
      if (filled === 0) return
      if (filled < size) {
        throw new CommandError(
          ExitStatus.File,
          `The input ends within a picture: ${filled} of ${size} bytes.`,
          'Check --size and --format; what came before is encoded.',
        )
      }
      yield { data, ...stamped(index, framerate) }
    }
  } finally {
    await reader.close()
  }
}

async function openBytes(source: string): Promise<ByteReader> {
  if (source === '-') return new ByteReader(process.stdin)
  try {
    const file = await open(source)
    return new ByteReader(createReadStream(source, { fd: file, highWaterMark: 1024 * 1024 }))
  } catch (error) {
    throw new CommandError(
      ExitStatus.File,
      `The input ${source} cannot be opened: ${(error as Error).message}.`,
      undefined,
      error,
    )
  }
}

async function openFile(wanted: WantedInput): Promise<Input> {
  const { source, format, size } = wanted
  const reader = await openBytes(source)
  if (await isY4m(reader)) {
    const { width, height, framerate } = await readY4mHeader(reader)
    if (size && (size.width !== width || size.height !== height)) {
      await reader.close()
      throw usageError(
        `The input's pictures are ${width}x${height}, and --size ${size.width}x${size.height} does not scale them.`,
        'Leave out --size.',
      )
    }
    const fps = wanted.framerate ?? framerate ?? DEFAULT_FRAMERATE
    const frames = readPictures(reader, i420Bytes(width, height), fps, () => readY4mFrameHeader(reader))
    return { width, height, framerate: fps, format: 'I420', frames }
  }
  if (/\.y4m$/i.test(source)) {
    throw new CommandError(
      ExitStatus.File,
      `The input ${source} is no YUV4MPEG2 file: it does not begin with "YUV4MPEG2".`,
    )
  }
  const { width, height } = size ?? DEFAULT_SIZE
  const framerate = wanted.framerate ?? DEFAULT_FRAMERATE
  const frames = readPictures(reader, i420Bytes(width, height), framerate, () => Promise.resolve(true))
  return { width, height, framerate, format, frames }
}

/** Of NV12 too; chroma is rounded up, as in .y4m files of odd size, which the encoder then refuses with a reason. */
function i420Bytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2)
}

export function openInput(wanted: WantedInput): Promise<Input> {
  return wanted.source === 'testsrc' ? Promise.resolve(openTestPictures(wanted)) : openFile(wanted)
}

/** The frames up to a number of them, or until the signal says that it is enough. */
export async function* until(frames: AsyncIterable<Frame>, count: number, enough: AbortSignal): AsyncGenerator<Frame> {
  const iterator = frames[Symbol.asyncIterator]()
  const stopped = new Promise<undefined>((resolve) => {
    enough.addEventListener('abort', () => resolve(undefined), { once: true })
  })
  try {
    for (let index = 0; index < count && !enough.aborted; index++) {
      const result = await Promise.race([iterator.next(), stopped])
      if (!result || result.done) return
      yield result.value
    }
  } finally {
    // Not awaited: a source that is waiting for more input does not answer.
    void iterator.return?.().catch(() => {})
  }
}
