import { control } from './definition.js'
import type { ControlDefinition, ControlKind } from './definition.js'

/**
 * When NVIDIA's library takes a control: `'open'` first of all, `'formats'` between the two formats, `'before-buffers'` after
 * both formats and before buffers are asked for, `'after-buffers'` once there are buffers, `'frame'` before each picture,
 * `'chunk'` after each coded buffer and before it is given back, `'any'` at any time after the formats.
 */
export type NvidiaControlTime = 'open' | 'formats' | 'before-buffers' | 'after-buffers' | 'frame' | 'chunk' | 'any'

/** A control of NVIDIA's library, which are all in the codec class. */
export interface NvidiaControlDefinition extends ControlDefinition {
  /** When it may be set, or read where it tells something. */
  readonly when: NvidiaControlTime
}

const LEVELS = ['1', '2', '2.1', '3', '3.1', '4', '4.1', '5', '5.1', '5.2', '6', '6.1', '6.2']
/** Unlike V4L2, NVIDIA has level and tier in one number. */
const H265_LEVELS = LEVELS.flatMap((level) => [`${level} Main`, `${level} High`])

const CODEC_BASE = 0x00990900

/** The number counts from the base of the codec class, as in NVIDIA's headers. */
function nvidia(
  name: string,
  number: number,
  kind: ControlKind,
  when: NvidiaControlTime,
  facts: Parameters<typeof control>[4] = {},
): NvidiaControlDefinition {
  return { ...control(name, CODEC_BASE + number, kind, undefined, facts), when }
}

/**
 * Those that concern encoders. Where a number is also that of a standard control (513 is VP9's level elsewhere), NVIDIA's library
 * means its own. The payload is the name of a layout, of which {@link NVIDIA_PAYLOADS} has those that every release shares.
 */
export const NVIDIA_CONTROLS: readonly NvidiaControlDefinition[] = [
  nvidia('MPEG_VIDEO_H265_PROFILE', 513, 'menu', 'before-buffers', {
    menu: ['Main', 'Main 10', 'Main Still Picture', 'Format Range Extensions'],
  }),
  nvidia('MPEG_VIDEO_IDR_INTERVAL', 514, 'integer', 'before-buffers', { unit: 'frames' }),
  nvidia('MPEG_VIDEOENC_TEMPORAL_TRADEOFF_LEVEL', 528, 'menu', 'before-buffers', {
    menu: ['Drop None', 'Drop 1 in 5', 'Drop 1 in 3', 'Drop 1 in 2', 'Drop 2 in 3'],
  }),
  nvidia('MPEG_VIDEOENC_SLICE_LENGTH_PARAM', 529, 'compound', 'before-buffers', { payload: 'slice-length' }),
  nvidia('MPEG_VIDEOENC_ROI_PARAMS', 530, 'compound', 'after-buffers', { payload: 'frame-roi' }),
  nvidia('MPEG_VIDEOENC_VIRTUALBUFFER_SIZE', 531, 'compound', 'before-buffers', {
    payload: 'virtual-buffer-size',
    unit: 'bits',
  }),
  nvidia('MPEG_VIDEOENC_NUM_REFERENCE_FRAMES', 532, 'compound', 'before-buffers', { payload: 'reference-frames' }),
  nvidia('MPEG_VIDEOENC_SLICE_INTRAREFRESH_PARAM', 533, 'compound', 'before-buffers', {
    payload: 'slice-intra-refresh',
    unit: 'slices',
  }),
  nvidia('MPEG_VIDEOENC_NUM_BFRAMES', 534, 'integer', 'before-buffers', { unit: 'frames' }),
  nvidia('MPEG_VIDEOENC_INSERT_SPS_PPS_AT_IDR', 535, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_METADATA', 536, 'compound', 'chunk', { payload: 'video-metadata' }),
  nvidia('MPEG_VIDEOENC_ENABLE_METADATA_MV', 537, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_METADATA_MV', 538, 'compound', 'chunk', { payload: 'video-metadata' }),
  nvidia('MPEG_VIDEOENC_QP_RANGE', 539, 'compound', 'before-buffers', { payload: 'qp-range' }),
  nvidia('MPEG_VIDEOENC_HW_PRESET_TYPE_PARAM', 540, 'menu', 'before-buffers', {
    menu: ['Off', 'Ultra Fast', 'Fast', 'Medium', 'Slow'],
  }),
  nvidia('MPEG_VIDEOENC_INPUT_METADATA', 541, 'compound', 'frame', { payload: 'input-metadata' }),
  nvidia('MPEG_VIDEOENC_ENABLE_EXTERNAL_RPS_CONTROL', 542, 'compound', 'before-buffers', { payload: 'enable-rps' }),
  nvidia('MPEG_VIDEOENC_ENABLE_EXTERNAL_RATE_CONTROL', 543, 'compound', 'before-buffers', {
    payload: 'enable-rate-control',
  }),
  nvidia('MPEG_VIDEOENC_ENABLE_ROI_PARAM', 544, 'compound', 'before-buffers', { payload: 'enable' }),
  nvidia('MPEG_VIDEOENC_ENABLE_RECONCRC_PARAM', 545, 'compound', 'before-buffers', { payload: 'enable' }),
  nvidia('MPEG_VIDEOENC_INSERT_VUI', 546, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_INSERT_AUD', 547, 'boolean', 'before-buffers'),
  // The spelling is NVIDIA's.
  nvidia('MPEG_VIDEOENC_EXTEDED_COLORFORMAT', 548, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEO_DEVICE_POLL', 550, 'compound', 'any', { payload: 'device-poll' }),
  nvidia('MPEG_SET_POLL_INTERRUPT', 551, 'boolean', 'any'),
  nvidia('MPEG_VIDEOENC_TWO_PASS_CBR', 552, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEO_MAX_PERFORMANCE', 554, 'integer', 'before-buffers', { range: [0, 1] }),
  nvidia('MPEG_VIDEOENC_ENABLE_ALLIFRAME_ENCODE', 555, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEO_BUF_API_TYPE', 556, 'integer', 'open'),
  nvidia('MPEG_VIDEO_CUDA_MEM_TYPE', 557, 'integer', 'before-buffers'),
  nvidia('MPEG_VIDEO_CUDA_GPU_ID', 558, 'integer', 'open'),
  nvidia('MPEG_VIDEOENC_VPX_HEADERS_WITH_FRAME', 560, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_H265_LEVEL', 561, 'menu', 'before-buffers', { menu: H265_LEVELS }),
  nvidia('MPEG_VIDEOENC_ENABLE_SLICE_LEVEL_ENCODE', 562, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_POC_TYPE', 563, 'integer', 'before-buffers', { range: [0, 2] }),
  nvidia('MPEG_VIDEOENC_H265_VUI_EXT_SAR_WIDTH', 564, 'integer', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_H265_VUI_EXT_SAR_HEIGHT', 565, 'integer', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_FORCE_INTRA_FRAME', 566, 'integer', 'any', { range: [0, 1] }),
  nvidia('MPEG_VIDEOENC_FORCE_IDR_FRAME', 567, 'integer', 'any', { range: [0, 1] }),
  nvidia('MPEG_VIDEOENC_AV1_HEADERS_WITH_FRAME', 569, 'boolean', 'formats'),
  nvidia('MPEG_VIDEOENC_AV1_TILE_CONFIGURATION', 570, 'compound', 'before-buffers', { payload: 'av1-tiles' }),
  nvidia('MPEG_VIDEOENC_AV1_ENABLE_SSIMRDO', 571, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_AV1_DISABLE_CDF_UPDATE', 572, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_FRAMES_TO_ENCODE', 573, 'integer', 'before-buffers', { unit: 'frames' }),
  nvidia('MPEG_VIDEOENC_INIT_FRAME_QP', 574, 'compound', 'before-buffers', { payload: 'frame-qp' }),
  nvidia('MPEG_VIDEOENC_ENABLE_LOSSLESS', 575, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_H265_CHROMA_FACTOR_IDC', 576, 'integer', 'before-buffers', { range: [1, 3] }),
  nvidia('MPEG_VIDEOENC_PPE_INIT_PARAMS', 577, 'compound', 'after-buffers', { payload: 'ppe-init' }),
  nvidia('MPEG_VIDEOENC_CUDA_PRESET_ID', 578, 'integer', 'before-buffers', { range: [1, 7] }),
  nvidia('MPEG_VIDEOENC_CUDA_TUNING_INFO', 579, 'integer', 'before-buffers', { range: [1, 4] }),
  nvidia('MPEG_VIDEOENC_CUDA_CONSTQP', 580, 'compound', 'before-buffers', { payload: 'frame-qp' }),
  nvidia('MPEG_VIDEOENC_H265_DISABLE_AMP', 581, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_RECONFIG_FPS', 582, 'compound', 'any', { payload: 'frame-rate' }),
  nvidia('MPEG_VIDEO_MAXBITRATE', 583, 'integer', 'any', { unit: 'bit/s' }),
  nvidia('MPEG_VIDEOENC_VBVBUFSIZE', 584, 'integer', 'any', { unit: 'bits' }),
  nvidia('MPEG_VIDEOENC_VBVINIT', 585, 'integer', 'any', { unit: 'bits' }),
  nvidia('MPEG_VIDEOENC_ENABLE_AQ', 586, 'integer', 'before-buffers', { range: [0, 15] }),
  nvidia('MPEG_VIDEOENC_ENABLE_TEMPORAL_AQ', 587, 'boolean', 'before-buffers'),
  nvidia('MPEG_VIDEOENC_TARGET_QUALITY', 588, 'integer', 'before-buffers', { range: [0, 51] }),
  nvidia('MPEG_VIDEOENC_INTRA_REFRESH', 590, 'compound', 'before-buffers', { payload: 'intra-refresh' }),
]

/**
 * The value of NVIDIA's control 561 for a level of H.265 and its tier; undefined for a level that there is none of.
 *
 * @internal
 */
export function nvidiaH265Level(level: string, tier: 'main' | 'high'): number | undefined {
  const value = H265_LEVELS.indexOf(`${level.replace(/\.0$/, '')} ${tier === 'main' ? 'Main' : 'High'}`)
  return value < 0 ? undefined : value
}
