// ts/cli/devices: the command `devices`.
import { listOn } from '../../encoder/list.js'
import type { EncoderInfo } from '../../encoder/list.js'
import { loadAddon } from '../../native/loader.js'
import { helpSection, libraryOption, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import { ExitStatus } from '../exit.js'
import { claimStdout, printOn } from '../record/output.js'
import { alignedRows } from '../table.js'

interface DevicesOptions {
  json?: boolean
  probe?: boolean
  library?: string
}

const EXAMPLES = `  v4l2-encoder devices
  v4l2-encoder devices --probe --json`

const HEADINGS = ['BACKEND', 'DEVICE', 'NAME', 'DRIVER', 'CODECS', 'USABLE']

function rowOf({ backend, device, name, driver, codecs, available }: EncoderInfo): string[] {
  return [backend, device ?? '-', name, driver ?? '-', codecs.join(' ') || '-', available ? 'yes' : 'no']
}

/** What a kernel encoder reports beyond its row. */
function detailsOf({ bus, sizes = [], formats = [] }: EncoderInfo): string[] {
  if (bus === undefined) return []
  const ranges = sizes.map(
    ({ codec, minWidth, minHeight, maxWidth, maxHeight }) =>
      `${codec} from ${minWidth}x${minHeight} to ${maxWidth}x${maxHeight}`,
  )
  return [`at ${bus}`, ...ranges, ...(formats.length > 0 ? [`accepts ${formats.join(' ')}`] : [])]
}

/** Columns as wide as their widest cell, and below a device what it reports, or why it cannot be used and the hint. */
export function tableOf(encoders: EncoderInfo[]): string {
  const [headings, ...others] = alignedRows([HEADINGS, ...encoders.map(rowOf)])
  const reasons = encoders.map((one) => [...detailsOf(one), one.message, one.hint].filter((line) => line !== undefined))
  const explained = others.flatMap((line, index) => [line, ...reasons[index]!.map((reason) => `  ${reason}`)])
  return `${[headings, ...explained].join('\n')}\n`
}

async function devices({ json = false, probe = false, library }: DevicesOptions): Promise<number> {
  const stdout = claimStdout()
  const encoders = await listOn(loadAddon, { probe, library })
  await printOn(stdout, json ? `${JSON.stringify(encoders, null, 2)}\n` : tableOf(encoders))
  return ExitStatus.Ok
}

export const command = (): Command =>
  newCommand()
    .addOption(new Option('--json', 'Print JSON: a list of what listEncoders() returns'))
    .addOption(new Option('--probe', 'Open each device to see whether it works; without it NVIDIA’s is not touched'))
    .addOption(libraryOption())
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
    .action(async (options: DevicesOptions) => {
      process.exitCode = await devices(options)
    })
