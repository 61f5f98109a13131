import { spawn } from 'node:child_process'

/** The quantizer of each slice's header of an H.264 stream, in order, as ffmpeg reads it. */
export async function sliceQuantizers(stream: Uint8Array): Promise<number[]> {
  const args = ['-hide_banner', '-nostdin', '-f', 'h264', '-i', 'pipe:0', '-c', 'copy', '-bsf:v', 'trace_headers']
  const child = spawn('ffmpeg', [...args, '-f', 'null', '-'])
  let trace = ''
  child.stderr.on('data', (data) => (trace += data))
  child.stdin.on('error', () => {})
  child.stdin.end(stream)
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (status !== 0) throw new Error(`ffmpeg ended with ${status}: ${trace}`)
  const quantizers: number[] = []
  let initial = 26
  // Headers of the container come once before the packets.
  for (const [, name, value] of trace.matchAll(/(pic_init_qp_minus26|slice_qp_delta)\s.*= (-?\d+)/g)) {
    if (name === 'slice_qp_delta') quantizers.push(initial + Number(value))
    else initial = 26 + Number(value)
  }
  return quantizers
}
