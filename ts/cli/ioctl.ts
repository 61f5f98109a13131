import { defineCommand } from 'citty'
import { loadAddon } from '../loader.js'
import { ExitStatus } from './exit.js'
import { ioctlArgs, ioctlExamples, planOf } from './ioctl/options.js'
import { perform } from './ioctl/perform.js'
import { openDescriptor, ReaderGone } from './output.js'

export { ioctlArgs, ioctlExamples }

async function ioctl(rawArgs: string[]): Promise<number> {
  const plan = planOf(rawArgs)
  // NVIDIA's library prints whenever it likes.
  const stdout = loadAddon().claimStdout()
  const { text, hasFailed } = await perform(loadAddon, plan)
  await openDescriptor(stdout)
    .write(Buffer.from(text))
    .catch((error: unknown) => {
      if (!(error instanceof ReaderGone)) throw error
    })
  return hasFailed ? ExitStatus.Failed : ExitStatus.Ok
}

export const ioctlCommand = defineCommand({
  meta: { name: 'ioctl', description: 'Ask a V4L2 device, or set it, as v4l2-ctl does' },
  args: ioctlArgs,
  run: ({ rawArgs }) => ioctl(rawArgs),
})
