import { spawn } from 'node:child_process'
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { assertGoodStream, splitPictures } from './judge.js'
import type { Case, Decoder } from './judge.js'
import { originals } from './record.js'

const CLASS = '/sys/class/video4linux'

/** The node that a driver of the kernel made under this name. */
export function nodeCalled(name: string): string {
  const nodes = existsSync(CLASS) ? readdirSync(CLASS).toSorted() : []
  const found = nodes.find((node) => readFileSync(join(CLASS, node, 'name'), 'utf8').trim() === name)
  if (found === undefined)
    throw new Error(`There is no video node called ${name}. Run "npm run test:vm", which has one.`)
  return `/dev/${found}`
}

/** vicodec's encoder. */
export const encoderNode = (): string => nodeCalled('stateful-encoder')
/** vicodec's decoder. */
export const decoderNode = (): string => nodeCalled('stateful-decoder')
/** vivid's camera. */
export const cameraNode = (): string => nodeCalled('vivid-000-vid-cap')

/** A test on real kernel devices, one at a time; see `scripts/test-vm`. */
export const onKernel: typeof test.serial = test.serial

/** Runs a program and returns what it printed; fails with its complaints. */
export async function run(command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  let complaints = ''
  child.stdout.on('data', (data) => (printed += data))
  child.stderr.on('data', (data) => (complaints += data))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${complaints}`)
  return printed
}

const HEADER_BYTES = 44
/** Of the FWHT header: the bytes that follow it. */
const SIZE_OFFSET = 40

/**
 * The stream as v4l2-ctl reads one frame at a time: each behind `rdhV` and its length. Given the bare stream it hands the decoder
 * many frames in a buffer, and on a slow machine those that are left in the last one do not come out.
 */
function withHeaders(stream: Uint8Array): Buffer {
  const bytes = Buffer.from(stream.buffer, stream.byteOffset, stream.byteLength)
  const parts: Buffer[] = []
  for (let from = 0; from < bytes.length;) {
    const length = HEADER_BYTES + bytes.readUInt32BE(from + SIZE_OFFSET)
    const header = Buffer.from('rdhV\0\0\0\0', 'latin1')
    header.writeUInt32BE(length, 4)
    parts.push(header, bytes.subarray(from, from + length))
    from += length
  }
  return Buffer.concat(parts)
}

/** Has the kernel's own decoder decode an FWHT stream into a file, through v4l2-ctl. */
async function decodeInto(raw: string, stream: Uint8Array): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fwht-'))
  try {
    const coded = join(folder, 'coded.hdr')
    writeFileSync(coded, withHeaders(stream))
    const streaming = ['--stream-mmap', '--stream-out-mmap', `--stream-from-hdr=${coded}`, `--stream-to=${raw}`]
    await run('v4l2-ctl', '-d', decoderNode(), ...streaming)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Hands over the frames of a file of tight I420. */
export async function readRaw(
  raw: string,
  { width, height }: { width: number; height: number },
  onPicture: (picture: Uint8Array) => void,
): Promise<void> {
  const rest = await splitPictures(createReadStream(raw), (width * height * 3) / 2, onPicture)
  if (rest > 0) throw new Error(`The decoder left ${rest} bytes over`)
}

/** Has the kernel's own decoder decode an FWHT stream. */
export const decodeByKernel: Decoder = async ({ stream, width, height }, onPicture) => {
  const folder = mkdtempSync(join(tmpdir(), 'fwht-'))
  try {
    await decodeInto(join(folder, 'raw.yuv'), stream)
    await readRaw(join(folder, 'raw.yuv'), { width, height }, onPicture)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A stream of frames of the test pattern, with the stamps that went in. */
type StampedStream = Omit<Case, 'codec' | 'source'>

/** What the guest leaves for `__test__/vm/judged.ts` beside the decoded frames: everything but the stream. */
export interface KeptCase {
  title: string
  width: number
  height: number
  stamps: number[]
}

/** The worst that a plane may be, in decibels. */
export const FWHT_DECIBELS = 30

let kept = 0

/** Has the kernel decode the stream, and leaves the frames in a folder that the host sees. */
async function keepCase(t: ExecutionContext, folder: string, { stream, ...one }: StampedStream): Promise<void> {
  const name = join(folder, `${process.pid}-${kept++}`)
  await decodeInto(`${name}.yuv`, stream)
  t.is(statSync(`${name}.yuv`).size, (one.stamps.length * one.width * one.height * 3) / 2)
  const { width, height, stamps } = one
  writeFileSync(`${name}.json`, JSON.stringify({ title: t.title, width, height, stamps } satisfies KeptCase))
}

/**
 * Every stamp once and in order, and every plane as it was, as the kernel's decoder sees them. Where `VM_CASES` names a folder, only
 * the decoder runs here and the host compares: emulated, the comparison takes longer than everything else.
 */
export async function assertGoodFwht(t: ExecutionContext, one: StampedStream): Promise<void> {
  const folder = process.env.VM_CASES
  if (folder !== undefined) return await keepCase(t, folder, one)
  const source = originals(one.width, one.height)
  await assertGoodStream(t, { ...one, codec: 'fwht', source }, FWHT_DECIBELS, decodeByKernel)
}
