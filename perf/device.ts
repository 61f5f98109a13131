/** The virtual Jetson for benchmarks: no codec, no messages on standard output. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const FOLDER = process.env.V4L2_ENCODER_VIRTUAL_DIR ?? join(import.meta.dirname, '../.cache/virtual-jetson')

/** A device that costs nothing, as options for `createEncoder()`. */
export function device(settings: Record<string, unknown>): { device: string; library: string } {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const node = join(folder, 'v4l2-nvenc')
  const quiet = { codec: 'passthrough', stdoutMessages: false, log: join(folder, 'violations.log') }
  writeFileSync(node, JSON.stringify({ ...quiet, ...settings }))
  return { device: node, library: join(FOLDER, 'libnvv4l2.so') }
}
