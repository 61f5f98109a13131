export const CAMERA_POWER_LINE_FREQUENCY = ['Disabled', '50 Hz', '60 Hz', 'Auto']

export const CAMERA_EXPOSURE_AUTO = ['Auto Mode', 'Manual Mode', 'Shutter Priority Mode', 'Aperture Priority Mode']

export const CAMERA_EXPOSURE_METERING = ['Average', 'Center Weighted', 'Spot', 'Matrix']

export const CAMERA_AUTO_FOCUS_RANGE = ['Auto', 'Normal', 'Macro', 'Infinity']

export const COLORFX = [
  'None',
  'Black & White',
  'Sepia',
  'Negative',
  'Emboss',
  'Sketch',
  'Sky Blue',
  'Grass Green',
  'Skin Whiten',
  'Vivid',
  'Aqua',
  'Art Freeze',
  'Silhouette',
  'Solarization',
  'Antique',
  'Set Cb/Cr',
]

export const AUTO_N_PRESET_WHITE_BALANCE = [
  'Manual',
  'Auto',
  'Incandescent',
  'Fluorescent',
  'Fluorescent H',
  'Horizon',
  'Daylight',
  'Flash',
  'Cloudy',
  'Shade',
]

export const CAMERA_ISO_SENSITIVITY_AUTO = ['Manual', 'Auto']

export const SCENE_MODE = [
  'None',
  'Backlight',
  'Beach/Snow',
  'Candle Light',
  'Dusk/Dawn',
  'Fall Colors',
  'Fireworks',
  'Landscape',
  'Night',
  'Party/Indoor',
  'Portrait',
  'Sports',
  'Sunset',
  'Text',
]

export const TUNE_EMPHASIS = ['None', '50 Microseconds', '75 Microseconds']

export const FLASH_LED_MODE = ['Off', 'Flash', 'Torch']

export const FLASH_STROBE_SOURCE = ['Software', 'External']

export const JPEG_CHROMA_SUBSAMPLING = ['4:4:4', '4:2:2', '4:2:0', '4:1:1', '4:1:0', 'Gray']

export const DV_TX_MODE = ['DVI-D', 'HDMI']

export const DV_RGB_RANGE = ['Automatic', 'RGB Limited Range (16-235)', 'RGB Full Range (0-255)']

export const DV_IT_CONTENT_TYPE = ['Graphics', 'Photo', 'Cinema', 'Game', 'No IT Content']

export const DETECTION_MODE = ['Disabled', 'Global', 'Threshold Grid', 'Region Grid']

export const CAMERA_ORIENTATION = ['Front', 'Back', 'External']
