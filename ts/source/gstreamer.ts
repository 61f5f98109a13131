/** An element of a pipeline with its properties, or caps. */
type Element = readonly string[]

/**
 * A text as the value of a property. The parser of gst-launch gives a meaning to blanks, quotes and backslashes, none of which may
 * stand in a URL as they are; so they are written as a URL writes them.
 *
 * @internal
 */
export function urlValue(url: string): string {
  return url.replaceAll(/[^\u0021-\u007e]|["'\\`]/gu, (character) => {
    const bytes = [...Buffer.from(character)]
    return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  })
}

/**
 * The arguments of gst-launch-1.0 for elements one after the other. What some elements print goes to standard output, so frames
 * go to descriptor 3.
 *
 * @internal
 */
export function pipeline(...elements: Element[]): string[] {
  const all = [...elements, ['fdsink', 'fd=3', 'sync=false']]
  return ['-q', ...all.flatMap((element, index) => (index === 0 ? element : ['!', ...element]))]
}

/**
 * Rows of I420 as GStreamer lays them out in memory: each begins at a multiple of four.
 *
 * @internal
 */
export function i420Strides(width: number): number[] {
  const four = (bytes: number) => 4 * Math.ceil(bytes / 4)
  const chroma = four(Math.ceil(width / 2))
  return [four(width), chroma, chroma]
}
