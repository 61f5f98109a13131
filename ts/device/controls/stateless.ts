import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import { H264_DECODE_MODE, H264_START_CODE, HEVC_DECODE_MODE, HEVC_START_CODE } from './menus-codec.js'

/** Of codecs that are told everything about each picture. */
export const STATELESS_CONTROLS: readonly ControlDefinition[] = [
  control('STATELESS_H264_DECODE_MODE', 0x00a40900, 'menu', 'H264 Decode Mode', { menu: H264_DECODE_MODE }),
  control('STATELESS_H264_START_CODE', 0x00a40901, 'menu', 'H264 Start Code', { menu: H264_START_CODE }),
  control('STATELESS_H264_SPS', 0x00a40902, 'compound', 'H264 Sequence Parameter Set', {
    payload: 'struct v4l2_ctrl_h264_sps',
  }),
  control('STATELESS_H264_PPS', 0x00a40903, 'compound', 'H264 Picture Parameter Set', {
    payload: 'struct v4l2_ctrl_h264_pps',
  }),
  control('STATELESS_H264_SCALING_MATRIX', 0x00a40904, 'compound', 'H264 Scaling Matrix', {
    payload: 'struct v4l2_ctrl_h264_scaling_matrix',
  }),
  control('STATELESS_H264_PRED_WEIGHTS', 0x00a40905, 'compound', 'H264 Prediction Weight Table', {
    payload: 'struct v4l2_ctrl_h264_pred_weights',
  }),
  control('STATELESS_H264_SLICE_PARAMS', 0x00a40906, 'compound', 'H264 Slice Parameters', {
    payload: 'struct v4l2_ctrl_h264_slice_params',
  }),
  control('STATELESS_H264_DECODE_PARAMS', 0x00a40907, 'compound', 'H264 Decode Parameters', {
    payload: 'struct v4l2_ctrl_h264_decode_params',
  }),
  control('STATELESS_FWHT_PARAMS', 0x00a40964, 'compound', 'FWHT Stateless Parameters', {
    payload: 'struct v4l2_ctrl_fwht_params',
  }),
  control('STATELESS_VP8_FRAME', 0x00a409c8, 'compound', 'VP8 Frame Parameters', {
    payload: 'struct v4l2_ctrl_vp8_frame',
  }),
  control('STATELESS_MPEG2_SEQUENCE', 0x00a409dc, 'compound', 'MPEG-2 Sequence Header', {
    payload: 'struct v4l2_ctrl_mpeg2_sequence',
  }),
  control('STATELESS_MPEG2_PICTURE', 0x00a409dd, 'compound', 'MPEG-2 Picture Header', {
    payload: 'struct v4l2_ctrl_mpeg2_picture',
  }),
  control('STATELESS_MPEG2_QUANTISATION', 0x00a409de, 'compound', 'MPEG-2 Quantisation Matrices', {
    payload: 'struct v4l2_ctrl_mpeg2_quantisation',
  }),
  control('STATELESS_VP9_FRAME', 0x00a40a2c, 'compound', 'VP9 Frame Decode Parameters', {
    payload: 'struct v4l2_ctrl_vp9_frame',
  }),
  control('STATELESS_VP9_COMPRESSED_HDR', 0x00a40a2d, 'compound', 'VP9 Probabilities Updates', {
    payload: 'struct v4l2_ctrl_vp9_compressed_hdr',
  }),
  control('STATELESS_HEVC_SPS', 0x00a40a90, 'compound', 'HEVC Sequence Parameter Set', {
    payload: 'struct v4l2_ctrl_hevc_sps',
  }),
  control('STATELESS_HEVC_PPS', 0x00a40a91, 'compound', 'HEVC Picture Parameter Set', {
    payload: 'struct v4l2_ctrl_hevc_pps',
  }),
  control('STATELESS_HEVC_SLICE_PARAMS', 0x00a40a92, 'compound', 'HEVC Slice Parameters', {
    payload: 'struct v4l2_ctrl_hevc_slice_params',
  }),
  control('STATELESS_HEVC_SCALING_MATRIX', 0x00a40a93, 'compound', 'HEVC Scaling Matrix', {
    payload: 'struct v4l2_ctrl_hevc_scaling_matrix',
  }),
  control('STATELESS_HEVC_DECODE_PARAMS', 0x00a40a94, 'compound', 'HEVC Decode Parameters', {
    payload: 'struct v4l2_ctrl_hevc_decode_params',
  }),
  control('STATELESS_HEVC_DECODE_MODE', 0x00a40a95, 'menu', 'HEVC Decode Mode', { menu: HEVC_DECODE_MODE }),
  control('STATELESS_HEVC_START_CODE', 0x00a40a96, 'menu', 'HEVC Start Code', { menu: HEVC_START_CODE }),
  control('STATELESS_HEVC_ENTRY_POINT_OFFSETS', 0x00a40a97, 'compound', 'HEVC Entry Point Offsets', {
    payload: '__u32',
  }),
  control('STATELESS_HEVC_EXT_SPS_ST_RPS', 0x00a40a98, 'compound', 'HEVC Short Term Ref Sets', {
    payload: 'struct v4l2_ctrl_hevc_ext_sps_st_rps',
  }),
  control('STATELESS_HEVC_EXT_SPS_LT_RPS', 0x00a40a99, 'compound', 'HEVC Long Term Ref Sets', {
    payload: 'struct v4l2_ctrl_hevc_ext_sps_lt_rps',
  }),
  control('STATELESS_AV1_SEQUENCE', 0x00a40af4, 'compound', 'AV1 Sequence Parameters', {
    payload: 'struct v4l2_ctrl_av1_sequence',
  }),
  control('STATELESS_AV1_TILE_GROUP_ENTRY', 0x00a40af5, 'compound', 'AV1 Tile Group Entry', {
    payload: 'struct v4l2_ctrl_av1_tile_group_entry',
  }),
  control('STATELESS_AV1_FRAME', 0x00a40af6, 'compound', 'AV1 Frame Parameters', {
    payload: 'struct v4l2_ctrl_av1_frame',
  }),
  control('STATELESS_AV1_FILM_GRAIN', 0x00a40af9, 'compound', 'AV1 Film Grain', {
    payload: 'struct v4l2_ctrl_av1_film_grain',
  }),
]
