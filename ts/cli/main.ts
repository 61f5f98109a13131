#!/usr/bin/env node
import { createRequire } from 'node:module'
import { isatty } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import type { ArgsDef, CommandDef } from 'citty'
import { defineCommand, parseArgs, renderUsage, runCommand } from 'citty'
import { suggestion } from '../shared/did-you-mean.js'
import { surviveDeadTerminals } from './record/dead-terminal.js'
import { explain, ExitStatus, statusOf, usageError } from './exit.js'
import { endBy, Interrupted } from './record/stop.js'
import { Terminal } from './terminal.js'
import { refuseUnknown } from './values.js'

const NAME = 'v4l2-encoder'
const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

interface Subcommand {
  command: CommandDef
  args: ArgsDef
  examples: string
  /** Whether it reads its options itself, and refuses those that are none. */
  readsOptions?: boolean
}

/** Each is loaded when it is asked for, since one needs little of what the others do. */
const SUBCOMMANDS: Record<string, () => Promise<Subcommand>> = {
  record: () => import('./record/record.js'),
  devices: () => import('./devices/devices.js'),
  cameras: () => import('./cameras/cameras.js'),
  doctor: () => import('./doctor/doctor.js'),
  bench: () => import('./bench/bench.js'),
  ioctl: () => import('./ioctl/ioctl.js'),
}

const root = defineCommand({
  meta: { name: NAME, version, description: 'Encode video with the hardware of NVIDIA Jetson and other V4L2 boards' },
  subCommands: Object.fromEntries(
    Object.entries(SUBCOMMANDS).map(([name, load]) => [name, () => load().then(({ command }) => command)]),
  ),
})

const EXIT_STATUS = `EXIT STATUS

  0    done, also after Ctrl-C, SIGTERM or SIGHUP, or when the reader of standard output went away
  1    what was asked failed: encoding, or a request to the device
  2    an option or argument is wrong
  3    no encoder or camera of this machine does what was asked
  4    the input cannot be read, or the output not written
  130  Ctrl-C twice, or before anything was encoded: the file is not finished (143: SIGTERM, 129: SIGHUP)`

/** Colours are for terminals. */
function print(text: string): void {
  process.stdout.write(`${isatty(1) ? text : stripVTControlCharacters(text)}\n`)
}

async function help(subcommand: Subcommand | undefined): Promise<number> {
  const usage = subcommand
    ? await renderUsage(subcommand.command, root as CommandDef)
    : await renderUsage(root as CommandDef)
  print([usage.trimEnd(), ...(subcommand ? [subcommand.examples] : []), EXIT_STATUS].join('\n\n'))
  return ExitStatus.Ok
}

function isHelp(arg: string): boolean {
  return arg === '--help' || arg === '-h'
}

function refuseSurplus(rawArgs: string[], { args }: Subcommand): void {
  const taken = Object.values(args).filter(({ type }) => type === 'positional').length
  const surplus = parseArgs(rawArgs, args)._[taken]
  if (surplus === undefined) return
  throw usageError(
    `The argument "${surplus}" is one too many.`,
    'input' in args ? 'The input is given by --input.' : undefined,
  )
}

async function run([name, ...rest]: string[]): Promise<number> {
  if (name === undefined || isHelp(name)) return help(undefined)
  if (name === '--version' || name === '-v') {
    print(version)
    return ExitStatus.Ok
  }
  const load = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined
  if (!load) throw usageError(`"${NAME}" has no command ${name}. ${suggestion(name, Object.keys(SUBCOMMANDS))}`)
  const subcommand = await load()
  if (rest.some(isHelp)) return help(subcommand)
  if (!subcommand.readsOptions) {
    refuseUnknown(rest, subcommand.args, `${NAME} ${name}`)
    refuseSurplus(rest, subcommand)
  }
  const { result } = await runCommand(subcommand.command, { rawArgs: rest })
  return result as number
}

surviveDeadTerminals()
// No top-level await: an input that is still waiting must not keep the process from ending.
run(process.argv.slice(2)).then(
  (status) => process.exit(status),
  (error: unknown) => {
    const terminal = new Terminal()
    for (const line of explain(error)) terminal.line(line)
    if (error instanceof Interrupted) endBy(error.signal)
    process.exit(statusOf(error))
  },
)
