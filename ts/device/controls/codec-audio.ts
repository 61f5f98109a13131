import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import {
  AUDIO_AC3_BITRATE,
  AUDIO_CRC,
  AUDIO_DEC_PLAYBACK,
  AUDIO_EMPHASIS,
  AUDIO_ENCODING,
  AUDIO_L1_BITRATE,
  AUDIO_L2_BITRATE,
  AUDIO_L3_BITRATE,
  AUDIO_MODE,
  AUDIO_MODE_EXTENSION,
  AUDIO_SAMPLING_FREQ,
  STREAM_TYPE,
  STREAM_VBI_FMT,
} from './menus-audio.js'

/** Of encoders that make whole programme streams: the stream and its sound. */
export const AUDIO_CONTROLS: readonly ControlDefinition[] = [
  control('MPEG_STREAM_TYPE', 0x00990900, 'menu', 'Stream Type', { menu: STREAM_TYPE }),
  control('MPEG_STREAM_PID_PMT', 0x00990901, 'integer', 'Stream PMT Program ID'),
  control('MPEG_STREAM_PID_AUDIO', 0x00990902, 'integer', 'Stream Audio Program ID'),
  control('MPEG_STREAM_PID_VIDEO', 0x00990903, 'integer', 'Stream Video Program ID'),
  control('MPEG_STREAM_PID_PCR', 0x00990904, 'integer', 'Stream PCR Program ID'),
  control('MPEG_STREAM_PES_ID_AUDIO', 0x00990905, 'integer', 'Stream PES Audio ID'),
  control('MPEG_STREAM_PES_ID_VIDEO', 0x00990906, 'integer', 'Stream PES Video ID'),
  control('MPEG_STREAM_VBI_FMT', 0x00990907, 'menu', 'Stream VBI Format', { menu: STREAM_VBI_FMT }),
  control('MPEG_AUDIO_SAMPLING_FREQ', 0x00990964, 'menu', 'Audio Sampling Frequency', { menu: AUDIO_SAMPLING_FREQ }),
  control('MPEG_AUDIO_ENCODING', 0x00990965, 'menu', 'Audio Encoding', { menu: AUDIO_ENCODING }),
  control('MPEG_AUDIO_L1_BITRATE', 0x00990966, 'menu', 'Audio Layer I Bitrate', { menu: AUDIO_L1_BITRATE }),
  control('MPEG_AUDIO_L2_BITRATE', 0x00990967, 'menu', 'Audio Layer II Bitrate', { menu: AUDIO_L2_BITRATE }),
  control('MPEG_AUDIO_L3_BITRATE', 0x00990968, 'menu', 'Audio Layer III Bitrate', { menu: AUDIO_L3_BITRATE }),
  control('MPEG_AUDIO_MODE', 0x00990969, 'menu', 'Audio Stereo Mode', { menu: AUDIO_MODE }),
  control('MPEG_AUDIO_MODE_EXTENSION', 0x0099096a, 'menu', 'Audio Stereo Mode Extension', {
    menu: AUDIO_MODE_EXTENSION,
  }),
  control('MPEG_AUDIO_EMPHASIS', 0x0099096b, 'menu', 'Audio Emphasis', { menu: AUDIO_EMPHASIS }),
  control('MPEG_AUDIO_CRC', 0x0099096c, 'menu', 'Audio CRC', { menu: AUDIO_CRC }),
  control('MPEG_AUDIO_MUTE', 0x0099096d, 'boolean', 'Audio Mute'),
  control('MPEG_AUDIO_AAC_BITRATE', 0x0099096e, 'integer', 'Audio AAC Bitrate', { unit: 'bit/s' }),
  control('MPEG_AUDIO_AC3_BITRATE', 0x0099096f, 'menu', 'Audio AC-3 Bitrate', { menu: AUDIO_AC3_BITRATE }),
  control('MPEG_AUDIO_DEC_PLAYBACK', 0x00990970, 'menu', 'Audio Playback', { menu: AUDIO_DEC_PLAYBACK }),
  control('MPEG_AUDIO_DEC_MULTILINGUAL_PLAYBACK', 0x00990971, 'menu', 'Audio Multilingual Playback', {
    menu: AUDIO_DEC_PLAYBACK,
  }),
]
