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
import { benchParser, wantedBench } from './bench-plan.js'
import type { BenchOptions, WantedBench } from './bench-plan.js'
import { reporter } from './bench-progress.js'
import { reportOf } from './bench-report.js'
import { tableLines } from './bench-text.js'
import type { Command } from '../command.js'
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

async function run(plan: BenchPlan, terminal: Terminal): Promise<BenchResult> {
  const stop = onStopRequest(() => terminal.line('Finishing; Ctrl-C again to abort.'))
  const report = reporter(terminal)
  const log = { level: 'warn', write: ({ message }: { message: string }) => terminal.line(message, 'warn') } as const
  try {
    const open = (options: EncoderOptions) => openEncoder(loadAddon, { ...options, log })
    const result = await measure(plan, { open, signal: stop.signal, report })
    if (result.interrupted && statusOfBench(result) !== ExitStatus.Ok) {
      throw new Interrupted((stop.signal.reason as Interrupted).signal, 'anything was measured')
    }
    return result
  } finally {
    report.stop()
    stop.release()
  }
}

async function textOf(result: BenchResult, options: BenchOptions): Promise<string> {
  if (options.json) return `${JSON.stringify(result, null, 2)}\n`
  if (options.report) {
    const asked = diagnoseOn(loadAddon, options.library ? { library: options.library } : {})
    const doctor = await asked.then((found) => diagnosisText(anonymous(found))).catch((error: Error) => error.message)
    return reportOf(result, doctor)
  }
  return `${tableLines(result).join('\n')}\n`
}

/** Ok when anything was measured; otherwise by whether there was an encoder at all. */
export function statusOfBench({ rows }: BenchResult): number {
  const streams = rows.flatMap((row) => row.streams)
  if (streams.some(({ paced, saturated }) => paced.chunks + (saturated?.chunks ?? 0) > 0)) return ExitStatus.Ok
  return streams.length === 0 ? ExitStatus.NoEncoder : ExitStatus.Failed
}

async function bench(options: BenchOptions): Promise<number> {
  const wanted = wantedBench(options)
  // What NVIDIA's library prints would end up in the result.
  const stdout = claimStdout()
  const result = await run(await planOf(wanted), new Terminal())
  const text = await textOf(result, options)
  await printOn(stdout, text)
  return statusOfBench(result)
}

export const command = (): Command =>
  benchParser().action(async (options: BenchOptions) => {
    process.exitCode = await bench(options)
  })
