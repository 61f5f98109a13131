import { spawnSync } from 'node:child_process'
import type { ExecutionContext } from 'ava'
import type { EncodedChunk } from '../../ts/output/chunk.js'
import type { Encoder } from '../../ts/encoder/encoder.js'
import type { FrameMetadata } from '../../ts/frame/metadata.js'
import { readMetadata } from '../../ts/metadata/index.js'
import { pictures } from './record.js'

const formatOf = (codec: string) => (codec === 'h264' ? 'h264' : 'hevc')

/** What ffmpeg's own parser reads of the messages of user data: UUID and bytes of each, in hexadecimal. */
export function userDataSeenByFfmpeg(stream: Uint8Array, codec: string): { uuid: string; data: string }[] {
  const input = ['-f', formatOf(codec), '-i', 'pipe:0', '-c', 'copy', '-bsf:v', 'trace_headers', '-f', 'null', '-']
  const { stderr } = spawnSync('ffmpeg', ['-v', 'trace', '-nostdin', ...input], { input: stream, maxBuffer: 1 << 28 })
  const messages: { uuid: string; data: string }[] = []
  for (const line of stderr.toString().split('\n')) {
    const [, name, index, value] = /(uuid_iso_iec_11578|user_data_payload_byte)\[(\d+)\].* = (\d+)$/.exec(line) ?? []
    if (name === undefined) continue
    if (name.startsWith('uuid') && index === '0') messages.push({ uuid: '', data: '' })
    messages.at(-1)![name.startsWith('uuid') ? 'uuid' : 'data'] += Number(value).toString(16).padStart(2, '0')
  }
  return messages
}

/** The checksum of each frame that ffmpeg decodes. */
export function frameChecksums(stream: Uint8Array, codec: string): string[] {
  const input = ['-f', formatOf(codec), '-i', 'pipe:0', '-fps_mode', 'passthrough', '-f', 'framemd5', 'pipe:1']
  const { stdout, stderr } = spawnSync('ffmpeg', ['-v', 'warning', '-nostdin', ...input], { input: stream })
  if (stderr.length > 0) throw new Error(`ffmpeg complains: ${stderr.toString()}`)
  const lines = stdout.toString().trim().split('\n')
  return lines.filter((line) => !line.startsWith('#')).map((line) => line.split(',').at(-1)!.trim())
}

/** The parameter sets of a decoder configuration record, each behind a start code. */
function setsOf(record: Uint8Array, codec: string): Uint8Array[] {
  const sets: Uint8Array[] = []
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  let at = codec === 'h264' ? 5 : 23
  const read = (count: number) => {
    for (let number = 0; number < count; number++) {
      const length = view.getUint16(at)
      sets.push(Uint8Array.of(0, 0, 0, 1), record.subarray(at + 2, at + 2 + length))
      at += 2 + length
    }
  }
  if (codec === 'h264') {
    read(record[at++]! & 0x1f)
    read(record[at++]!)
    return sets
  }
  for (let arrays = record[at - 1]!; arrays > 0; arrays--) {
    at += 3
    read(view.getUint16(at - 2))
  }
  return sets
}

/** A stream for tools that read start codes only. */
export function annexB(chunks: EncodedChunk[], { codec, bitstream }: { codec: string; bitstream: string }): Uint8Array {
  if (bitstream === 'annexb') return Buffer.concat(chunks.map(({ data }) => data))
  const parts = chunks.flatMap(({ data, decoderConfig }) => {
    const units = decoderConfig?.description ? setsOf(decoderConfig.description, codec) : []
    const view = new DataView(data.buffer)
    for (let at = 0; at < data.length; at += 4 + view.getUint32(at)) {
      units.push(Uint8Array.of(0, 0, 0, 1), data.subarray(at + 4, at + 4 + view.getUint32(at)))
    }
    return units
  })
  return Buffer.concat(parts)
}

/** 2026-12-01 00:00:00 UTC. */
export const TIME = 1_796_083_200_000_000

/** Metadata of a frame by its number; with bytes that look like start codes. */
export function metadataOf(number: number): FrameMetadata {
  const userData = Uint8Array.of(number, 0, 0, 1, 0x65, 0, 0, 0, 0, 3, ...Array<number>(number * 100).fill(number))
  return { captureTime: TIME + number * 33_333, captureTimeUncertainty: 40, frameId: 1000 + number, userData }
}

function hex(number: number, bytes: number): string {
  return number.toString(16).padStart(bytes * 2, '0')
}

/** What the messages of these metadata are in the stream. */
export function messagesOf({ captureTime, captureTimeUncertainty, frameId, userData }: FrameMetadata) {
  const pairs = hex(Number(captureTime), 8).match(/.{4}/g)!
  const data = Buffer.from(userData as Uint8Array).toString('hex')
  return [
    { uuid: Buffer.from('MISPmicrosectime').toString('hex'), data: `9f${pairs.join('ff')}` },
    {
      uuid: 'ad1471363e7f40da81e47bb0bf7ffe99',
      data: `0107${hex(Number(frameId), 8)}${hex(captureTimeUncertainty!, 4)}${data}`,
    },
  ]
}

/** Encodes frames with and without metadata, and compares what ffmpeg and the reader find. */
export async function assertMetadataTravels(t: ExecutionContext, create: (metadata: boolean) => Promise<Encoder>) {
  const COUNT = 5
  const encoded = async (encoder: Encoder, withMetadata: boolean) => {
    const chunks: EncodedChunk[] = []
    function* frames() {
      let number = 0
      for (const frame of pictures(encoder, COUNT)) {
        yield withMetadata ? { ...frame, metadata: metadataOf(number++) } : frame
      }
    }
    for await (const chunk of encoder.encodeAll(frames())) chunks.push(chunk)
    await encoder.close()
    return chunks
  }
  const plain = await create(false)
  const { codec, bitstream } = plain.config
  const before = annexB(await encoded(plain, false), { codec, bitstream })
  const chunks = await encoded(await create(true), true)
  const after = annexB(chunks, { codec, bitstream })
  const numbers = Array.from({ length: COUNT }, (_, number) => number)
  t.deepEqual(
    userDataSeenByFfmpeg(after, codec),
    numbers.flatMap((number) => messagesOf(metadataOf(number))),
  )
  t.deepEqual(userDataSeenByFfmpeg(before, codec), [])
  const checksums = frameChecksums(before, codec)
  t.is(checksums.length, COUNT)
  t.deepEqual(frameChecksums(after, codec), checksums)
  for (const [number, chunk] of chunks.entries()) {
    t.deepEqual<unknown, unknown>(chunk.metadata, metadataOf(number))
    t.deepEqual(readMetadata(chunk.data, { codec, bitstream }), chunk.metadata!)
  }
}
