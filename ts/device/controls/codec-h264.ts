import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import {
  H264_ENTROPY_MODE,
  H264_FMO_MAP_TYPE,
  H264_FP_ARRANGEMENT_TYPE,
  H264_HIERARCHICAL_CODING_TYPE,
  H264_LEVEL,
  H264_LOOP_FILTER,
  H264_PROFILE,
  H264_VUI_SAR_IDC,
} from './menus-h264.js'

/** Of H.264 and H.263. */
export const H264_CONTROLS: readonly ControlDefinition[] = [
  control('MPEG_VIDEO_H263_I_FRAME_QP', 0x00990a2c, 'integer', 'H263 I-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_H263_P_FRAME_QP', 0x00990a2d, 'integer', 'H263 P-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_H263_B_FRAME_QP', 0x00990a2e, 'integer', 'H263 B-Frame QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_H263_MIN_QP', 0x00990a2f, 'integer', 'H263 Minimum QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_H263_MAX_QP', 0x00990a30, 'integer', 'H263 Maximum QP Value', { range: [1, 31] }),
  control('MPEG_VIDEO_H264_I_FRAME_QP', 0x00990a5e, 'integer', 'H264 I-Frame QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_P_FRAME_QP', 0x00990a5f, 'integer', 'H264 P-Frame QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_B_FRAME_QP', 0x00990a60, 'integer', 'H264 B-Frame QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_MIN_QP', 0x00990a61, 'integer', 'H264 Minimum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_MAX_QP', 0x00990a62, 'integer', 'H264 Maximum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_8X8_TRANSFORM', 0x00990a63, 'boolean', 'H264 8x8 Transform Enable'),
  control('MPEG_VIDEO_H264_CPB_SIZE', 0x00990a64, 'integer', 'H264 CPB Buffer Size', { unit: 'KiB' }),
  control('MPEG_VIDEO_H264_ENTROPY_MODE', 0x00990a65, 'menu', 'H264 Entropy Mode', { menu: H264_ENTROPY_MODE }),
  control('MPEG_VIDEO_H264_I_PERIOD', 0x00990a66, 'integer', 'H264 I-Frame Period', { unit: 'frames' }),
  control('MPEG_VIDEO_H264_LEVEL', 0x00990a67, 'menu', 'H264 Level', { menu: H264_LEVEL }),
  control('MPEG_VIDEO_H264_LOOP_FILTER_ALPHA', 0x00990a68, 'integer', 'H264 Loop Filter Alpha Offset', {
    range: [-6, 6],
  }),
  control('MPEG_VIDEO_H264_LOOP_FILTER_BETA', 0x00990a69, 'integer', 'H264 Loop Filter Beta Offset', {
    range: [-6, 6],
  }),
  control('MPEG_VIDEO_H264_LOOP_FILTER_MODE', 0x00990a6a, 'menu', 'H264 Loop Filter Mode', { menu: H264_LOOP_FILTER }),
  control('MPEG_VIDEO_H264_PROFILE', 0x00990a6b, 'menu', 'H264 Profile', { menu: H264_PROFILE }),
  control('MPEG_VIDEO_H264_VUI_EXT_SAR_HEIGHT', 0x00990a6c, 'integer', 'Vertical Size of SAR'),
  control('MPEG_VIDEO_H264_VUI_EXT_SAR_WIDTH', 0x00990a6d, 'integer', 'Horizontal Size of SAR'),
  control('MPEG_VIDEO_H264_VUI_SAR_ENABLE', 0x00990a6e, 'boolean', 'Aspect Ratio VUI Enable'),
  control('MPEG_VIDEO_H264_VUI_SAR_IDC', 0x00990a6f, 'menu', 'VUI Aspect Ratio IDC', { menu: H264_VUI_SAR_IDC }),
  control('MPEG_VIDEO_H264_SEI_FRAME_PACKING', 0x00990a70, 'integer', 'H264 Enable Frame Packing SEI'),
  control('MPEG_VIDEO_H264_SEI_FP_CURRENT_FRAME_0', 0x00990a71, 'integer', 'H264 Set Curr. Frame as Frame0'),
  control('MPEG_VIDEO_H264_SEI_FP_ARRANGEMENT_TYPE', 0x00990a72, 'menu', 'H264 FP Arrangement Type', {
    menu: H264_FP_ARRANGEMENT_TYPE,
  }),
  control('MPEG_VIDEO_H264_FMO', 0x00990a73, 'integer', 'H264 Flexible MB Ordering'),
  control('MPEG_VIDEO_H264_FMO_MAP_TYPE', 0x00990a74, 'menu', 'H264 Map Type for FMO', { menu: H264_FMO_MAP_TYPE }),
  control('MPEG_VIDEO_H264_FMO_SLICE_GROUP', 0x00990a75, 'integer', 'H264 FMO Number of Slice Groups'),
  control('MPEG_VIDEO_H264_FMO_CHANGE_DIRECTION', 0x00990a76, 'integer', 'H264 FMO Direction of Change'),
  control('MPEG_VIDEO_H264_FMO_CHANGE_RATE', 0x00990a77, 'integer', 'H264 FMO Size of 1st Slice Grp'),
  control('MPEG_VIDEO_H264_FMO_RUN_LENGTH', 0x00990a78, 'integer', 'H264 FMO No. of Consecutive MBs'),
  control('MPEG_VIDEO_H264_ASO', 0x00990a79, 'integer', 'H264 Arbitrary Slice Ordering'),
  control('MPEG_VIDEO_H264_ASO_SLICE_ORDER', 0x00990a7a, 'integer', 'H264 ASO Slice Order'),
  control('MPEG_VIDEO_H264_HIERARCHICAL_CODING', 0x00990a7b, 'integer', 'Enable H264 Hierarchical Coding'),
  control('MPEG_VIDEO_H264_HIERARCHICAL_CODING_TYPE', 0x00990a7c, 'menu', 'H264 Hierarchical Coding Type', {
    menu: H264_HIERARCHICAL_CODING_TYPE,
  }),
  control('MPEG_VIDEO_H264_HIERARCHICAL_CODING_LAYER', 0x00990a7d, 'integer', 'H264 Number of HC Layers'),
  control('MPEG_VIDEO_H264_HIERARCHICAL_CODING_LAYER_QP', 0x00990a7e, 'integer', 'H264 Set QP Value for HC Layers'),
  control('MPEG_VIDEO_H264_CONSTRAINED_INTRA_PREDICTION', 0x00990a7f, 'integer', 'H264 Constrained Intra Pred'),
  control('MPEG_VIDEO_H264_CHROMA_QP_INDEX_OFFSET', 0x00990a80, 'integer', 'H264 Chroma QP Index Offset', {
    range: [-12, 12],
  }),
  control('MPEG_VIDEO_H264_I_FRAME_MIN_QP', 0x00990a81, 'integer', 'H264 I-Frame Minimum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_I_FRAME_MAX_QP', 0x00990a82, 'integer', 'H264 I-Frame Maximum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_P_FRAME_MIN_QP', 0x00990a83, 'integer', 'H264 P-Frame Minimum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_P_FRAME_MAX_QP', 0x00990a84, 'integer', 'H264 P-Frame Maximum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_B_FRAME_MIN_QP', 0x00990a85, 'integer', 'H264 B-Frame Minimum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_B_FRAME_MAX_QP', 0x00990a86, 'integer', 'H264 B-Frame Maximum QP Value', { range: [0, 51] }),
  control('MPEG_VIDEO_H264_HIER_CODING_L0_BR', 0x00990a87, 'integer', 'H264 Hierarchical Lay 0 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L1_BR', 0x00990a88, 'integer', 'H264 Hierarchical Lay 1 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L2_BR', 0x00990a89, 'integer', 'H264 Hierarchical Lay 2 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L3_BR', 0x00990a8a, 'integer', 'H264 Hierarchical Lay 3 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L4_BR', 0x00990a8b, 'integer', 'H264 Hierarchical Lay 4 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L5_BR', 0x00990a8c, 'integer', 'H264 Hierarchical Lay 5 Bitrate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_H264_HIER_CODING_L6_BR', 0x00990a8d, 'integer', 'H264 Hierarchical Lay 6 Bitrate', {
    unit: 'bit/s',
  }),
]
