export const VIDEO_ENCODING = ['MPEG-1', 'MPEG-2', 'MPEG-4 AVC']

export const VIDEO_ASPECT = ['1x1', '4x3', '16x9', '2.21x1']

export const VIDEO_BITRATE_MODE = ['Variable Bitrate', 'Constant Bitrate', 'Constant Quality']

export const SEQUENCE_HEADER_MODE = ['Separate Buffer', 'Joined With 1st Frame']

export const MULTI_SLICE_MODE = ['Single', 'Max Macroblocks', 'Max Bytes']

export const H264_DECODE_MODE = ['Slice-Based', 'Frame-Based']

export const H264_START_CODE = ['No Start Code', 'Annex B Start Code']

export const MPEG2_LEVEL = ['Low', 'Main', 'High 1440', 'High']

export const MPEG2_PROFILE = ['Simple', 'Main', 'SNR Scalable', 'Spatially Scalable', 'High']

export const MPEG4_LEVEL = ['0', '0b', '1', '2', '3', '3b', '4', '5']

export const MPEG4_PROFILE = ['Simple', 'Advanced Simple', 'Core', 'Simple Scalable', 'Advanced Coding Efficiency']

export const VPX_GOLDEN_FRAME_SEL = ['Use Previous Frame', 'Use Previous Specific Frame']

export const VP8_PROFILE = ['0', '1', '2', '3']

export const VP9_PROFILE = ['0', '1', '2', '3']

export const VP9_LEVEL = ['1', '1.1', '2', '2.1', '3', '3.1', '4', '4.1', '5', '5.1', '5.2', '6', '6.1', '6.2']

export const HEVC_DECODE_MODE = ['Slice-Based', 'Frame-Based']

export const HEVC_START_CODE = ['No Start Code', 'Annex B Start Code']

export const FRAME_SKIP_MODE = ['Disabled', 'Level Limit', 'VBV/CPB Limit']

export const INTRA_REFRESH_PERIOD_TYPE = ['Random', 'Cyclic']

export const AV1_PROFILE = ['Main', 'High', 'Professional']

export const AV1_LEVEL = [
  '2.0',
  '2.1',
  '2.2',
  '2.3',
  '3.0',
  '3.1',
  '3.2',
  '3.3',
  '4.0',
  '4.1',
  '4.2',
  '4.3',
  '5.0',
  '5.1',
  '5.2',
  '5.3',
  '6.0',
  '6.1',
  '6.2',
  '6.3',
  '7.0',
  '7.1',
  '7.2',
  '7.3',
]

export const CX2341X_FILTER_MODE = ['Manual', 'Auto']

export const CX2341X_LUMA_FILTER = [
  'Off',
  '1D Horizontal',
  '1D Vertical',
  '2D H/V Separable',
  '2D Symmetric non-separable',
]

export const CX2341X_CHROMA_FILTER = ['Off', '1D Horizontal']

export const CX2341X_MEDIAN_FILTER = ['Off', 'Horizontal', 'Vertical', 'Horizontal/Vertical', 'Diagonal']

export const MFC51_FORCE_FRAME_TYPE = ['Disabled', 'I Frame', 'Not Coded']

export const MFC51_FRAME_SKIP_MODE = ['Disabled', 'Level Limit', 'VBV/CPB Limit']
