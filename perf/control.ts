/** What a change costs the calling thread, and how soon the stream has it. */
import { performance } from 'node:perf_hooks'
import { createEncoder } from '../ts/index.js'
import { measureStep, onEach } from './bitrate-step.js'
import { device } from './device.js'
import { figure, median } from './report.js'

const UPDATES = 4000

export async function control(): Promise<void> {
  const encoder = await createEncoder({ codec: 'h264', width: 320, height: 240, ...device({}), hardware: 'require' })
  const calls: number[] = []
  const before = performance.eventLoopUtilization()
  for (let count = 0; count < UPDATES; count++) {
    const start = performance.now()
    const made = encoder.update({ bitrate: 500_000 + (count % 100) })
    calls.push((performance.now() - start) * 1000)
    await made
  }
  const { active } = performance.eventLoopUtilization(before)
  await encoder.close()
  figure('update({ bitrate }): the call with its promise, p50', median(calls), 'µs', { most: 20 })
  // With what the event loop does for the answer: one turn of it for each, as they are awaited one by one.
  figure('update({ bitrate }): the calling thread until it is answered', (active * 1000) / UPDATES, 'µs')
  await onEach(async (name, options) => {
    const { settled } = await measureStep(options)
    const worst = Math.max(...settled.map((part) => Math.abs(part - 1) * 100))
    figure(`bit rate 4 → 1 → 4 Mbit/s, mean of 1 to 3 s after a step, ${name}`, worst, '% off', { most: 10 })
  })
}
