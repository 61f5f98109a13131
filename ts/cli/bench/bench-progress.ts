import type { BenchStep } from '../../bench/measure.js'
import { progressBar } from '../progress-bar.js'
import type { Terminal } from '../terminal.js'

const REFRESH_MS = 250

/** Reports the steps of a bench: a bar with the time left on a terminal, else a line for each step. */
export function reporter(terminal: Terminal): ((step: BenchStep) => void) & { stop: () => void } {
  let current: BenchStep | undefined
  let began = 0
  const show = () => {
    if (!current) return
    const { text, index, count, seconds } = current
    const elapsed = Math.min(seconds, (performance.now() - began) / 1000)
    const left = seconds - elapsed + (count - index - 1) * seconds
    terminal.status(`${progressBar((index + elapsed / seconds) / count, left)}  ${text}`)
  }
  const timer = terminal.isInteractive ? setInterval(show, REFRESH_MS) : undefined
  const report = (step: BenchStep) => {
    current = step
    began = performance.now()
    if (terminal.isInteractive) show()
    else terminal.line(step.text)
  }
  const stop = () => {
    clearInterval(timer)
    terminal.status('')
  }
  return Object.assign(report, { stop })
}
