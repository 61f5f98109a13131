import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionContext } from 'ava'
import { openPipe } from '../../ts/index.js'
import type { PipeFrame, PipeOptions } from '../../ts/index.js'
import { TestSource } from '../../ts/test-pattern/testsrc.js'
import { range } from './record.js'

export const SIZE = { width: 64, height: 64 }
export const BYTES = (64 * 64 * 3) / 2
/** So many raw pictures of 64x64, all alike. */
export const pictures = (count: number) => `head -c ${count * BYTES} /dev/zero`

export async function framesOf(
  command: Parameters<typeof openPipe>[0],
  options: PipeOptions = {},
): Promise<PipeFrame[]> {
  const source = await openPipe(command, options)
  const frames: PipeFrame[] = []
  for await (const frame of source) frames.push(frame)
  return frames
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Who still runs of a process group, once those that are just ending had time to. Zombies are for their new parent to collect. */
export async function leftOf(group: number, turns = 50): Promise<string[]> {
  const members = () =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/stat`, 'latin1')
        } catch {
          return ''
        }
      })
      .filter((stat) => new RegExp(`\\) [^ZX] \\d+ ${group} `).test(stat))
  for (let turn = 0; turn < turns && members().length > 0; turn++) await sleep(20)
  return members()
}

/** What Y4M looks like, so many pictures of 4x2 with that value. */
export function y4m(header: string, ...values: number[]): Buffer {
  const parts = values.map((value) => Buffer.concat([Buffer.from('FRAME\n'), Buffer.alloc(12, value)]))
  return Buffer.concat([Buffer.from(`YUV4MPEG2 ${header}\n`), ...parts])
}

/** A folder for one test. */
export function scratch(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-pipe-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A program that writes these bytes. */
export function writing(t: ExecutionContext, bytes: Uint8Array): [string, string] {
  const folder = scratch(t)
  writeFileSync(join(folder, 'bytes'), bytes)
  return ['cat', join(folder, 'bytes')]
}

/** The stamped test picture as raw frames of another program. */
export function stamped(t: ExecutionContext, format: 'I420' | 'NV12', width: number, height: number, count: number) {
  const source = new TestSource(width, height, format)
  return writing(t, Buffer.concat(range(count).map((index) => source.draw(index).slice())))
}
