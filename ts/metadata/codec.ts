// ts/metadata: reads what went into a stream with its frames. It runs in browsers too, so nothing of Node.js or of other folders is used.
/** How the units of a stream are put together, as the encoder's option `bitstream`. */
export type MetadataBitstream = 'annexb' | 'length-prefixed'

/** What the bytes are; an encoder's `config` can be given as it is. */
export interface MetadataFormat {
  /** `'h264'` or `'h265'`, or a codec string of RFC 6381 such as `'avc1.42e01f'`. */
  codec: string
  /**
   * How units are put together: behind start codes, or each behind its length in four bytes.
   * @default 'annexb'
   */
  bitstream?: MetadataBitstream
}

/**
 * What a unit means here.
 *
 * @internal
 */
export type UnitKind = 'sei' | 'slice' | 'other'

/**
 * What is to be known of a codec.
 *
 * @internal
 */
export interface CodecUnits {
  /** Bytes of a unit's header. */
  header: number
  /** By the header. */
  kindOf: (header: Uint8Array) => UnitKind
}

const H264: CodecUnits = {
  header: 1,
  kindOf: ([first = 0]) => {
    const type = first & 0x1f
    return type === 6 ? 'sei' : type >= 1 && type <= 5 ? 'slice' : 'other'
  },
}

const H265: CodecUnits = {
  header: 2,
  kindOf: ([first = 0, second = 0]) => {
    const type = (first >> 1) & 0x3f
    const isBaseLayer = (first & 1) === 0 && second >> 3 === 0
    if (!isBaseLayer) return 'other'
    return type === 39 ? 'sei' : type <= 31 ? 'slice' : 'other'
  },
}

/** @internal */
export function codecUnits(codec: unknown): CodecUnits {
  if (typeof codec === 'string') {
    if (/^(h264|avc)/i.test(codec)) return H264
    if (/^(h265|hevc|hvc1|hev1)/i.test(codec)) return H265
  }
  throw new TypeError(
    `The codec must be 'h264' or 'h265', but is ${typeof codec === 'string' ? `'${codec}'` : typeof codec}.`,
  )
}

/** @internal */
export function isLengthPrefixed(bitstream: unknown): boolean {
  if (bitstream === undefined || bitstream === 'annexb') return false
  if (bitstream === 'length-prefixed') return true
  throw new TypeError("The bitstream must be 'annexb' or 'length-prefixed'.")
}
