import test from 'ava'
import { controlLines, controlValueLines } from '../../ts/cli/ioctl/controls.js'
import { pixFormatLines } from '../../ts/cli/ioctl/format.js'
import { cropCapabilityLines, frameRateSetLine, selectionLine, streamParmLines } from '../../ts/cli/ioctl/geometry.js'
import { infoLines } from '../../ts/cli/ioctl/info.js'
import { formatListLines, frameIntervalLine, frameSizeLine } from '../../ts/cli/ioctl/listing.js'
import { fixed } from '../../ts/cli/ioctl/print.js'
import { bufferTypeText, colorSpaceText } from '../../ts/cli/ioctl/words.js'
import type { ControlInfo, PixFormat } from '../../ts/device/types.js'

/** The lines as v4l2-ctl 1.22.1 prints them, without the indentation that this file gives them. */
function lines(text: string): string[] {
  return text.replace(/^\n/, '').replace(/\n *$/, '').split('\n')
}

test('a device is printed with its capabilities, as a whole and by this node', (t) => {
  const capability = {
    driver: 'vicodec',
    card: 'vicodec',
    busInfo: 'platform:vicodec',
    version: 0x0601c0,
    capabilities: 0x84204000,
    deviceCaps: 0x04204000,
  }
  t.deepEqual(
    infoLines(capability),
    lines(`
Driver Info:
	Driver name      : vicodec
	Card type        : vicodec
	Bus info         : platform:vicodec
	Driver version   : 6.1.192
	Capabilities     : 0x84204000
		Video Memory-to-Memory Multiplanar
		Streaming
		Extended Pix Format
		Device Capabilities
	Device Caps      : 0x04204000
		Video Memory-to-Memory Multiplanar
		Streaming
		Extended Pix Format
`),
  )
  const old = infoLines({ ...capability, capabilities: 0x04204000 })
  t.false(
    old.some((line) => line.includes('Device Caps')),
    'drivers of old do not tell of the node',
  )
})

const YUYV: PixFormat = {
  type: 1,
  width: 640,
  height: 360,
  fourcc: 0x56595559,
  code: 'YUYV',
  field: 1,
  colorspace: 8,
  xferFunc: 0,
  ycbcrEnc: 0,
  quantization: 0,
  flags: 0,
  planes: [{ bytesPerLine: 1280, sizeImage: 460_800 }],
}

test('a single-planar format says what its defaults stand for', (t) => {
  t.deepEqual(
    pixFormatLines(YUYV, 'YUYV 4:2:2'),
    lines(`
Format Video Capture:
	Width/Height      : 640/360
	Pixel Format      : 'YUYV' (YUYV 4:2:2)
	Field             : None
	Bytes per Line    : 1280
	Size Image        : 460800
	Colorspace        : sRGB
	Transfer Function : Default (maps to sRGB)
	YCbCr/HSV Encoding: Default (maps to ITU-R 601)
	Quantization      : Default (maps to Limited Range)
	Flags             : 
`),
  )
  const told = { ...YUYV, xferFunc: 1, ycbcrEnc: 6, quantization: 1, flags: 1 }
  t.deepEqual(
    pixFormatLines(told).slice(6),
    lines(`
	Colorspace        : sRGB
	Transfer Function : Rec. 709
	YCbCr/HSV Encoding: BT.2020
	Quantization      : Full Range
	Flags             : premultiplied-alpha
`).slice(0),
  )
})

test('RGB, grey and coded formats have the full range by default, and so has JPEG’s color space', (t) => {
  const range = (format: Partial<PixFormat>) => pixFormatLines({ ...YUYV, ...format })[9]
  for (const code of ['RGB3', 'GREY', 'FWHT']) t.regex(range({ code })!, /maps to Full Range/, code)
  t.regex(range({ colorspace: 7 })!, /maps to Full Range/)
  t.regex(range({ code: 'NV12', colorspace: 3 })!, /maps to Limited Range/)
})

test('a multi-planar format has its planes', (t) => {
  const planes = [
    { bytesPerLine: 1280, sizeImage: 921_600 },
    { bytesPerLine: 640, sizeImage: 460_800 },
  ]
  t.deepEqual(
    pixFormatLines(
      { ...YUYV, type: 9, width: 1280, height: 720, code: 'NM12', colorspace: 3, planes },
      'Y/UV 4:2:0 (N-C)',
    ),
    lines(`
Format Video Capture Multiplanar:
	Width/Height      : 1280/720
	Pixel Format      : 'NM12' (Y/UV 4:2:0 (N-C))
	Field             : None
	Number of planes  : 2
	Flags             : 
	Colorspace        : Rec. 709
	Transfer Function : Default
	YCbCr/HSV Encoding: Default
	Quantization      : Default
	Plane 0           :
	   Bytes per Line : 1280
	   Size Image     : 921600
	Plane 1           :
	   Bytes per Line : 640
	   Size Image     : 460800
`),
  )
})

test('the list of formats has sizes and intervals where they are requested', (t) => {
  const format = { index: 0, type: 1, flags: 0x1e0, description: 'YUYV 4:2:2', fourcc: 0x56595559, code: 'YUYV' }
  const coded = { index: 1, type: 1, flags: 1, description: 'Motion-JPEG', fourcc: 0, code: 'MJPG' }
  const fifth = { type: 'discrete', interval: { numerator: 1, denominator: 5 } } as const
  const sizes = [{ size: { type: 'discrete', width: 320, height: 180 } as const, intervals: [fifth] }]
  t.deepEqual(
    formatListLines(1, [{ format, sizes }, { format: coded }]),
    lines(`
ioctl: VIDIOC_ENUM_FMT
	Type: Video Capture

	[0]: 'YUYV' (YUYV 4:2:2, csc-colorspace, csc-ycbcr, csc-quantization, csc-xfer-func)
		Size: Discrete 320x180
			Interval: Discrete 0.200s (5.000 fps)
	[1]: 'MJPG' (Motion-JPEG, compressed)
`),
  )
})

test('sizes and intervals may be ranges', (t) => {
  const range = { minWidth: 640, maxWidth: 4096, stepWidth: 8, minHeight: 360, maxHeight: 2160, stepHeight: 8 }
  t.is(frameSizeLine({ type: 'stepwise', ...range }), '\tSize: Stepwise 640x360 - 4096x2160 with step 8/8')
  t.is(frameSizeLine({ type: 'continuous', ...range }), '\tSize: Continuous 640x360 - 4096x2160')
  const [min, max, step] = [60, 1, 60].map((denominator) => ({ numerator: 1, denominator })) as [
    { numerator: number; denominator: number },
    { numerator: number; denominator: number },
    { numerator: number; denominator: number },
  ]
  t.is(
    frameIntervalLine({ type: 'stepwise', min, max, step }),
    '\tInterval: Stepwise 0.017s - 1.000s with step 0.017s (1.000-60.000 fps)',
  )
  t.is(
    frameIntervalLine({ type: 'continuous', min, max, step }),
    '\tInterval: Continuous 0.017s - 1.000s (1.000-60.000 fps)',
  )
})

function control(about: Partial<ControlInfo>): ControlInfo {
  return {
    id: 0x00980900,
    name: 'Brightness',
    key: 'brightness',
    type: 'integer',
    typeNumber: 1,
    minimum: 0n,
    maximum: 255n,
    step: 1n,
    default: 128n,
    flags: 0,
    elemSize: 4,
    elems: 1,
    dims: [],
    ...about,
  }
}

const MENU = control({
  id: 0x0098f904,
  name: 'Menu',
  key: 'menu',
  type: 'menu',
  typeNumber: 3,
  minimum: 1n,
  maximum: 4n,
  default: 3n,
  menu: [
    { index: 1, name: 'Menu Item 1' },
    { index: 3, name: 'Menu Item 3' },
  ],
})

const NUMBERS = control({
  id: 0x0098f907,
  key: 'integer_menu',
  type: 'integer-menu',
  typeNumber: 9,
  maximum: 8n,
  default: 4n,
  menu: [{ index: 4, value: 5n }],
})

test('each type of control has a line of its own', (t) => {
  const line = (about: Partial<ControlInfo>, value?: Parameters<typeof controlLines>[0]['value']) =>
    controlLines({ control: control(about), value }, false)[0]?.trimStart()
  t.is(
    controlLines({ control: control({ flags: 0x20 }), value: 77 }, false)[0],
    '                     brightness 0x00980900 (int)    : min=0 max=255 step=1 default=128 value=77 flags=slider',
  )
  t.is(line({ type: 'boolean', typeNumber: 2, default: 1n }, 1), 'brightness 0x00980900 (bool)   : default=1 value=1')
  t.is(
    line({ type: 'integer64', typeNumber: 5, minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n, default: 0n }, -5n),
    'brightness 0x00980900 (int64)  : min=-9223372036854775808 max=9223372036854775807 step=1 default=0 value=-5',
  )
  t.is(
    line({ type: 'string', typeNumber: 7, minimum: 2n, maximum: 4n, flags: 0x100 }, 'a\\b\n'),
    String.raw`brightness 0x00980900 (str)    : min=2 max=4 step=1 value='a\\b\n' flags=has-payload`,
  )
  t.is(
    line({ type: 'bitmask', typeNumber: 8, maximum: 0x80402010n, default: 0x80002000n }, 0x80002000),
    'brightness 0x00980900 (bitmask): max=0x80402010 default=0x80002000 value=-2147475456',
  )
  t.is(
    line({ type: 'button', typeNumber: 4, flags: 0x240 }),
    'brightness 0x00980900 (button) : value=0 flags=write-only, execute-on-write',
  )
  t.is(
    line({ type: 'u8', typeNumber: 0x100, elems: 6, dims: [2, 3], flags: 0x900 }),
    'brightness 0x00980900 (u8)     : min=0 max=255 step=1 default=128 dims=[2][3] flags=has-payload, 0x00000800',
  )
  const area = new Uint8Array([0xe8, 3, 0, 0, 0xd0, 7, 0, 0])
  t.is(
    line({ type: 'compound', typeNumber: 0x106, flags: 0x100 }, area),
    'brightness 0x00980900 (area)   : value=1000x2000 flags=has-payload',
  )
  t.is(
    line({ type: 'compound', typeNumber: 0x220, flags: 0x100 }, area),
    'brightness 0x00980900 (fwht-params): value=unsupported payload type flags=has-payload',
  )
  t.is(
    line({ type: 'compound', typeNumber: 0x999 }, area),
    'brightness 0x00980900 (unknown): type=999 value=unsupported payload type',
  )
})

test('menus are printed with their entries where they are requested', (t) => {
  t.deepEqual(controlLines({ control: MENU, value: 3 }, true), [
    '                           menu 0x0098f904 (menu)   : min=1 max=4 default=3 value=3 (Menu Item 3)',
    '\t\t\t\t1: Menu Item 1',
    '\t\t\t\t3: Menu Item 3',
  ])
  t.is(controlLines({ control: MENU, value: 3 }, false).length, 1)
  t.deepEqual(controlLines({ control: NUMBERS, value: 4 }, true), [
    '                   integer_menu 0x0098f907 (intmenu): min=0 max=8 default=4 value=4 (5 0x5)',
    '\t\t\t\t4: 5 (0x5)',
  ])
  t.regex(controlLines({ control: MENU, value: 2 }, false)[0]!, /value=2$/, 'an entry that is not there has no name')
})

test('of a control of NVIDIA’s only what its headers have is printed', (t) => {
  const about = { fromHeaders: true, default: 0n } as const
  t.regex(controlLines({ control: control(about), value: null }, false)[0]!, /\(int\) {4}: min=0 max=255$/)
  const unknown = control({ ...about, minimum: -(2n ** 31n), maximum: 2n ** 31n - 1n })
  t.regex(controlLines({ control: unknown, value: null }, false)[0]!, /\(int\) {4}:$/)
  const struct = control({ ...about, type: 'compound', typeNumber: 0xffff, flags: 0x100 })
  t.regex(controlLines({ control: struct, value: null }, false)[0]!, /\(struct\) : flags=has-payload$/)
})

test('a class is a heading, a disabled one is left out, and one that cannot be read has the reason', (t) => {
  t.deepEqual(controlLines({ control: control({ type: 'class', typeNumber: 6, name: 'User Controls' }) }, false), [
    '',
    'User Controls',
    '',
  ])
  t.deepEqual(controlLines({ control: control({ flags: 1 }), value: 1 }, false), [])
  t.deepEqual(controlLines({ control: control({}), errno: 13 }, false), ['error 13 getting ctrl Brightness'])
  t.deepEqual(controlLines({ control: control({ id: 0x009909cb }), errno: 5 }, false), [
    'error 5 getting ext_ctrl Brightness',
  ])
})

test('the value of one control is printed after its name, an array by its rows', (t) => {
  t.deepEqual(controlValueLines(control({}), 77), ['brightness: 77'])
  t.deepEqual(controlValueLines(MENU, 3), ['menu: 3 (Menu Item 3)'])
  t.deepEqual(controlValueLines(control({ key: 'string' }), 'abc'), ["string: 'abc'"])
  const bytes = new Uint8Array(new Uint16Array([24, 1000, 3, 4, 5, 6, 7, 8]).buffer)
  const grid = control({ key: 'grid', type: 'u16', typeNumber: 0x101, elems: 8, dims: [2, 2, 2], elemSize: 2 })
  t.deepEqual(controlValueLines(grid, bytes), [
    'grid[0][0]:     24,   1000',
    'grid[0][1]:      3,      4',
    'grid[1][0]:      5,      6',
    'grid[1][1]:      7,      8',
  ])
  const row = control({ key: 'row', type: 'u32', typeNumber: 0x102, elems: 1, dims: [1] })
  t.deepEqual(controlValueLines(row, new Uint8Array([24, 0, 0, 0])), ['row:         24'])
})

test('rectangles and frame rates are printed in a line, or a few', (t) => {
  const rect = { left: 0, top: 0, width: 1280, height: 720 }
  t.is(
    selectionLine({ type: 2, target: 1, flags: 3, rect }),
    'Selection Video Output: crop_default, Left 0, Top 0, Width 1280, Height 720, Flags: ge, le',
  )
  const aspect = { numerator: 54, denominator: 59 }
  t.deepEqual(cropCapabilityLines({ type: 1, bounds: rect, defrect: rect, pixelaspect: aspect }), [
    'Crop Capability Video Capture:',
    '\tBounds      : Left 0, Top 0, Width 1280, Height 720',
    '\tDefault     : Left 0, Top 0, Width 1280, Height 720',
    '\tPixel Aspect: 54/59',
  ])
  const parm = { type: 1, capability: 0x1000, mode: 0, timePerFrame: { numerator: 2, denominator: 25 }, buffers: 1 }
  t.deepEqual(streamParmLines(parm), [
    'Streaming Parameters Video Capture:',
    '\tCapabilities     : timeperframe',
    '\tFrames per second: 12.500 (25/2)',
    '\tRead buffers     : 1',
  ])
  const output = { ...parm, type: 2, capability: 0, mode: 1, timePerFrame: { numerator: 0, denominator: 25 } }
  t.deepEqual(streamParmLines(output), [
    'Streaming Parameters Video Output:',
    '\tOutput mode      : high quality',
    '\tFrames per second: invalid (25/0)',
    '\tWrite buffers    : 1',
  ])
  t.is(frameRateSetLine({ numerator: 2, denominator: 25 }), 'Frame rate set to 12.500 fps')
  t.is(frameRateSetLine({ numerator: 0, denominator: 25 }), 'Invalid frame rate')
})

test('numbers are rounded and written as C does', (t) => {
  t.deepEqual(
    [1 / 16, 3 / 16, 0.0005, 1 / 3, 30_000 / 1001, 5, 1 / 0, 0 / 0].map((value) => fixed(value, 3)),
    ['0.062', '0.188', '0.001', '0.333', '29.970', '5.000', 'inf', '-nan'],
  )
})

test('control characters of a driver are not printed', (t) => {
  const garbage = '\u001B[31mred\n\u009B'
  const about = { driver: garbage, card: garbage, busInfo: garbage, version: 0, capabilities: 0, deviceCaps: 0 }
  t.is(infoLines(about)[1], '\tDriver name      : ?[31mred??')
  t.is(bufferTypeText(77), 'Unknown (0x0000004d)')
  t.is(colorSpaceText(255), 'Unknown (0x000000ff)')
  t.regex(controlLines({ control: MENU, value: -1 }, false)[0]!, /value=-1$/)
  t.deepEqual(controlValueLines(control({ type: 'u8', typeNumber: 0x100, elems: 4, dims: [4] }), new Uint8Array(2)), [
    'brightness:    0,    0',
  ])
})
