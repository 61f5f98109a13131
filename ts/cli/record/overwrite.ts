import { statSync } from 'node:fs'
import { isatty } from 'node:tty'
import { CommandError, ExitStatus } from '../exit.js'
import type { Terminal } from '../terminal.js'
import type { Destination } from './destination.js'
import { descriptorOfInput } from './input-bytes.js'

const STDIN = 0

/** Whether opening the output would lose something; pipes, devices and descriptors keep nothing. */
function hasContent({ path, descriptor }: Destination): boolean {
  if (descriptor !== undefined) return false
  try {
    const stats = statSync(path)
    return stats.isFile() && stats.size > 0
  } catch {
    // Opening it gives the reason.
    return false
  }
}

/** One line of standard input, in the terminal's own line mode, where Ctrl-C ends the process. */
function typedLine(): Promise<string> {
  const { stdin } = process
  return new Promise((resolve) => {
    const finish = (text: string) => {
      stdin.removeAllListeners('data').removeAllListeners('end').pause()
      stdin.unref()
      resolve(text)
    }
    stdin.once('data', (data) => finish(String(data))).once('end', () => finish(''))
  })
}

/** Whether a user can answer a question: at a terminal, from which no frames come. */
function canAsk(terminal: Terminal, source: string | undefined): boolean {
  const isInput = source !== undefined && descriptorOfInput(source) === STDIN
  return terminal.isInteractive && isatty(STDIN) && !isInput
}

/** Keeps a file that exists: asks where a user can answer, else fails at once. `source` is the input, unless that is a camera. */
export async function confirmOverwrite(
  destination: Destination,
  source: string | undefined,
  terminal: Terminal,
): Promise<void> {
  if (!hasContent(destination)) return
  if (!canAsk(terminal, source)) {
    throw new CommandError(
      ExitStatus.File,
      `The output ${destination.name} exists already.`,
      'Overwrite it with --force, or give the output another name.',
    )
  }
  terminal.ask(`Overwrite ${destination.name}? [y/N] `)
  if (/^y(es)?$/i.test((await typedLine()).trim())) return
  throw new CommandError(ExitStatus.File, `The output ${destination.name} was not overwritten.`)
}
