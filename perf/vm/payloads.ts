/** Whether the same pictures become the same bytes, whoever has them coded. */
import { readFileSync, statSync } from 'node:fs'
import { figure } from '../report.js'
import { BYTES, pictures } from './machine.js'
import { code, coded, PROGRAMS } from './programs.js'
import type { Program } from './programs.js'

/** `struct fwht_cframe_hdr`: two words of magic, then these, all big-endian. */
const WORDS = ['version', 'width', 'height', 'flags', 'colorspace', 'xfer_func', 'ycbcr_enc', 'quantization', 'size']
const HEADER = (2 + WORDS.length) * 4
const MAGIC = '4f4f4f4fffffffff'

interface Coded {
  words: number[]
  payload: Buffer
}

export async function payloads(): Promise<void> {
  const file = pictures()
  const count = statSync(file).size / BYTES
  const streams: Partial<Record<Program, Coded[]>> = {}
  for (const program of PROGRAMS) {
    await code(program, file)
    streams[program] = [...frames(readFileSync(coded(program)))]
  }
  const ours = streams['this package']!
  figure(`frames coded of ${count}`, ours.length, '', { least: count, most: count })
  for (const other of ['v4l2-ctl', 'GStreamer'] as const) {
    const theirs = streams[other]!
    const differing = ours.filter(({ payload }, index) => !theirs[index]?.payload.equals(payload)).length
    figure(`payloads that are not those of ${other}, of ${theirs.length}`, differing, '', { most: 0 })
    const words = WORDS.filter((_, word) =>
      ours.some((frame, index) => frame.words[word] !== theirs[index]?.words[word]),
    )
    const told = words.map((name) => `${name} (${value(ours, name)} and ${value(theirs, name)})`)
    figure(`words of headers that are not those of ${other}: ${told.join(', ') || 'none'}`, words.length, '')
  }
}

/** Of the first frame. */
const value = (stream: Coded[], name: string) => stream[0]!.words[WORDS.indexOf(name)]

function* frames(stream: Buffer): Generator<Coded> {
  for (let at = 0; at < stream.length;) {
    if (stream.toString('hex', at, at + 8) !== MAGIC) throw new Error(`There is no frame at byte ${at} of the stream.`)
    const words = WORDS.map((_, word) => stream.readUInt32BE(at + 8 + word * 4))
    const end = at + HEADER + words.at(-1)!
    yield { words, payload: stream.subarray(at + HEADER, end) }
    at = end
  }
}
