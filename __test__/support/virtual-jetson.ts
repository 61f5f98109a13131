import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'

const FOLDER = process.env.V4L2_ENCODER_VIRTUAL_DIR ?? join(import.meta.dirname, '../../.cache/virtual-jetson')

/** What stands for NVIDIA's library. */
export const VIRTUAL_LIBRARY = join(FOLDER, 'libnvv4l2.so')
const isMissing = !existsSync(VIRTUAL_LIBRARY)
const mayNotSkip = Boolean(process.env.CI)
if (isMissing && !mayNotSkip) console.log(`skipped: ${VIRTUAL_LIBRARY} is missing; "npm test" builds it`)

/** A test that needs the virtual Jetson; without it, it is skipped with the reason, and fails in CI. */
export const onVirtualJetson: typeof test.serial.skip = isMissing && !mayNotSkip ? test.serial.skip : test.serial

/** How the virtual device behaves; `crates/virtual-jetson/README.md` says what each setting means. */
export interface VirtualConfig {
  /** JetPack 4, 5 or 6. */
  generation?: 4 | 5 | 6
  /** Of rows, in bytes. */
  alignment?: 64 | 128 | 256
  /** Frames that it holds back until more follow. */
  delay?: 0 | 1 | 2 | 3
  latencyMs?: number
  pipelineDepth?: number
  codec?: 'libav' | 'passthrough'
  codecs?: string[]
  coherent?: boolean
  syncFails?: boolean
  dmaBufSyncFails?: boolean
  stdoutMessages?: boolean
  bytesPerLineZero?: boolean
  chromaFullHeight?: boolean
  eos?: 'emptyBuffer' | 'lastFlag' | 'epipe' | 'event'
  readback?: boolean
  writesVui?: boolean
  faults?: Record<string, unknown>
}

/** A virtual device, as options for `createEncoder()`. */
export interface VirtualJetson {
  device: string
  library: string
  /** The file that it writes its client's mistakes to. */
  log: string
  /** The mistakes so far. */
  violations: () => string
}

/** Makes a virtual Jetson encoder; a mistake of ours that it noted fails the test. */
export function virtualJetson(t: ExecutionContext, config: VirtualConfig = {}): VirtualJetson {
  if (isMissing)
    throw new Error(`The virtual Jetson is not built: ${VIRTUAL_LIBRARY} is missing. Run "npm test", which builds it.`)
  const folder = mkdtempSync(join(tmpdir(), 'virtual-jetson-'))
  const device = join(folder, 'v4l2-nvenc')
  const log = join(folder, 'violations.log')
  writeFileSync(device, JSON.stringify({ ...config, log }))
  const violations = () => (existsSync(log) ? readFileSync(log, 'utf8') : '')
  t.teardown(() => {
    const noted = violations()
    rmSync(folder, { recursive: true })
    if (noted !== '') throw new Error(`The virtual Jetson noted violations:\n${noted}`)
  })
  return { device, library: VIRTUAL_LIBRARY, log, violations }
}
