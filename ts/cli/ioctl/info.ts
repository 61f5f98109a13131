import { V4L2_CAP } from '../../device/constants.js'
import type { Capability } from '../../device/types.js'
import { hex, shown, versionText } from './print.js'
import type { FlagName } from './words.js'

const CAPABILITIES: readonly FlagName[] = [
  [V4L2_CAP.VIDEO_CAPTURE, 'Video Capture'],
  [V4L2_CAP.VIDEO_CAPTURE_MPLANE, 'Video Capture Multiplanar'],
  [V4L2_CAP.VIDEO_OUTPUT, 'Video Output'],
  [V4L2_CAP.VIDEO_OUTPUT_MPLANE, 'Video Output Multiplanar'],
  [V4L2_CAP.VIDEO_M2M, 'Video Memory-to-Memory'],
  [V4L2_CAP.VIDEO_M2M_MPLANE, 'Video Memory-to-Memory Multiplanar'],
  [V4L2_CAP.VIDEO_OVERLAY, 'Video Overlay'],
  [V4L2_CAP.VIDEO_OUTPUT_OVERLAY, 'Video Output Overlay'],
  [V4L2_CAP.VBI_CAPTURE, 'VBI Capture'],
  [V4L2_CAP.VBI_OUTPUT, 'VBI Output'],
  [V4L2_CAP.SLICED_VBI_CAPTURE, 'Sliced VBI Capture'],
  [V4L2_CAP.SLICED_VBI_OUTPUT, 'Sliced VBI Output'],
  [V4L2_CAP.RDS_CAPTURE, 'RDS Capture'],
  [V4L2_CAP.RDS_OUTPUT, 'RDS Output'],
  [V4L2_CAP.SDR_CAPTURE, 'SDR Capture'],
  [V4L2_CAP.SDR_OUTPUT, 'SDR Output'],
  [V4L2_CAP.META_CAPTURE, 'Metadata Capture'],
  [V4L2_CAP.META_OUTPUT, 'Metadata Output'],
  [V4L2_CAP.TUNER, 'Tuner'],
  [V4L2_CAP.TOUCH, 'Touch Device'],
  [V4L2_CAP.HW_FREQ_SEEK, 'HW Frequency Seek'],
  [V4L2_CAP.MODULATOR, 'Modulator'],
  [V4L2_CAP.AUDIO, 'Audio'],
  [V4L2_CAP.RADIO, 'Radio'],
  [V4L2_CAP.READWRITE, 'Read/Write'],
  // What this bit meant before Linux 6.14 gave it another meaning; v4l2-ctl still calls it so.
  [V4L2_CAP.EDID, 'Async I/O'],
  [V4L2_CAP.STREAMING, 'Streaming'],
  [V4L2_CAP.EXT_PIX_FORMAT, 'Extended Pix Format'],
  [V4L2_CAP.DEVICE_CAPS, 'Device Capabilities'],
]

function capabilityLines(capabilities: number): string[] {
  return CAPABILITIES.filter(([flag]) => (capabilities & flag) !== 0).map(([, name]) => `\t\t${name}`)
}

/** What `v4l2-ctl --info` prints of the device. */
export function infoLines({ driver, card, busInfo, version, capabilities, deviceCaps }: Capability): string[] {
  const tellsNode = (capabilities & V4L2_CAP.DEVICE_CAPS) !== 0
  return [
    'Driver Info:',
    `\tDriver name      : ${shown(driver)}`,
    `\tCard type        : ${shown(card)}`,
    `\tBus info         : ${shown(busInfo)}`,
    `\tDriver version   : ${versionText(version)}`,
    `\tCapabilities     : ${hex(capabilities)}`,
    ...capabilityLines(capabilities),
    ...(tellsNode ? [`\tDevice Caps      : ${hex(deviceCaps)}`, ...capabilityLines(deviceCaps)] : []),
  ]
}
