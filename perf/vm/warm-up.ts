import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { BYTES, MEMORY, pictures } from './machine.js'
import { code, PROGRAMS } from './programs.js'

/** A file of the first pictures only. */
export function few(all: string, count: number): string {
  const head = new Uint8Array(count * BYTES)
  const file = openSync(all, 'r')
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  writeFileSync(`${MEMORY}/few.nv12`, head)
  return `${MEMORY}/few.nv12`
}

/** The programs' own files are read once, and GStreamer looks through its plugins once. */
export async function warmUp(): Promise<void> {
  const file = few(pictures(), 4)
  for (const program of PROGRAMS) await code(program, file)
}
