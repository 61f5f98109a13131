import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { openInput } from '../../ts/cli/record/input.js'
import { cameraOf, recordParser } from '../../ts/cli/record/options.js'
import { onAddon } from '../support/installed-programs.js'
import { parseCommand } from '../support/parse-command.js'
import { scratch } from '../support/pipe.js'
import { runSource } from '../support/run-source.js'

const MAIN = join(import.meta.dirname, '../../ts/cli/main.ts')

test('--camera is an index, a device or a part of a name, and --camera-index an index', (t) => {
  const camera = (...args: string[]) => cameraOf(parseCommand(recordParser(), args).opts())
  t.is(camera(), undefined)
  t.is(camera('--camera-index', '2'), 2)
  t.is(camera('--camera', '2'), 2)
  t.is(camera('--camera', '/dev/video2'), '/dev/video2')
  t.is(camera('--camera', 'Logitech C920'), 'Logitech C920')
})

onAddon('the options of the encoder reach it', async (t) => {
  const file = join(scratch(t), 'clip.h264')
  const options = ['--key-frame-interval', '2', '--bitrate-mode', 'variable', '--latency-mode', 'realtime']
  const size = ['--software-encoder', '--size', '64x64', '--frames', '6', '--quiet']
  const { code, stderr } = await runSource(MAIN, ['record', file, ...size, ...options])
  t.is(code, 0, stderr)
  const stream = readFileSync(file)
  const types = [...stream.keys()].filter((at) => stream.readUIntBE(Math.min(at, stream.length - 4), 3) === 1)
  t.is(types.filter((at) => (stream[at + 3]! & 31) === 5).length, 3, 'every second frame is a key frame')
})

test('how much of a file was read is known', async (t) => {
  const file = join(scratch(t), 'frames.i420')
  writeFileSync(file, Buffer.alloc((64 * 64 * 3) / 2))
  const wanted = { source: file, size: { width: 64, height: 64 }, framerate: undefined, format: undefined, live: false }
  const input = await openInput(wanted, new AbortController().signal)
  for await (const { timestamp } of input.frames) t.is(timestamp, 0)
  t.is(input.part?.(), 1)
})
