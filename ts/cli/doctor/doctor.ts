// ts/cli/doctor: the command `doctor`.
import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'
import { diagnoseOn } from '../../doctor/diagnose.js'
import { diagnosisText } from '../../doctor/text.js'
import { loadAddon } from '../../native/loader.js'
import { ExitStatus } from '../exit.js'
import { forLocale, jsonForLocale } from '../locale.js'
import { printOn } from '../record/output.js'
import * as values from '../values.js'

const STDOUT = 1

const doctorArgs = {
  json: {
    type: 'boolean',
    description: 'Print JSON: what diagnose() returns',
  },
  probe: {
    type: 'boolean',
    default: true,
    description: 'Encode a few frames with every hardware encoder and codec',
    negativeDescription: 'Encode nothing: only look',
  },
  library: { type: 'string', valueHint: 'file', description: 'To load instead of libnvv4l2.so' },
  timeout: {
    type: 'string',
    valueHint: 'time',
    description: 'For each trial encode, such as 5 or 1m; 1 to 600 seconds',
    default: '10s',
  },
} as const

/** Shown below the options by `--help`. */
const doctorExamples = `Nothing is changed: files are read, and trial encodes run in processes of their own. The exit status is 0 where
hardware encodes, and 3 where it does not. docs/troubleshooting.md explains each finding.

EXAMPLES

  v4l2-encoder doctor
  v4l2-encoder doctor --no-probe
  v4l2-encoder doctor --json >doctor.json`

interface Flags {
  json: boolean
  probe: boolean
  library: string | undefined
  timeout: string
}

async function doctor({ json, probe, library, timeout }: Flags): Promise<number> {
  const timeoutMs = values.duration(timeout, '--timeout') * 1000
  const options = { probe, timeout: timeoutMs, ...(library !== undefined && { library }) }
  const diagnosis = await diagnoseOn(loadAddon, options)
  const text = json
    ? jsonForLocale(`${JSON.stringify(diagnosis, null, 2)}\n`, process.env)
    : forLocale(diagnosisText(diagnosis), process.env)
  await printOn(STDOUT, text)
  return diagnosis.hardware.works ? ExitStatus.Ok : ExitStatus.NoEncoder
}

const doctorCommand = defineCommand({
  meta: { name: 'doctor', description: 'Say whether hardware encodes here, why not, and what cures it' },
  args: doctorArgs,
  run: ({ args }) =>
    doctor({ json: args.json ?? false, probe: args.probe, library: args.library, timeout: args.timeout }),
}) as CommandDef

export { doctorArgs as args, doctorCommand as command, doctorExamples as examples }
