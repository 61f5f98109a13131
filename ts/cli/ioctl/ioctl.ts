import { loadAddon } from '../../native/loader.js'
import type { Command } from '../command.js'
import { claimStdout, printOn } from '../record/output.js'
import { Terminal } from '../terminal.js'
import { explainNode } from '../v4l2-node.js'
import { ioctlParser, planOf } from './options.js'
import type { IoctlPlan } from './options.js'
import { perform } from './perform.js'

async function ioctl(plan: IoctlPlan): Promise<number> {
  // NVIDIA's library prints at any time.
  const stdout = claimStdout()
  const { text, errors, status } = await perform(loadAddon, plan).catch((error: unknown) => {
    throw explainNode(plan.node, error)
  })
  await printOn(stdout, text)
  const terminal = new Terminal()
  for (const line of errors) terminal.line(line)
  return status
}

export const command = (): Command =>
  ioctlParser().action(async (node: string | undefined, options: Parameters<typeof planOf>[1]) => {
    process.exitCode = await ioctl(planOf(node, options))
  })
