import test from 'ava'
import { dataFormatLines, overlayFormatLines, slicedVbiFormatLines, vbiFormatLines } from '../../ts/cli/ioctl/format.js'
import { audioListLines, inputLine, inputListLines, inputSetLine, outputLine } from '../../ts/cli/ioctl/inputs.js'
import { outputListLines } from '../../ts/cli/ioctl/inputs.js'
import { mediaLines } from '../../ts/cli/ioctl/media.js'
import { framebufferLines, jpegCompressionLines } from '../../ts/cli/ioctl/overlay.js'
import { standardLines, standardListLines, standardText } from '../../ts/cli/ioctl/standards.js'
import { currentTimingLines, timingCapabilityLines, timingLines, timingListLines } from '../../ts/cli/ioctl/timings.js'
import { frequencyLine, modulatorLines, tunerLines } from '../../ts/cli/ioctl/tuners.js'

/** The lines as v4l2-ctl 1.22.1 prints them. */
function lines(text: string): string[] {
  return text.replace(/^\n/, '').replace(/\n *$/, '').split('\n')
}

const WEBCAM = { index: 0, name: 'Webcam 0', type: 2, audioset: 0, tuner: 0, std: 0n, status: 0, capabilities: 0 }
const TV = { index: 1, name: 'TV 0', type: 1, audioset: 3, tuner: 0, std: 0xffffffn, status: 0x102, capabilities: 4 }

test('inputs are told with what is wrong at them', (t) => {
  t.is(inputLine(0, WEBCAM), 'Video input : 0 (Webcam 0: ok)')
  t.is(inputLine(1, TV), 'Video input : 1 (TV 0: no signal, no hsync lock)')
  t.is(inputLine(7), 'Video input : 7')
  t.is(inputSetLine(0, WEBCAM), 'Video input set to 0 (Webcam 0: Camera, ok)')
  t.deepEqual(
    inputListLines([WEBCAM, TV]),
    lines(`
ioctl: VIDIOC_ENUMINPUT
	Input       : 0
	Name        : Webcam 0
	Type        : 0x00000002 (Camera)
	Audioset    : 0x00000000
	Tuner       : 0x00000000
	Standard    : 0x0000000000000000 ()
	Status      : 0x00000000 (ok)
	Capabilities: 0x00000000 (not defined)

	Input       : 1
	Name        : TV 0
	Type        : 0x00000001 (Tuner)
	Audioset    : 0x00000003
	Tuner       : 0x00000000
	Standard    : 0x0000000000FFFFFF (PAL-B/B1/G/H/I/D/D1/K/M/N/Nc/60 NTSC-M/M-JP/443/M-KR SECAM-B/D/G/H/K/K1/L/Lc)
	Status      : 0x00000102 (no signal, no hsync lock)
	Capabilities: 0x00000004 (SDTV standards)
`),
  )
})

test('outputs and sound are told', (t) => {
  t.is(outputLine(0, { name: 'S-Video 0' }), 'Video output: 0 (S-Video 0)')
  t.is(outputLine(3), 'Video output: 3')
  t.deepEqual(outputListLines([{ ...WEBCAM, name: 'HDMI 1', capabilities: 2 }]), [
    'ioctl: VIDIOC_ENUMOUTPUT',
    '\tOutput      : 0',
    '\tName        : HDMI 1',
    '\tType        : 0x00000002 (Analog)',
    '\tAudioset    : 0x00000000',
    '\tStandard    : 0x0000000000000000 ()',
    '\tCapabilities: 0x00000002 (DV timings)',
  ])
  const ends = ['TV', 'Line-In'].map((name, index) => ({ index, name }))
  t.deepEqual(audioListLines('input', ends), [
    'ioctl: VIDIOC_ENUMAUDIO',
    '\tInput   : 0',
    '\tName    : TV',
    '',
    '\tInput   : 1',
    '\tName    : Line-In',
  ])
  t.deepEqual(audioListLines('output', ends.slice(1))[1], '\tOutput  : 1')
})

test('television standards are told by families', (t) => {
  t.deepEqual(standardLines(0xffn), ['Video Standard = 0x000000ff', '\tPAL-B/B1/G/H/I/D/D1/K'])
  t.deepEqual(standardLines(0x1001n), ['Video Standard = 0x00001001', '\tPAL-B', '\tNTSC-M'])
  t.is(standardText(0x03000000n), 'ATSC-8-VSB/16-VSB')
  const ntsc = {
    index: 1,
    id: 0xb000n,
    name: 'NTSC',
    frameperiod: { numerator: 1001, denominator: 30_000 },
    framelines: 525,
  }
  t.deepEqual(standardListLines([ntsc]), [
    'ioctl: VIDIOC_ENUMSTD',
    '',
    '\tIndex       : 1',
    '\tID          : 0x000000000000B000',
    '\tName        : NTSC',
    '\tFrame period: 1001/30000',
    '\tFrame lines : 525',
  ])
})

const TUNER = {
  index: 0,
  name: 'TV Tuner',
  type: 2,
  capability: 0x472,
  rangelow: 704,
  rangehigh: 15_328,
  rxsubchans: 0xc,
  audmode: 1,
  signal: 65_535,
  afc: 0,
}

test('tuners and modulators are told in megahertz, whatever they count in', (t) => {
  t.deepEqual(
    tunerLines(TUNER),
    lines(`
Tuner 0:
	Name                 : TV Tuner
	Type                 : Analog TV
	Capabilities         : 62.5 kHz multi-standard stereo lang1 lang2 freq-bands 
	Frequency range      : 44.000 MHz - 958.000 MHz
	Signal strength/AFC  : 100%/0
	Current audio mode   : stereo
	Available subchannels: lang1 lang2 
`),
  )
  const adc = tunerLines({ ...TUNER, type: 4, capability: 0x1400, rangelow: 300_000, rangehigh: 3_200_000 })
  t.is(adc[4], '\tFrequency range      : 0.300000 MHz - 3.200000 MHz')
  t.is(adc.length, 5, 'nothing is heard of samples')
  t.deepEqual(
    modulatorLines({ ...TUNER, type: 1, capability: 0x691, rangelow: 8000, rangehigh: 1_728_000, txsubchans: 0x12 }),
    lines(`
Modulator 0:
	Name                 : TV Tuner
	Type                 : radio
	Capabilities         : 62.5 Hz stereo rds rds-controls freq-bands 
	Frequency range      : 0.5 MHz - 108.0 MHz
	Subchannel modulation: stereo rds 
`),
  )
  t.is(frequencyLine('tuner', 0, 2804, 0x472), 'Frequency for tuner 0: 2804 (175.250000 MHz)')
  t.is(frequencyLine('modulator', 0, 1_528_000, 1), 'Frequency for modulator 0: 1528000 (95.500000 MHz)')
  t.is(frequencyLine('tuner', 0, 300_000, 0x1000), 'Frequency for tuner 0: 300000 (0.300000 MHz)')
})

const HD = {
  width: 1280,
  height: 720,
  interlaced: 0,
  polarities: 3,
  pixelclock: 74_250_000n,
  hfrontporch: 110,
  hsync: 40,
  hbackporch: 220,
  vfrontporch: 5,
  vsync: 5,
  vbackporch: 20,
  il_vfrontporch: 0,
  il_vsync: 0,
  il_vbackporch: 0,
  standards: 1,
  flags: 0x92,
  picture_aspect: { numerator: 0, denominator: 0 },
  cea861_vic: 4,
  hdmi_vic: 0,
}

test('digital timings are told with totals and rate', (t) => {
  t.deepEqual(
    currentTimingLines(HD),
    lines(`
DV timings:
	Active width: 1280
	Active height: 720
	Total width: 1650
	Total height: 750
	Frame format: progressive
	Polarities: +vsync +hsync
	Pixelclock: 74250000 Hz (60.00 frames per second)
	Horizontal frontporch: 110
	Horizontal sync: 40
	Horizontal backporch: 220
	Vertical frontporch: 5
	Vertical sync: 5
	Vertical backporch: 20
	Standards: CTA-861
	CTA-861 VIC: 4
	Flags: framerate can be reduced by 1/1.001, CE-video, has CTA-861 VIC
`),
  )
  t.deepEqual(currentTimingLines(undefined), ['DV timings:', 'Timing type not defined'])
  t.deepEqual(
    timingListLines([HD, HD]).filter((line) => !/:/.test(line) || /Index/.test(line)),
    ['\tIndex: 0', '', '\tIndex: 1'],
  )
})

test('interlaced timings have two fields, and the second kind of reduced blanking is told', (t) => {
  const interlaced = timingLines({ ...HD, interlaced: 1, il_vfrontporch: 2, il_vsync: 5, il_vbackporch: 16 })
  t.deepEqual(interlaced.slice(10, 19), [
    '\tField 1:',
    '\tVertical frontporch: 5',
    '\tVertical sync: 5',
    '\tVertical backporch: 20',
    '\tField 2:',
    '\tVertical frontporch: 2',
    '\tVertical sync: 5',
    '\tVertical backporch: 16',
    '\tStandards: CTA-861',
  ])
  t.regex(interlaced[6]!, /fields per second/)
  t.is(timingLines({ ...HD, flags: 1, vsync: 8 }).at(-1), '\tFlags: reduced blanking v2')
  t.is(
    timingLines({ ...HD, flags: 0x40, picture_aspect: { numerator: 4, denominator: 3 } }).at(-2),
    '\tPicture aspect: 4:3',
  )
  const range = { min_width: 16, max_width: 4096, min_height: 16, max_height: 2160 }
  const clocks = { min_pixelclock: 14_000_000n, max_pixelclock: 775_000_000n, standards: 15, capabilities: 3 }
  t.deepEqual(timingCapabilityLines({ ...range, ...clocks }).slice(5), [
    '\tMinimum PClock: 14000000',
    '\tMaximum PClock: 775000000',
    '\tStandards: CTA-861, DMT, CVT, GTF',
    '\tCapabilities: Interlaced, Progressive',
  ])
  t.deepEqual(timingCapabilityLines(undefined), ['DV timings capabilities:', '\tUnknown type'])
})

test('overlays and their memory are told', (t) => {
  const window = {
    w: { left: 0, top: 0, width: 640, height: 360 },
    field: 0,
    chromakey: 0,
    clipcount: 1,
    global_alpha: 5,
  }
  t.deepEqual(overlayFormatLines(3, { ...window, clips: [{ left: 1, top: 2, width: 3, height: 4 }] }), [
    'Format Video Overlay:',
    '\tLeft/Top    : 0/0',
    '\tWidth/Height: 640/360',
    '\tField       : Any',
    '\tChroma Key  : 0x00000000',
    '\tGlobal Alpha: 0x05',
    '\tClip Count  : 1',
    '\t\tClip  0: 3x4@1x2',
    '\tClip Bitmap : No',
  ])
  const fmt = {
    width: 640,
    height: 360,
    pixelformat: 0x56595559,
    bytesperline: 1280,
    sizeimage: 460_800,
    colorspace: 8,
    priv: 0,
  }
  t.deepEqual(
    framebufferLines({ capability: 0xc, flags: 1, fmt }),
    lines(`
Framebuffer Format:
	Capability    : Clipping List
			Clipping Bitmap
	Flags         : Primary Graphics Surface
	Width         : 640
	Height        : 360
	Pixel Format  : 'YUYV'
	Bytes per Line: 1280
	Size image    : 460800
	Colorspace    : sRGB
`),
  )
  t.deepEqual(framebufferLines({ capability: 1, flags: 0, fmt }).slice(1, 3), [
    '\tCapability    : Extern Overlay',
    '\tFlags         : ',
  ])
})

test('the vertical blanking interval, radio samples and metadata are told', (t) => {
  const raw = { sampling_rate: 25_000_000, offset: 24, samples_per_line: 1440, sample_format: 0x59455247 }
  t.deepEqual(vbiFormatLines(5, { ...raw, start: [6, 319], count: [18, 18], flags: 0 }), [
    'Format VBI Output:',
    '\tSampling Rate   : 25000000 Hz',
    '\tOffset          : 24 samples (9.6e-07 secs after leading edge)',
    '\tSamples per Line: 1440',
    "\tSample Format   : 'GREY'",
    '\tStart 1st Field : 6',
    '\tCount 1st Field : 18',
    '\tStart 2nd Field : 319',
    '\tCount 2nd Field : 18',
  ])
  const service_lines = [1, 0x4000].map((service) =>
    Array.from({ length: 24 }, (_, line) => (line === 7 ? service : 0)),
  )
  const sliced = slicedVbiFormatLines(7, { service_set: 0x4001, service_lines, io_size: 3072 })
  t.deepEqual(sliced.slice(0, 3), [
    'Format Sliced VBI Output:',
    '\tService Set    : teletext, wss',
    '\tService Line  0:          /         ',
  ])
  t.is(sliced[9], '\tService Line  7: teletext / wss     ')
  t.is(sliced.at(-1), '\tI/O Size       : 3072')
  t.deepEqual(dataFormatLines(11, 0x38305543, 32_768, 'Complex U8'), [
    'Format SDR Capture:',
    "\tSample Format   : 'CU08' (Complex U8)",
    '\tBuffer Size     : 32768',
  ])
})

test('JPEG compression of old drivers is told', (t) => {
  const none = new Uint8Array(60)
  const comment = new Uint8Array([0x68, 0x69, 0])
  const jpeg = { quality: 80, APPn: 0, APP_len: 0, APP_data: none, COM_len: 2, COM_data: comment, jpeg_markers: 0x88 }
  t.deepEqual(jpegCompressionLines(jpeg), [
    'JPEG compression:',
    '\tQuality: 80',
    "\tComment: 'hi'",
    '\tMarkers: 0x00000088',
    '\t\tDefine Huffman Tables',
    '\t\tDefine APP segment',
  ])
  const [, , line] = jpegCompressionLines({ ...jpeg, COM_data: Uint8Array.of(0x1b, 0x5b, 0x4a, 0) })
  t.is(line, "\tComment: '?[J'", 'what a camera made up garbles no terminal')
})

const DEVICE = {
  driver: 'vicodec',
  model: 'vicodec',
  serial: '',
  bus_info: 'platform:vicodec',
  media_version: 0x0601c0,
  hw_revision: 0,
  driver_version: 0x0601c0,
}

const TOPOLOGY = {
  entities: [
    { id: 1, name: 'stateful-encoder-source', function: 0x00010001, flags: 0 },
    { id: 3, name: 'stateful-encoder-proc', function: 0x4007, flags: 0 },
  ],
  interfaces: [{ id: 0x0300000c, intf_type: 0x200, flags: 0, u: { devnode: { major: 81, minor: 0 } } }],
  pads: [
    { id: 0x01000002, entity_id: 1, flags: 2, index: 0 },
    { id: 0x01000004, entity_id: 3, flags: 1, index: 0 },
  ],
  links: [
    { id: 0x02000008, source_id: 0x01000002, sink_id: 0x01000004, flags: 3 },
    { id: 0x0200000d, source_id: 0x0300000c, sink_id: 1, flags: 0x10000003 },
  ],
}

test('a media device is told with the part that a node belongs to, and what that is linked with', (t) => {
  t.deepEqual(
    mediaLines({ device: DEVICE, topology: TOPOLOGY, node: { major: 81, minor: 0 } }),
    lines(`
Media Driver Info:
	Driver name      : vicodec
	Model            : vicodec
	Serial           : 
	Bus info         : platform:vicodec
	Media version    : 6.1.192
	Hardware revision: 0x00000000 (0)
	Driver version   : 6.1.192
Interface Info:
	ID               : 0x0300000c
	Type             : V4L Video
Entity Info:
	ID               : 0x00000001 (1)
	Name             : stateful-encoder-source
	Function         : V4L2 I/O
	Pad 0x01000002   : 0: Source
	  Link 0x02000008: to remote pad 0x1000004 of entity 'stateful-encoder-proc' (Video Encoder): Data, Enabled, Immutable
`),
  )
  t.is(
    mediaLines({ device: DEVICE, topology: TOPOLOGY, node: { major: 81, minor: 9 } }).length,
    8,
    'of another node, only the device',
  )
  t.is(mediaLines({ device: DEVICE, node: { major: 81, minor: 0 } }).length, 8)
  const dangling = mediaLines({
    device: DEVICE,
    topology: { ...TOPOLOGY, pads: TOPOLOGY.pads.slice(0, 1) },
    node: { major: 81, minor: 0 },
  })
  t.false(dangling.some((line) => line.includes('Link')))
})
