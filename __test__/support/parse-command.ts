import { CommanderError } from 'commander'
import type { Command } from '../../ts/cli/command.js'
import { explain, statusOf } from '../../ts/cli/exit.js'
import { run } from '../../ts/cli/program.js'
import { usageErrorOf } from '../../ts/cli/command.js'
import { ioctlParser, planOf } from '../../ts/cli/ioctl/options.js'
import type { IoctlPlan } from '../../ts/cli/ioctl/options.js'

/** Parses arguments as the command line does, with its errors. */
export function parseCommand(parser: Command, args: readonly string[]): Command {
  try {
    return parser.parse(args, { from: 'user' })
  } catch (error) {
    throw error instanceof CommanderError ? usageErrorOf(error, false) : error
  }
}

/** What `ioctl` makes of its arguments. */
export function ioctlPlan(args: readonly string[]): IoctlPlan {
  const parsed = parseCommand(ioctlParser(), args)
  return planOf(parsed.args[0], parsed.opts())
}

/** What the command line prints before it opens anything: help on standard output, or the lines of a mistake and its exit status. */
export async function printed(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  let stdout = ''
  try {
    await run(args, (text) => (stdout += text))
    return { status: 0, stdout, stderr: '' }
  } catch (error) {
    return { status: statusOf(error), stdout, stderr: `${explain(error).join('\n')}\n` }
  }
}
