import { loadAddon } from '../../native/loader.js'
import type { Command } from '../command.js'
import { claimStdout, printOn } from '../record/output.js'
import { onStopRequest } from '../record/stop.js'
import { Terminal } from '../terminal.js'
import { explainNode } from '../v4l2-node.js'
import { ioctlParser, planOf } from './options.js'
import type { IoctlPlan } from './options.js'
import { perform } from './perform.js'

/** Ctrl-C ends `--poll-for-event` in the ordinary way, and anything else at once. */
function stopSignal({ options }: IoctlPlan): { signal: AbortSignal; release: () => void } {
  if (options['poll-for-event'] !== undefined) return onStopRequest(() => {})
  return { signal: new AbortController().signal, release: () => {} }
}

async function ioctl(plan: IoctlPlan): Promise<number> {
  // NVIDIA's library prints at any time.
  const stdout = claimStdout()
  const { signal, release } = stopSignal(plan)
  const print = (text: string) => printOn(stdout, text)
  const performed = perform(loadAddon, plan, { print, signal }).catch((error: unknown) => {
    throw explainNode(plan.node, error)
  })
  const { text, errors, status } = await performed.finally(release)
  await printOn(stdout, text)
  const terminal = new Terminal()
  for (const line of errors) terminal.line(line)
  return status
}

export const command = (): Command =>
  ioctlParser().action(async (node: string | undefined, options: Parameters<typeof planOf>[1]) => {
    process.exitCode = await ioctl(planOf(node, options))
  })
