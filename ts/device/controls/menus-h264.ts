export const H264_ENTROPY_MODE = ['CAVLC', 'CABAC']

export const H264_LEVEL = [
  '1',
  '1b',
  '1.1',
  '1.2',
  '1.3',
  '2',
  '2.1',
  '2.2',
  '3',
  '3.1',
  '3.2',
  '4',
  '4.1',
  '4.2',
  '5',
  '5.1',
  '5.2',
  '6.0',
  '6.1',
  '6.2',
]

export const H264_LOOP_FILTER = ['Enabled', 'Disabled', 'Disabled at Slice Boundary']

export const H264_PROFILE = [
  'Baseline',
  'Constrained Baseline',
  'Main',
  'Extended',
  'High',
  'High 10',
  'High 422',
  'High 444 Predictive',
  'High 10 Intra',
  'High 422 Intra',
  'High 444 Intra',
  'CAVLC 444 Intra',
  'Scalable Baseline',
  'Scalable High',
  'Scalable High Intra',
  'Stereo High',
  'Multiview High',
  'Constrained High',
]

export const H264_VUI_SAR_IDC = [
  'Unspecified',
  '1:1',
  '12:11',
  '10:11',
  '16:11',
  '40:33',
  '24:11',
  '20:11',
  '32:11',
  '80:33',
  '18:11',
  '15:11',
  '64:33',
  '160:99',
  '4:3',
  '3:2',
  '2:1',
  'Extended SAR',
]

export const H264_FP_ARRANGEMENT_TYPE = ['Checkerboard', 'Column', 'Row', 'Side by Side', 'Top Bottom', 'Temporal']

export const H264_FMO_MAP_TYPE = [
  'Interleaved Slices',
  'Scattered Slices',
  'Foreground with Leftover',
  'Box Out',
  'Raster Scan',
  'Wipe Scan',
  'Explicit',
]

export const H264_HIERARCHICAL_CODING_TYPE = ['Hier Coding B', 'Hier Coding P']
