// ts/doctor: finds out whether hardware encodes here, why not, and how to fix it.
import type { Diagnosis } from './diagnosis.js'
import type { Facts } from './facts/facts.js'
import { findingsOf } from './findings/all.js'
import { summaryOf } from './verdict.js'

/** Users and groups that distributions and NVIDIA make; any other name may be that of a person or of a company. */
const SYSTEM_NAMES = new Set(
  [
    'root daemon bin sys adm tty disk lp mail news uucp man proxy kmem dialout fax voice cdrom floppy tape sudo wheel audio dip',
    'www-data backup operator list irc src shadow utmp video render sasl plugdev staff games users nogroup nobody input sgx kvm',
    'crontab netdev bluetooth messagebus systemd-journal systemd-network systemd-resolve systemd-timesync lpadmin sambashare scanner',
    'docker podman lxd gpio i2c spi gdm lightdm weston-launch avahi pulse pulse-access rtkit ssl-cert trusty crypto debug',
  ].flatMap((line) => line.split(' ')),
)

const PROGRAM = 'a program'

/** Gives each name that is no system's another one, the same for the same, so that what follows from their being equal still does. */
class Pseudonyms {
  readonly #known = new Map<string, string>()

  of(name: string): string {
    if (SYSTEM_NAMES.has(name) || /^\d+$/.test(name)) return name
    const known = this.#known.get(name) ?? `other-${this.#known.size + 1}`
    this.#known.set(name, known)
    return known
  }
}

function anonymousFacts(facts: Facts): Facts {
  const { user, nodes, deviceUsers } = facts
  const names = new Pseudonyms()
  const groupsOf = (groups: readonly string[]) => {
    return groups.filter((group) => group !== user.name).map((group) => names.of(group))
  }
  return {
    ...facts,
    user: {
      ...user,
      name: null,
      groups: groupsOf(user.groups),
      groupsOfNextLogin: groupsOf(user.groupsOfNextLogin),
    },
    nodes: nodes.map((node) => ({ ...node, owner: names.of(node.owner), group: names.of(node.group) })),
    deviceUsers: { ...deviceUsers, seen: deviceUsers.seen.map((deviceUser) => ({ ...deviceUser, command: PROGRAM })) },
  }
}

/**
 * A text in which paths contain nobody's name: of home directories, and of disks that the desktop mounted for a user.
 *
 * @internal
 */
export function withoutUsersInPaths(text: string): string {
  return text.replaceAll(/\/(home|Users|run\/media|media)\/[^/\s]+/g, '/$1/USER')
}

/**
 * What is meant for strangers: without the names of users, of groups that are no system's and of programs. The findings are written again,
 * since their sentences name them.
 *
 * @internal
 */
export function anonymous(diagnosis: Diagnosis): Diagnosis {
  const { hardware, probes } = diagnosis
  const facts = anonymousFacts(diagnosis.facts)
  const findings = findingsOf({ facts, probes })
  return { ...diagnosis, facts, findings, summary: summaryOf(hardware, findings, probes) }
}
