import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import {
  HEVC_HIERARCHICAL_CODING_TYPE,
  HEVC_LEVEL,
  HEVC_LOOP_FILTER_MODE,
  HEVC_PROFILE,
  HEVC_REFRESH_TYPE,
  HEVC_SIZE_OF_LENGTH_FIELD,
  HEVC_TIER,
} from './menus-h265.js'

/** Of H.265, which V4L2 calls HEVC. */
export const H265_CONTROLS: readonly ControlDefinition[] = [
  control('MPEG_VIDEO_HEVC_MIN_QP', 0x00990b58, 'integer', 'HEVC Minimum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_MAX_QP', 0x00990b59, 'integer', 'HEVC Maximum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_I_FRAME_QP', 0x00990b5a, 'integer', 'HEVC I-Frame QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_P_FRAME_QP', 0x00990b5b, 'integer', 'HEVC P-Frame QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_B_FRAME_QP', 0x00990b5c, 'integer', 'HEVC B-Frame QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_HIER_QP', 0x00990b5d, 'integer', 'HEVC QP Values'),
  control('MPEG_VIDEO_HEVC_HIER_CODING_TYPE', 0x00990b5e, 'menu', 'HEVC Hierarchical Coding Type', {
    menu: HEVC_HIERARCHICAL_CODING_TYPE,
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_LAYER', 0x00990b5f, 'integer', 'HEVC Hierarchical Coding Layer'),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L0_QP', 0x00990b60, 'integer', 'HEVC Hierarchical Layer 0 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L1_QP', 0x00990b61, 'integer', 'HEVC Hierarchical Layer 1 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L2_QP', 0x00990b62, 'integer', 'HEVC Hierarchical Layer 2 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L3_QP', 0x00990b63, 'integer', 'HEVC Hierarchical Layer 3 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L4_QP', 0x00990b64, 'integer', 'HEVC Hierarchical Layer 4 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L5_QP', 0x00990b65, 'integer', 'HEVC Hierarchical Layer 5 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L6_QP', 0x00990b66, 'integer', 'HEVC Hierarchical Layer 6 QP', {
    range: [0, 63],
  }),
  control('MPEG_VIDEO_HEVC_PROFILE', 0x00990b67, 'menu', 'HEVC Profile', { menu: HEVC_PROFILE }),
  control('MPEG_VIDEO_HEVC_LEVEL', 0x00990b68, 'menu', 'HEVC Level', { menu: HEVC_LEVEL }),
  control('MPEG_VIDEO_HEVC_FRAME_RATE_RESOLUTION', 0x00990b69, 'integer', 'HEVC Frame Rate Resolution'),
  control('MPEG_VIDEO_HEVC_TIER', 0x00990b6a, 'menu', 'HEVC Tier', { menu: HEVC_TIER }),
  control('MPEG_VIDEO_HEVC_MAX_PARTITION_DEPTH', 0x00990b6b, 'integer', 'HEVC Maximum Coding Unit Depth'),
  control('MPEG_VIDEO_HEVC_LOOP_FILTER_MODE', 0x00990b6c, 'menu', 'HEVC Loop Filter', { menu: HEVC_LOOP_FILTER_MODE }),
  control('MPEG_VIDEO_HEVC_LF_BETA_OFFSET_DIV2', 0x00990b6d, 'integer', 'HEVC Loop Filter Beta Offset', {
    range: [-6, 6],
  }),
  control('MPEG_VIDEO_HEVC_LF_TC_OFFSET_DIV2', 0x00990b6e, 'integer', 'HEVC Loop Filter TC Offset', { range: [-6, 6] }),
  control('MPEG_VIDEO_HEVC_REFRESH_TYPE', 0x00990b6f, 'menu', 'HEVC Refresh Type', { menu: HEVC_REFRESH_TYPE }),
  control('MPEG_VIDEO_HEVC_REFRESH_PERIOD', 0x00990b70, 'integer', 'HEVC Num of I-Frame b/w 2 IDR', { unit: 'frames' }),
  control('MPEG_VIDEO_HEVC_LOSSLESS_CU', 0x00990b71, 'integer', 'HEVC Lossless Encoding'),
  control('MPEG_VIDEO_HEVC_CONST_INTRA_PRED', 0x00990b72, 'integer', 'HEVC Constant Intra Prediction'),
  control('MPEG_VIDEO_HEVC_WAVEFRONT', 0x00990b73, 'integer', 'HEVC Wavefront'),
  control('MPEG_VIDEO_HEVC_GENERAL_PB', 0x00990b74, 'integer', 'HEVC General PB'),
  control('MPEG_VIDEO_HEVC_TEMPORAL_ID', 0x00990b75, 'integer', 'HEVC Temporal ID'),
  control('MPEG_VIDEO_HEVC_STRONG_SMOOTHING', 0x00990b76, 'integer', 'HEVC Strong Intra Smoothing'),
  control('MPEG_VIDEO_HEVC_MAX_NUM_MERGE_MV_MINUS1', 0x00990b77, 'integer', 'HEVC Max Num of Candidate MVs', {
    range: [0, 4],
  }),
  control('MPEG_VIDEO_HEVC_INTRA_PU_SPLIT', 0x00990b78, 'integer', 'HEVC Intra PU Split'),
  control('MPEG_VIDEO_HEVC_TMV_PREDICTION', 0x00990b79, 'integer', 'HEVC TMV Prediction'),
  control('MPEG_VIDEO_HEVC_WITHOUT_STARTCODE', 0x00990b7a, 'integer', 'HEVC ENC Without Startcode'),
  control('MPEG_VIDEO_HEVC_SIZE_OF_LENGTH_FIELD', 0x00990b7b, 'menu', 'HEVC Size of Length Field', {
    menu: HEVC_SIZE_OF_LENGTH_FIELD,
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L0_BR', 0x00990b7c, 'integer', 'HEVC Hierarchical Lay 0 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L1_BR', 0x00990b7d, 'integer', 'HEVC Hierarchical Lay 1 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L2_BR', 0x00990b7e, 'integer', 'HEVC Hierarchical Lay 2 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L3_BR', 0x00990b7f, 'integer', 'HEVC Hierarchical Lay 3 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L4_BR', 0x00990b80, 'integer', 'HEVC Hierarchical Lay 4 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L5_BR', 0x00990b81, 'integer', 'HEVC Hierarchical Lay 5 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_HIER_CODING_L6_BR', 0x00990b82, 'integer', 'HEVC Hierarchical Lay 6 BitRate', {
    unit: 'bit/s',
  }),
  control('MPEG_VIDEO_HEVC_I_FRAME_MIN_QP', 0x00990b87, 'integer', 'HEVC I-Frame Minimum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_I_FRAME_MAX_QP', 0x00990b88, 'integer', 'HEVC I-Frame Maximum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_P_FRAME_MIN_QP', 0x00990b89, 'integer', 'HEVC P-Frame Minimum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_P_FRAME_MAX_QP', 0x00990b8a, 'integer', 'HEVC P-Frame Maximum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_B_FRAME_MIN_QP', 0x00990b8b, 'integer', 'HEVC B-Frame Minimum QP Value', { range: [0, 63] }),
  control('MPEG_VIDEO_HEVC_B_FRAME_MAX_QP', 0x00990b8c, 'integer', 'HEVC B-Frame Maximum QP Value', { range: [0, 63] }),
]
