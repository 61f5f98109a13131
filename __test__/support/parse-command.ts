import { CommanderError } from 'commander'
import type { Command } from '../../ts/cli/command.js'
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
