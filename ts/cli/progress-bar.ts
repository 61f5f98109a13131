import { isUtf8 } from './locale.js'

const WIDTH = 24

/** `0:07`, `12:34`, `1:02:03` */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** A bar for a part from 0 to 1, with the time left where that is known. */
export function progressBar(part: number, left: number | undefined, env = process.env): string {
  const done = Math.min(1, Math.max(0, part))
  const [full, empty] = isUtf8(env) ? ['█', '░'] : ['#', '-']
  const filled = Math.floor(done * WIDTH)
  const time = left === undefined ? '' : `, ${clockText(left)} left`
  return `${full.repeat(filled)}${empty.repeat(WIDTH - filled)} ${String(Math.floor(done * 100)).padStart(3)} %${time}`
}

/** The time left at the pace so far; unknown at the beginning. */
export function secondsLeft(part: number, elapsedSeconds: number): number | undefined {
  return part > 0 ? (elapsedSeconds * (1 - Math.min(1, part))) / part : undefined
}
