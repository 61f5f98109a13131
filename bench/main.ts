/** `npm run bench [NAME…]`: what the layer itself costs, on a device that costs nothing. */
import { callingThread } from './calling-thread.js'
import { delivery } from './delivery.js'
import { memory } from './memory.js'
import { missed } from './report.js'
import { startUp } from './start-up.js'
import { throughput } from './throughput.js'

const benchmarks: Record<string, () => void | Promise<void>> = {
  'calling-thread': callingThread,
  throughput,
  delivery,
  memory,
  'start-up': startUp,
}

const asked = process.argv.slice(2)
const unknown = asked.find((name) => !(name in benchmarks))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}"; there are ${Object.keys(benchmarks).join(', ')}.`)
  process.exit(2)
}
for (const [name, run] of Object.entries(benchmarks)) if (asked.length === 0 || asked.includes(name)) await run()
process.exitCode = missed() > 0 ? 1 : 0
