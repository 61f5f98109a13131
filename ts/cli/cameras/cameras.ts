// ts/cli/cameras: the command `cameras`.
import { listCamerasOn } from '../../camera/list-cameras.js'
import type { CameraFormat, CameraInfo, CameraSize } from '../../camera/list-cameras.js'
import { loadAddon } from '../../native/loader.js'
import { helpSection, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import { ExitStatus } from '../exit.js'
import { claimStdout, printOn } from '../record/output.js'

const EXAMPLES = `  v4l2-encoder cameras
  v4l2-encoder record clip.h264 --camera 0 --size 1280x720`

const NOTES = `  The number before a camera is what record --camera takes. Formats in brackets
  cannot be used here.`

/** Rates as people write them: 30, 29.97. */
function ratesOf({ framerates, anyFramerate }: CameraSize): string {
  const rates = framerates.map((rate) => String(Number(rate.toFixed(2))))
  if (rates.length === 0) return ''
  return ` at ${anyFramerate ? `${rates.at(-1)} to ${rates[0]}` : rates.join(', ')} fps`
}

function sizeOf(size: CameraSize): string {
  const { width, height, range } = size
  const from = range ? `${range.minWidth}x${range.minHeight} to ` : ''
  return `${from}${width}x${height}${ratesOf(size)}`
}

function formatOf({ code, name, sizes }: CameraFormat): string[] {
  return name === null ? [] : [`  ${code}`, ...sizes.map((size) => `    ${sizeOf(size)}`)]
}

function linesOf({ index, device, name, driver, bus, formats, message, hint }: CameraInfo): string[] {
  if (index === null) return [`-  ${device}`, `  ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])]
  const others = formats.filter((format) => format.name === null).map(({ code }) => code)
  return [
    `${index}  ${device}  ${name} (${driver}, ${bus})`,
    ...formats.flatMap(formatOf),
    ...(others.length > 0 ? [`  [${others.join(' ')}]`] : []),
  ]
}

/** A paragraph for each camera, and for each that cannot be used the reason and the hint. */
export function cameraText(found: CameraInfo[]): string {
  if (found.length === 0) return 'No camera was found.\n'
  return found.map((camera) => `${linesOf(camera).join('\n')}\n`).join('\n')
}

async function cameras(json: boolean): Promise<number> {
  const stdout = claimStdout()
  const found = await listCamerasOn(loadAddon, {})
  await printOn(stdout, json ? `${JSON.stringify(found, null, 2)}\n` : cameraText(found))
  return ExitStatus.Ok
}

export const command = (): Command =>
  newCommand()
    .addOption(new Option('--json', 'Print JSON: a list of what listCameras() returns'))
    .addHelpText('after', helpSection('Notes:', NOTES))
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
    .action(async ({ json = false }: { json?: boolean }) => {
      process.exitCode = await cameras(json)
    })
