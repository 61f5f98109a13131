/**
 * Run by `npm run bench:vm [NAME…]` in the virtual machine: the package beside other programs, on the kernel's own devices.
 * `scripts/bench-vm` knows which of these belong into a machine whose clock counts instructions.
 */
import { runAsked } from '../report.js'
import { dmabufs } from './dmabufs.js'
import { latency } from './latency.js'
import { payloads } from './payloads.js'
import { raceByInstructions, raceByTheClock } from './race.js'
import { stalls } from './stalls.js'

await runAsked({ race: raceByInstructions, 'race-by-clock': raceByTheClock, payloads, stalls, dmabufs, latency })
