import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { usageError } from '../exit.js'
import * as values from '../values.js'
import type { Action } from './action.js'
import { ACTIONS } from './actions/all.js'

const OWN_ARGS = {
  device: { type: 'string', alias: 'd', valueHint: 'node', description: 'The same, as v4l2-ctl has it' },
  all: { type: 'boolean', description: 'Everything that the device tells' },
  json: { type: 'boolean', description: 'Print JSON: what was asked for by the names of the options' },
  transport: {
    type: 'string',
    valueHint: 'kernel|nvidia|auto',
    description: "By ioctl(2), by NVIDIA's library, or whichever the node needs (default: auto)",
  },
  library: { type: 'string', valueHint: 'file', description: 'To load instead of libnvv4l2.so' },
  timeout: { type: 'string', valueHint: 'time', description: 'How long a request may take (default: 5s)' },
} as const satisfies ArgsDef

function argOf({ alias, valueHint, description }: Action): ArgsDef[string] {
  const common = { description, ...(alias === undefined ? {} : { alias }) }
  return valueHint === undefined ? { ...common, type: 'boolean' } : { ...common, type: 'string', valueHint }
}

export const ioctlArgs: ArgsDef = {
  node: {
    type: 'positional',
    required: false,
    description: 'The device, such as /dev/video0 or 0 (default: /dev/video0)',
  },
  ...OWN_ARGS,
  ...Object.fromEntries(ACTIONS.map((action) => [action.option, argOf(action)])),
}

/** Shown below the options by `--help`. */
export const ioctlExamples = `Options that ask and set have the names of v4l2-ctl's and print what it prints; without one it is --info. Setting goes before
asking. Through NVIDIA's library it also works on the encoder of a Jetson, where v4l2-ctl does not.

A format is width=…,height=…,pixelformat=…,field=…,colorspace=…,xfer=…,ycbcr=…,quantization=…,bytesperline=…,sizeimage=…, a target
target=crop (crop_default, crop_bounds, compose, …), and a rectangle target=…,left=…,top=…,width=…,height=…,flags=ge|le; parts may be
left out. A standard is a number of --list-standards, its bits, pal, pal-X (B, G, H, N, Nc, I, D, K, M, 60), ntsc, ntsc-X (M, J, K),
secam or secam-X (B, G, H, D, K, L, Lc). Timings are index=… of --list-dv-timings, or query: those that come in.

EXAMPLES

  v4l2-encoder ioctl /dev/video0 --all
  v4l2-encoder ioctl /dev/video0 --list-formats-ext --json
  v4l2-encoder ioctl /dev/video0 -c brightness=128,contrast=32 -C brightness
  v4l2-encoder ioctl /dev/video0 -v width=1280,height=720,pixelformat=NV12 -p 30 -V -P
  v4l2-encoder ioctl /dev/v4l2-nvenc --list-formats --list-formats-out`

/** What followed each option, as often as it was given: v4l2-ctl takes each of them. */
export type GivenOptions = Readonly<Record<string, readonly string[] | undefined>>

/** Node.js tells which option it is about in its sentence only. */
function usageOf({ message }: Error): Error {
  const unknown = /^Unknown option '(-[^']+)'/.exec(message)?.[1]
  if (unknown !== undefined) values.refuseUnknown([unknown], ioctlArgs, 'v4l2-encoder ioctl')
  const name = /--([\w-]+)/.exec(message)?.[1]
  if (/does not take an argument/.test(message)) return usageError(`The option --${name} takes no value.`)
  const arg = name === undefined ? undefined : ioctlArgs[name]
  if (!arg || !('valueHint' in arg)) return usageError(message)
  return usageError(`The option --${name} needs a value (${arg.valueHint}), but nothing was given.`)
}

function parsedArgs(rawArgs: string[]): { options: GivenOptions; nodes: string[] } {
  const named = Object.entries(ioctlArgs).filter(([, { type }]) => type !== 'positional')
  const options = named.map(([name, arg]) => {
    const short = 'alias' in arg && typeof arg.alias === 'string' ? { short: arg.alias } : {}
    return [name, { type: arg.type === 'boolean' ? 'boolean' : 'string', multiple: true, ...short } as const] as const
  })
  try {
    const parsed = parseArgs({ args: rawArgs, options: Object.fromEntries(options), allowPositionals: true })
    const texts = Object.entries(parsed.values).map(([name, all]) => [name, (all as unknown[]).map(String)])
    return { options: Object.fromEntries(texts) as GivenOptions, nodes: parsed.positionals }
  } catch (error) {
    throw usageOf(error as Error)
  }
}

/** `0` is `/dev/video0`. */
function nodeOf(nodes: readonly string[]): string {
  if (nodes.length > 1) throw usageError(`One device at a time: ${nodes.join(' and ')} were given.`)
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

const LONGEST_MS = 600_000

function timeoutOf(text: string): number {
  const milliseconds = values.duration(text, '--timeout') * 1000
  if (milliseconds >= 1 && milliseconds <= LONGEST_MS) return milliseconds
  throw usageError(`The option --timeout needs a time from 0.001s to 10m, but "${text}" was given.`)
}

const WAYS = ['kernel', 'nvidia', 'auto'] as const

export function planOf(rawArgs: string[]): IoctlPlan {
  const { options, nodes } = parsedArgs(rawArgs)
  const last = (name: string) => options[name]?.at(-1)
  const [transport, library] = [values.optional(values.oneOf(WAYS), last('transport'), '--transport'), last('library')]
  const timeout = values.optional(timeoutOf, last('timeout'), '--timeout')
  return {
    node: nodeOf([...nodes, ...(options.device ?? [])]),
    options,
    isJson: options.json !== undefined,
    isAll: options.all !== undefined,
    opening: {
      ...(transport === undefined ? {} : { transport }),
      ...(library === undefined ? {} : { library }),
      ...(timeout === undefined ? {} : { timeout }),
    },
  }
}
