import test from 'ava'
import { metadataFormatLines } from '../../ts/cli/ioctl/format.js'
import { audioListLines, inputLine, inputListLines, inputSetLine, outputLine } from '../../ts/cli/ioctl/inputs.js'
import { outputListLines } from '../../ts/cli/ioctl/inputs.js'
import { mediaLines } from '../../ts/cli/ioctl/media.js'
import { standardLines, standardListLines, standardText } from '../../ts/cli/ioctl/standards.js'
import { currentTimingLines, timingCapabilityLines, timingLines, timingListLines } from '../../ts/cli/ioctl/timings.js'

/** The lines as v4l2-ctl 1.22.1 prints them. */
function lines(text: string): string[] {
  return text.replace(/^\n/, '').replace(/\n *$/, '').split('\n')
}

const WEBCAM = { index: 0, name: 'Webcam 0', type: 2, audioset: 0, tuner: 0, std: 0n, status: 0, capabilities: 0 }
const TV = { index: 1, name: 'TV 0', type: 1, audioset: 3, tuner: 0, std: 0xffffffn, status: 0x102, capabilities: 4 }

test('inputs are printed with their status', (t) => {
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

test('outputs and audio are printed', (t) => {
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

test('television standards are printed by families', (t) => {
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

test('digital timings are printed with totals and rate', (t) => {
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

test('interlaced timings have two fields, and the second version of reduced blanking is printed', (t) => {
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

test('a format of metadata is printed with the size of its buffers', (t) => {
  t.deepEqual(metadataFormatLines(13, 0x48435655, 10_240, 'UVC Payload Header Metadata'), [
    'Format Metadata Capture:',
    "\tSample Format   : 'UVCH' (UVC Payload Header Metadata)",
    '\tBuffer Size     : 10240',
  ])
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

test('a media device is printed with the part that a device node belongs to, and what that is linked with', (t) => {
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
