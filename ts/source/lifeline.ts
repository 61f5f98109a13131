import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { Logger } from '../shared/log.js'

/** A process group of ours that is not to outlive us. */
interface Group {
  /** Its leader, by which it is named. */
  pid: number
  signal: NodeJS.Signals
  /** When the leader started, in ticks since the boot; empty where that is not known. */
  start: string
}

/**
 * What the supervisor does: it reads which groups there are, and ends them when there is nobody left who could write. A group is left
 * alone when its number is another process's by now. What has not ended two seconds after its signal is killed.
 */
const SUPERVISOR = `
trap '' HUP INT QUIT TERM PIPE
held=
while read -r word pid signal start; do
  case $word in
  hold) held="$held $pid/$signal/$start" ;;
  free)
    rest=
    for one in $held; do
      case $one in "$pid"/*) ;; *) rest="$rest $one" ;; esac
    done
    held=$rest ;;
  esac
done
own() {
  [ -n "$start" ] && read -r stat 2>/dev/null <"/proc/$pid/stat" || return 0
  set -- \${stat##*) }
  [ "\${20}" = "$start" ]
}
each() {
  left=
  for one in $held; do
    pid=\${one%%/*} start=\${one##*/} signal=\${one#*/}
    own && kill "-\${1:-\${signal%/*}}" "-$pid" 2>/dev/null && left=yes
  done
  [ -n "$left" ]
}
each || exit 0
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  sleep 0.1 2>/dev/null || break
  each 0 || exit 0
done
each KILL
`

/** A supervisor that did not live as long as this is not tried once more. */
const SOUND_MS = 1000

let isUseless = false
/** How many lifelines are open. */
let users = 0
const groups = new Set<Group>()
let supervisor: { child: ChildProcess; writer: Socket | undefined } | undefined

/** The 22nd member of its line, of which the second is a name that may hold anything. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function warn(why: string): void {
  Logger.from(undefined).log(
    'debug',
    `Programs that write frames are not supervised (${why}): they outlive this process if it is killed.`,
  )
}

function hold({ pid, signal, start }: Group): void {
  supervisor?.writer?.write(`hold ${pid} ${signal.slice('SIG'.length)} ${start}\n`)
}

/** Its end is noticed, so that it is no zombie, and the next group gets a new one. */
function onEnd(ended: ChildProcess, begun: number, why: string): void {
  if (supervisor?.child !== ended) return
  supervisor = undefined
  if (performance.now() - begun < SOUND_MS) {
    isUseless = true
    warn(why)
  } else if (groups.size > 0) startSupervisor()
}

/**
 * A shell, as there is one on every system but the barest. It is in a session of its own, holds no file of ours open, and its standard
 * input is a pipe whose other end nobody but this thread has: it closes with the worker, and with the process however that ends.
 */
function startSupervisor(): void {
  const begun = performance.now()
  const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'v4l2-encoder-lifeline'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: process.env.PATH },
    detached: true,
  })
  child.on('error', (error) => onEnd(child, begun, error.message))
  child.on('exit', (code, signal) => onEnd(child, begun, `the shell ended with ${signal ?? code}`))
  supervisor = { child, writer: undefined }
  if (child.pid === undefined) return
  child.unref()
  const writer = child.stdin as Socket
  writer.on('error', () => {})
  // Bun's does not keep the process alive.
  ;(writer as { unref?: () => void }).unref?.()
  supervisor = { child, writer }
  for (const group of groups) hold(group)
}

/** Ties the process groups of one program to the life of this thread. */
export interface Lifeline {
  /** From now on the group ends with this thread. */
  tie: (pid: number, signal: NodeJS.Signals) => void
  /** The group has ended, or there was none. */
  release: () => void
}

function assureSupervisor(): void {
  if (supervisor || isUseless) return
  try {
    startSupervisor()
  } catch (error) {
    isUseless = true
    warn((error as Error).message)
  }
}

/** The last one to leave ends it. */
function leave(group: Group | undefined): void {
  users--
  if (group) groups.delete(group)
  if (!supervisor) return
  const { writer } = supervisor
  if (group) writer?.write(`free ${group.pid}\n`)
  if (users > 0) return
  supervisor = undefined
  writer?.end()
}

/**
 * Has someone there who ends a program and its group with this thread, if nothing else ended it: also where JavaScript does not see the
 * end, as by a signal, a crash, or `worker.terminate()`. To be opened before the program is started.
 *
 * @internal
 */
export function openLifeline(): Lifeline {
  users++
  assureSupervisor()
  let group: Group | undefined
  let isOver = false
  return {
    tie: (pid, signal) => {
      group = { pid, signal, start: startOf(pid) }
      groups.add(group)
      hold(group)
    },
    release: () => {
      if (!isOver) leave(group)
      isOver = true
    },
  }
}
