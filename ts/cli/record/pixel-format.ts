import { extname } from 'node:path'
import type { PixelFormat } from '../../frame/pixel-format.js'

/** What the end of a file's name says about the raw frames in it. */
const FORMATS: Record<string, PixelFormat> = {
  '.yuv': 'I420',
  '.yuv420p': 'I420',
  '.i420': 'I420',
  '.yv12': 'YV12',
  '.nv12': 'NV12',
  '.nv21': 'NV21',
  '.rgb': 'RGB',
  '.bgr': 'BGR',
  '.rgba': 'RGBA',
  '.bgra': 'BGRA',
  '.yuyv': 'YUYV',
  '.yuy2': 'YUYV',
  '.uyvy': 'UYVY',
}

const RAW_ENDINGS = ['.y4m', '.raw', ...Object.keys(FORMATS)]

/** Whether a file's name ends like those of raw frames and Y4M. */
export function isNamedAsRawFrames(file: string): boolean {
  const name = file.toLowerCase()
  return RAW_ENDINGS.some((end) => name.endsWith(end))
}

/** The format that a file's name stands for, if it does. */
export function formatOfName(file: string): PixelFormat | undefined {
  return FORMATS[extname(file).toLowerCase()]
}
