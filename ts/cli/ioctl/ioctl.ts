import { defineCommand } from 'citty'
import { loadAddon } from '../../native/loader.js'
import { ioctlArgs, ioctlExamples, planOf } from './options.js'
import { perform } from './perform.js'
import { claimStdout, printOn } from '../record/output.js'
import { Terminal } from '../terminal.js'
import { explainNode } from '../v4l2-node.js'

async function ioctl(rawArgs: string[]): Promise<number> {
  const plan = planOf(rawArgs)
  // NVIDIA's library prints whenever it likes.
  const stdout = claimStdout()
  const { text, complaints, status } = await perform(loadAddon, plan).catch((error: unknown) => {
    throw explainNode(plan.node, error)
  })
  await printOn(stdout, text)
  const terminal = new Terminal()
  for (const line of complaints) terminal.line(line)
  return status
}

const ioctlCommand = defineCommand({
  meta: { name: 'ioctl', description: 'Ask a V4L2 device, or set it, as v4l2-ctl does' },
  args: ioctlArgs,
  run: ({ rawArgs }) => ioctl(rawArgs),
})

export const readsOptions = true
export { ioctlArgs as args, ioctlCommand as command, ioctlExamples as examples }
