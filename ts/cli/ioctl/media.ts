import { MEDIA_ENT_F, MEDIA_ENT_FL, MEDIA_INTF_T, MEDIA_LNK_FL, MEDIA_PAD_FL } from '../../device/constants.js'
import type { MediaInfo, Topology } from '../../device/media.js'
import { hex, shown, versionText } from './print.js'
import { flagsText } from './words.js'
import type { FlagName } from './words.js'

type MediaPad = Topology['pads'][number]
type MediaLink = Topology['links'][number]
type MediaEntity = Topology['entities'][number]

const FUNCTIONS: Readonly<Record<number, string>> = {
  [MEDIA_ENT_F.UNKNOWN]: 'Uninitialized Function',
  [MEDIA_ENT_F.V4L2_SUBDEV_UNKNOWN]: 'Unknown V4L2 Sub-Device',
  [MEDIA_ENT_F.DTV_DEMOD]: 'Digital TV Demodulator',
  [MEDIA_ENT_F.TS_DEMUX]: 'Transport Stream Demuxer',
  [MEDIA_ENT_F.DTV_CA]: 'Digital TV Conditional Access',
  [MEDIA_ENT_F.DTV_NET_DECAP]: 'Digital TV Network ULE/MLE Desencapsulation',
  [MEDIA_ENT_F.IO_DTV]: 'Digital TV I/O',
  [MEDIA_ENT_F.IO_V4L]: 'V4L2 I/O',
  [MEDIA_ENT_F.IO_VBI]: 'VBI I/O',
  [MEDIA_ENT_F.IO_SWRADIO]: 'Software Radio I/O',
  [MEDIA_ENT_F.CAM_SENSOR]: 'Camera Sensor',
  [MEDIA_ENT_F.FLASH]: 'Flash Controller',
  [MEDIA_ENT_F.LENS]: 'Lens Controller',
  [MEDIA_ENT_F.ATV_DECODER]: 'Analog Video Decoder',
  [MEDIA_ENT_F.DV_DECODER]: 'Digital Video Decoder',
  [MEDIA_ENT_F.DV_ENCODER]: 'Digital Video Encoder',
  [MEDIA_ENT_F.TUNER]: 'Tuner',
  [MEDIA_ENT_F.IF_VID_DECODER]: 'IF-PLL Video Decoder',
  [MEDIA_ENT_F.IF_AUD_DECODER]: 'IF-PLL Audio Decoder',
  [MEDIA_ENT_F.AUDIO_CAPTURE]: 'Audio Capture',
  [MEDIA_ENT_F.AUDIO_PLAYBACK]: 'Audio Playback',
  [MEDIA_ENT_F.AUDIO_MIXER]: 'Audio Mixer',
  [MEDIA_ENT_F.PROC_VIDEO_COMPOSER]: 'Video Composer',
  [MEDIA_ENT_F.PROC_VIDEO_PIXEL_FORMATTER]: 'Video Pixel Formatter',
  [MEDIA_ENT_F.PROC_VIDEO_PIXEL_ENC_CONV]: 'Video Pixel Encoding Converter',
  [MEDIA_ENT_F.PROC_VIDEO_LUT]: 'Video Look-Up Table',
  [MEDIA_ENT_F.PROC_VIDEO_SCALER]: 'Video Scaler',
  [MEDIA_ENT_F.PROC_VIDEO_STATISTICS]: 'Video Statistics',
  [MEDIA_ENT_F.PROC_VIDEO_DECODER]: 'Video Decoder',
  [MEDIA_ENT_F.PROC_VIDEO_ENCODER]: 'Video Encoder',
  [MEDIA_ENT_F.VID_MUX]: 'Video Muxer',
  [MEDIA_ENT_F.VID_IF_BRIDGE]: 'Video Interface Bridge',
}

const INTERFACES: Readonly<Record<number, string>> = {
  [MEDIA_INTF_T.DVB_FE]: 'DVB Front End',
  [MEDIA_INTF_T.DVB_DEMUX]: 'DVB Demuxer',
  [MEDIA_INTF_T.DVB_DVR]: 'DVB DVR',
  [MEDIA_INTF_T.DVB_CA]: 'DVB Conditional Access',
  [MEDIA_INTF_T.DVB_NET]: 'DVB Net',
  [MEDIA_INTF_T.V4L_VIDEO]: 'V4L Video',
  [MEDIA_INTF_T.V4L_VBI]: 'V4L VBI',
  [MEDIA_INTF_T.V4L_RADIO]: 'V4L Radio',
  [MEDIA_INTF_T.V4L_SUBDEV]: 'V4L Sub-Device',
  [MEDIA_INTF_T.V4L_SWRADIO]: 'V4L Software Defined Radio',
  [MEDIA_INTF_T.V4L_TOUCH]: 'V4L Touch',
}

const PAD_FLAGS: readonly FlagName[] = [
  [MEDIA_PAD_FL.SINK, 'Sink'],
  [MEDIA_PAD_FL.SOURCE, 'Source'],
  [MEDIA_PAD_FL.MUST_CONNECT, 'Must Connect'],
]

const LINK_FLAGS: readonly FlagName[] = [
  [MEDIA_LNK_FL.ENABLED, 'Enabled'],
  [MEDIA_LNK_FL.IMMUTABLE, 'Immutable'],
  [MEDIA_LNK_FL.DYNAMIC, 'Dynamic'],
]

const ENTITY_FLAGS: readonly FlagName[] = [
  [MEDIA_ENT_FL.DEFAULT, 'default'],
  [MEDIA_ENT_FL.CONNECTOR, 'connector'],
]

/** Since Linux 4.19 parts report flags and pads report their number. */
const COMPLETE_SINCE = 0x041300

function functionText(value: number): string {
  return FUNCTIONS[value] ?? `Unknown Function (${hex(value)})`
}

function linkText(flags: number): string {
  const type = (flags & MEDIA_LNK_FL.LINK_TYPE) >>> 0
  const others = flagsText(flags & ~MEDIA_LNK_FL.LINK_TYPE, LINK_FLAGS)
  const name = type === MEDIA_LNK_FL.DATA_LINK ? 'Data' : `Unknown (${hex(flags)})`
  return others === '' ? name : `${name}, ${others}`
}

function deviceLines(device: MediaInfo['device']): string[] {
  return [
    'Media Driver Info:',
    `\tDriver name      : ${shown(device.driver)}`,
    `\tModel            : ${shown(device.model)}`,
    `\tSerial           : ${shown(device.serial)}`,
    `\tBus info         : ${shown(device.bus_info)}`,
    `\tMedia version    : ${versionText(device.media_version)}`,
    `\tHardware revision: ${hex(device.hw_revision)} (${device.hw_revision})`,
    `\tDriver version   : ${versionText(device.driver_version)}`,
  ]
}

/** A link as it is seen from one of its pads; nothing where the other end is not there. */
function linkLines({ entities, pads }: Topology, pad: MediaPad, link: MediaLink): string[] {
  const isSink = link.sink_id === pad.id
  const remotePad = isSink ? link.source_id : link.sink_id
  const owner = pads.find(({ id }) => id === remotePad)?.entity_id
  const remote = entities.find(({ id }) => id === owner)
  if (!remote) return []
  const end = `pad 0x${remotePad.toString(16)} of entity '${shown(remote.name)}' (${functionText(remote.function)})`
  return [`\t  Link ${hex(link.id)}: ${isSink ? 'from' : 'to'} remote ${end}: ${linkText(link.flags)}`]
}

function padLines(topology: Topology, pad: MediaPad, version: number): string[] {
  const index = version >= COMPLETE_SINCE ? `${pad.index}: ` : ''
  const links = topology.links.filter(
    ({ source_id, sink_id, flags }) =>
      (flags & MEDIA_LNK_FL.LINK_TYPE) >>> 0 === MEDIA_LNK_FL.DATA_LINK && (source_id === pad.id || sink_id === pad.id),
  )
  return [
    `\tPad ${hex(pad.id)}   : ${index}${flagsText(pad.flags, PAD_FLAGS)}`,
    ...links.flatMap((link) => linkLines(topology, pad, link)),
  ]
}

function entityLines(topology: Topology, entity: MediaEntity, version: number): string[] {
  const tellsFlags = version >= COMPLETE_SINCE && entity.flags !== 0
  return [
    'Entity Info:',
    `\tID               : ${hex(entity.id)} (${entity.id})`,
    `\tName             : ${shown(entity.name)}`,
    `\tFunction         : ${functionText(entity.function)}`,
    ...(tellsFlags ? [`\tFlags            : ${flagsText(entity.flags, ENTITY_FLAGS)}`] : []),
    ...topology.pads
      .filter(({ entity_id }) => entity_id === entity.id)
      .flatMap((pad) => padLines(topology, pad, version)),
  ]
}

/** What `v4l2-ctl --info` prints of the media device that a node belongs to. */
export function mediaLines({ device, topology, node }: MediaInfo): string[] {
  const found = topology?.interfaces.find(
    ({ u: { devnode } }) => devnode?.major === node.major && devnode.minor === node.minor,
  )
  if (!topology || !found) return deviceLines(device)
  const { id, intf_type } = found
  const link = topology.links.find(
    ({ flags, source_id }) =>
      (flags & MEDIA_LNK_FL.LINK_TYPE) >>> 0 === MEDIA_LNK_FL.INTERFACE_LINK && source_id === id,
  )
  const entity = topology.entities.find((one) => one.id === link?.sink_id)
  return [
    ...deviceLines(device),
    'Interface Info:',
    `\tID               : ${hex(id)}`,
    `\tType             : ${INTERFACES[intf_type] ?? `FAIL: Unknown (${hex(intf_type)})`}`,
    ...(entity ? entityLines(topology, entity, device.media_version) : []),
  ]
}
