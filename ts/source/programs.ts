import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What to install where a program is missing. */
const PACKAGES = new Map([
  ['ffmpeg', 'sudo apt-get install ffmpeg'],
  ['gst-launch-1.0', 'sudo apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good'],
  ['rpicam-vid', 'sudo apt-get install rpicam-apps'],
  ['libcamera-vid', 'sudo apt-get install libcamera-apps'],
])

/** @internal */
export function installHint(program: string): string {
  const command = PACKAGES.get(program)
  if (command) return `Install it: ${command}`
  if (/\s/.test(program)) return 'The first entry of a list is the program alone; a string goes through the shell.'
  return 'Install it, or write its whole path.'
}

/**
 * Whether a program of that name can be run.
 *
 * @internal
 */
export function isInstalled(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      const path = join(folder, program)
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  })
}
