/**
 * Runs on the host, after `encode.spec` and `zero-copy.spec` ran in the virtual machine: compares the frames that the kernel's decoder
 * left in `VM_CASES` with the frames that went in. `scripts/test-vm` starts it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { assertGoodStream } from '../support/judge.js'
import { FWHT_DECIBELS, readRaw } from '../support/kernel.js'
import type { KeptCase } from '../support/kernel.js'
import { originals } from '../support/record.js'

const FOLDER = process.env.VM_CASES!
const names = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .toSorted()

test('the virtual machine left streams to judge', (t) => t.true(names.length >= 3, names.join(' ')))

for (const name of names) {
  const { title, width, height, stamps } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as KeptCase
  test(`${name} (${width}x${height}): ${title}`, async (t) => {
    const one = { stream: new Uint8Array(), codec: 'fwht', width, height, stamps, source: originals(width, height) }
    const raw = join(FOLDER, name.replace(/json$/, 'yuv'))
    await assertGoodStream(t, one, FWHT_DECIBELS, async (_, onPicture) => readRaw(raw, one, onPicture))
  })
}
