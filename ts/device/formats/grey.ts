import { format } from './definition.js'
import type { FormatDefinition } from './definition.js'

/** Pixels of brightness alone, and of depth. */
export const GREY_FORMATS: readonly FormatDefinition[] = [
  format('PIX_FMT_GREY', 'GREY', '8-bit Greyscale'),
  format('PIX_FMT_Y4', 'Y04 ', '4-bit Greyscale'),
  format('PIX_FMT_Y6', 'Y06 ', '6-bit Greyscale'),
  format('PIX_FMT_Y10', 'Y10 ', '10-bit Greyscale'),
  format('PIX_FMT_Y12', 'Y12 ', '12-bit Greyscale'),
  format('PIX_FMT_Y012', 'Y012', '12-bit Greyscale (bits 15-4)'),
  format('PIX_FMT_Y14', 'Y14 ', '14-bit Greyscale'),
  format('PIX_FMT_Y16', 'Y16 ', '16-bit Greyscale'),
  format('PIX_FMT_Y16_BE', 'Y16 -BE', '16-bit Greyscale BE'),
  format('PIX_FMT_Y10BPACK', 'Y10B', '10-bit Greyscale (Packed)'),
  format('PIX_FMT_Y10P', 'Y10P', '10-bit Greyscale (MIPI Packed)'),
  format('PIX_FMT_IPU3_Y10', 'ip3y', '10-bit greyscale (IPU3 Packed)'),
  format('PIX_FMT_Y12P', 'Y12P', '12-bit Greyscale (MIPI Packed)'),
  format('PIX_FMT_Y14P', 'Y14P', '14-bit Greyscale (MIPI Packed)'),
  format('PIX_FMT_UV8', 'UV8 ', '8-bit Chrominance UV 4-4'),
  format('PIX_FMT_Y8I', 'Y8I ', 'Interleaved 8-bit Greyscale'),
  format('PIX_FMT_Y12I', 'Y12I', 'Interleaved 12-bit Greyscale'),
  format('PIX_FMT_Y16I', 'Y16I', 'Interleaved 16-bit Greyscale'),
  format('PIX_FMT_Z16', 'Z16 ', '16-bit Depth'),
  format('PIX_FMT_INZI', 'INZI', 'Planar 10:16 Greyscale Depth'),
  format('PIX_FMT_CNF4', 'CNF4', '4-bit Depth Confidence (Packed)'),
]
