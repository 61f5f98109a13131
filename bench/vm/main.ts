/** Run by `npm run bench:vm [NAME…]` in the virtual machine: the package beside other programs, on the kernel's own devices. */
import { missed } from '../report.js'
import { dmabufs } from './dmabufs.js'
import { latency } from './latency.js'
import { payloads } from './payloads.js'
import { race } from './race.js'
import { stalls } from './stalls.js'

const benchmarks: Record<string, () => Promise<void>> = { race, payloads, stalls, dmabufs, latency }

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in benchmarks))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(2)
}
for (const [name, run] of Object.entries(benchmarks)) if (asked.length === 0 || asked.includes(name)) await run()
process.exitCode = missed() > 0 ? 1 : 0
