/** From `import` to the first chunk, in a process of its own. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { device } from './device.js'
import { figure, median } from './report.js'

const RUNS = 7

export function startUp(): void {
  const options = JSON.stringify({ codec: 'h264', width: 1280, height: 720, ...device({}), hardware: 'require' })
  const times = Array.from({ length: RUNS }, () => {
    const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'programs/first-chunk.mjs'), options])
    return Number(printed.toString().trim())
  })
  figure('import to first chunk (package as built), median', median(times), 'ms')
}
