import { constants, fstatSync, openSync, statSync, write as writeWithCallback } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { loadAddon } from '../../native/loader.js'
import { failWithFile } from '../exit.js'

const write = promisify(writeWithCallback)
const RETRY_MS = 2
/** How often a pipe with a name is looked at for a reader. */
const READER_MS = 20

/** Thrown when the reader of standard output, or of another inherited descriptor, went away: a reason to stop, not a failure. */
export class ReaderGone extends Error {}

/** Where the encoded stream goes. */
export interface Output {
  write: (bytes: Uint8Array) => Promise<void>
  close: () => Promise<void>
}

async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    try {
      const result = await write(descriptor, bytes, written)
      written += result.bytesWritten
    } catch (error) {
      // The creator of the pipe may have made it non-blocking.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      await sleep(RETRY_MS)
    }
  }
}

/** Deno writes only what it opened itself, and standard output. */
function writable(descriptor: number): number {
  if (process.versions.deno === undefined || descriptor <= 2) return descriptor
  return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_APPEND)
}

/**
 * Sets standard output apart from what NVIDIA's library prints there, and returns its descriptor from now on. Of Deno's, a socket cannot
 * be: nothing opens it once more.
 */
export function claimStdout(): number {
  const isDeno = process.versions.deno !== undefined
  return isDeno && fstatSync(1).isSocket() ? 1 : writable(loadAddon().claimStdout())
}

/** A descriptor that is open, such as standard output under the number that nothing else writes to. */
export function openDescriptor(descriptor: number, failure = 'Standard output cannot be written'): Output {
  return {
    write: async (bytes) => {
      try {
        await writeAll(descriptor, bytes)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EPIPE') throw new ReaderGone()
        failWithFile(failure)(error)
      }
    },
    close: () => Promise.resolve(),
  }
}

/** Prints a text. Who reads only the start of it, as `head` does, has read enough. */
export async function printOn(descriptor: number, text: string): Promise<void> {
  try {
    await openDescriptor(descriptor).write(Buffer.from(text))
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error
  }
}

/** A pipe once it has a reader; a thread that waits for one in `open()` could not be called back. */
async function openNamedPipe(path: string, signal: AbortSignal): Promise<FileHandle> {
  for (;;) {
    signal.throwIfAborted()
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error
      await sleep(READER_MS)
    }
  }
}

async function openPath(path: string, signal: AbortSignal): Promise<FileHandle> {
  const isNamedPipe = statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false
  return isNamedPipe ? openNamedPipe(path, signal) : open(path, 'w')
}

/** Opens a file to write; the signal aborts waiting for a reader. */
export async function openFile(path: string, signal: AbortSignal): Promise<Output> {
  const fail = failWithFile(`The output ${path} cannot be written`)
  const file = await openPath(path, signal).catch(fail)
  return {
    write: (bytes) => writeAll(file.fd, bytes).catch(fail),
    close: () => file.close(),
  }
}
