import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { perform } from '../../ts/cli/ioctl/perform.js'
import type { Performed } from '../../ts/cli/ioctl/outcome.js'
import * as structs from '../../ts/device/structs/index.js'
import { ioctlPlan } from '../support/parse-command.js'
import { FakeAddon } from '../support/fake-addon.js'
import { view } from '../support/fake-device.js'
import type { Driver } from '../support/fake-device.js'

interface Running {
  signal?: AbortSignal
  onPrint?: (text: string) => unknown
}

/** What is performed on a driver, and what was printed in the meantime. */
async function run(
  driver: Driver,
  args: string[],
  { signal = new AbortController().signal, onPrint }: Running = {},
): Promise<Performed & { printed: string[] }> {
  const addon = new FakeAddon()
  addon.driver = (...asked) => (asked[0] === 'VIDIOC_QUERYCAP' ? undefined : driver(...asked))
  const printed: string[] = []
  const print = (text: string) => {
    printed.push(text)
    onPrint?.(text)
    return Promise.resolve()
  }
  const performed = await perform(() => addon, ioctlPlan(['/dev/made-up', ...args]), { print, signal })
  return { ...performed, printed }
}

/** One block whose bytes sum up to a multiple of 256. */
function edid(): Uint8Array {
  const block = Uint8Array.from({ length: 128 }, (_, index) => index)
  block[127] = -block.subarray(0, 127).reduce((sum, byte) => sum + byte, 0) & 0xff
  return block
}

/** A driver that keeps one EDID of input 1. */
function display(kept: { edid: Uint8Array }): Driver {
  return (name, [struct, bytes]) => {
    const words = view(struct!)
    if (words.getUint32(structs.v4l2_edid.offsets.pad!, true) !== 1) return 'EINVAL'
    const blocks = words.getUint32(structs.v4l2_edid.offsets.blocks!, true)
    if (name === 'VIDIOC_S_EDID') kept.edid = bytes?.slice(0, blocks * 128) ?? new Uint8Array()
    if (name === 'VIDIOC_G_EDID') {
      bytes!.set(kept.edid)
      words.setUint32(structs.v4l2_edid.offsets.blocks!, kept.edid.length / 128, true)
    }
    return undefined
  }
}

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'v4l2-encoder-edid-'))
  t.teardown(() => rmSync(path, { recursive: true }))
  return path
}

test('an EDID is printed as rows of 16 hexadecimal numbers, or as an array of C', async (t) => {
  const driver = display({ edid: edid() })
  const { text } = await run(driver, ['--get-edid', 'pad=1'])
  t.regex(text, /^00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f\n10 11 /)
  t.is(text.trimEnd().split('\n').length, 8)
  const { text: array } = await run(driver, ['--get-edid', 'pad=1,format=carray'])
  t.regex(array, /^unsigned char edid\[\] = \{\n\t0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07,\n\t0x08/)
  const { text: json } = await run(driver, ['--get-edid', 'pad=1', '--json'])
  t.deepEqual(JSON.parse(json), { 'get-edid': { pad: 1, edid: [...edid()] } })
})

test('an EDID with a wrong checksum is printed with the right one', async (t) => {
  const wrong = edid()
  wrong[0] = 1
  const { text } = await run(display({ edid: wrong }), ['--get-edid', 'pad=1'])
  t.regex(text, /\nBlock 0 has a checksum error \(should be 0x[\da-f]{2}\)\n$/)
})

test('an EDID goes into a file and from there to another input, as bytes and as text', async (t) => {
  const path = join(folder(t), 'edid')
  for (const format of ['hex', 'raw']) {
    const source = { edid: edid() }
    const { text } = await run(display(source), ['--get-edid', `pad=1,format=${format},file=${path}`])
    t.is(text, '')
    t.is(readFileSync(path).length, format === 'raw' ? 128 : 128 * 3)
    const sink = { edid: new Uint8Array() }
    await run(display(sink), ['--set-edid', `pad=1,format=${format},file=${path}`])
    t.deepEqual(sink.edid, edid(), format)
  }
})

test('--clear-edid sets none', async (t) => {
  const kept = { edid: edid() }
  t.is((await run(display(kept), ['--clear-edid', '1'])).status, 0)
  t.is(kept.edid.length, 0)
})

const REJECTED_EDIDS: readonly (readonly [what: string, content: Uint8Array | string, message: RegExp])[] = [
  ['a wrong checksum', edid().fill(1, 0, 1), /Block 0 has a checksum error \(should be 0x/],
  ['part of a block', edid().subarray(0, 100), /1 to 256 blocks of 128 bytes; .* has 100 bytes/],
  ['nothing', '', /has 0 bytes/],
]

for (const [what, content, message] of REJECTED_EDIDS) {
  test(`a file with ${what} is rejected before anything is set`, async (t) => {
    const path = join(folder(t), 'edid')
    writeFileSync(path, content)
    const kept = { edid: new Uint8Array() }
    await t.throwsAsync(run(display(kept), ['--set-edid', `pad=1,format=raw,file=${path}`]), { message })
    t.is(kept.edid.length, 0)
  })
}

test('what is no EDID option is rejected', async (t) => {
  const path = join(folder(t), 'text')
  writeFileSync(path, 'no numbers')
  const driver = display({ edid: edid() })
  const rejected = async (option: string, value: string, message: RegExp) =>
    t.throwsAsync(run(driver, [option, value]), { message }, value)
  await rejected('--set-edid', `pad=1,file=${path}`, /no EDID in hexadecimal numbers/)
  await rejected('--set-edid', `pad=1,format=carray,file=${path}`, /reads format=hex or format=raw/)
  await rejected('--set-edid', 'pad=1', /needs file=NAME/)
  await rejected('--get-edid', 'pad=1,format=raw', /name a file/)
  await rejected('--get-edid', 'pad=1,format=html', /has no "html"/)
  await rejected('--get-edid', 'bad=1', /has no part "bad"/)
  await rejected('--set-edid', 'pad=1,file=/nonexistent/edid', /cannot be read/)
})

interface Happening {
  type: number
  id?: number
  fill?: (words: DataView) => void
}

/** A driver to which these things happen one after the other, and then nothing. */
function happens(...events: Happening[]): Driver {
  return (name, blocks) => {
    if (name.includes('SUBSCRIBE_EVENT')) return undefined
    if (name !== 'VIDIOC_DQEVENT') return 'EINVAL'
    const event = events.shift()
    if (!event) return 'ENOENT'
    const { offsets } = structs.v4l2_event
    const words = view(blocks[0]!)
    words.setUint32(offsets.type!, event.type, true)
    words.setUint32(offsets.id!, event.id ?? 0, true)
    words.setUint32(offsets.pending!, events.length, true)
    words.setUint32(offsets.sequence!, 7, true)
    words.setBigInt64(offsets.timestamp!, 12n, true)
    words.setBigInt64(offsets.timestamp! + 8, 5_000_000n, true)
    event.fill?.(new DataView(words.buffer, words.byteOffset + offsets.u!))
    return undefined
  }
}

const EVENTS: readonly (readonly [option: string, event: Happening, line: string])[] = [
  ['eos', { type: 2 }, 'eos'],
  ['vsync', { type: 1, fill: (words) => words.setUint8(0, 2) }, 'vsync Top'],
  ['frame_sync', { type: 4, fill: (words) => words.setUint32(0, 9, true) }, 'frame_sync 9'],
  [
    'source_change=3',
    { type: 5, id: 3, fill: (words) => words.setUint32(0, 1, true) },
    'source_change: pad/input=3 changes: 1',
  ],
  ['motion_det', { type: 6, fill: (words) => words.setUint32(8, 0x1f, true) }, 'motion_det regions 0x1f'],
  [
    'motion_det',
    { type: 6, fill: (words) => [1, 42, 3].forEach((word, index) => words.setUint32(4 * index, word, true)) },
    'motion_det frame 42, regions 0x3',
  ],
  ['0x08000001', { type: 0x800_0001 }, 'unknown private event (08000001)'],
]

for (const [option, event, line] of EVENTS) {
  test(`--wait-for-event ${option} ends with "${line}"`, async (t) => {
    const { printed, status } = await run(happens(event), ['--wait-for-event', option])
    t.is(printed.join(''), `12.005000: event 7, pending 0: ${line}\n`)
    t.is(status, 0)
  })
}

test('--poll-for-event prints each event when it comes, until it is stopped', async (t) => {
  const stop = new AbortController()
  let seen = 0
  const { printed, text, status } = await run(
    happens({ type: 2 }, { type: 2 }, { type: 2 }),
    ['--poll-for-event', 'eos'],
    { signal: stop.signal, onPrint: (one) => one !== '' && ++seen === 3 && stop.abort(new Error('enough')) },
  )
  t.is(printed.filter((one) => one.endsWith(' eos\n')).length, 3)
  t.is(text, '')
  t.is(status, 0)
})

test('with --json, events are printed at the end', async (t) => {
  const { text, printed } = await run(happens({ type: 2 }), ['--wait-for-event', 'eos', '--json'])
  t.is(printed.join(''), '')
  const { 'wait-for-event': event } = JSON.parse(text) as { 'wait-for-event': { type: number; timestamp: number } }
  t.is(event.type, 2)
  t.is(event.timestamp, 12_005_000)
})

test('an event that does not exist is rejected before the device is subscribed to', async (t) => {
  const rejected = async (event: string, message: RegExp) =>
    t.throwsAsync(run(happens(), ['--wait-for-event', event]), { message }, event)
  await rejected('eso', /has no event "eso"\. .*eos/)
  await rejected('ctrl', /needs the name of the control: ctrl=NAME/)
  await rejected('eos=1', /has no value/)
  await rejected('source_change=x', /needs a whole number/)
})

test('a driver without an event says so, and the command fails', async (t) => {
  const { text, status } = await run(
    (name) => (name === 'VIDIOC_SUBSCRIBE_EVENT' ? 'EINVAL' : 'ENOENT'),
    ['--wait-for-event', 'eos'],
  )
  t.regex(text, /^VIDIOC_SUBSCRIBE_EVENT: failed: /)
  t.is(status, 1)
})
