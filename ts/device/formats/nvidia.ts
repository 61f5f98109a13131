import { format } from './definition.js'
import type { FormatDefinition } from './definition.js'

/** Those of NVIDIA's library that differ from the standard ones, or that there is no standard one of. */
export const NVIDIA_FORMATS: readonly FormatDefinition[] = [
  format('PIX_FMT_H265', 'H265', 'H.265', { isCoded: true }),
  format('PIX_FMT_AV1', 'AV10', 'AV1', { isCoded: true }),
  format('PIX_FMT_YUV444M', 'YM24', 'Planar YUV 4:4:4 (N-C)', { planes: 3 }),
  format('PIX_FMT_NV24M', 'NM24', 'Y/UV 4:4:4 (N-C)', { planes: 2 }),
  format('PIX_FMT_NV24_10LE', 'NV10', '10-bit Y/UV 4:4:4 (N-C)', { planes: 2 }),
  format('PIX_FMT_P010M', 'PM10', '10-bit Y/UV 4:2:0 (N-C)', { planes: 2 }),
  format('PIX_FMT_YUV444_10LE', 'P410', '10-bit Planar YUV 4:4:4'),
  format('PIX_FMT_YUV444_12LE', 'P412', '12-bit Planar YUV 4:4:4'),
]
