import { writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { defineCommand } from 'citty'
import { openDeviceOn } from '../device/open-device.js'
import { V4l2EncoderError } from '../errors.js'
import { loadAddon } from '../loader.js'
import { ExitStatus, usageError } from './exit.js'
import type { Action } from './ioctl/action.js'
import { ACTIONS } from './ioctl/actions/all.js'
import { jsonText } from './ioctl/json.js'
import { Session } from './ioctl/session.js'
import { errorText } from './ioctl/words.js'
import * as values from './values.js'

const OWN_ARGS = {
  device: { type: 'string', alias: 'd', valueHint: 'node', description: 'The same, as v4l2-ctl has it' },
  all: { type: 'boolean', description: 'Everything that the device tells' },
  json: { type: 'boolean', description: 'Print JSON: what was asked for by the names of the options' },
  through: {
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
export const ioctlExamples = `The options are those of v4l2-ctl, and so is what is printed; without one it is --info. Setting goes before asking. Through
NVIDIA's library it also works on the encoder of a Jetson, where v4l2-ctl does not.

A format is width=…,height=…,pixelformat=…,field=…,colorspace=…,xfer=…,ycbcr=…,quantization=…,bytesperline=…,sizeimage=…, a target
target=crop (crop_default, crop_bounds, compose, …), and a rectangle target=…,left=…,top=…,width=…,height=…,flags=ge|le; parts may be
left out.

EXAMPLES

  v4l2-encoder ioctl /dev/video0 --all
  v4l2-encoder ioctl /dev/video0 --list-formats-ext --json
  v4l2-encoder ioctl /dev/video0 -c brightness=128,contrast=32 -C brightness
  v4l2-encoder ioctl /dev/video0 -v width=1280,height=720,pixelformat=NV12 -p 30 -V -P
  v4l2-encoder ioctl /dev/v4l2-nvenc --list-formats --list-formats-out`

type Given = Readonly<Record<string, readonly string[] | undefined>>

/** Every option as often as it is given: v4l2-ctl takes each of them. */
function given(rawArgs: string[]): { options: Given; nodes: string[] } {
  const named = Object.entries(ioctlArgs).filter(([, { type }]) => type !== 'positional')
  const options = named.map(([name, arg]) => {
    const short = 'alias' in arg && typeof arg.alias === 'string' ? { short: arg.alias } : {}
    return [name, { type: arg.type === 'boolean' ? 'boolean' : 'string', multiple: true, ...short } as const] as const
  })
  try {
    const parsed = parseArgs({ args: rawArgs, options: Object.fromEntries(options), allowPositionals: true })
    const texts = Object.entries(parsed.values).map(([name, all]) => [name, (all as unknown[]).map(String)])
    return { options: Object.fromEntries(texts) as Given, nodes: parsed.positionals }
  } catch (error) {
    throw usageOf(error as Error)
  }
}

/** Node.js tells which option it is about in its sentence only. */
function usageOf({ message }: Error): Error {
  const name = /--([\w-]+)/.exec(message)?.[1]
  const arg = name === undefined ? undefined : ioctlArgs[name]
  if (!arg || !('valueHint' in arg)) return usageError(message)
  return usageError(`The option --${name} needs a value (${arg.valueHint}), but nothing was given.`)
}

/** `0` is `/dev/video0`. */
function nodeOf({ options, nodes }: ReturnType<typeof given>): string {
  const named = [...nodes, ...(options.device ?? [])]
  if (named.length > 1) throw usageError(`One device at a time: ${named.join(' and ')} were given.`)
  const [node = '0'] = named
  return /^\d{1,3}$/.test(node) ? `/dev/video${node}` : node
}

function wantedActions(options: Given): Action[] {
  const isAll = options.all !== undefined
  const wanted = ACTIONS.filter(({ option, isInAll }) => options[option] !== undefined || (isAll && isInAll === true))
  return wanted.length > 0 ? wanted : ACTIONS.filter(({ option }) => option === 'info')
}

function isRefusal(error: unknown): error is V4l2EncoderError {
  return error instanceof V4l2EncoderError && error.ioctl !== undefined && error.errno !== undefined
}

/** What came of everything that was asked for. */
interface Outcome {
  readonly lines: string[]
  readonly data: Record<string, unknown>
  hasFailed: boolean
}

/** A request that the driver refuses is told and does not end the others; of `--all` nothing is told of it, as many are refused. */
function refused(outcome: Outcome, { option, isInAll }: Action, error: V4l2EncoderError, isAll: boolean): void {
  if (isAll && isInAll === true) return
  outcome.hasFailed = true
  outcome.lines.push(`${error.ioctl}: failed: ${errorText(error.errno!)}`)
  outcome.data[option] = { error: { code: error.code, message: error.message, ioctl: error.ioctl, errno: error.errno } }
}

async function perform(session: Session, options: Given): Promise<Outcome> {
  const outcome: Outcome = { lines: [], data: {}, hasFailed: false }
  for (const action of wantedActions(options)) {
    const texts = options[action.option] ?? ['']
    try {
      for (const text of action.valueHint === undefined ? [''] : texts) {
        const { data, lines } = await action.run(session, text)
        outcome.lines.push(...lines)
        outcome.data[action.option] = data
      }
    } catch (error) {
      if (!isRefusal(error)) throw error
      refused(outcome, action, error, options.all !== undefined)
    }
  }
  return outcome
}

const WAYS = ['kernel', 'nvidia', 'auto'] as const

async function ioctl(rawArgs: string[]): Promise<number> {
  const parsed = given(rawArgs)
  const { options } = parsed
  const last = (name: string) => options[name]?.at(-1)
  const through = values.optional(values.oneOf(WAYS), last('through'), '--through')
  const seconds = values.optional(values.duration, last('timeout'), '--timeout')
  const path = nodeOf(parsed)
  // NVIDIA's library prints whenever it likes.
  const stdout = loadAddon().claimStdout()
  const device = await openDeviceOn(loadAddon, path, {
    through,
    library: last('library'),
    timeout: seconds === undefined ? undefined : seconds * 1000,
  })
  try {
    const { lines, data, hasFailed } = await perform(new Session(device, loadAddon), options)
    writeSync(stdout, options.json ? jsonText(data) : lines.map((line) => `${line}\n`).join(''))
    return hasFailed ? ExitStatus.Failed : ExitStatus.Ok
  } finally {
    await device.close()
  }
}

export const ioctlCommand = defineCommand({
  meta: { name: 'ioctl', description: 'Ask a V4L2 device, or set it, as v4l2-ctl does' },
  args: ioctlArgs,
  run: ({ rawArgs }) => ioctl(rawArgs),
})
