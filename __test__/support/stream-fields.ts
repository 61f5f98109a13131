import { spawnSync } from 'node:child_process'

/** The values of these fields of a stream's headers, in order, as ffmpeg's own parser reads them. */
export function streamFields(stream: Uint8Array, codec: 'h264' | 'h265', names: readonly string[]): [string, number][] {
  const input = ['-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0', '-c', 'copy', '-bsf:v', 'trace_headers']
  const { stderr, status } = spawnSync('ffmpeg', ['-hide_banner', '-nostdin', ...input, '-f', 'null', '-'], {
    input: stream,
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`ffmpeg ended with ${status}: ${stderr.toString()}`)
  const fields: [string, number][] = []
  for (const [, name, value] of stderr.toString().matchAll(/\d\s+([a-z][\w[\]]*)\s+[01]*\s*= (-?\d+)/g)) {
    if (names.includes(name!)) fields.push([name!, Number(value)])
  }
  return fields
}

/** The quantizer of each slice in order. */
export function quantizersOf(stream: Uint8Array, codec: 'h264' | 'h265'): number[] {
  const initial = codec === 'h264' ? 'pic_init_qp_minus26' : 'init_qp_minus26'
  let base = 26
  const quantizers: number[] = []
  for (const [name, value] of streamFields(stream, codec, [initial, 'slice_qp_delta'])) {
    if (name === initial) base = 26 + value
    else quantizers.push(base + value)
  }
  return quantizers
}
