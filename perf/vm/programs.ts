/** Three programs that code the same file with vicodec, from start to exit. */
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { busySeconds, encoderNode, HEIGHT, MEMORY, WIDTH } from './machine.js'

/** As the driver has it by default; its quantisers are left as they are by all three. */
const KEY_FRAME_INTERVAL = 10

/** What a program took, in seconds. */
export interface Run {
  wall: number
  /** Of the whole machine: the driver codes wherever it is called, or in a thread of the kernel's. */
  cpu: number
}

export const PROGRAMS = ['this package', 'v4l2-ctl', 'GStreamer'] as const
export type Program = (typeof PROGRAMS)[number]

/** Where a program leaves the coded file. */
export const coded = (program: Program): string => join(MEMORY, `${program.replace(' ', '-')}.fwht`)

type Command = [name: string, ...args: string[]]

const COMMANDS: Record<Program, (pictures: string, coded: string) => Command> = {
  'this package': (pictures, result) => {
    const script = resolve('perf/programs/encode-file.mjs')
    return [process.execPath, script, pictures, `${WIDTH}x${HEIGHT}`, String(KEY_FRAME_INTERVAL), result]
  },
  'v4l2-ctl': (pictures, result) => {
    // What the package writes into the stream when it is told nothing of colors; v4l2-ctl 1.22 leaves the transfer function out.
    const colors = 'colorspace=rec709,ycbcr=709,quantization=lim-range,xfer=709'
    const format = `width=${WIDTH},height=${HEIGHT},pixelformat=NV12,${colors}`
    const settings = ['-d', encoderNode(), '-x', format, '-c', `video_gop_size=${KEY_FRAME_INTERVAL}`]
    return [
      'v4l2-ctl',
      ...settings,
      '--stream-mmap',
      '--stream-out-mmap',
      `--stream-from=${pictures}`,
      `--stream-to=${result}`,
    ]
  },
  GStreamer: (pictures, result) => {
    const picture = [
      'rawvideoparse',
      'format=nv12',
      `width=${WIDTH}`,
      `height=${HEIGHT}`,
      'framerate=30/1',
      'colorimetry=bt709',
    ]
    const encoder = ['v4l2fwhtenc', `extra-controls=c,video_gop_size=${KEY_FRAME_INTERVAL}`]
    const source = ['-q', 'filesrc', `location=${pictures}`]
    return ['gst-launch-1.0', ...source, '!', ...picture, '!', ...encoder, '!', 'filesink', `location=${result}`]
  },
}

/** Has the program code the pictures. */
export function code(program: Program, pictures: string): Promise<Run> {
  return run(...COMMANDS[program](pictures, coded(program)))
}

/** Runs a program to its end; fails with its complaints. */
export async function run(...[name, ...args]: Command): Promise<Run> {
  const [start, busy] = [performance.now(), busySeconds()]
  const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (data) => (complaints += data))
  const status = await new Promise<number | null>((settle, fail) => {
    child.on('error', fail)
    child.on('close', settle)
  })
  const took = { wall: (performance.now() - start) / 1000, cpu: busySeconds() - busy }
  if (status !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${status}: ${complaints}`)
  return took
}
