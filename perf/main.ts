/** `npm run bench [NAME…]`: what the layer itself costs, on a device that costs nothing. */
import { callingThread } from './calling-thread.js'
import { control } from './control.js'
import { delivery } from './delivery.js'
import { metadata } from './metadata.js'
import { memory } from './memory.js'
import { runAsked } from './report.js'
import { startUp } from './start-up.js'
import { throughput } from './throughput.js'

await runAsked({
  'calling-thread': callingThread,
  throughput,
  delivery,
  control,
  metadata,
  memory,
  'start-up': startUp,
})
