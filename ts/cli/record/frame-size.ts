import { CommandError, ExitStatus } from '../exit.js'

const [MIN_PIXELS, MAX_PIXELS] = [16, 8192]

/** Rejects frames of a size that no encoder accepts, where the size is the input's and not an option's. */
export function checkFrameSize(source: string, { width, height }: { width: number; height: number }): void {
  const isFit = (pixels: number) => pixels % 2 === 0 && pixels >= MIN_PIXELS && pixels <= MAX_PIXELS
  if (isFit(width) && isFit(height)) return
  throw new CommandError(
    ExitStatus.File,
    `The frames of ${source} are ${width}x${height}; encoders take even sizes from ${MIN_PIXELS}x${MIN_PIXELS} to ${MAX_PIXELS}x${MAX_PIXELS}.`,
    'Have ffmpeg scale them: ffmpeg -i INPUT -vf scale=1280:720 -pix_fmt yuv420p -f yuv4mpegpipe - | v4l2-encoder record OUTPUT.h264 --input -',
  )
}
