import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import { DETECTION_MODE, DV_IT_CONTENT_TYPE, DV_RGB_RANGE, DV_TX_MODE } from './menus-camera.js'

/** Of HDMI and DVI, of the detection of motion, and of colorimetry. */
export const DIGITAL_VIDEO_CONTROLS: readonly ControlDefinition[] = [
  control('DV_TX_HOTPLUG', 0x00a00901, 'bitmask', 'Hotplug Present'),
  control('DV_TX_RXSENSE', 0x00a00902, 'bitmask', 'RxSense Present'),
  control('DV_TX_EDID_PRESENT', 0x00a00903, 'bitmask', 'EDID Present'),
  control('DV_TX_MODE', 0x00a00904, 'menu', 'Transmit Mode', { menu: DV_TX_MODE }),
  control('DV_TX_RGB_RANGE', 0x00a00905, 'menu', 'Tx RGB Quantization Range', { menu: DV_RGB_RANGE }),
  control('DV_TX_IT_CONTENT_TYPE', 0x00a00906, 'menu', 'Tx IT Content Type', { menu: DV_IT_CONTENT_TYPE }),
  control('DV_RX_POWER_PRESENT', 0x00a00964, 'bitmask', 'Power Present'),
  control('DV_RX_RGB_RANGE', 0x00a00965, 'menu', 'Rx RGB Quantization Range', { menu: DV_RGB_RANGE }),
  control('DV_RX_IT_CONTENT_TYPE', 0x00a00966, 'menu', 'Rx IT Content Type', { menu: DV_IT_CONTENT_TYPE }),
  control('DETECT_MD_MODE', 0x00a30901, 'menu', 'Motion Detection Mode', { menu: DETECTION_MODE }),
  control('DETECT_MD_GLOBAL_THRESHOLD', 0x00a30902, 'integer', 'MD Global Threshold'),
  control('DETECT_MD_THRESHOLD_GRID', 0x00a30903, 'compound', 'MD Threshold Grid', { payload: '__u16' }),
  control('DETECT_MD_REGION_GRID', 0x00a30904, 'compound', 'MD Region Grid', { payload: '__u8' }),
  control('COLORIMETRY_HDR10_CLL_INFO', 0x00a50900, 'compound', 'HDR10 Content Light Info', {
    payload: 'struct v4l2_ctrl_hdr10_cll_info',
  }),
  control('COLORIMETRY_HDR10_MASTERING_DISPLAY', 0x00a50901, 'compound', 'HDR10 Mastering Display', {
    payload: 'struct v4l2_ctrl_hdr10_mastering_display',
  }),
]
