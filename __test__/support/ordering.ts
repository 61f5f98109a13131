import { spawnSync } from 'node:child_process'

/**
 * What ffprobe sees of a stream's order and rate. It is strict, as many decoders in hardware are: a stream that does not say
 * that it never reorders frames is held back for as long as its level allows.
 */
export function ordering(stream: Uint8Array, codec: 'h264' | 'h265'): { hasBFrames?: string; rate?: string } {
  const format = codec === 'h264' ? 'h264' : 'hevc'
  const entries = ['-show_entries', 'stream=has_b_frames,r_frame_rate', '-of', 'default=noprint_wrappers=1']
  const { stdout } = spawnSync(
    'ffprobe',
    ['-v', 'error', '-strict', 'strict', '-f', format, '-i', 'pipe:0', ...entries],
    {
      input: stream,
    },
  )
  const found = new Map(
    stdout
      .toString()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  )
  return { hasBFrames: found.get('has_b_frames'), rate: found.get('r_frame_rate') }
}
