import test from 'ava'
import type { Field, Struct, Union } from '../../ts/device/layout.js'
import { MediaRequests } from '../../ts/device/media.js'
import { Requests } from '../../ts/device/requests.js'
import type { Request } from '../../ts/device/requests.js'
import * as structs from '../../ts/device/structs/index.js'
import { assertInC, complaintsInC } from '../support/c-compiler.js'
import type { CAssertion } from '../support/c-compiler.js'

const STRUCTS = Object.values(structs) as Struct<unknown>[]
const REQUESTS = [...Object.values(Requests), ...Object.values(MediaRequests)] as Request<unknown>[]

/** Grew since; it is a member of a union that did not. */
const GREW = new Set(['v4l2_meta_format'])

/** Is not in every kernel's headers, so that its members must not be asked for either. */
const NEWER = new Set(['v4l2_remove_buffers'])

function isUnion(field: Field<unknown>): field is Union<unknown> {
  return 'isAnonymous' in field
}

function offset(struct: Struct<unknown>, member: string, at: number): CAssertion {
  const about = NEWER.has(struct.name) ? struct.name : member.split('.').at(-1)!
  return { about, holds: `offsetof(struct ${struct.name}, ${member}) == ${at}` }
}

/** The members of a union without a name are the struct's. Reserved ones shrink when others are added. */
function membersOf(struct: Struct<unknown>): CAssertion[] {
  const named = Object.entries(struct.fields).filter(([member]) => !member.startsWith('reserved'))
  return named.flatMap(([member, field]) => {
    const at = struct.offsets[member]!
    if (!isUnion(field)) return [offset(struct, member, at)]
    const names = Object.keys(field.fields)
    if (field.isAnonymous) return names.filter((name) => name !== 'ptr').map((name) => offset(struct, name, at))
    return [offset(struct, member, at), ...names.map((name) => offset(struct, `${member}.${name}`, at))]
  })
}

function sizeOf({ name, size }: Struct<unknown>): CAssertion {
  return { about: name, holds: `sizeof(struct ${name}) == ${size}` }
}

test('every struct is as large as in the kernel’s headers, and every member is where it is there', (t) => {
  t.true(STRUCTS.length > 55)
  const sizes = STRUCTS.filter(({ name }) => !GREW.has(name)).map(sizeOf)
  const members = STRUCTS.flatMap(membersOf)
  t.true(members.length > 300)
  assertInC(t, [...sizes, ...members])
})

test('every request has the number that it has in the kernel’s headers', (t) => {
  assertInC(
    t,
    REQUESTS.map(({ name, number }) => ({ about: name, holds: `(__u32)${name} == 0x${number.toString(16)}u` })),
  )
})

test('a struct that is laid out wrongly is reported by its name', (t) => {
  const { name, size } = structs.v4l2_buffer
  const wrong = { about: name, holds: `sizeof(struct ${name}) == ${size + 8}` }
  t.regex(complaintsInC([wrong]), /static assertion failed: "v4l2_buffer"/)
})
