export const AUDIO_SAMPLING_FREQ = ['44.1 kHz', '48 kHz', '32 kHz']

export const AUDIO_ENCODING = ['MPEG-1/2 Layer I', 'MPEG-1/2 Layer II', 'MPEG-1/2 Layer III', 'MPEG-2/4 AAC', 'AC-3']

export const AUDIO_L1_BITRATE = [
  '32 kbps',
  '64 kbps',
  '96 kbps',
  '128 kbps',
  '160 kbps',
  '192 kbps',
  '224 kbps',
  '256 kbps',
  '288 kbps',
  '320 kbps',
  '352 kbps',
  '384 kbps',
  '416 kbps',
  '448 kbps',
]

export const AUDIO_L2_BITRATE = [
  '32 kbps',
  '48 kbps',
  '56 kbps',
  '64 kbps',
  '80 kbps',
  '96 kbps',
  '112 kbps',
  '128 kbps',
  '160 kbps',
  '192 kbps',
  '224 kbps',
  '256 kbps',
  '320 kbps',
  '384 kbps',
]

export const AUDIO_L3_BITRATE = [
  '32 kbps',
  '40 kbps',
  '48 kbps',
  '56 kbps',
  '64 kbps',
  '80 kbps',
  '96 kbps',
  '112 kbps',
  '128 kbps',
  '160 kbps',
  '192 kbps',
  '224 kbps',
  '256 kbps',
  '320 kbps',
]

export const AUDIO_AC3_BITRATE = [
  '32 kbps',
  '40 kbps',
  '48 kbps',
  '56 kbps',
  '64 kbps',
  '80 kbps',
  '96 kbps',
  '112 kbps',
  '128 kbps',
  '160 kbps',
  '192 kbps',
  '224 kbps',
  '256 kbps',
  '320 kbps',
  '384 kbps',
  '448 kbps',
  '512 kbps',
  '576 kbps',
  '640 kbps',
]

export const AUDIO_MODE = ['Stereo', 'Joint Stereo', 'Dual', 'Mono']

export const AUDIO_MODE_EXTENSION = ['Bound 4', 'Bound 8', 'Bound 12', 'Bound 16']

export const AUDIO_EMPHASIS = ['No Emphasis', '50/15 us', 'CCITT J17']

export const AUDIO_CRC = ['No CRC', '16-bit CRC']

export const AUDIO_DEC_PLAYBACK = ['Auto', 'Stereo', 'Left', 'Right', 'Mono', 'Swapped Stereo']

export const STREAM_TYPE = [
  'MPEG-2 Program Stream',
  'MPEG-2 Transport Stream',
  'MPEG-1 System Stream',
  'MPEG-2 DVD-compatible Stream',
  'MPEG-1 VCD-compatible Stream',
  'MPEG-2 SVCD-compatible Stream',
]

export const STREAM_VBI_FMT = ['No VBI', 'Private Packet, IVTV Format']
