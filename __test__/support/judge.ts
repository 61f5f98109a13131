import { spawn } from 'node:child_process'
import type { ExecutionContext } from 'ava'
import { readStamp } from './stamp.js'

const FFMPEG_FORMATS: Record<string, string> = { h264: 'h264', h265: 'hevc' }

/** A coded stream and what it was made from. */
export interface Case {
  stream: Uint8Array
  codec: string
  width: number
  height: number
  /** The stamps of the frames that went in, in order. */
  stamps: number[]
  /** The picture with that stamp as tight I420. */
  source: (stamp: number) => Uint8Array
}

/** What ffmpeg saw. */
export interface Verdict {
  /** The stamps of the pictures that came out; null where one could not be read. */
  stamps: (number | null)[]
  /** The worst picture's signal-to-noise ratio of each plane, in decibels; Infinity for identical ones. */
  psnr: { y: number; u: number; v: number }
}

/** Decodes a stream and hands over one tight I420 picture after the other. */
export type Decoder = (one: Case, onPicture: (picture: Uint8Array) => void) => Promise<void>

/** Fails when ffmpeg is missing or complains. */
async function decodeByFfmpeg(
  { stream, codec, width, height }: Case,
  onPicture: (picture: Uint8Array) => void,
): Promise<void> {
  const input = ['-f', FFMPEG_FORMATS[codec]!, '-i', 'pipe:0']
  const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'yuv420p', 'pipe:1']
  const child = spawn('ffmpeg', ['-v', 'warning', '-nostdin', ...input, ...output])
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', (cause) =>
      reject(new Error('ffmpeg is needed to judge streams: apt-get install ffmpeg', { cause })),
    )
    child.on('close', resolve)
  })
  let complaints = ''
  child.stderr.on('data', (data) => (complaints += data))
  child.stdin.on('error', () => {})
  child.stdin.end(stream)
  const rest = await Promise.race([
    splitPictures(child.stdout, (width * height * 3) / 2, onPicture),
    ended.then(() => 0),
  ])
  const status = await ended
  if (status !== 0 || rest > 0) throw new Error(`ffmpeg ended with ${status} and ${rest} bytes over: ${complaints}`)
  if (/error|corrupt|invalid|missing|concealing/i.test(complaints)) throw new Error(`ffmpeg complains: ${complaints}`)
}

/** Cuts a byte stream into pictures; returns how many bytes were left over. */
export async function splitPictures(
  bytes: AsyncIterable<Uint8Array>,
  size: number,
  onPicture: (picture: Uint8Array) => void,
): Promise<number> {
  const picture = new Uint8Array(size)
  let filled = 0
  for await (let part of bytes) {
    while (part.length > 0) {
      const taken = part.subarray(0, size - filled)
      picture.set(taken, filled)
      filled += taken.length
      part = part.subarray(taken.length)
      if (filled < size) continue
      onPicture(picture)
      filled = 0
    }
  }
  return filled
}

function psnr(left: Uint8Array, right: Uint8Array): number {
  let squares = 0
  for (let index = 0; index < left.length; index++) squares += (left[index]! - right[index]!) ** 2
  return squares === 0 ? Infinity : 10 * Math.log10((255 * 255 * left.length) / squares)
}

/** Has the stream decoded, reads every stamp and compares each picture with the one it was made from. */
export async function judge(one: Case, decode: Decoder = decodeByFfmpeg): Promise<Verdict> {
  const { width, height, source } = one
  const size = width * height
  const verdict: Verdict = { stamps: [], psnr: { y: Infinity, u: Infinity, v: Infinity } }
  const planes = { y: [0, size], u: [size, size * 1.25], v: [size * 1.25, size * 1.5] } as const
  await decode(one, (picture) => {
    const stamp = readStamp(picture, width, height)
    verdict.stamps.push(stamp)
    if (stamp === null) return
    const original = source(stamp)
    for (const name of ['y', 'u', 'v'] as const) {
      const range = planes[name]
      const value = psnr(picture.subarray(...range), original.subarray(...range))
      verdict.psnr[name] = Math.min(verdict.psnr[name], value)
    }
  })
  return verdict
}

/** Decodes a stream; it fails where ffmpeg complains. A picture is valid until the next one. */
export function decodePictures(
  codec: string,
  stream: Uint8Array,
  size: { width: number; height: number },
  onPicture: (picture: Uint8Array) => void,
): Promise<void> {
  return decodeByFfmpeg({ stream, codec, ...size, stamps: [], source: () => stream }, onPicture)
}

/** How many pictures ffmpeg decodes; it fails where ffmpeg complains. */
export async function countPictures(codec: string, stream: Uint8Array, width: number, height: number): Promise<number> {
  let count = 0
  await decodeByFfmpeg({ stream, codec, width, height, stamps: [], source: () => stream }, () => count++)
  return count
}

/** Every stamp once and in order, and no plane of any picture worse than so many decibels. */
export async function assertGoodStream(
  t: ExecutionContext,
  one: Case,
  decibels = 28,
  decode: Decoder = decodeByFfmpeg,
): Promise<Verdict> {
  const verdict = await judge(one, decode)
  t.deepEqual(verdict.stamps, one.stamps)
  for (const [plane, value] of Object.entries(verdict.psnr)) {
    t.true(value >= decibels, `PSNR of ${plane} is ${value.toFixed(1)} dB`)
  }
  return verdict
}
