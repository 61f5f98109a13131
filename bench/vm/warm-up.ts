import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { BYTES, MEMORY, pictures } from './machine.js'
import { code, PROGRAMS } from './programs.js'

const FRAMES = 4

/** The programs' own files are read once, and GStreamer looks through its plugins once. */
export async function warmUp(): Promise<void> {
  const few = `${MEMORY}/few.nv12`
  const head = new Uint8Array(FRAMES * BYTES)
  const file = openSync(pictures(), 'r')
  readSync(file, head, 0, head.length, 0)
  closeSync(file)
  writeFileSync(few, head)
  for (const program of PROGRAMS) await code(program, few)
}
