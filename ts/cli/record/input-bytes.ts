import { constants, fstatSync, openSync, statSync } from 'node:fs'
import { isatty } from 'node:tty'
import { abortable } from '../../shared/abort.js'
import { FileBytes, streamBytes } from '../../source/bytes.js'
import type { Bytes } from '../../source/bytes.js'
import { isOfRuntime, ownDescriptor } from '../../source/own-descriptor.js'
import { CommandError, ExitStatus, failWithFile, usageError } from '../exit.js'
import { isV4l2Node } from '../v4l2-node.js'

const STDIN = 0

function isPipe(descriptor: number): boolean {
  const stats = fstatSync(descriptor)
  return stats.isFIFO() || stats.isSocket()
}

/** The descriptor that an input is read from, where it is one that this process was started with. */
export function descriptorOfInput(source: string): number | undefined {
  return source === '-' ? STDIN : ownDescriptor(source)
}

/** Rejects inputs from which no frames can be read: a terminal, and a camera, which has its own option. */
export function checkInput(source: string): void {
  const descriptor = descriptorOfInput(source)
  if (descriptor !== undefined && isatty(descriptor)) {
    throw usageError(
      `${descriptor === STDIN ? 'Standard input' : `The input ${source}`} is a terminal, which has no frames.`,
      'Have a program write them: my-renderer --y4m | v4l2-encoder record clip.h264 --input -',
    )
  }
  if (descriptor !== undefined && isOfRuntime(descriptor)) {
    throw new CommandError(ExitStatus.File, `The input ${source} cannot be read: it is not open.`)
  }
  if (descriptor === 1 || descriptor === 2) {
    throw usageError(`The input ${source} is where this program writes to.`, 'Standard input is --input -.')
  }
  if (isV4l2Node(source)) {
    throw usageError(
      `The input ${source} is a V4L2 device, whose frames cannot be read like those of a file.`,
      `Use --camera ${source} in place of --input.`,
    )
  }
}

/** Bytes to read frames from. */
export interface InputBytes {
  bytes: Bytes
  /** The part that was read, from 0 to 1; not known of a pipe. */
  part?: () => number
}

function ofFile(bytes: FileBytes, { size }: { size: number }): InputBytes {
  return size > 0 ? { bytes, part: () => bytes.count / size } : { bytes }
}

/** What is open already: opening it by a name once more would fail for a socket, and start a file from its beginning. */
function openOwn(descriptor: number): InputBytes {
  if (isPipe(descriptor)) return { bytes: streamBytes(descriptor) }
  return ofFile(new FileBytes(descriptor), fstatSync(descriptor))
}

async function openPath(source: string): Promise<InputBytes> {
  const stats = statSync(source)
  if (stats.isDirectory()) {
    throw new CommandError(
      ExitStatus.File,
      `The input ${source} is a directory, which holds no frames itself.`,
      'Name a file in it: raw frames, .y4m, or a video file.',
    )
  }
  if (!stats.isFIFO() || process.versions.bun !== undefined) return ofFile(await FileBytes.open(source), stats)
  // A thread that waits for a writer, or for what it writes, could not be called back.
  return { bytes: streamBytes(openSync(source, constants.O_RDONLY | constants.O_NONBLOCK)) }
}

/** Opens `-` or a file; the signal aborts it. */
export async function openBytes(source: string, signal: AbortSignal): Promise<InputBytes> {
  const open = async () => {
    const descriptor = descriptorOfInput(source)
    return descriptor === undefined ? openPath(source) : openOwn(descriptor)
  }
  return abortable(open(), signal).catch(failWithFile(`The input ${source} cannot be opened`))
}
