/** Run by `npm run bench:vm [NAME…]` in the virtual machine: the package beside other programs, on the kernel's own devices. */
import { runAsked } from '../report.js'
import { dmabufs } from './dmabufs.js'
import { latency } from './latency.js'
import { payloads } from './payloads.js'
import { race } from './race.js'
import { stalls } from './stalls.js'

await runAsked({ race, payloads, stalls, dmabufs, latency })
