import type { Machine } from '../machine.js'

/** Who runs this process. */
export interface UserFacts {
  /** The user's number; null where there is none. */
  uid: number | null
  /** The user's name; null when `/etc/passwd` does not name it. */
  name: string | null
  /** The groups that this process is in, by name, or by number where there is none. */
  groups: readonly string[]
  /** Groups that `/etc/group` puts the user into and this process is not in: they come with the next login. */
  groupsOfNextLogin: readonly string[]
}

interface Group {
  name: string
  gid: number
  members: readonly string[]
}

/** `name:password:number:members` or `name:password:number:…`, as in `/etc/group` and `/etc/passwd`. */
function entriesOf(text: string | undefined): string[][] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.split(':'))
    .filter(([name, , number]) => name !== undefined && /^[\w.$-]{1,64}$/.test(name) && /^\d+$/.test(number ?? ''))
}

/** @internal */
export function groupsOf(machine: Machine): Group[] {
  return entriesOf(machine.text('/etc/group')).map(([name, , gid, members = '']) => {
    return { name: name!, gid: Number(gid), members: members.split(',') }
  })
}

/** @internal */
export function userNameOf(machine: Machine, uid: number): string | null {
  return entriesOf(machine.text('/etc/passwd')).find(([, , number]) => Number(number) === uid)?.[0] ?? null
}

/**
 * Asks `/etc/passwd` and `/etc/group`; a directory service is not asked.
 *
 * @internal
 */
export function userFacts(machine: Machine): UserFacts {
  const { uid, gids } = machine
  const all = groupsOf(machine)
  const name = uid === null ? null : userNameOf(machine, uid)
  const groups = gids.map((gid) => all.find((group) => group.gid === gid)?.name ?? String(gid))
  const coming = all.filter(({ gid, members }) => name !== null && members.includes(name) && !gids.includes(gid))
  return { uid, name, groups, groupsOfNextLogin: coming.map((group) => group.name) }
}
