import { usageError } from '../exit.js'

/** The bytes of a block, the last of which makes their sum a multiple of 256. */
export const BLOCK_BYTES = 128
/** As many as V4L2 passes on. */
const MAX_BLOCKS = 256
const ROW_BYTES = 16
const ARRAY_ROW_BYTES = 8

const byteText = (byte: number): string => byte.toString(16).padStart(2, '0')

function rowsOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, row) =>
    bytes.subarray(row * size, (row + 1) * size),
  )
}

/** What the last byte of a block has to be. */
function checksumOf(block: Uint8Array): number {
  const sum = block.subarray(0, BLOCK_BYTES - 1).reduce((total, byte) => total + byte, 0)
  return -sum & 0xff
}

function checksumError(block: Uint8Array, index: number): string | undefined {
  const expected = checksumOf(block)
  if (block.at(-1) === expected) return undefined
  return `Block ${index} has a checksum error (should be 0x${byteText(expected)})`
}

/** Blocks of two-digit numbers, an empty line between them. */
export function hexLines(edid: Uint8Array): string[] {
  return rowsOf(edid, BLOCK_BYTES).flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...rowsOf(block, ROW_BYTES).map((row) => [...row].map(byteText).join(' ')),
    ...[checksumError(block, index) ?? []].flat(),
  ])
}

/** The initializer of an array in C. */
export function arrayLines(edid: Uint8Array): string[] {
  const rows = rowsOf(edid, BLOCK_BYTES).flatMap((block, index) => [
    ...(index === 0 ? [] : ['']),
    ...rowsOf(block, ARRAY_ROW_BYTES).map((row) => `\t${[...row].map((byte) => `0x${byteText(byte)},`).join(' ')}`),
    ...[checksumError(block, index) ?? []].flat(),
  ])
  return ['unsigned char edid[] = {', ...rows, '};']
}

function parseHex(text: string, name: string): Uint8Array {
  const digits = text.replace(/\s+/g, '')
  if (digits.length % 2 !== 0 || !/^[\da-f]*$/i.test(digits)) {
    throw usageError(`${name} is no EDID in hexadecimal numbers. One of bytes is read with format=raw.`)
  }
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** The EDID in a file; one that a display could not have is rejected. */
export function parseEdid(content: Uint8Array, format: 'hex' | 'raw', name: string): Uint8Array {
  const edid = format === 'raw' ? content : parseHex(Buffer.from(content).toString('latin1'), name)
  const blocks = edid.length / BLOCK_BYTES
  if (!Number.isInteger(blocks) || blocks === 0 || blocks > MAX_BLOCKS) {
    throw usageError(`An EDID has 1 to ${MAX_BLOCKS} blocks of ${BLOCK_BYTES} bytes; ${name} has ${edid.length} bytes.`)
  }
  const [wrong] = rowsOf(edid, BLOCK_BYTES).flatMap((block, index) => checksumError(block, index) ?? [])
  if (wrong !== undefined) throw usageError(`The EDID in ${name} was not set: ${wrong}.`)
  return edid
}
