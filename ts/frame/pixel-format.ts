/** The names of the pixel formats. */
export const PIXEL_FORMATS = ['I420', 'NV12', 'RGB', 'BGR', 'RGBA', 'BGRA', 'YUYV', 'UYVY', 'YV12', 'NV21'] as const

/**
 * How pixels lie in a frame, 8 bits a component. Encoders take 4:2:0, so `'I420'` (Y, U, V) and `'NV12'` (Y, then U and V interleaved) go
 * in as they are; `'YV12'` and `'NV21'` (V before U), `'YUYV'` and `'UYVY'` (4:2:2 in one plane), `'RGB'`, `'BGR'`, `'RGBA'` and `'BGRA'` (bytes
 * in this order; alpha is ignored) are converted while they are copied.
 */
export type PixelFormat = (typeof PIXEL_FORMATS)[number]
