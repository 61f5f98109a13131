import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs'
import { join, posix } from 'node:path'
import { deviceNumbers } from '../shared/device-numbers.js'

/**
 * What the file system says of a node.
 *
 * @internal
 */
export interface NodeStat {
  type: 'character' | 'block' | 'directory' | 'file' | 'other'
  /** Of devices; 0 otherwise. */
  major: number
  minor: number
  /** Permission bits. */
  mode: number
  uid: number
  gid: number
  /** The error number's name with which the kernel rejects it although the mode allows it; undefined when it does not. */
  refusal?: string
}

/**
 * Another machine than this one, for tests; what is left out is this machine's.
 *
 * @internal
 */
export interface Surroundings {
  /** Where `/dev`, `/proc`, `/sys`, `/etc` and `/usr` lie. */
  root?: string
  env?: Readonly<Record<string, string | undefined>>
  platform?: string
  arch?: string
  /** Such as `'glibc 2.35'` or `'musl'`. */
  libc?: string
  uid?: number
  gids?: readonly number[]
  /** What `stat` says of paths, for device nodes that only root could make. */
  stats?: ReadonlyMap<string, NodeStat>
}

/**
 * A path with every link on the way resolved.
 *
 * @internal
 */
export interface Resolved {
  /** Where it ends, whether there is something or not. */
  path: string
  /** What is a link itself, from the first path on. */
  links: readonly string[]
  exists: boolean
}

/** Of what is read of a file; `/proc/meminfo` and mount tables are far smaller. */
const READ_BYTES = 64 * 1024
/** Entries that are read of a directory, beyond which nobody reads the output either. */
const LISTED_NAMES = 4096
/** As many links as the kernel follows (`MAXSYMLINKS`). */
const LINKS = 40
/** Of a line of a file that is shown to people. */
const LINE_LENGTH = 200

/**
 * Makes what a file holds fit to be shown: one line, printable, not too long.
 *
 * @internal
 */
export function printable(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\p{Cf}\uFFFD]+/gu, ' ')
    .trim()
    .slice(0, LINE_LENGTH)
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}

/**
 * The files that facts are read from, below a root directory. What is missing, unreadable or no file is undefined, nothing throws,
 * and nothing read is without a bound. Links are followed inside the root, as the machine itself would.
 *
 * @internal
 */
export class Machine {
  readonly root: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly arch: string
  readonly libc: string | undefined
  readonly uid: number | null
  readonly gids: readonly number[]
  readonly #stats: ReadonlyMap<string, NodeStat>
  readonly #isMadeUp: boolean
  /** What comes before the paths of this machine. */
  readonly #prefix: string

  constructor({ root, env, platform, arch, libc, uid, gids, stats }: Surroundings = {}) {
    this.root = root ?? '/'
    this.env = env ?? process.env
    this.platform = platform ?? process.platform
    this.arch = arch ?? process.arch
    this.libc = libc
    this.uid = uid ?? process.geteuid?.() ?? null
    this.gids = gids ?? groupsOfProcess()
    this.#stats = stats ?? new Map()
    this.#isMadeUp = uid !== undefined
    this.#prefix = this.root.replace(/\/+$/, '')
  }

  /** Where a path of this machine lies. */
  place(path: string): string {
    return join(this.root, path)
  }

  /** A path of this machine, from where it lies. */
  pathOf(place: string): string {
    return place.startsWith(this.#prefix) ? place.slice(this.#prefix.length) : place
  }

  /** A text in which all paths are those of this machine. */
  withoutRoot(text: string): string {
    return this.#prefix === '' ? text : text.replaceAll(this.#prefix, '')
  }

  resolve(path: string): Resolved {
    const links: string[] = []
    let left = path.split('/').filter((name) => name !== '')
    let at = '/'
    for (let followed = 0; left.length > 0;) {
      const next = posix.join(at, left[0]!)
      left = left.slice(1)
      const target = attempt(() => readlinkSync(this.place(next)))
      if (target === undefined) {
        at = next
        continue
      }
      if (left.length === 0) links.push(next)
      if (++followed > LINKS) return { path: next, links, exists: false }
      left = [...target.split('/').filter((name) => name !== '' && name !== '.'), ...left]
      if (target.startsWith('/')) at = '/'
    }
    const exists = this.#stats.has(at) || attempt(() => lstatSync(this.place(at))) !== undefined
    return { path: at, links, exists }
  }

  /** The start of a regular file. Nothing else is opened in a way that could wait. */
  text(path: string): string | undefined {
    return attempt(() => {
      const descriptor = openSync(this.place(this.resolve(path).path), constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        if (!fstatSync(descriptor).isFile()) return undefined
        return readStart(descriptor)
      } finally {
        closeSync(descriptor)
      }
    })
  }

  /** The first line of a file, fit to be shown; undefined when it is empty. */
  line(path: string): string | undefined {
    return printable(this.text(path)?.split('\n', 1)[0] ?? '') || undefined
  }

  /** The number that a file holds. */
  number(path: string): number | undefined {
    const match = /^\s*(-?\d{1,15})\s*$/.exec(this.text(path) ?? '')
    return match ? Number(match[1]) : undefined
  }

  /** The names in a directory, sorted; none when it cannot be read. */
  names(path: string): string[] {
    const names = attempt(() => readdirSync(this.place(this.resolve(path).path))) ?? []
    return names.slice(0, LISTED_NAMES).toSorted()
  }

  /** Where a link points, as it is written, whether there is something or not. */
  link(path: string): string | undefined {
    return attempt(() => readlinkSync(this.place(path)))
  }

  /** Why the names of a directory cannot be read; undefined when they can. */
  refusal(path: string): string | undefined {
    try {
      readdirSync(this.place(path))
      return undefined
    } catch (error) {
      return (error as NodeJS.ErrnoException).code
    }
  }

  exists(path: string): boolean {
    return this.resolve(path).exists
  }

  stat(path: string): NodeStat | undefined {
    const { path: real, exists } = this.resolve(path)
    if (!exists) return undefined
    return this.#stats.get(real) ?? attempt(() => statOf(this.place(real)))
  }

  /**
   * Why this process may not read and write it, as the name of an error number: `EACCES` by the permissions, `EPERM` by the device rules of
   * a container, which the kernel checks after the permissions and without the node's being opened. Null when it may, or when there is nothing.
   */
  denial(path: string): string | null {
    const stat = this.stat(path)
    if (!stat) return null
    const place = this.place(this.resolve(path).path)
    if (!this.#isMadeUp && !this.#stats.has(path)) return denialOf(place)
    return this.#rightsAllow(stat) ? (stat.refusal ?? null) : 'EACCES'
  }

  #rightsAllow({ mode, uid, gid }: NodeStat): boolean {
    if (this.uid === 0) return true
    const shift = uid === this.uid ? 6 : this.gids.includes(gid) ? 3 : 0
    return ((mode >> shift) & 6) === 6
  }
}

/** Whether the effective group is among the others is up to the system. */
function groupsOfProcess(): number[] {
  const gids = new Set(process.getgroups?.())
  const effective = process.getegid?.()
  if (effective !== undefined) gids.add(effective)
  return [...gids]
}

function denialOf(place: string): string | null {
  try {
    accessSync(place, constants.R_OK | constants.W_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EACCES'
  }
}

function readStart(descriptor: number): string {
  const bytes = Buffer.alloc(READ_BYTES)
  let filled = 0
  while (filled < bytes.length) {
    const read = readSync(descriptor, bytes, filled, bytes.length - filled, null)
    if (read === 0) break
    filled += read
  }
  return bytes.toString('utf8', 0, filled)
}

function statOf(place: string): NodeStat {
  const stat = lstatSync(place)
  const { major, minor } = deviceNumbers(stat.rdev)
  const { uid, gid } = stat
  const kinds = [
    ['character', stat.isCharacterDevice()],
    ['block', stat.isBlockDevice()],
    ['directory', stat.isDirectory()],
    ['file', stat.isFile()],
  ] as const
  const type = kinds.find(([, is]) => is)?.[0] ?? 'other'
  return { type, major, minor, mode: stat.mode & 0o7777, uid, gid }
}
