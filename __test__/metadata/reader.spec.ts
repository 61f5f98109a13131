import test from 'ava'
import { MetadataReader, readMetadata } from '../../ts/metadata/index.js'
import type { MetadataFormat } from '../../ts/metadata/index.js'

const TIME_UUID = [...new TextEncoder().encode('MISPmicrosectime')]
const OWN_UUID = [...Buffer.from('ad1471363e7f40da81e47bb0bf7ffe99', 'hex')]
/** 2026-12-01 00:00:00 UTC. */
const TIME = 1_796_083_200_000_000
const USER_DATA = [0, 0, 1, 0x65, 0, 0, 0, 0, 3, 255]

function big(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, index) => Math.floor(value / 256 ** (bytes - 1 - index)) % 256)
}

const timeMessage = (time = TIME): number[] => {
  const [a, b, c, d, e, f, g, h] = big(time, 8) as [number, number, number, number, number, number, number, number]
  return [...TIME_UUID, 0x1f, a, b, 0xff, c, d, 0xff, e, f, 0xff, g, h]
}

const ownMessage = (id: number, data: number[] = USER_DATA): number[] => [
  ...OWN_UUID,
  1,
  7,
  ...big(id, 8),
  ...big(250, 4),
  ...data,
]

/** An SEI payload with these messages of user data. */
function sei(...messages: number[][]): number[] {
  return [
    ...messages.flatMap((message) => [
      5,
      ...Array<number>(Math.floor(message.length / 255)).fill(255),
      message.length % 255,
      ...message,
    ]),
    0x80,
  ]
}

function escaped(payload: number[]): number[] {
  const out: number[] = []
  let zeros = 0
  for (const byte of payload) {
    if (zeros === 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    zeros = byte === 0 ? zeros + 1 : 0
    out.push(byte)
  }
  return out
}

const FORMATS: Required<MetadataFormat>[] = ['h264', 'h265'].flatMap((codec) =>
  (['annexb', 'length-prefixed'] as const).map((bitstream) => ({ codec, bitstream })),
)

const UNITS = {
  h264: { delimiter: [9, 0xf0], sets: [0x67, 0x42, 0xc0], sei: [6], slice: [0x65, 0x88, 1, 0, 4, 0, 9], next: [0x41] },
  h265: {
    delimiter: [0x46, 1, 0x50],
    sets: [0x42, 1, 1],
    sei: [0x4e, 1],
    slice: [0x26, 1, 0xaf, 1, 0, 4, 0, 9],
    next: [2, 1, 0xd0],
  },
}

/** A stream of these units. */
function stream({ bitstream }: MetadataFormat, ...units: number[][]): Uint8Array {
  const prefix = (unit: number[]) => (bitstream === 'annexb' ? [0, 0, 0, 1] : big(unit.length, 4))
  return Uint8Array.from(units.flatMap((unit) => [...prefix(unit), ...unit]))
}

/** An access unit with this SEI payload. */
function accessUnit(format: MetadataFormat, payload: number[]): Uint8Array {
  const { delimiter, sets, sei: header, slice } = UNITS[format.codec as 'h264']
  return stream(format, delimiter, sets, [...header, ...escaped(payload)], slice, slice)
}

const WHOLE = {
  captureTime: TIME,
  captureTimeUncertainty: 250,
  frameId: 77,
  userData: Uint8Array.from(USER_DATA),
}

for (const format of FORMATS) {
  const title = `${format.codec} ${format.bitstream}`

  test(`${title}: what went into a frame is read, in one SEI unit or in several`, (t) => {
    t.deepEqual(readMetadata(accessUnit(format, sei(timeMessage(), ownMessage(77))), format), WHOLE)
    const { sei: header, slice } = UNITS[format.codec as 'h264']
    const unit = (message: number[]) => [...header, ...escaped(sei(message))]
    const several = stream(format, unit(ownMessage(77)), unit([...TIME_UUID, 1]), unit(timeMessage()), slice)
    t.deepEqual(readMetadata(several, format), WHOLE)
  })

  test(`${title}: a frame without metadata, and other messages, give null`, (t) => {
    const { slice } = UNITS[format.codec as 'h264']
    t.is(readMetadata(stream(format, slice), format), null)
    t.is(readMetadata(accessUnit(format, [1, 2, 0, 0, 0x80]), format), null)
    t.is(readMetadata(accessUnit(format, sei(Array<number>(40).fill(7))), format), null)
    t.is(readMetadata(new Uint8Array(), format), null)
  })

  test(`${title}: a stream in pieces of any size gives the same, frame by frame`, (t) => {
    const { next } = UNITS[format.codec as 'h264']
    const frames = [
      accessUnit(format, sei(timeMessage(1), ownMessage(1, []))),
      stream(format, [...next, 5, 6]),
      accessUnit(format, sei(timeMessage(2), ownMessage(2))),
      accessUnit(format, sei(timeMessage(3), ownMessage(3, Array<number>(600).fill(0)))),
    ]
    const all = Uint8Array.from(frames.flatMap((frame) => [...frame]))
    const expected = [1, 2, 3].map((number) => ({
      captureTime: number,
      captureTimeUncertainty: 250,
      frameId: number,
      userData: Uint8Array.from([[], USER_DATA, Array<number>(600).fill(0)][number - 1]!),
    }))
    for (const size of [1, 2, 3, 4, 5, 7, 64, all.length]) {
      const reader = new MetadataReader(format)
      const found = []
      for (let at = 0; at < all.length; at += size) found.push(...reader.push(all.subarray(at, at + size)))
      t.deepEqual(found, expected, `pieces of ${size}`)
    }
  })

  test(`${title}: whatever the bytes are, it returns`, (t) => {
    let seed = 1
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * below)
    }
    const good = accessUnit(format, sei(timeMessage(), ownMessage(77)))
    for (let length = 0; length < good.length; length++) readMetadata(good.subarray(0, length), format)
    const unsafe: unknown[] = []
    for (let round = 0; round < 5000; round++) {
      const bytes = good.slice(0, random(good.length + 1))
      for (let change = random(5); change >= 0; change--) bytes[random(bytes.length)] = random(256)
      const found = readMetadata(bytes, format)
      for (const number of [found?.captureTime, found?.frameId, found?.captureTimeUncertainty]) {
        if (number !== undefined && !Number.isSafeInteger(number)) unsafe.push(found)
      }
      readMetadata(
        Uint8Array.from({ length: random(60) }, () => (random(2) ? random(256) : random(4))),
        format,
      )
    }
    t.deepEqual(unsafe, [])
  })

  test(`${title}: hostile bytes take linear time and keep little`, (t) => {
    const { sei: header } = UNITS[format.codec as 'h264']
    const endless = stream(format, [...header, 5, ...Array<number>(300_000).fill(255)])
    const before = performance.now()
    for (const bytes of [new Uint8Array(1 << 20), new Uint8Array(1 << 20).fill(255), endless]) {
      const reader = new MetadataReader(format)
      for (let at = 0; at < bytes.length; at += 1000) t.deepEqual(reader.push(bytes.subarray(at, at + 1000)), [])
    }
    t.true(performance.now() - before < 2000)
  })
}

test('a number that JavaScript does not have is left out, and so is what a later version wrote', (t) => {
  const format = { codec: 'h264' }
  const tooLarge = [...OWN_UUID, 1, 1, 255, 255, 255, 255, 255, 255, 255, 255]
  t.is(readMetadata(accessUnit({ codec: 'h264', bitstream: 'annexb' }, sei(tooLarge)), format), null)
  const later = [...OWN_UUID, 2, 1, ...big(1, 8)]
  t.is(readMetadata(accessUnit({ codec: 'h264', bitstream: 'annexb' }, sei(later)), format), null)
  const withoutGuards = [...TIME_UUID, 0x1f, 0, 6, 1, 0, 0, 1, 0, 0, 1, 0, 0]
  t.is(readMetadata(accessUnit({ codec: 'h264', bitstream: 'annexb' }, sei(withoutGuards)), format), null)
})

test('what is no bytes, and another codec or bitstream, is a TypeError', (t) => {
  const wrong = [
    () => readMetadata('abc' as never, { codec: 'h264' }),
    () => readMetadata([0, 0, 1] as never, { codec: 'h264' }),
    () => readMetadata(new Uint8Array(), { codec: 'vp9' }),
    () => readMetadata(new Uint8Array(), {} as never),
    () => new MetadataReader({ codec: 'h264', bitstream: 'avc' as never }),
  ]
  for (const call of wrong) t.throws(call, { instanceOf: TypeError })
  const bytes = accessUnit({ codec: 'h264', bitstream: 'annexb' }, sei(timeMessage()))
  const padded = new Uint8Array([9, ...bytes, 9])
  const view = new DataView(padded.buffer, 1, bytes.length)
  for (const form of [bytes.buffer as ArrayBuffer, view]) {
    t.deepEqual(readMetadata(form, { codec: 'avc1.42e01f' }), { captureTime: TIME })
  }
})
