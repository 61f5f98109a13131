import { pathToFileURL } from 'node:url'
import type { ColorSpace } from '../encoder/options.js'
import { i420Strides, pipeline, urlValue } from './gstreamer.js'

/**
 * What is asked of a source.
 *
 * @internal
 */
export interface Wish {
  width: number | undefined
  height: number | undefined
  framerate: number | undefined
  transport: 'tcp' | 'udp'
  /** ffmpeg before 5.1 has -vsync instead, which later ones lose. */
  ffmpegHasFpsMode: boolean
  /** Of ffmpeg, the size included. */
  filters: readonly string[]
}

/** Of a source that has no size of its own. */
interface SizedWish extends Wish {
  width: number
  height: number
  framerate: number
}

interface Recipe<W = Wish> {
  /** What the option `using` calls it. */
  name: 'ffmpeg' | 'gstreamer' | 'rpicam' | 'libcamera'
  program: string
  arguments: (target: string, wish: W) => string[]
  framesOn: 1 | 3
  stopSignal: NodeJS.Signals
  saysErrorsOnly?: boolean
}

interface Common {
  name: string
  /** What such a source looks like; the first group is the target. */
  pattern: RegExp
  /** For messages and the help. */
  example: string
  /** Frames come when they come: nobody can make it wait. */
  isLive: boolean
}

/** Raw frames of the requested size. */
interface RawPreset extends Common {
  output: 'raw'
  strides: (width: number) => number[]
  /** Where it is not what players suppose of such a height. */
  colorSpace?: (width: number, height: number) => ColorSpace
  /** In order of preference. */
  recipes: Recipe<SizedWish>[]
}

/** Frames that say themselves how large they are. */
interface Y4mPreset extends Common {
  output: 'y4m'
  recipes: Recipe[]
}

/** @internal */
export type Preset = RawPreset | Y4mPreset

/**
 * A frame rate as a fraction: the broadcasting rates are whole numbers divided by 1.001.
 *
 * @internal
 */
export function fraction(rate: number): string {
  if (Number.isInteger(rate)) return `${rate}/1`
  if (rate < 1) return `1000000/${Math.round(1e6 / rate)}`
  const whole = Math.round(rate * 1.001)
  return Math.abs(whole / 1.001 - rate) < 0.005 ? `${whole * 1000}/1001` : `${Math.round(rate * 1000)}/1000`
}

const FFMPEG = { name: 'ffmpeg', program: 'ffmpeg', framesOn: 1, stopSignal: 'SIGTERM', saysErrorsOnly: true } as const
/** It ends in good order by SIGINT, as from Ctrl-C; otherwise NVIDIA's camera service is left with an open session. */
const GSTREAMER = { name: 'gstreamer', program: 'gst-launch-1.0', framesOn: 3, stopSignal: 'SIGINT' } as const

/** Arguments that hold no text of anybody else. */
function words(text: string): string[] {
  return text.split(' ')
}

function ffmpeg(input: string[], rate: string[], { filters, framerate }: Wish): string[] {
  return [
    ...words('-hide_banner -nostdin -loglevel error'),
    ...input,
    // V leaves out cover pictures.
    ...words('-map 0:V:0'),
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    ...(framerate === undefined ? rate : ['-r', fraction(framerate)]),
    ...words('-pix_fmt yuv420p -f yuv4mpegpipe pipe:1'),
  ]
}

function gstreamer(source: string[][], { width, height, framerate }: Wish): string[] {
  // Square pixels, so that a frame of another shape gets black bars.
  const size = width === undefined ? '' : `,width=${width},height=${height},pixel-aspect-ratio=1/1`
  const rate = framerate === undefined ? '' : `,framerate=${fraction(framerate)}`
  return pipeline(
    ...source,
    ['videoconvert'],
    // What a phone filmed upright lies on its side, and says so.
    ['videoflip', 'video-direction=auto'],
    // Of interlaced frames only, and as many as there are.
    ['deinterlace', 'fields=top'],
    ...(size ? [['videoscale']] : []),
    ...(rate ? [['videorate']] : []),
    [`video/x-raw,format=I420,colorimetry=bt709${size}${rate}`],
    ['y4menc'],
  )
}

/**
 * What comes out of GStreamer, which gets it as caps.
 *
 * @internal
 */
export const GSTREAMER_COLORS: ColorSpace = { matrix: 'bt709', fullRange: false }

/** Frames as they come, neither repeated nor left out to keep a rate. */
function asTheyCome({ ffmpegHasFpsMode }: Wish): string[] {
  return [ffmpegHasFpsMode ? '-fps_mode' : '-vsync', 'passthrough']
}

function rpicam(camera: string, { width, height, framerate }: SizedWish): string[] {
  return [
    ...words(`--camera ${camera} --width ${width} --height ${height} --framerate ${framerate}`),
    ...words('--codec yuv420 --nopreview --timeout 0 --flush --output -'),
  ]
}

/**
 * Every kind of source that is known by name, with the command lines that give its frames.
 *
 * @internal
 */
export const PRESETS: readonly Preset[] = [
  {
    name: 'argus',
    pattern: /^argus:(\d+)$/,
    example: 'argus:0',
    isLive: true,
    output: 'raw',
    strides: i420Strides,
    recipes: [
      {
        ...GSTREAMER,
        arguments: (sensor, { width, height, framerate }) =>
          pipeline(
            ['nvarguscamerasrc', `sensor-id=${sensor}`],
            [`video/x-raw(memory:NVMM),width=${width},height=${height},framerate=${fraction(framerate)}`],
            ['nvvidconv'],
            [`video/x-raw,format=I420,width=${width},height=${height}`],
          ),
      },
    ],
  },
  {
    name: 'libcamera',
    pattern: /^libcamera:(\d+)$/,
    example: 'libcamera:0',
    isLive: true,
    output: 'raw',
    // The Pi's image processor begins luma rows at multiples of 64 bytes, and chroma rows at half of that.
    strides: (width) => [64, 32, 32].map((step) => step * Math.ceil(width / 64)),
    // These programs ask the camera for Rec709 from either size on.
    colorSpace: (width, height) => ({
      matrix: width >= 1280 || height >= 720 ? 'bt709' : 'smpte170m',
      fullRange: false,
    }),
    recipes: [
      { name: 'rpicam', program: 'rpicam-vid', framesOn: 1, stopSignal: 'SIGINT', arguments: rpicam },
      { name: 'libcamera', program: 'libcamera-vid', framesOn: 1, stopSignal: 'SIGINT', arguments: rpicam },
    ],
  },
  {
    name: 'rtsp',
    pattern: /^(rtsp[st]?:\/\/.+)$/is,
    example: 'rtsp://camera/stream',
    isLive: true,
    output: 'y4m',
    recipes: [
      {
        ...FFMPEG,
        arguments: (url, wish) => {
          const [plain, transport] = /^rtspt:/i.test(url) ? [`rtsp${url.slice(5)}`, 'tcp'] : [url, wish.transport]
          const input = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-rtsp_transport', transport, '-i', plain]
          return ffmpeg(input, asTheyCome(wish), wish)
        },
      },
      {
        ...GSTREAMER,
        arguments: (url, wish) => {
          const transport = /^rtspt:/i.test(url) ? 'tcp' : wish.transport
          const source = ['rtspsrc', `location=${urlValue(url)}`, `protocols=${transport}`, 'latency=0']
          return gstreamer([source, ['application/x-rtp,media=video'], ['decodebin']], wish)
        },
      },
    ],
  },
  {
    name: 'http',
    pattern: /^(https?:\/\/.+)$/is,
    example: 'https://host/clip.mp4',
    isLive: false,
    output: 'y4m',
    recipes: [
      { ...FFMPEG, arguments: (url, wish) => ffmpeg(['-i', url], [], wish) },
      { ...GSTREAMER, arguments: (url, wish) => gstreamer([['uridecodebin', `uri=${urlValue(url)}`]], wish) },
    ],
  },
  {
    name: 'file',
    pattern: /^file:(.+)$/s,
    example: 'clip.mp4',
    isLive: false,
    output: 'y4m',
    recipes: [
      { ...FFMPEG, arguments: (path, wish) => ffmpeg(['-i', `file:${path}`], [], wish) },
      {
        ...GSTREAMER,
        arguments: (path, wish) => gstreamer([['uridecodebin', `uri=${urlValue(pathToFileURL(path).href)}`]], wish),
      },
    ],
  },
]
