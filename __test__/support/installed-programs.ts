import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import ava from 'ava'

const NATIVE = join(import.meta.dirname, `../../native/v4l2-encoder.${process.platform}-${process.arch}-gnu.node`)

/** The test where the native part is built; elsewhere it skips with the reason, except in CI, where it fails. */
export const onAddon = (() => {
  const isThere = existsSync(NATIVE) || Boolean(process.env.CI)
  if (!isThere) console.log(`skipped: ${NATIVE} is missing; "npm run build" builds it`)
  return isThere ? ava : ava.skip
})()

/** The test where the program runs; elsewhere it skips with the reason, except in CI, where it fails. */
export function testWith(program: string, args: string[], install: string) {
  const isThere = spawnSync(program, args, { stdio: 'ignore' }).status === 0 || Boolean(process.env.CI)
  if (!isThere) console.log(`skipped: ${[program, ...args].join(' ')} does not run; ${install}`)
  return isThere ? ava : ava.skip
}

/** With its elements for Y4M, AVI and MJPEG. */
export const onGStreamer = testWith(
  'gst-inspect-1.0',
  ['y4menc'],
  'apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good',
)
