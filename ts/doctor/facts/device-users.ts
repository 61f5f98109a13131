import { setImmediate as turn } from 'node:timers/promises'
import { printable } from '../machine.js'
import type { Machine } from '../machine.js'

/** A process that has an encoder's node open. */
export interface DeviceUser {
  /** Its number. */
  pid: number
  /** Its program's name. */
  command: string
  /** The node. */
  path: string
}

/** Which other processes use an encoder. */
export interface DeviceUserFacts {
  /** Those that could be seen. */
  seen: readonly DeviceUser[]
  /** How many processes could not be looked into, since they are another user's. */
  unseen: number
}

/** Descriptors that are looked at of one process; an encoder's is among the first. */
const DESCRIPTORS = 1024
/** Processes between two turns of the event loop. */
const AT_ONCE = 16

function heldBy(machine: Machine, pid: string, nodes: ReadonlySet<string>): string[] {
  const directory = `/proc/${pid}/fd`
  const links = machine
    .names(directory)
    .slice(0, DESCRIPTORS)
    .map((name) => machine.link(`${directory}/${name}`))
  return [...new Set(links.filter((link) => link !== undefined && nodes.has(link)))] as string[]
}

/**
 * Looks at the open descriptors of every process that this user may look into, except this one.
 *
 * @internal
 */
export async function deviceUserFacts(machine: Machine, nodes: readonly string[]): Promise<DeviceUserFacts> {
  if (nodes.length === 0) return { seen: [], unseen: 0 }
  const wanted = new Set(nodes)
  const pids = machine.names('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const seen: DeviceUser[] = []
  let unseen = 0
  for (const [index, pid] of pids.entries()) {
    if (index % AT_ONCE === 0) await turn()
    if (machine.refusal(`/proc/${pid}/fd`) === 'EACCES') unseen++
    const command = () => printable(machine.text(`/proc/${pid}/comm`) ?? '') || 'unknown'
    for (const path of heldBy(machine, pid, wanted)) seen.push({ pid: Number(pid), command: command(), path })
  }
  return { seen, unseen }
}
