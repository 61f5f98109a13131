import { defineCommand } from 'citty'
import type { CommandDef } from 'citty'
import { codecsOf } from '../../bench/codecs.js'
import { measure } from '../../bench/measure.js'
import type { BenchPlan, Size } from '../../bench/plan.js'
import type { BenchResult } from '../../bench/results.js'
import { openEncoder } from '../../encoder/create.js'
import { anonymous } from '../../doctor/anonymous.js'
import { diagnoseOn } from '../../doctor/diagnose.js'
import { diagnosisText } from '../../doctor/text.js'
import { supportOn } from '../../encoder/list.js'
import { loadAddon } from '../../native/loader.js'
import type { EncoderOptions } from '../../encoder/options.js'
import { benchArgs, benchExamples, wantedBench } from './bench-plan.js'
import type { BenchArgs, WantedBench } from './bench-plan.js'
import { reportOf } from './bench-report.js'
import { tableLines } from './bench-text.js'
import { ExitStatus } from '../exit.js'
import { claimStdout, printOn } from '../record/output.js'
import { Interrupted, onStopRequest } from '../record/stop.js'
import { Terminal } from '../terminal.js'

/** What the plan says to `createEncoder()` beside codec and size. */
function commonOptions({ framerate, bitrate, hardware, latencyMode, device, library }: WantedBench) {
  const optional = Object.entries({ bitrate, device, library }).filter(([, value]) => value !== undefined)
  return { framerate, hardware, latencyMode, ...Object.fromEntries(optional) }
}

/** Finds out the codecs, and has every combination checked by the addon before any device is opened. */
async function planOf(wanted: WantedBench): Promise<BenchPlan> {
  const ask = (codec: string, size: Size) => supportOn(loadAddon, { ...commonOptions(wanted), codec, ...size }, {})
  const codecs = wanted.codecs ?? (await codecsOf(ask, wanted.sizes))
  for (const codec of codecs) for (const size of wanted.sizes) await ask(codec, size)
  return { ...wanted, codecs }
}

/** A line that changes in place on a terminal, else a line for each step. */
function teller(terminal: Terminal): (text: string) => void {
  return (text) => (terminal.isInteractive ? terminal.status(text) : terminal.line(text))
}

async function run(plan: BenchPlan, terminal: Terminal): Promise<BenchResult> {
  const stop = onStopRequest(() => terminal.line('Finishing; Ctrl-C again to abort.'))
  const log = { level: 'warn', write: ({ message }: { message: string }) => terminal.line(message) } as const
  try {
    const open = (options: EncoderOptions) => openEncoder(loadAddon, { ...options, log })
    const result = await measure(plan, { open, signal: stop.signal, tell: teller(terminal) })
    if (result.interrupted && statusOfBench(result) !== ExitStatus.Ok) {
      throw new Interrupted((stop.signal.reason as Interrupted).signal, 'anything was measured')
    }
    return result
  } finally {
    terminal.status('')
    stop.release()
  }
}

async function textOf(result: BenchResult, args: BenchArgs): Promise<string> {
  if (args.json) return `${JSON.stringify(result, null, 2)}\n`
  if (args.report) {
    const asked = diagnoseOn(loadAddon, args.library ? { library: args.library } : {})
    const doctor = await asked.then((found) => diagnosisText(anonymous(found))).catch((error: Error) => error.message)
    return reportOf(result, doctor)
  }
  return `${tableLines(result).join('\n')}\n`
}

/** Good when anything was measured; else it tells whether there was an encoder at all. */
export function statusOfBench({ rows }: BenchResult): number {
  const streams = rows.flatMap((row) => row.streams)
  if (streams.some(({ paced, saturated }) => paced.chunks + (saturated?.chunks ?? 0) > 0)) return ExitStatus.Ok
  return streams.length === 0 ? ExitStatus.NoEncoder : ExitStatus.Failed
}

async function bench(args: BenchArgs): Promise<number> {
  const wanted = wantedBench(args)
  // What NVIDIA's library prints would end up in the result.
  const stdout = claimStdout()
  const result = await run(await planOf(wanted), new Terminal())
  const text = await textOf(result, args)
  await printOn(stdout, text)
  return statusOfBench(result)
}

const benchCommand = defineCommand({
  meta: {
    name: 'bench',
    description: 'Measure latency, throughput, processor time and bit rate of this machine’s encoder',
  },
  args: benchArgs,
  run: ({ args }) => bench(args as unknown as BenchArgs),
}) as CommandDef

export { benchArgs as args, benchCommand as command, benchExamples as examples }
