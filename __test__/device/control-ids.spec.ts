/** Control ids stand where each language needs them: the device layer's tables, the product's Rust code and the virtual Jetson. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { CONTROLS, NVIDIA_CONTROLS } from '../../ts/device/controls.js'

const CODEC_BASE = 0x00990900

const textOf = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8')

/** The constants of a Rust file that count from the base of the codec class. */
function constantsOf(file: string, pattern: RegExp): [name: string, id: number][] {
  return [...textOf(file).matchAll(pattern)].map(([, name, offset]) => [name!, CODEC_BASE + Number(offset)])
}

/** `VIRTUALBUFFER_SIZE` of `V4L2_CID_MPEG_VIDEOENC_VIRTUALBUFFER_SIZE`. */
const shortName = (name: string) => name.replace(/^V4L2_CID_MPEG_(VIDEOENC_|VIDEO_|)/, '')

const nvidia = new Map(NVIDIA_CONTROLS.map(({ name, id }) => [shortName(name), id]))
const standard = new Map(CONTROLS.map(({ name, id }) => [shortName(name), id]))

test('NVIDIA’s ids in Rust are those of the device layer’s table', (t) => {
  const constants = constantsOf('crates/v4l2/src/control/nvidia.rs', /pub const (\w+): u32 = id\((\d+)\);/g)
  t.true(constants.length > 10)
  for (const [name, id] of constants) t.is(nvidia.get(name), id, name)
})

/** What the virtual Jetson calls otherwise than NVIDIA’s header. */
const OTHER_NAMES: Record<string, string> = {
  VIRTUAL_BUFFER_SIZE: 'VIRTUALBUFFER_SIZE',
  ALL_I_FRAMES: 'ENABLE_ALLIFRAME_ENCODE',
}

test('the ids that the virtual Jetson has of its own are those of the tables', (t) => {
  const constants = constantsOf(
    'crates/virtual-jetson/src/controls/mod.rs',
    /pub\(crate\) const (\w+): u32 = BASE \+ (\d+);/g,
  )
  t.true(constants.length > 20)
  for (const [name, id] of constants) {
    const known = OTHER_NAMES[name] ?? name
    t.is(nvidia.get(known) ?? standard.get(known), id, name)
  }
})
