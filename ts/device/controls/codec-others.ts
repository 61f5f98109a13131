import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import {
  AV1_LEVEL,
  AV1_PROFILE,
  MPEG2_LEVEL,
  MPEG2_PROFILE,
  MPEG4_LEVEL,
  MPEG4_PROFILE,
  VP8_PROFILE,
  VP9_LEVEL,
  VP9_PROFILE,
  VPX_GOLDEN_FRAME_SEL,
} from './menus-codec.js'

/** Of MPEG-2, MPEG-4, VP8, VP9, AV1 and FWHT. */
export const OTHER_CODEC_CONTROLS: readonly ControlDefinition[] = [
  control('MPEG_VIDEO_MPEG2_LEVEL', 0x00990a0e, 'menu', 'MPEG2 Level', { menu: MPEG2_LEVEL }),
  control('MPEG_VIDEO_MPEG2_PROFILE', 0x00990a0f, 'menu', 'MPEG2 Profile', { menu: MPEG2_PROFILE }),
  control('FWHT_I_FRAME_QP', 0x00990a22, 'integer', 'FWHT I-Frame QP Value', { range: [1, 31] }),
  control('FWHT_P_FRAME_QP', 0x00990a23, 'integer', 'FWHT P-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_I_FRAME_QP', 0x00990a90, 'integer', 'MPEG4 I-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_P_FRAME_QP', 0x00990a91, 'integer', 'MPEG4 P-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_B_FRAME_QP', 0x00990a92, 'integer', 'MPEG4 B-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_MIN_QP', 0x00990a93, 'integer', 'MPEG4 Minimum QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_MAX_QP', 0x00990a94, 'integer', 'MPEG4 Maximum QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_MPEG4_LEVEL', 0x00990a95, 'menu', 'MPEG4 Level', { menu: MPEG4_LEVEL }),
  control('MPEG_VIDEO_MPEG4_PROFILE', 0x00990a96, 'menu', 'MPEG4 Profile', { menu: MPEG4_PROFILE }),
  control('MPEG_VIDEO_MPEG4_QPEL', 0x00990a97, 'boolean', 'Quarter Pixel Search Enable'),
  control('MPEG_VIDEO_VPX_NUM_PARTITIONS', 0x00990af4, 'integer-menu', 'VPX Number of Partitions', {
    values: [1, 2, 4, 8],
  }),
  control('MPEG_VIDEO_VPX_IMD_DISABLE_4X4', 0x00990af5, 'integer', 'VPX Intra Mode Decision Disable'),
  control('MPEG_VIDEO_VPX_NUM_REF_FRAMES', 0x00990af6, 'integer-menu', 'VPX No. of Refs for P Frame', {
    values: [1, 2, 3],
  }),
  control('MPEG_VIDEO_VPX_FILTER_LEVEL', 0x00990af7, 'integer', 'VPX Loop Filter Level Range'),
  control('MPEG_VIDEO_VPX_FILTER_SHARPNESS', 0x00990af8, 'integer', 'VPX Deblocking Effect Control'),
  control('MPEG_VIDEO_VPX_GOLDEN_FRAME_REF_PERIOD', 0x00990af9, 'integer', 'VPX Golden Frame Refresh Period', {
    unit: 'frames',
  }),
  control('MPEG_VIDEO_VPX_GOLDEN_FRAME_SEL', 0x00990afa, 'menu', 'VPX Golden Frame Indicator', {
    menu: VPX_GOLDEN_FRAME_SEL,
  }),
  control('MPEG_VIDEO_VPX_MIN_QP', 0x00990afb, 'integer', 'VPX Minimum QP Value'),
  control('MPEG_VIDEO_VPX_MAX_QP', 0x00990afc, 'integer', 'VPX Maximum QP Value'),
  control('MPEG_VIDEO_VPX_I_FRAME_QP', 0x00990afd, 'integer', 'VPX I-Frame QP Value'),
  control('MPEG_VIDEO_VPX_P_FRAME_QP', 0x00990afe, 'integer', 'VPX P-Frame QP Value'),
  control('MPEG_VIDEO_VP8_PROFILE', 0x00990aff, 'menu', 'VP8 Profile', { menu: VP8_PROFILE }),
  control('MPEG_VIDEO_VP9_PROFILE', 0x00990b00, 'menu', 'VP9 Profile', { menu: VP9_PROFILE }),
  control('MPEG_VIDEO_VP9_LEVEL', 0x00990b01, 'menu', 'VP9 Level', { menu: VP9_LEVEL }),
  control('MPEG_VIDEO_AV1_PROFILE', 0x00990b8f, 'menu', 'AV1 Profile', { menu: AV1_PROFILE }),
  control('MPEG_VIDEO_AV1_LEVEL', 0x00990b90, 'menu', 'AV1 Level', { menu: AV1_LEVEL }),
]
