import { transportOf, uint32OrText } from '../../shared/arguments.js'
import { BAYER_FORMATS } from './bayer.js'
import { CODED_FORMATS } from './coded.js'
import type { FormatDefinition } from './definition.js'
import { fourccText } from './fourcc.js'
import { GREY_FORMATS } from './grey.js'
import { NVIDIA_FORMATS } from './nvidia.js'
import { OTHER_FORMATS } from './other.js'
import { RGB_FORMATS } from './rgb.js'
import { YUV_FORMATS } from './yuv.js'

/** Every pixel format of V4L2. */
export const FORMATS: readonly FormatDefinition[] = [
  ...RGB_FORMATS,
  ...YUV_FORMATS,
  ...GREY_FORMATS,
  ...BAYER_FORMATS,
  ...CODED_FORMATS,
  ...OTHER_FORMATS,
]

function byCode(formats: readonly FormatDefinition[]): Map<string, FormatDefinition> {
  return new Map(formats.map((one) => [one.code, one]))
}

const BY_CODE = { kernel: byCode(FORMATS), nvidia: byCode([...FORMATS, ...NVIDIA_FORMATS]) }

/**
 * What is known about the pixel format of this four-character code, or of this number.
 *
 * @example
 * ```ts
 * import { formatByCode } from 'v4l2-encoder/device'
 *
 * formatByCode('NM12')?.planes // 2
 * ```
 */
export function formatByCode(
  code: string | number,
  transport: 'kernel' | 'nvidia' = 'kernel',
): FormatDefinition | undefined {
  const checked = uint32OrText(code, 'code')
  return BY_CODE[transportOf(transport)].get(typeof checked === 'number' ? fourccText(checked) : checked.padEnd(4))
}
