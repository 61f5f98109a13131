import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import {
  CX2341X_CHROMA_FILTER,
  CX2341X_FILTER_MODE,
  CX2341X_LUMA_FILTER,
  CX2341X_MEDIAN_FILTER,
  MFC51_FORCE_FRAME_TYPE,
  MFC51_FRAME_SKIP_MODE,
} from './menus-codec.js'

/** Of two encoders that came before the standard ones: the CX2341x and Samsung’s MFC 5.1. */
export const CODEC_DRIVER_CONTROLS: readonly ControlDefinition[] = [
  control('MPEG_CX2341X_VIDEO_SPATIAL_FILTER_MODE', 0x00991000, 'menu', 'Spatial Filter Mode', {
    menu: CX2341X_FILTER_MODE,
  }),
  control('MPEG_CX2341X_VIDEO_SPATIAL_FILTER', 0x00991001, 'integer', 'Spatial Filter', { range: [0, 15] }),
  control('MPEG_CX2341X_VIDEO_LUMA_SPATIAL_FILTER_TYPE', 0x00991002, 'menu', 'Spatial Luma Filter Type', {
    menu: CX2341X_LUMA_FILTER,
  }),
  control('MPEG_CX2341X_VIDEO_CHROMA_SPATIAL_FILTER_TYPE', 0x00991003, 'menu', 'Spatial Chroma Filter Type', {
    menu: CX2341X_CHROMA_FILTER,
  }),
  control('MPEG_CX2341X_VIDEO_TEMPORAL_FILTER_MODE', 0x00991004, 'menu', 'Temporal Filter Mode', {
    menu: CX2341X_FILTER_MODE,
  }),
  control('MPEG_CX2341X_VIDEO_TEMPORAL_FILTER', 0x00991005, 'integer', 'Temporal Filter', { range: [0, 31] }),
  control('MPEG_CX2341X_VIDEO_MEDIAN_FILTER_TYPE', 0x00991006, 'menu', 'Median Filter Type', {
    menu: CX2341X_MEDIAN_FILTER,
  }),
  control('MPEG_CX2341X_VIDEO_LUMA_MEDIAN_FILTER_BOTTOM', 0x00991007, 'integer', 'Median Luma Filter Minimum', {
    range: [0, 255],
  }),
  control('MPEG_CX2341X_VIDEO_LUMA_MEDIAN_FILTER_TOP', 0x00991008, 'integer', 'Median Luma Filter Maximum', {
    range: [0, 255],
  }),
  control('MPEG_CX2341X_VIDEO_CHROMA_MEDIAN_FILTER_BOTTOM', 0x00991009, 'integer', 'Median Chroma Filter Minimum', {
    range: [0, 255],
  }),
  control('MPEG_CX2341X_VIDEO_CHROMA_MEDIAN_FILTER_TOP', 0x0099100a, 'integer', 'Median Chroma Filter Maximum', {
    range: [0, 255],
  }),
  control('MPEG_CX2341X_STREAM_INSERT_NAV_PACKETS', 0x0099100b, 'boolean', 'Insert Navigation Packets'),
  control('MPEG_MFC51_VIDEO_DECODER_H264_DISPLAY_DELAY', 0x00991100, 'integer', 'H264 Display Delay', {
    range: [0, 0x3fff],
    unit: 'frames',
  }),
  control('MPEG_MFC51_VIDEO_DECODER_H264_DISPLAY_DELAY_ENABLE', 0x00991101, 'boolean', 'H264 Display Delay Enable'),
  control('MPEG_MFC51_VIDEO_FRAME_SKIP_MODE', 0x00991102, 'menu', 'Frame Skip Enable', { menu: MFC51_FRAME_SKIP_MODE }),
  control('MPEG_MFC51_VIDEO_FORCE_FRAME_TYPE', 0x00991103, 'menu', 'Force frame type', {
    menu: MFC51_FORCE_FRAME_TYPE,
  }),
  control('MPEG_MFC51_VIDEO_PADDING', 0x00991104, 'boolean', 'Padding Control Enable'),
  control('MPEG_MFC51_VIDEO_PADDING_YUV', 0x00991105, 'integer', 'Padding Color YUV Value', { range: [0, 0x1ffffff] }),
  control('MPEG_MFC51_VIDEO_RC_FIXED_TARGET_BIT', 0x00991106, 'boolean', 'Fixed Target Bit Enable'),
  control('MPEG_MFC51_VIDEO_RC_REACTION_COEFF', 0x00991107, 'integer', 'Rate Control Reaction Coeff.', {
    range: [1, 0xffff],
  }),
  control('MPEG_MFC51_VIDEO_H264_ADAPTIVE_RC_ACTIVITY', 0x00991132, 'boolean', 'H264 Activity Reg Adaptive RC'),
  control('MPEG_MFC51_VIDEO_H264_ADAPTIVE_RC_DARK', 0x00991133, 'boolean', 'H264 Dark Reg Adaptive RC'),
  control('MPEG_MFC51_VIDEO_H264_ADAPTIVE_RC_SMOOTH', 0x00991134, 'boolean', 'H264 Smooth Reg Adaptive RC'),
  control('MPEG_MFC51_VIDEO_H264_ADAPTIVE_RC_STATIC', 0x00991135, 'boolean', 'H264 Static Reg Adaptive RC'),
  control('MPEG_MFC51_VIDEO_H264_NUM_REF_PIC_FOR_P', 0x00991136, 'integer', 'The Number of Ref. Pic for P', {
    range: [1, 2],
  }),
]
