export const HEVC_PROFILE = ['Main', 'Main Still Picture', 'Main 10']

export const HEVC_LEVEL = ['1', '2', '2.1', '3', '3.1', '4', '4.1', '5', '5.1', '5.2', '6', '6.1', '6.2']

export const HEVC_HIERARCHICAL_CODING_TYPE = ['B', 'P']

export const HEVC_REFRESH_TYPE = ['None', 'CRA', 'IDR']

export const HEVC_SIZE_OF_LENGTH_FIELD = ['0', '1', '2', '4']

export const HEVC_TIER = ['Main', 'High']

export const HEVC_LOOP_FILTER_MODE = ['Disabled', 'Enabled', 'Disabled at slice boundary']
