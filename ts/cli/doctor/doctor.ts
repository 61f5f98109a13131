// ts/cli/doctor: the command `doctor`.
import { diagnoseOn } from '../../doctor/diagnose.js'
import { answerText, diagnosisText } from '../../doctor/text.js'
import { loadAddon } from '../../native/loader.js'
import { helpSection, libraryOption, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import { ExitStatus } from '../exit.js'
import { forLocale, jsonForLocale } from '../locale.js'
import { printOn } from '../record/output.js'
import * as values from '../values.js'

const STDOUT = 1

const NOTES = `  Nothing is changed: files are read, and each trial encode runs in its own
  process. The exit status is 0 where hardware encodes, and 3 where it does not.
  docs/troubleshooting.md explains each finding.`

const EXAMPLES = `  v4l2-encoder doctor
  v4l2-encoder doctor --verbose
  v4l2-encoder doctor --no-probe
  v4l2-encoder doctor --json >doctor.json`

interface DoctorOptions {
  json?: boolean
  verbose?: boolean
  probe: boolean
  library?: string
  /** Seconds. */
  timeout: number
}

async function doctor({ json, verbose, probe, library, timeout }: DoctorOptions): Promise<number> {
  const options = { probe, timeout: timeout * 1000, ...(library !== undefined && { library }) }
  const diagnosis = await diagnoseOn(loadAddon, options)
  const text = json
    ? jsonForLocale(`${JSON.stringify(diagnosis, null, 2)}\n`, process.env)
    : forLocale(verbose ? diagnosisText(diagnosis) : answerText(diagnosis), process.env)
  await printOn(STDOUT, text)
  return diagnosis.hardware.works ? ExitStatus.Ok : ExitStatus.NoEncoder
}

export const command = (): Command =>
  newCommand()
    .addOption(new Option('--json', 'Print JSON: what diagnose() returns'))
    .addOption(new Option('--verbose', 'Print every finding, trial and fact as well'))
    .addOption(
      new Option('--probe', 'Encode a few frames with every hardware encoder and codec').default(true, 'it does'),
    )
    .addOption(new Option('--no-probe', 'Open no encoder, only read files'))
    .addOption(libraryOption())
    .addOption(
      new Option('--timeout <time>', 'For each trial encode, such as 5 or 1m; 1 to 600 seconds')
        .argParser(values.duration)
        .default(10, '10s'),
    )
    .addHelpText('after', helpSection('Notes:', NOTES))
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options)
    })
