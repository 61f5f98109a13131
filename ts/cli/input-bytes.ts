import { constants, fstatSync, openSync, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import { abortable } from '../abort.js'
import { FileBytes, SocketBytes } from '../source/bytes.js'
import type { Bytes } from '../source/bytes.js'
import { CommandError, ExitStatus, failWithFile, usageError } from './exit.js'
import { isV4l2Node } from './v4l2-node.js'

function isPipe(descriptor: number): boolean {
  const stats = fstatSync(descriptor)
  return stats.isFIFO() || stats.isSocket()
}

/** Refuses inputs from which no pictures can be read: a terminal, and a camera, which has an option of its own. */
export function checkInput(source: string): void {
  if (source === '-' && isatty(0)) {
    throw usageError(
      'Standard input is a terminal, which gives no pictures.',
      'Have a program write them: my-renderer --y4m | v4l2-encoder record clip.h264 --input -',
    )
  }
  if (isV4l2Node(source)) {
    throw usageError(
      `The input ${source} is a device of V4L2, and its pictures cannot be read as those of a file are.`,
      `Use --camera ${source} in place of --input.`,
    )
  }
}

async function openPath(source: string): Promise<Bytes> {
  const stats = statSync(source)
  if (stats.isDirectory()) {
    throw new CommandError(
      ExitStatus.File,
      `The input ${source} is a directory, which holds no picture itself.`,
      'Name a file in it: raw pictures, .y4m, or a film.',
    )
  }
  if (!stats.isFIFO()) return FileBytes.open(source)
  // A thread that waits for a writer, or for what it writes, could not be called back.
  return new SocketBytes(openSync(source, constants.O_RDONLY | constants.O_NONBLOCK))
}

/** Opens `-` or a file; the signal gives it up. */
export async function openBytes(source: string, signal: AbortSignal): Promise<Bytes> {
  if (source === '-') return isPipe(0) ? new SocketBytes(0) : new FileBytes(0)
  return abortable(openPath(source), signal).catch(failWithFile(`The input ${source} cannot be opened`))
}
