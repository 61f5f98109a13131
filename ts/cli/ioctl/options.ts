import { helpSection, libraryOption, newCommand, Option } from '../command.js'
import type { Command } from '../command.js'
import { usageError } from '../exit.js'
import * as values from '../values.js'
import { InvalidArgumentError } from 'commander'
import { ACTION_GROUPS, ACTIONS } from './actions/all.js'
import type { Action } from './action.js'

const NOTES = `  Options have the names of v4l2-ctl's and print what it prints; without one it
  is --info. Settings are done before queries. An option may be repeated. With
  NVIDIA's library it also works on the encoder of a Jetson, where v4l2-ctl does
  not.

  A format is width=…,height=…,pixelformat=…,field=…,colorspace=…,xfer=…,
  ycbcr=…,quantization=…,bytesperline=…,sizeimage=…; a target is target=crop
  (crop_default, crop_bounds, compose, …); a rectangle is target=…,left=…,top=…,
  width=…,height=…,flags=ge|le. Parts may be left out.

  A standard is a number of --list-standards, its bits, pal, pal-X (B, G, H, N,
  Nc, I, D, K, M, 60), ntsc, ntsc-X (M, J, K), secam or secam-X (B, G, H, D, K,
  L, Lc). Timings are index=… of --list-dv-timings, or query for those that the
  input receives.`

const EXAMPLES = `  v4l2-encoder ioctl /dev/video0 --all
  v4l2-encoder ioctl /dev/video0 --list-formats-ext --json
  v4l2-encoder ioctl /dev/video0 -c brightness=128,contrast=32 -C brightness
  v4l2-encoder ioctl 0 -v width=1280,height=720,pixelformat=NV12 -p 30 -V -P
  v4l2-encoder ioctl /dev/v4l2-nvenc --list-formats --list-formats-out`

const TRANSPORTS = ['kernel', 'nvidia', 'auto'] as const
const MAX_SECONDS = 600

/** Milliseconds. */
function timeout(text: string): number {
  const milliseconds = values.duration(text) * 1000
  if (milliseconds >= 1 && milliseconds <= MAX_SECONDS * 1000) return milliseconds
  throw new InvalidArgumentError('Allowed is a time from 0.001s to 10m.')
}

/** All values of a repeated option: v4l2-ctl takes each of them. */
function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text]
}

function optionOf({ option, alias, valueHint, description }: Action): Option {
  const value = valueHint === undefined ? '' : ` <${valueHint}>`
  const parsed = new Option(`${alias === undefined ? '' : `-${alias}, `}--${option}${value}`, description)
  return valueHint === undefined ? parsed : parsed.argParser(collect)
}

/** The parser of `ioctl`; the action is added where the command is run. */
export function ioctlParser(): Command {
  const command = newCommand()
    .argument('[device]', 'The device, such as /dev/video0 or 0 (default: /dev/video0)')
    .addOption(new Option('-d, --device <device>', 'The same, as v4l2-ctl has it').argParser(collect))
    .addOption(new Option('--all', 'Everything that the device reports'))
    .addOption(new Option('--json', 'Print JSON: the answers by the names of the options'))
    .addOption(
      new Option('--transport <transport>', 'kernel (ioctl(2)), nvidia (its library) or auto')
        .argParser(values.oneOf(TRANSPORTS))
        .default(undefined, 'auto: what the device needs'),
    )
    .addOption(libraryOption())
    .addOption(new Option('--timeout <time>', 'Timeout of a request').argParser(timeout).default(undefined, '5s'))
  for (const [heading, actions] of Object.entries(ACTION_GROUPS)) {
    command.optionsGroup(heading)
    for (const action of actions) command.addOption(optionOf(action))
  }
  return command
    .addHelpText('after', helpSection('Notes:', NOTES))
    .addHelpText('after', helpSection('Examples:', EXAMPLES))
}

/** The values of each option on the command line, in their order; a single empty one of an option without a value. */
export type GivenOptions = Readonly<Record<string, readonly string[] | undefined>>

/** `0` is `/dev/video0`. */
function nodeOf(nodes: readonly string[]): string {
  if (nodes.length > 1) throw usageError(`One device at a time, not ${nodes.join(' and ')}.`)
  const [node = '0'] = nodes
  return /^\d{1,3}$/.test(node) ? `/dev/video${node}` : node
}

/** A command line, checked before anything is opened. */
export interface IoctlPlan {
  readonly node: string
  readonly options: GivenOptions
  readonly isJson: boolean
  readonly isAll: boolean
  /** As `openDevice()` takes them. */
  readonly opening: { readonly transport?: string; readonly library?: string; readonly timeout?: number }
}

interface OwnOptions {
  device?: readonly string[]
  all?: boolean
  json?: boolean
  transport?: (typeof TRANSPORTS)[number]
  library?: string
  timeout?: number
}

/** What commander made of the actions' options. */
function givenOptions(options: Readonly<Record<string, unknown>>): GivenOptions {
  const given = ACTIONS.map((action) => [action.option, options[optionOf(action).attributeName()]] as const)
  return Object.fromEntries(
    given.flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value === true ? [''] : (value as string[])]],
    ),
  )
}

/** The plan of a parsed command line. */
export function planOf(node: string | undefined, options: OwnOptions): IoctlPlan {
  const { device = [], transport, library, timeout: milliseconds } = options
  return {
    node: nodeOf([...(node === undefined ? [] : [node]), ...device]),
    options: givenOptions(options as Readonly<Record<string, unknown>>),
    isJson: options.json === true,
    isAll: options.all === true,
    opening: {
      ...(transport === undefined ? {} : { transport }),
      ...(library === undefined ? {} : { library }),
      ...(milliseconds === undefined ? {} : { timeout: milliseconds }),
    },
  }
}
