// ts/cli/devices: the command `devices`.
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'
import { listOn } from '../../encoder/list.js'
import type { EncoderInfo } from '../../encoder/list.js'
import { loadAddon } from '../../native/loader.js'
import { ExitStatus } from '../exit.js'
import { claimStdout, printOn } from '../record/output.js'
import { alignedRows } from '../table.js'

const devicesArgs = {
  json: {
    type: 'boolean',
    description: 'Print JSON: a list of what listEncoders() returns',
  },
  probe: {
    type: 'boolean',
    description: "Open each device to see whether it works; without it NVIDIA's is not touched",
  },
  library: { type: 'string', valueHint: 'file', description: 'To load instead of libnvv4l2.so' },
} as const

/** Shown below the options by `--help`. */
const devicesExamples = `EXAMPLES

  v4l2-encoder devices
  v4l2-encoder devices --probe --json`

const HEADINGS = ['BACKEND', 'DEVICE', 'NAME', 'DRIVER', 'CODECS', 'USABLE']

function rowOf({ backend, device, name, driver, codecs, available }: EncoderInfo): string[] {
  return [backend, device ?? '-', name, driver ?? '-', codecs.join(' ') || '-', available ? 'yes' : 'no']
}

/** What a kernel encoder tells of itself beyond its row. */
function detailsOf({ bus, sizes = [], formats = [] }: EncoderInfo): string[] {
  if (bus === undefined) return []
  const ranges = sizes.map(
    ({ codec, minWidth, minHeight, maxWidth, maxHeight }) =>
      `${codec} from ${minWidth}x${minHeight} to ${maxWidth}x${maxHeight}`,
  )
  return [`at ${bus}`, ...ranges, ...(formats.length > 0 ? [`takes ${formats.join(' ')}`] : [])]
}

/** Columns as wide as their widest cell, and below a device what it tells of itself, or why it cannot be used and the cure. */
export function tableOf(encoders: EncoderInfo[]): string {
  const [headings, ...others] = alignedRows([HEADINGS, ...encoders.map(rowOf)])
  const reasons = encoders.map((one) => [...detailsOf(one), one.message, one.hint].filter((line) => line !== undefined))
  const explained = others.flatMap((line, index) => [line, ...reasons[index]!.map((reason) => `  ${reason}`)])
  return `${[headings, ...explained].join('\n')}\n`
}

async function devices(json: boolean, probe: boolean, library: string | undefined): Promise<number> {
  const stdout = claimStdout()
  const encoders = await listOn(loadAddon, { probe, library })
  await printOn(stdout, json ? `${JSON.stringify(encoders, null, 2)}\n` : tableOf(encoders))
  return ExitStatus.Ok
}

const devicesCommand = defineCommand({
  meta: { name: 'devices', description: 'List the encoders of this machine, and why others cannot be used' },
  args: devicesArgs,
  run: ({ args }) => devices(args.json ?? false, args.probe ?? false, args.library),
}) as CommandDef

export { devicesArgs as args, devicesCommand as command, devicesExamples as examples }
