import { cut, describe } from '../../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../../shared/errors.js'
import { suggestion } from '../../shared/did-you-mean.js'
import { reading } from '../../shared/reading.js'
import { argumentBytes, argumentObject, text } from '../../shared/arguments.js'

/** What a field of a payload is, in the byte order of the machine; a pointer is filled in by the native side only. */
export type PayloadFieldType = 'u8' | 'u16' | 'u32' | 's32' | 'pointer'

/** One field of a structure that NVIDIA's library reads or writes. */
export interface PayloadField {
  /** Its name. */
  readonly name: string
  /** What it is. */
  readonly type: PayloadFieldType
  /** Where it begins, in bytes. */
  readonly offset: number
}

/**
 * How large the memory of every payload has to be, in bytes: the structures grow from release to release, and the library
 * writes as much as its own release has.
 */
export const NVIDIA_PAYLOAD_BYTES = 4096

const BYTES: Record<PayloadFieldType, number> = { u8: 1, u16: 2, u32: 4, s32: 4, pointer: 8 }
const LARGEST: Record<PayloadFieldType, number> = {
  u8: 0xff,
  u16: 0xffff,
  u32: 0xffffffff,
  s32: 0x7fffffff,
  pointer: 0,
}

/** As a C compiler lays them out: each at the next multiple of its own size. */
function layout(...fields: [name: string, type: PayloadFieldType][]): PayloadField[] {
  let end = 0
  return fields.map(([name, type]) => {
    const offset = Math.ceil(end / BYTES[type]) * BYTES[type]
    end = offset + BYTES[type]
    return { name, type, offset }
  })
}

/**
 * The beginning of each structure, which is the same in every release from JetPack 4 to 7. What differs between them
 * (regions of interest, reference picture sets) is not here.
 */
export const NVIDIA_PAYLOADS: Readonly<Record<string, readonly PayloadField[]>> = {
  'slice-length': layout(['type', 'u32'], ['length', 'u32']),
  'virtual-buffer-size': layout(['size', 'u32']),
  'reference-frames': layout(['frames', 'u32']),
  'slice-intra-refresh': layout(['interval', 'u32']),
  // 0xffffffff leaves a limit as it is.
  'qp-range': layout(
    ['minQpI', 'u32'],
    ['maxQpI', 'u32'],
    ['minQpP', 'u32'],
    ['maxQpP', 'u32'],
    ['minQpB', 'u32'],
    ['maxQpB', 'u32'],
  ),
  'frame-qp': layout(['qpI', 'u32'], ['qpP', 'u32'], ['qpB', 'u32']),
  'av1-tiles': layout(['enable', 'u8'], ['log2Rows', 'u32'], ['log2Columns', 'u32']),
  enable: layout(['enable', 'u8']),
  'enable-rps': layout(['enable', 'u8'], ['gaps', 'u8'], ['h264FrameNumBits', 'u32'], ['h265PocLsbBits', 'u32']),
  'enable-rate-control': layout(['enable', 'u8'], ['sessionMaxQp', 'u32']),
  'device-poll': layout(['request', 'u16'], ['response', 'u16']),
  'frame-rate': layout(['numerator', 'u32'], ['denominator', 'u32']),
  'video-metadata': layout(
    ['decoderHeaderErrors', 'pointer'],
    ['decoder', 'pointer'],
    ['encoder', 'pointer'],
    ['motionVectors', 'pointer'],
    ['bufferIndex', 'u32'],
  ),
  'output-metadata': layout(
    ['keyFrame', 'u8'],
    ['endOfFrame', 'u8'],
    ['averageQp', 'u16'],
    ['goldenOrAltRef', 'u8'],
    ['validReconCrc', 'u8'],
    ['reconCrcY', 'u32'],
    ['reconCrcU', 'u32'],
    ['reconCrcV', 'u32'],
    ['frameBits', 'u32'],
    ['minQp', 'u32'],
    ['maxQp', 'u32'],
    ['rpsFeedback', 'u32'],
    ['currentReferenceFrame', 'u32'],
    ['activeReferenceFrames', 'u32'],
  ),
}

function layoutCalled(payload: string): readonly PayloadField[] {
  text(payload, 'payload')
  const fields = Object.hasOwn(NVIDIA_PAYLOADS, payload) ? NVIDIA_PAYLOADS[payload] : undefined
  if (fields) return fields
  throw typeError(
    ErrorCode.Config,
    `There is no payload ${cut(payload)} of NVIDIA's controls.`,
    suggestion(payload, Object.keys(NVIDIA_PAYLOADS)),
  )
}

function write(view: DataView, { name, type, offset }: PayloadField, value: number): void {
  const least = type === 's32' ? -0x80000000 : 0
  if (!Number.isInteger(value) || value < least || value > LARGEST[type]) {
    throw rangeError(
      ErrorCode.Config,
      type === 'pointer'
        ? `The field ${name} is an address, which programs cannot give.`
        : `The field ${name} has to be a whole number from ${least} to ${LARGEST[type]}, not ${describe(value)}.`,
    )
  }
  if (type === 'u8') view.setUint8(offset, value)
  else if (type === 'u16') view.setUint16(offset, value, true)
  else view.setUint32(offset, value, true)
}

/**
 * The memory of a payload with these fields; the rest is zero. Boards are little-endian, so the bytes are too.
 *
 * @throws TypeError for a payload or field that there is none of; RangeError for a value that does not fit
 */
export function encodePayload(payload: string, values: Readonly<Record<string, number>>): Uint8Array<ArrayBuffer> {
  const fields = layoutCalled(payload)
  const given = reading('The values', ErrorCode.Config, () => Object.entries(argumentObject(values, 'values')))
  const bytes = new Uint8Array(NVIDIA_PAYLOAD_BYTES)
  const view = new DataView(bytes.buffer)
  for (const [name, value] of given) {
    const field = fields.find((one) => one.name === name)
    const known = fields.map((one) => one.name)
    if (!field) {
      throw typeError(
        ErrorCode.Config,
        `The payload "${payload}" of NVIDIA's controls has no field ${cut(name)}.`,
        suggestion(name, known),
      )
    }
    write(view, field, value)
  }
  return bytes
}

function read(view: DataView, { type, offset }: PayloadField): number {
  if (type === 'u8') return view.getUint8(offset)
  if (type === 'u16') return view.getUint16(offset, true)
  return type === 's32' ? view.getInt32(offset, true) : view.getUint32(offset, true)
}

/**
 * The fields of a payload but its addresses.
 *
 * @throws TypeError for a payload that there is none of; RangeError for memory that is too short for it
 */
export function decodePayload(payload: string, memory: Uint8Array): Record<string, number> {
  const fields = layoutCalled(payload)
  const bytes = argumentBytes(memory, 'memory')
  const needed = Math.max(...fields.map(({ offset, type }) => offset + BYTES[type]))
  if (bytes.length < needed) {
    throw rangeError(
      ErrorCode.Config,
      `The payload "${payload}" of NVIDIA's controls needs ${needed} bytes, and there are ${bytes.length}.`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const readable = fields.filter(({ type }) => type !== 'pointer')
  return Object.fromEntries(readable.map((field) => [field.name, read(view, field)]))
}
