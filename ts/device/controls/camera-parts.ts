// ts/device/controls: the controls of V4L2 and of NVIDIA by name and number, with their menus.
import { control } from './definition.js'
import type { ControlDefinition } from './definition.js'
import { FLASH_LED_MODE, FLASH_STROBE_SOURCE, JPEG_CHROMA_SUBSAMPLING } from './menus-camera.js'

/** Of flashes, JPEG coders, image sensors and what works on their pictures. */
export const CAMERA_PART_CONTROLS: readonly ControlDefinition[] = [
  control('FLASH_LED_MODE', 0x009c0901, 'menu', 'LED Mode', { menu: FLASH_LED_MODE }),
  control('FLASH_STROBE_SOURCE', 0x009c0902, 'menu', 'Strobe Source', { menu: FLASH_STROBE_SOURCE }),
  control('FLASH_STROBE', 0x009c0903, 'button', 'Strobe'),
  control('FLASH_STROBE_STOP', 0x009c0904, 'button', 'Stop Strobe'),
  control('FLASH_STROBE_STATUS', 0x009c0905, 'boolean', 'Strobe Status'),
  control('FLASH_TIMEOUT', 0x009c0906, 'integer', 'Strobe Timeout', { unit: 'µs' }),
  control('FLASH_INTENSITY', 0x009c0907, 'integer', 'Intensity, Flash Mode', { unit: 'mA' }),
  control('FLASH_TORCH_INTENSITY', 0x009c0908, 'integer', 'Intensity, Torch Mode', { unit: 'mA' }),
  control('FLASH_INDICATOR_INTENSITY', 0x009c0909, 'integer', 'Intensity, Indicator', { unit: 'µA' }),
  control('FLASH_FAULT', 0x009c090a, 'bitmask', 'Faults'),
  control('FLASH_CHARGE', 0x009c090b, 'boolean', 'Charge'),
  control('FLASH_READY', 0x009c090c, 'boolean', 'Ready to Strobe'),
  control('FLASH_DURATION', 0x009c090d, 'integer', 'Strobe Duration', { unit: 'µs' }),
  control('FLASH_STROBE_OE', 0x009c090e, 'boolean', 'Strobe Output Enable'),
  control('JPEG_CHROMA_SUBSAMPLING', 0x009d0901, 'menu', 'Chroma Subsampling', { menu: JPEG_CHROMA_SUBSAMPLING }),
  control('JPEG_RESTART_INTERVAL', 0x009d0902, 'integer', 'Restart Interval', { unit: 'MCUs' }),
  control('JPEG_COMPRESSION_QUALITY', 0x009d0903, 'integer', 'Compression Quality', { range: [1, 100] }),
  control('JPEG_ACTIVE_MARKER', 0x009d0904, 'bitmask', 'Active Markers'),
  control('VBLANK', 0x009e0901, 'integer', 'Vertical Blanking', { unit: 'lines' }),
  control('HBLANK', 0x009e0902, 'integer', 'Horizontal Blanking', { unit: 'pixels' }),
  control('ANALOGUE_GAIN', 0x009e0903, 'integer', 'Analogue Gain'),
  control('TEST_PATTERN_RED', 0x009e0904, 'integer', 'Red Pixel Value'),
  control('TEST_PATTERN_GREENR', 0x009e0905, 'integer', 'Green (Red) Pixel Value'),
  control('TEST_PATTERN_BLUE', 0x009e0906, 'integer', 'Blue Pixel Value'),
  control('TEST_PATTERN_GREENB', 0x009e0907, 'integer', 'Green (Blue) Pixel Value'),
  control('UNIT_CELL_SIZE', 0x009e0908, 'compound', 'Unit Cell Size', { unit: 'nm', payload: 'struct v4l2_area' }),
  control('NOTIFY_GAINS', 0x009e0909, 'integer', 'Notify Gains'),
  control('LINK_FREQ', 0x009f0901, 'integer-menu', 'Link Frequency', { unit: 'Hz' }),
  control('PIXEL_RATE', 0x009f0902, 'integer64', 'Pixel Rate', { unit: 'pixels/s' }),
  control('TEST_PATTERN', 0x009f0903, 'menu', 'Test Pattern'),
  control('DEINTERLACING_MODE', 0x009f0904, 'menu', 'Deinterlacing Mode'),
  control('DIGITAL_GAIN', 0x009f0905, 'integer', 'Digital Gain'),
]
