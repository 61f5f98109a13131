import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { isatty } from 'node:tty'
import { isOfRuntime, ownDescriptor } from '../../source/own-descriptor.js'
import { CommandError, ExitStatus, usageError } from '../exit.js'
import { openDescriptor, openFile } from './output.js'
import type { Output } from './output.js'

const [STDOUT, STDERR] = [1, 2]

/** Where the stream goes. */
export interface Destination {
  /** As people say it. */
  name: string
  path: string
  /** A descriptor that this process was started with, if it is one, by whatever name. */
  descriptor: number | undefined
}

function notOpen(name: string, cause?: unknown): CommandError {
  return new CommandError(ExitStatus.File, `The output ${name} cannot be written: it is not open.`, undefined, cause)
}

/** Undefined for what does not exist or cannot be inspected: opening it gives the reason. */
function statsOf({ name, path, descriptor }: Destination): BigIntStats | undefined {
  if (descriptor !== undefined && isOfRuntime(descriptor)) throw notOpen(name)
  try {
    return descriptor === undefined ? statSync(path, { bigint: true }) : fstatSync(descriptor, { bigint: true })
  } catch (error) {
    if (descriptor === undefined) return undefined
    throw notOpen(name, error)
  }
}

function isTerminal(destination: Destination): boolean {
  const { path, descriptor } = destination
  if (descriptor !== undefined) return isatty(descriptor)
  if (!statsOf(destination)?.isCharacterDevice()) return false
  try {
    const opened = openSync(path, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK)
    const answer = isatty(opened)
    closeSync(opened)
    return answer
  } catch {
    return false
  }
}

/** Whether messages go to the same place. */
function isStandardError(destination: Destination): boolean {
  if (destination.descriptor === STDERR) return true
  const stats = statsOf(destination)
  if (!stats || stats.isCharacterDevice()) return false
  const { dev, ino } = fstatSync(STDERR, { bigint: true })
  return stats.dev === dev && stats.ino === ino
}

/** What the output is; to be called before standard output is claimed. Rejects what cannot carry a video stream. */
export function destinationOf(output: string): Destination {
  const descriptor = output === '-' ? STDOUT : ownDescriptor(output)
  const destination = { name: descriptor === STDOUT ? 'standard output' : output, path: output, descriptor }
  if (isTerminal(destination)) {
    throw usageError(
      `${descriptor === STDOUT ? 'Standard output' : `The output ${output}`} is a terminal, which cannot show a video stream.`,
      'Redirect it: v4l2-encoder record - > clip.h264',
    )
  }
  if (isStandardError(destination)) {
    const what = descriptor === STDOUT ? 'Standard output' : `The output ${output}`
    throw usageError(
      `${what} is where standard error goes as well: messages would end up in the stream.`,
      'Let them go elsewhere: v4l2-encoder record - > clip.h264 2> messages',
    )
  }
  return destination
}

/** Opens it; `stdout` is where standard output is by now. The signal aborts waiting for a reader. */
export async function openDestination(
  { name, path, descriptor }: Destination,
  stdout: number,
  signal: AbortSignal,
): Promise<Output> {
  if (descriptor === undefined) return openFile(path, signal)
  if (descriptor === STDOUT) return openDescriptor(stdout)
  return openDescriptor(descriptor, `The output ${name} cannot be written`)
}
