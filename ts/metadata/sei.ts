// What stands in the SEI messages of one frame. The writer is crates/bitstream/src/sei.rs, which says how.

/** What went into the stream with a frame. */
export interface StreamMetadata {
  /** When the frame was taken: microseconds since 1970, UTC. Any tool's precision time stamp of MISB ST 0604 counts. */
  captureTime?: number
  /** By how many microseconds the capture time may be wrong, either way. */
  captureTimeUncertainty?: number
  /** The number of the frame. */
  frameId?: number
  /** The bytes that came with the frame; a copy. */
  userData?: Uint8Array<ArrayBuffer>
}

/** `user_data_unregistered` */
const UNREGISTERED = 5
const UUID_BYTES = 16
/** `MISPmicrosectime` */
const CAPTURE_TIME_UUID = [
  0x4d, 0x49, 0x53, 0x50, 0x6d, 0x69, 0x63, 0x72, 0x6f, 0x73, 0x65, 0x63, 0x74, 0x69, 0x6d, 0x65,
]
const METADATA_UUID = [0xad, 0x14, 0x71, 0x36, 0x3e, 0x7f, 0x40, 0xda, 0x81, 0xe4, 0x7b, 0xb0, 0xbf, 0x7f, 0xfe, 0x99]
/** A status, and four pairs of bytes with a guard between each two. */
const TIME_BYTES = 12
const GUARD = 0xff
const VERSION = 1
const HAS_FRAME_ID = 1
const HAS_UNCERTAINTY = 2
const HAS_USER_DATA = 4

/** A unit's payload without its emulation prevention bytes. */
function unescaped(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(payload.length)
  let length = 0
  let zeros = 0
  for (let at = 0; at < payload.length; at++) {
    const byte = payload[at]!
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    zeros = byte === 0 ? zeros + 1 : 0
    bytes[length++] = byte
  }
  return bytes.subarray(0, length)
}

/** A number of up to 64 bits, big endian; undefined where JavaScript has no such number. */
function numberAt(bytes: Uint8Array, from: number, to: number): number | undefined {
  let value = 0
  for (let at = from; at < to; at++) value = value * 256 + bytes[at]!
  return Number.isSafeInteger(value) ? value : undefined
}

function startsWith(bytes: Uint8Array, beginning: readonly number[]): boolean {
  for (let at = 0; at < beginning.length; at++) if (bytes[at] !== beginning[at]) return false
  return true
}

function readTime(data: Uint8Array, found: StreamMetadata): void {
  if (data.length < TIME_BYTES || data[3] !== GUARD || data[6] !== GUARD || data[9] !== GUARD) return
  const high = numberAt(data, 1, 3)! * 2 ** 48
  const time = high + numberAt(data, 4, 6)! * 2 ** 32 + numberAt(data, 7, 9)! * 2 ** 16 + numberAt(data, 10, 12)!
  if (Number.isSafeInteger(time)) found.captureTime ??= time
}

function readOwn(data: Uint8Array, found: StreamMetadata): void {
  // A later version may mean anything.
  if (data.length < 2 || data[0] !== VERSION) return
  const present = data[1]!
  let at = 2
  const take = (bytes: number) => {
    at += bytes
    return at <= data.length ? numberAt(data, at - bytes, at) : undefined
  }
  const frameId = present & HAS_FRAME_ID ? take(8) : undefined
  const uncertainty = present & HAS_UNCERTAINTY ? take(4) : undefined
  if (at > data.length) return
  if (frameId !== undefined) found.frameId ??= frameId
  if (uncertainty !== undefined) found.captureTimeUncertainty ??= uncertainty
  if (present & HAS_USER_DATA) found.userData ??= data.slice(at)
}

/** A message's type or size: bytes of 255 and one below. */
function sum(bytes: Uint8Array, from: number): { value: number; next: number } | undefined {
  let value = 0
  for (let at = from; at < bytes.length; at++) {
    value += bytes[at]!
    if (bytes[at] !== 255) return { value, next: at + 1 }
  }
  return undefined
}

/**
 * Adds what the messages of one SEI unit say; `payload` is the unit without its header. What is no message of these is passed over.
 *
 * @internal
 */
export function readSei(payload: Uint8Array, found: StreamMetadata): void {
  const bytes = unescaped(payload)
  let at = 0
  // The last byte is no message, but the stop bit.
  while (at < bytes.length - 1) {
    const type = sum(bytes, at)
    const size = type && sum(bytes, type.next)
    if (!size || size.next + size.value > bytes.length) return
    const message = bytes.subarray(size.next, size.next + size.value)
    at = size.next + size.value
    if (type.value !== UNREGISTERED) continue
    const data = message.subarray(UUID_BYTES)
    if (startsWith(message, CAPTURE_TIME_UUID)) readTime(data, found)
    else if (startsWith(message, METADATA_UUID)) readOwn(data, found)
  }
}
