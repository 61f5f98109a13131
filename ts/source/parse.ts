import { sourceError } from './error.js'
import { parseY4mHeader, SIGNATURE } from './y4m.js'
import type { Y4mHeader } from './y4m.js'

/**
 * Bytes that are wanted next: `into` is to be filled from `from` on.
 *
 * @internal
 */
export interface Wanted {
  into: Uint8Array
  from: number
  /** What they are, for the message when the input ends within; undefined where it may end before the first of them. */
  within: string | undefined
  /** What is to be said of an end after so many of them, where that is something else. */
  endsAfter?: (filled: number) => Error
}

/**
 * Where frames go.
 *
 * @internal
 */
export interface FrameSink {
  /** The input is Y4M, and this is its header. */
  onHeader: (header: Y4mHeader) => void
  /** Raw frames follow: throws where their size is not known. */
  onRaw: () => void
  /** Memory of exactly one frame. */
  begin: () => Uint8Array
  /** That memory is filled. */
  done: () => void
}

const LONGEST_LINE = 16_384
const NEWLINE = 0x0a
const FRAME = 'FRAME'
const BYTE_ORDER_MARKS = ['\xef\xbb\xbf', '\xff\xfe', '\xfe\xff']

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Byte by byte up to the end of the line, which is short: whatever comes after it belongs to a frame. */
function* line(within: string, start = ''): Generator<Wanted, string, void> {
  const byte = new Uint8Array(1)
  const bytes: number[] = [...Buffer.from(start, 'latin1')]
  while (bytes.length < LONGEST_LINE) {
    if (bytes.at(-1) === NEWLINE) return Buffer.from(bytes.slice(0, -1)).toString('latin1')
    yield { into: byte, from: 0, within }
    bytes.push(byte[0]!)
  }
  throw sourceError(`The Y4M input is damaged: ${within} does not end within ${LONGEST_LINE} bytes.`)
}

/** `start` is what has been read of the header after the signature. */
function* y4m(sink: FrameSink, start: string): Generator<Wanted, never, void> {
  const header = yield* line('its header', start)
  sink.onHeader(parseY4mHeader(header))
  const mark = new Uint8Array(FRAME.length + 1)
  for (;;) {
    yield { into: mark, from: 0, within: undefined }
    if (!textOf(mark).startsWith(FRAME)) {
      throw sourceError(
        'The Y4M input is damaged: a frame does not begin with "FRAME".',
        header.endsWith('\r')
          ? 'Its header ends in CR LF: a transfer or a program in text mode changed the bytes. Copy or write it in binary mode.'
          : undefined,
      )
    }
    if (mark.at(-1) !== NEWLINE) yield* line("a frame's header")
    yield { into: sink.begin(), from: 0, within: 'a frame' }
    sink.done()
  }
}

/** Frame after frame; `head` is what has been read of them already. */
function* raw(sink: FrameSink, head: Uint8Array): Generator<Wanted, never, void> {
  sink.onRaw()
  for (let rest = head; ;) {
    const into = sink.begin()
    const known = rest.subarray(0, into.length)
    rest = rest.subarray(known.length)
    into.set(known)
    if (known.length < into.length) {
      yield { into, from: known.length, within: known.length > 0 ? 'a frame' : undefined }
    }
    sink.done()
  }
}

/**
 * Says which bytes of an input are wanted where, one piece after the other; it goes on when the piece is filled. `y4m` says
 * whether the input is Y4M; the first bytes do where it is left out.
 *
 * @internal
 */
export function* parse(y4mWanted: boolean | undefined, sink: FrameSink): Generator<Wanted, never, void> {
  if (y4mWanted === false) return yield* raw(sink, new Uint8Array(0))
  const start = new Uint8Array(SIGNATURE.length + 1)
  yield { into: start, from: 0, within: undefined, endsAfter: (filled) => tooShort(y4mWanted, sink, start, filled) }
  const text = textOf(start)
  if (text.startsWith(SIGNATURE)) return yield* y4m(sink, text.slice(SIGNATURE.length))
  const mark = BYTE_ORDER_MARKS.find((one) => text.replaceAll('\0', '').startsWith(`${one}YUV4`))
  if (!y4mWanted && mark === undefined) {
    assertNotVideoFile(text)
    return yield* raw(sink, start)
  }
  throw notY4m(`it does not begin with "${SIGNATURE}"`, mark)
}

/** How files begin that hold encoded video, by what they are; long enough that no frame begins so. */
const VIDEO_FILES: readonly (readonly [start: string, what: string, at?: number])[] = [
  ['ftyp', 'an MP4 or QuickTime file', 4],
  ['moov', 'a QuickTime file', 4],
  ['\x1a\x45\xdf\xa3', 'a Matroska or WebM file'],
  ['RIFF', 'an AVI or WebP file'],
  ['FLV\x01', 'an FLV file'],
  ['OggS', 'an Ogg file'],
  ['GIF87a', 'a GIF file'],
  ['GIF89a', 'a GIF file'],
  ['\x89PNG\r\n\x1a\n', 'a PNG file'],
  ['\xff\xd8\xff\xe0\x00\x10JFIF', 'a JPEG file'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'a WMV or ASF file'],
  ['\x00\x00\x01\xba\x44', 'an MPEG program stream'],
  ['\x00\x00\x00\x01\x67', 'an encoded H.264 stream'],
  ['\x00\x00\x00\x01\x27', 'an encoded H.264 stream'],
  ['\x00\x00\x00\x01\x40\x01', 'an encoded H.265 stream'],
]

/** Its bytes would make frames of noise. */
function assertNotVideoFile(start: string): void {
  const what = VIDEO_FILES.find(([signature, , at]) => start.startsWith(signature, at))?.[1]
  if (what === undefined) return
  throw sourceError(
    `The input is ${what} by its first bytes, neither Y4M nor raw frames.`,
    'Have ffmpeg decode it: ffmpeg -i INPUT -pix_fmt yuv420p -f yuv4mpegpipe - | v4l2-encoder record OUTPUT.h264 --input -; ' +
      'of a file, a name that ends in .mp4, .mkv and the like is enough.',
  )
}

function notY4m(reason: string, byteOrderMark?: string): Error {
  return sourceError(
    `The input is no YUV4MPEG2 (Y4M): ${byteOrderMark === undefined ? reason : 'it begins with a byte order mark'}.`,
    byteOrderMark === undefined
      ? undefined
      : 'A program wrote it as text, as PowerShell does with > and |: write it in binary mode, or with an option as ffmpeg OUTPUT.y4m.',
  )
}

/** Of an input that ends before it is known what it is. */
function tooShort(y4mWanted: boolean | undefined, sink: FrameSink, start: Uint8Array, filled: number): Error {
  if (SIGNATURE.startsWith(textOf(start.subarray(0, filled)))) {
    return sourceError(`The Y4M input ends within its header, after ${filled} bytes.`)
  }
  if (y4mWanted) return notY4m(`it has ${filled} bytes, and does not begin with "${SIGNATURE}"`)
  try {
    sink.onRaw()
  } catch (error) {
    return error as Error
  }
  return endsWithin(undefined, filled, sink.begin().length)
}

function endsWithin(within: string | undefined, filled: number, length: number): Error {
  return sourceError(
    `The input ends within ${within ?? 'a frame'}: ${filled} of ${length} bytes.`,
    'If the frames are raw, check their size and format; what came before is not lost.',
  )
}

/**
 * Between a place that bytes come from and {@link parse}.
 *
 * @internal
 */
export class Filler {
  readonly #parser: Generator<Wanted, never, void>
  #wanted: Wanted
  #filled: number
  #bytes = 0

  constructor(parser: Generator<Wanted, never, void>) {
    this.#parser = parser
    this.#wanted = parser.next().value
    this.#filled = this.#wanted.from
  }

  /** Where the next bytes go; never empty. */
  get buffer(): Uint8Array {
    return this.#wanted.into.subarray(this.#filled)
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes
  }

  /** So many bytes of the buffer are filled. Throws what the parser says about them. */
  advance(count: number): void {
    this.#bytes += count
    this.#filled += count
    if (this.#filled < this.#wanted.into.length) return
    this.#wanted = this.#parser.next().value
    this.#filled = this.#wanted.from
  }

  /** Throws when the input must not end here. */
  end(): void {
    const { into, within, endsAfter } = this.#wanted
    if (within === undefined && this.#filled === 0) return
    throw endsAfter?.(this.#filled) ?? endsWithin(within, this.#filled, into.length)
  }
}
