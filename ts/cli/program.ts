import { CommanderError } from 'commander'
import { helpSection, newCommand, usageErrorOf } from './command.js'
import type { Command } from './command.js'
import { VERSION } from '../shared/version.js'

interface Row {
  name: string
  description: string
  /** Loads the command, whose code the others do not need. */
  load: () => Promise<{ command: () => Command }>
}

const COMMANDS: readonly Row[] = [
  {
    name: 'record',
    description: 'Encode a camera, a file, another program’s output or a test pattern',
    load: () => import('./record/record.js'),
  },
  {
    name: 'devices',
    description: 'List the encoders of this machine, and why others cannot be used',
    load: () => import('./devices/devices.js'),
  },
  {
    name: 'cameras',
    description: 'List the cameras of this machine, and why others cannot be used',
    load: () => import('./cameras/cameras.js'),
  },
  {
    name: 'doctor',
    description: 'Check whether hardware encoding works, and how to fix it',
    load: () => import('./doctor/doctor.js'),
  },
  {
    name: 'bench',
    description: 'Measure latency, throughput, CPU time and bit rate of the encoder',
    load: () => import('./bench/bench.js'),
  },
  {
    name: 'ioctl',
    description: 'Query and set a V4L2 device, as v4l2-ctl does',
    load: () => import('./ioctl/ioctl.js'),
  },
]

const EXIT_STATUS = `  0    done, also after Ctrl-C, SIGTERM or SIGHUP, or when the reader of
       standard output went away
  1    what was requested failed: encoding, or a request to the device
  2    an option or argument is wrong
  3    no encoder or camera of this machine can do what was requested
  4    the input cannot be read, or the output not written: it exists already,
       for example, and --force was not given
  130  Ctrl-C twice, or before anything was encoded: the file is not finished
       (143: SIGTERM, 129: SIGHUP)`

/** The parser with all commands, of which only those that the arguments name are loaded. */
async function programFor(args: readonly string[]): Promise<Command> {
  const named = new Set(args.slice(0, 2))
  const program = newCommand()
    .name('v4l2-encoder')
    .description('Encode video with the hardware of NVIDIA Jetson and other V4L2 boards')
    .version(VERSION, '-v, --version', 'Print the version')
    .helpCommand('help [command]', 'Print the help of a command')
    // `ioctl -v` is no request for the version.
    .enablePositionalOptions()
    .addHelpText('after', helpSection('Exit status:', EXIT_STATUS))
  for (const { name, description, load } of COMMANDS) {
    const command = named.has(name) ? (await load()).command() : newCommand()
    program.addCommand(command.name(name).description(description))
  }
  return program
}

/** Runs what the arguments say, and leaves the exit status in `process.exitCode`; `print` is where help goes. */
export async function run(args: readonly string[], print?: (text: string) => void): Promise<void> {
  const program = await programFor(args)
  if (print) for (const one of [program, ...program.commands]) one.configureOutput({ writeOut: print })
  try {
    await program.parseAsync(args.length === 0 ? ['--help'] : args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    const command = program.commands.find((one) => one.name() === args[0])
    const mistake = usageErrorOf(error, command?.options.some(({ long }) => long === '--input') ?? false)
    if (mistake) throw mistake
  }
}
