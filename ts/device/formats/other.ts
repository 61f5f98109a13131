import { format } from './definition.js'
import type { FormatDefinition } from './definition.js'

/** Radio samples, touches and metadata. */
export const OTHER_FORMATS: readonly FormatDefinition[] = [
  format('SDR_FMT_CU8', 'CU08', 'Complex U8'),
  format('SDR_FMT_CU16LE', 'CU16', 'Complex U16LE'),
  format('SDR_FMT_CS8', 'CS08', 'Complex S8'),
  format('SDR_FMT_CS14LE', 'CS14', 'Complex S14LE'),
  format('SDR_FMT_RU12LE', 'RU12', 'Real U12LE'),
  format('SDR_FMT_PCU16BE', 'PC16', 'Planar Complex U16BE'),
  format('SDR_FMT_PCU18BE', 'PC18', 'Planar Complex U18BE'),
  format('SDR_FMT_PCU20BE', 'PC20', 'Planar Complex U20BE'),
  format('TCH_FMT_DELTA_TD16', 'TD16', '16-bit Signed Deltas'),
  format('TCH_FMT_DELTA_TD08', 'TD08', '8-bit Signed Deltas'),
  format('TCH_FMT_TU16', 'TU16', '16-bit Unsigned Touch Data'),
  format('TCH_FMT_TU08', 'TU08', '8-bit Unsigned Touch Data'),
  format('META_FMT_VSP1_HGO', 'VSPH', 'R-Car VSP1 1-D Histogram'),
  format('META_FMT_VSP1_HGT', 'VSPT', 'R-Car VSP1 2-D Histogram'),
  format('META_FMT_UVC', 'UVCH', 'UVC Payload Header Metadata'),
  format('META_FMT_D4XX', 'D4XX', 'Intel D4xx UVC Metadata'),
  format('META_FMT_UVC_MSXU_1_5', 'UVCM', 'UVC MSXU Metadata'),
  format('META_FMT_VIVID', 'VIVD', 'Vivid Metadata'),
  format('META_FMT_RK_ISP1_PARAMS', 'RK1P', 'Rockchip ISP1 3A Parameters'),
  format('META_FMT_RK_ISP1_STAT_3A', 'RK1S', 'Rockchip ISP1 3A Statistics'),
  format('META_FMT_RK_ISP1_EXT_PARAMS', 'RK1E', 'Rockchip ISP1 Ext 3A Params'),
  format('META_FMT_C3ISP_PARAMS', 'C3PM', 'Amlogic C3 ISP Parameters'),
  format('META_FMT_C3ISP_STATS', 'C3ST', 'Amlogic C3 ISP Statistics'),
  format('META_FMT_RPI_BE_CFG', 'RPBC', 'RPi PiSP BE Config format'),
  format('META_FMT_RPI_FE_CFG', 'RPFC', 'RPi PiSP FE Config format'),
  format('META_FMT_RPI_FE_STATS', 'RPFS', 'RPi PiSP FE Statistics format'),
  format('META_FMT_MALI_C55_PARAMS', 'C55P', 'ARM Mali-C55 ISP Parameters'),
  format('META_FMT_MALI_C55_STATS', 'C55S', 'ARM Mali-C55 ISP 3A Statistics'),
]
