import { readlinkSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** The kernel follows no more links either. */
const MOST_LINKS = 40

function linkIn(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/** The path with everything resolved but its last part. */
function placeOf(path: string): string | undefined {
  try {
    return join(realpathSync(dirname(path)), basename(path))
  } catch {
    return undefined
  }
}

/**
 * The descriptor of this process that a path names, as `/dev/stdout`, `/dev/fd/63`, `/proc/self/fd/1` and links to them do; undefined
 * for all other paths. Opening such a path is not the same: a socket cannot be opened, a file would begin again, and the number may
 * stand for something else by then.
 *
 * @internal
 */
export function ownDescriptor(path: string): number | undefined {
  const own = new RegExp(`^/proc/${process.pid}/(?:task/\\d+/)?fd/(\\d+)$`)
  let next = resolve(path)
  for (let turn = 0; turn < MOST_LINKS; turn++) {
    const place = placeOf(next)
    if (place === undefined) return undefined
    const number = own.exec(place)?.[1]
    if (number !== undefined) return Number(number)
    const target = linkIn(place)
    if (target === undefined) return undefined
    next = resolve(dirname(place), target)
  }
  return undefined
}

/**
 * Whether a descriptor is one that the runtime has made for itself, as its event loop's: it has the lowest numbers that were free, so
 * it is what a number stands for that nobody has opened.
 *
 * @internal
 */
export function isOfRuntime(descriptor: number): boolean {
  return linkIn(`/proc/self/fd/${descriptor}`)?.startsWith('anon_inode:') ?? false
}

/**
 * The same file for a program that we start, whose own descriptors are others.
 *
 * @internal
 */
export function pathForOthers(path: string): string {
  const descriptor = ownDescriptor(path)
  return descriptor === undefined ? path : `/proc/${process.pid}/fd/${descriptor}`
}
