import { setImmediate as turn } from 'node:timers/promises'
import type { EncoderInfo } from '../../encoder/list.js'
import type { IdentifyNode } from './nodes.js'
import type { Machine } from '../machine.js'
import { boardFacts } from './board.js'
import type { BoardFacts } from './board.js'
import { containerFacts } from './container.js'
import type { ContainerFacts } from './container.js'
import { deviceUserFacts } from './device-users.js'
import type { DeviceUserFacts } from './device-users.js'
import { libraryFacts } from './libraries.js'
import type { LibraryFacts } from './libraries.js'
import { memoryFacts } from './memory.js'
import type { MemoryFacts } from './memory.js'
import { NVIDIA_ENCODERS, nodeFacts } from './nodes.js'
import type { NodeFacts } from './nodes.js'
import { powerFacts } from './power.js'
import type { PowerFacts } from './power.js'
import { systemFacts } from './system.js'
import type { SystemFacts } from './system.js'
import { userFacts } from './user.js'
import type { UserFacts } from './user.js'

/** Whether the native part of this package works here. */
export interface NativeFacts {
  /** Whether it was loaded. */
  loads: boolean
  /** Whether it said within the deadline what encoders there are. */
  answers: boolean
  /** Why it was not loaded or did not answer, as a sentence. */
  message?: string
  /** What would help. */
  hint?: string
}

/** What was found out without encoding anything. What could not be found out is null, an empty list or `'unknown'`. */
export interface Facts {
  /** The board. */
  board: BoardFacts
  /** The system that runs on it. */
  system: SystemFacts
  /** Who runs this process. */
  user: UserFacts
  /** The native part of this package. */
  native: NativeFacts
  /** What `listEncoders()` says. */
  encoders: readonly EncoderInfo[]
  /** Device nodes that have to do with video: NVIDIA's by name, then the kernel's by number. */
  nodes: readonly NodeFacts[]
  /** NVIDIA's library and its plugins. */
  libraries: LibraryFacts
  /** Where `lsmod` is, which NVIDIA's library runs; null when it is not on the `PATH`. */
  lsmod: string | null
  /** Whether this is a container, and what was passed into it. */
  container: ContainerFacts
  /** Other processes that use an encoder. */
  deviceUsers: DeviceUserFacts
  /** How much memory there is. */
  memory: MemoryFacts
  /** Power mode, clocks and temperatures. */
  power: PowerFacts
}

/**
 * What is known of the native part before facts are gathered.
 *
 * @internal
 */
export interface Listed {
  native: NativeFacts
  encoders: readonly EncoderInfo[]
  identify: IdentifyNode
}

const USUAL_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function programOnPath(machine: Machine, name: string): string | null {
  const directories = (machine.env.PATH ?? USUAL_PATH).split(':').filter((path) => path.startsWith('/'))
  return directories.map((directory) => `${directory}/${name}`).find((path) => machine.exists(path)) ?? null
}

function encoderNodes(nodes: readonly NodeFacts[]): string[] {
  return nodes.filter(({ path, kind }) => kind === 'encoder' || NVIDIA_ENCODERS.includes(path)).map(({ path }) => path)
}

/**
 * Reads files in small portions, between which the event loop gets its turn.
 *
 * @internal
 */
export async function gatherFacts(machine: Machine, library: string | undefined, listed: Listed): Promise<Facts> {
  const board = boardFacts(machine)
  const system = systemFacts(machine)
  await turn()
  const nodes = await nodeFacts(machine, listed.identify)
  const libraries = libraryFacts(machine, library)
  await turn()
  const container = containerFacts(machine)
  const power = powerFacts(machine)
  const deviceUsers = await deviceUserFacts(machine, encoderNodes(nodes))
  return {
    board,
    system,
    user: userFacts(machine),
    native: listed.native,
    encoders: listed.encoders,
    nodes,
    libraries,
    lsmod: programOnPath(machine, 'lsmod'),
    container,
    deviceUsers,
    memory: memoryFacts(machine),
    power,
  }
}
