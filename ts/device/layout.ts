import { bytesOf } from '../shared/bytes-of.js'
import { cut, describe, isList } from '../shared/describe.js'
import { ErrorCode, rangeError, typeError } from '../shared/errors.js'
import type { Memory } from './memory.js'
import { zeroEnded } from './c-string.js'

/** How a member of a struct lies in memory, on 64-bit Linux. */
export interface Field<T> {
  /** In bytes. */
  readonly size: number
  /** In bytes. */
  readonly alignment: number
  /** What it holds, for the type checker only: there is no such property. */
  readonly holds?: T
  /** @internal */
  read(memory: Memory, block: number, at: number, parent: object): T
  /** @internal */
  write(memory: Memory, block: number, at: number, value: T, path: string): void
}

/** What a field holds. */
export type ValueOf<F> = F extends Field<infer T> ? T : never

const LITTLE_ENDIAN = true

function invalid(path: string, wanted: string, value: unknown): Error {
  const isNumber = typeof value === 'number' || typeof value === 'bigint'
  const message = `${path} must be ${wanted}, but ${describe(value)} was given.`
  return isNumber ? rangeError(ErrorCode.Config, message) : typeError(ErrorCode.Config, message)
}

type NumberKind = 'Uint8' | 'Uint16' | 'Uint32' | 'Int32'

function integer(kind: NumberKind, size: number, least: number, most: number): Field<number> {
  return {
    size,
    alignment: size,
    read: (memory, block, at) => memory.view(block)[`get${kind}`](at, LITTLE_ENDIAN),
    write(memory, block, at, value, path) {
      if (!Number.isInteger(value) || value < least || value > most)
        throw invalid(path, `a whole number from ${least} to ${most}`, value)
      memory.view(block)[`set${kind}`](at, value, LITTLE_ENDIAN)
    },
  }
}

/** `__u8` */
export const u8: Field<number> = integer('Uint8', 1, 0, 0xff)
/** `__u16` */
export const u16: Field<number> = integer('Uint16', 2, 0, 0xffff)
/** `__u32` */
export const u32: Field<number> = integer('Uint32', 4, 0, 0xffff_ffff)
/** `__s32`, and `enum` */
export const s32: Field<number> = integer('Int32', 4, -0x8000_0000, 0x7fff_ffff)

function long(kind: 'BigInt64' | 'BigUint64', fit: (value: bigint) => bigint): Field<bigint> {
  return {
    size: 8,
    alignment: 8,
    read: (memory, block, at) => memory.view(block)[`get${kind}`](at, LITTLE_ENDIAN),
    write(memory, block, at, value, path) {
      if (typeof value !== 'bigint' || fit(value) !== value) throw invalid(path, 'a bigint of 64 bits', value)
      memory.view(block)[`set${kind}`](at, value, LITTLE_ENDIAN)
    },
  }
}

/** `__s64` */
export const s64: Field<bigint> = long('BigInt64', (value) => BigInt.asIntN(64, value))
/** `__u64` */
export const u64: Field<bigint> = long('BigUint64', (value) => BigInt.asUintN(64, value))

/** A member that is packed against the one before it. */
export function packed<T>(field: Field<T>): Field<T> {
  return { ...field, alignment: 1 }
}

/** A text in a fixed array. A driver need not have ended it with a zero. */
export function text(size: number): Field<string> {
  return {
    size,
    alignment: 1,
    read(memory, block, at) {
      return zeroEnded(memory.blocks[block]!.subarray(at, at + size))
    },
    write(memory, block, at, value, path) {
      const coded = typeof value === 'string' ? new TextEncoder().encode(value) : undefined
      if (!coded || coded.length >= size) throw invalid(path, `a text of at most ${size - 1} bytes`, value)
      memory.blocks[block]!.set(coded, at)
    },
  }
}

/** Bytes whose meaning depends. */
export function bytes(size: number, alignment = 1): Field<Uint8Array> {
  return {
    size,
    alignment,
    read: (memory, block, at) => memory.blocks[block]!.slice(at, at + size),
    write(memory, block, at, value, path) {
      const given = bytesOf(value)
      if (!given || given.length > size) throw invalid(path, `a Uint8Array of at most ${size} bytes`, value)
      memory.blocks[block]!.set(given, at)
    },
  }
}

/** Members that drivers ignore and that have to be zero. They are no part of the value. */
export function reserved(words: number): Field<never> {
  return { size: 4 * words, alignment: 4, read: () => undefined as never, write() {} }
}

/** So many of a kind. Fewer may be given; the others stay zero. */
export function array<T>(field: Field<T>, length: number): Field<T[]> {
  return {
    size: field.size * length,
    alignment: field.alignment,
    read: (memory, block, at, parent) =>
      Array.from({ length }, (_, index) => field.read(memory, block, at + index * field.size, parent)),
    write(memory, block, at, value, path) {
      if (!isList(value) || value.length > length) throw invalid(path, `an array of at most ${length}`, value)
      for (const [index, one] of value.entries())
        field.write(memory, block, at + index * field.size, one, `${path}[${index}]`)
    },
  }
}

/** More than any request takes, and less than makes a process fail. */
const MOST_BYTES = 64 * 1024 * 1024

function allocated(memory: Memory, size: number, path: string): number {
  if (size <= MOST_BYTES) return memory.allocate(size)
  throw rangeError(ErrorCode.Config, `${path} takes at most ${MOST_BYTES} bytes, but ${size} were given.`)
}

/** An address: of memory that is allocated for the call, as long as the list that is given. */
export function pointer<T>(field: Field<T>): Field<T[] | undefined> {
  return {
    size: 8,
    alignment: 8,
    read(memory, block, at, parent) {
      const target = memory.targetOf(block, at)
      if (target === undefined) return undefined
      const length = Math.floor(memory.blocks[target]!.length / field.size)
      return Array.from({ length }, (_, index) => field.read(memory, target, index * field.size, parent))
    },
    write(memory, block, at, value, path) {
      if (value === undefined) return
      if (!isList(value)) throw invalid(path, 'an array', value)
      const target = allocated(memory, field.size * value.length, path)
      memory.point(block, at, target)
      for (const [index, one] of value.entries())
        field.write(memory, target, index * field.size, one, `${path}[${index}]`)
    },
  }
}

/** An address of plain bytes. */
export const bytesPointer: Field<Uint8Array | undefined> = {
  size: 8,
  alignment: 8,
  read(memory, block, at) {
    const target = memory.targetOf(block, at)
    return target === undefined ? undefined : memory.blocks[target]!.slice()
  },
  write(memory, block, at, value, path) {
    if (value === undefined) return
    const given = bytesOf(value)
    if (!given) throw invalid(path, 'a Uint8Array', value)
    const target = allocated(memory, given.length, path)
    memory.point(block, at, target)
    memory.blocks[target]!.set(given)
  },
}

type Fields = Record<string, Field<unknown>>

/** What a struct of such members holds; reserved ones are left out. */
type Members<F extends Fields> = { [K in keyof F as [ValueOf<F[K]>] extends [never] ? never : K]: ValueOf<F[K]> }

/** What is given for a struct: what is left out stays zero. */
export type Given<T> = T extends Uint8Array
  ? T
  : T extends (infer E)[]
    ? Given<E>[]
    : T extends object
      ? { [K in keyof T]?: Given<T[K]> | undefined }
      : T

function aligned(at: number, alignment: number): number {
  return Math.ceil(at / alignment) * alignment
}

/** One of V4L2's structs. */
export interface Struct<T> extends Field<T> {
  /** The kernel's name for it. */
  readonly name: string
  /** Where each member begins, in bytes. */
  readonly offsets: Readonly<Record<string, number>>
  /** Its members. */
  readonly fields: Readonly<Record<string, Field<unknown>>>
}

/** A struct by the kernel's name, with its members in order. */
export function struct<F extends Fields>(name: string, fields: F): Struct<Members<F>> {
  const offsets: Record<string, number> = {}
  let end = 0
  let alignment = 1
  for (const [member, field] of Object.entries(fields)) {
    offsets[member] = aligned(end, field.alignment)
    end = offsets[member] + field.size
    alignment = Math.max(alignment, field.alignment)
  }
  return {
    name,
    fields,
    offsets,
    alignment,
    size: aligned(end, alignment),
    read(memory, block, at) {
      const value: Record<string, unknown> = {}
      for (const [member, field] of Object.entries(fields)) {
        const read = field.read(memory, block, at + offsets[member]!, value)
        if (read !== undefined) value[member] = read
      }
      return value as Members<F>
    },
    write(memory, block, at, value, path) {
      if (typeof value !== 'object' || value === null) throw invalid(path, 'an object', value)
      for (const [member, given] of Object.entries(value)) {
        const field = memberOf(fields, member, path)
        if (given !== undefined) field.write(memory, block, at + offsets[member]!, given, `${path}.${member}`)
      }
    },
  }
}

/** By its own names only: what every object inherits is no member. */
function memberOf(fields: Fields, member: string, path: string): Field<unknown> {
  const field = Object.hasOwn(fields, member) ? fields[member] : undefined
  if (field) return field
  throw typeError(ErrorCode.Config, `${path} has no member ${cut(member)}. It has ${known(fields)}.`)
}

function known(fields: Fields): string {
  return Object.keys(fields)
    .filter((member) => !member.startsWith('reserved'))
    .join(', ')
}

/** Members that share their place; which of them counts, the rest of the struct says. */
export interface Union<T> extends Field<T> {
  /** Whether the kernel's header gives it no name, so that its members are the struct's. */
  readonly isAnonymous: boolean
  /** Its members. */
  readonly fields: Readonly<Record<string, Field<unknown>>>
}

interface UnionOptions<F extends Fields> {
  isAnonymous?: boolean
  /** Which member counts, from what was read of the struct before; all of them without it. */
  chosenBy?: (parent: never) => keyof F | undefined
  /** In bytes, where it is larger than its members. */
  size?: number
}

/** @internal */
export function union<F extends Fields>(fields: F, options: UnionOptions<F> = {}): Union<Partial<Members<F>>> {
  const all = Object.values(fields)
  const alignment = Math.max(...all.map((field) => field.alignment))
  const size = aligned(Math.max(options.size ?? 0, ...all.map((field) => field.size)), alignment)
  const { isAnonymous = false, chosenBy } = options
  return {
    fields,
    isAnonymous,
    size,
    alignment,
    read(memory, block, at, parent) {
      const chosen = chosenBy?.(parent as never)
      const members = chosenBy ? Object.entries(fields).filter(([member]) => member === chosen) : Object.entries(fields)
      const value: Record<string, unknown> = {}
      for (const [member, field] of members) {
        const read = field.read(memory, block, at, parent)
        if (read !== undefined) value[member] = read
      }
      return value as Partial<Members<F>>
    },
    write(memory, block, at, value, path) {
      if (typeof value !== 'object' || value === null) throw invalid(path, 'an object', value)
      const given = Object.entries(value).filter(([, one]) => one !== undefined)
      if (given.length > 1) throw typeError(ErrorCode.Config, `${path} takes one of ${known(fields)}, not several.`)
      for (const [member, one] of given) {
        memberOf(fields, member, path).write(memory, block, at, one, `${path}.${member}`)
      }
    },
  }
}
