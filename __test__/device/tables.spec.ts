import test from 'ava'
import {
  controlById,
  controlByName,
  CONTROLS,
  decodePayload,
  encodePayload,
  NVIDIA_CONTROLS,
  NVIDIA_PAYLOAD_BYTES,
  NVIDIA_PAYLOADS,
} from '../../ts/device/controls.js'
import { nvidiaH265Level } from '../../ts/device/controls/nvidia.js'
import { formatByCode, FORMATS, fourcc, fourccText, NVIDIA_FORMATS } from '../../ts/device/formats.js'

test('a control is found by its number, its name in C and the name that v4l2-ctl shows', (t) => {
  const bitrate = controlById(0x009909cf)
  t.deepEqual(bitrate, {
    name: 'V4L2_CID_MPEG_VIDEO_BITRATE',
    id: 0x009909cf,
    kind: 'integer',
    label: 'Video Bitrate',
    unit: 'bit/s',
  })
  t.is(controlByName('V4L2_CID_MPEG_VIDEO_BITRATE'), bitrate)
  t.is(controlByName('video_bitrate'), bitrate)
  t.is(controlByName('white_balance_automatic')?.name, 'V4L2_CID_AUTO_WHITE_BALANCE')
  t.is(controlByName('h264_profile')?.menu?.[17], 'Constrained High')
  t.is(controlById(0x12345678), undefined)
  t.is(controlByName('brigthness'), undefined)
})

test('through NVIDIA’s library its own controls come first, and only there', (t) => {
  t.is(controlById(0x00990b1b, 'nvidia')?.name, 'V4L2_CID_MPEG_VIDEOENC_QP_RANGE')
  t.is(controlByName('mpeg_videoenc_qp_range', 'nvidia')?.id, 0x00990b1b)
  t.is(controlById(0x00990b1b), undefined)
  t.is(controlById(0x00990b01)?.name, 'V4L2_CID_MPEG_VIDEO_VP9_LEVEL')
  t.is(controlById(0x00990b01, 'nvidia')?.name, 'V4L2_CID_MPEG_VIDEO_H265_PROFILE')
  t.is(controlById(0x009909cf, 'nvidia'), controlById(0x009909cf))
})

for (const [whose, controls] of [
  ['the standard', CONTROLS],
  ['NVIDIA’s', NVIDIA_CONTROLS],
] as const) {
  test(`${whose} controls have numbers and names of their own, menus where they are menus, and ranges that begin below their end`, (t) => {
    t.is(new Set(controls.map(({ id }) => id)).size, controls.length)
    t.is(new Set(controls.map(({ name }) => name)).size, controls.length)
    for (const { name, kind, menu, values, payload, range } of controls) {
      if (menu) t.is(kind, 'menu', name)
      if (values) t.is(kind, 'integer-menu', name)
      t.is(payload !== undefined, kind === 'compound', name)
      if (range) t.true(range[0] < range[1], name)
    }
  })
}

test('NVIDIA’s levels of H.265 count level and tier in one', (t) => {
  t.is(nvidiaH265Level('5.1', 'main'), 16)
  t.is(nvidiaH265Level('5.1', 'high'), 17)
  t.is(nvidiaH265Level('1.0', 'main'), 0)
  t.is(nvidiaH265Level('6.2', 'high'), 25)
  t.is(nvidiaH265Level('7', 'main'), undefined)
})

test('a payload of NVIDIA’s has its fields where a C compiler puts them, and zeros behind', (t) => {
  const bytes = encodePayload('enable-rps', { enable: 1, gaps: 1, h264FrameNumBits: 8, h265PocLsbBits: 16 })
  t.is(bytes.length, NVIDIA_PAYLOAD_BYTES)
  t.deepEqual([...bytes.subarray(0, 12)], [1, 1, 0, 0, 8, 0, 0, 0, 16, 0, 0, 0])
  t.true(bytes.subarray(12).every((byte) => byte === 0))
  t.deepEqual(decodePayload('enable-rps', bytes), { enable: 1, gaps: 1, h264FrameNumBits: 8, h265PocLsbBits: 16 })
  t.like(decodePayload('qp-range', encodePayload('qp-range', { minQpI: 0xffffffff })), {
    minQpI: 0xffffffff,
    maxQpI: 0,
  })
})

test('the fields that every release of NVIDIA’s library has are where its documentation has them', (t) => {
  const offsets = (payload: string) =>
    Object.fromEntries(NVIDIA_PAYLOADS[payload]!.map(({ name, offset }) => [name, offset]))
  t.like(offsets('video-metadata'), { encoder: 16, motionVectors: 24, bufferIndex: 32 })
  t.like(offsets('output-metadata'), {
    averageQp: 2,
    reconCrcY: 8,
    frameBits: 20,
    minQp: 24,
    activeReferenceFrames: 40,
  })
  t.like(offsets('av1-tiles'), { enable: 0, log2Rows: 4, log2Columns: 8 })
})

test('payloads reject what they cannot hold', (t) => {
  t.throws(() => encodePayload('qp-rage', {}), {
    name: 'TypeError',
    code: 'ERR_CONFIG',
    message: /no payload "qp-rage"/,
  })
  t.throws(() => encodePayload('qp-range', { minQp: 1 }), { name: 'TypeError', message: /no field "minQp"/ })
  t.throws(() => encodePayload('enable', { enable: 256 }), { name: 'RangeError', message: /from 0 to 255, not 256/ })
  t.throws(() => encodePayload('enable', { enable: 0.5 }), { name: 'RangeError' })
  t.throws(() => encodePayload('video-metadata', { encoder: 1 }), { name: 'RangeError', message: /an address/ })
  t.throws(() => decodePayload('qp-range', new Uint8Array(23)), { name: 'RangeError', message: /24 bytes/ })
})

test('a four-character code is a number and the number a text, also of big-endian formats and short codes', (t) => {
  t.is(fourcc('H264'), 0x34363248)
  t.is(fourcc('Y10'), 0x20303159)
  t.is(fourcc('YU16-BE'), 0xb6315559)
  for (const code of ['NV12', 'Y10 ', 'YU16-BE', 'Y16 -BE']) t.is(fourccText(fourcc(code)), code)
  t.is(fourccText(0), '....')
  for (const wrong of ['', 'NV123', 'NV1\u00E9', 'NV12-LE']) t.throws(() => fourcc(wrong), { code: 'ERR_CONFIG' })
  t.throws(() => fourcc(12 as unknown as string), { name: 'TypeError' })
})

test('a pixel format is found by its code, with its planes', (t) => {
  t.like(formatByCode('NM12'), { name: 'V4L2_PIX_FMT_NV12M', planes: 2, isCoded: false })
  t.like(formatByCode(0x34363248), { name: 'V4L2_PIX_FMT_H264', description: 'H.264', isCoded: true })
  t.is(formatByCode('Y10')?.name, 'V4L2_PIX_FMT_Y10')
  t.is(formatByCode('H265'), undefined)
  t.is(formatByCode('H265', 'nvidia')?.isCoded, true)
  const codes = FORMATS.map(({ code }) => code)
  t.is(new Set(codes).size, codes.length)
  for (const { code, fourcc: number } of [...FORMATS, ...NVIDIA_FORMATS]) t.is(fourccText(number), code)
})
