import test from 'ava'
import * as constants from '../../ts/device/constants.js'
import { CONTROLS, NVIDIA_CONTROLS } from '../../ts/device/controls.js'
import { FORMATS } from '../../ts/device/formats.js'
import { assertInC, complaintsInC, macrosInC } from '../support/c-compiler.js'
import type { CAssertion } from '../support/c-compiler.js'

/** Of 32 bits, whatever type C gives it. */
function equals(name: string, value: number): CAssertion {
  return { about: name, holds: `(__u32)(${name}) == 0x${(value >>> 0).toString(16)}u` }
}

/** The members of a group are called in C what group and member are called together. */
function constantsOf(group: string, members: number | Record<string, number>): CAssertion[] {
  if (typeof members === 'number') return [equals(group, members)]
  return Object.entries(members).map(([member, value]) => equals(`${group}_${member}`, value))
}

test('every constant has the value that it has in the kernel’s headers', (t) => {
  const assertions = Object.entries(constants).flatMap(([group, members]) => constantsOf(group, members))
  t.true(assertions.length > 300)
  assertInC(t, assertions)
})

test('every control has the number that it has in the kernel’s headers', (t) => {
  t.true(CONTROLS.length > 400)
  assertInC(
    t,
    CONTROLS.map(({ name, id }) => equals(name, id)),
  )
})

test('every pixel format has the four-character code that it has in the kernel’s headers', (t) => {
  t.true(FORMATS.length > 250)
  assertInC(
    t,
    FORMATS.map(({ name, fourcc }) => equals(name, fourcc)),
  )
})

test('no control and no pixel format of the headers is missing', (t) => {
  const known = new Set([...CONTROLS, ...FORMATS].map(({ name }) => name))
  // Bases and headings of classes, limits, flags, and other names for what is there.
  const others = /_(BASE|CLASS|LASTP1|MAX_CTRLS|PRIV_MAGIC)$|_FMT_FLAG_|_(WHITENESS|VPX_PROFILE|HM12|SUNXI_TILED_NV12)$/
  const names = [...macrosInC()].filter((name) => /^V4L2_(CID|(PIX|SDR|TCH|META)_FMT)_/.test(name))
  t.true(names.length > 600)
  t.deepEqual(
    names.filter((name) => !known.has(name) && !others.test(name)),
    [],
  )
})

test('the structures that are the values of controls are those of the kernel’s headers', (t) => {
  const structures = CONTROLS.map(({ payload }) => payload).filter((payload) => payload?.startsWith('struct '))
  t.true(structures.length > 20)
  assertInC(
    t,
    structures.map((structure) => ({ about: structure!.slice('struct '.length), holds: `sizeof(${structure}) > 0` })),
  )
})

test('NVIDIA’s controls are in the codec class, where their numbers count from its base', (t) => {
  const { name, id } = NVIDIA_CONTROLS.find((one) => one.name === 'V4L2_CID_MPEG_VIDEOENC_QP_RANGE')!
  t.is(complaintsInC([{ about: name, holds: `${id} == V4L2_CID_MPEG_BASE + 539` }]), '')
})

test('a wrong value is reported by its name', (t) => {
  const { name, id } = CONTROLS[0]!
  t.is(complaintsInC([equals(name, id)]), '')
  t.regex(complaintsInC([equals(name, id + 1)]), new RegExp(`static assertion failed: "${name}"`))
  t.regex(complaintsInC([equals('V4L2_CID_BRIGTHNESS', id)]), /V4L2_CID_BRIGTHNESS.* undeclared/)
})
