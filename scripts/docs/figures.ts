import { COLORS, escaped, picture } from './svg.js'

/** What is drawn of the JSON of `v4l2-encoder bench`. */
export interface BenchReport {
  rows: readonly {
    codec: string
    width: number
    height: number
    together: { fps: number | null; latencyMs: { p50: number; p95: number; p99: number; max: number } | null } | null
  }[]
}

const PERCENTILES = [
  ['p50', COLORS.green],
  ['p95', COLORS.yellow],
  ['p99', COLORS.red],
] as const

const LEFT = 165
const SCALE = 480
const ROW = 78

/** A length that is read at a glance: 1, 2 or 5 times a power of ten. */
function step(most: number): number {
  const power = 10 ** Math.floor(Math.log10(most / 4))
  return power * ([1, 2, 5, 10].find((factor) => power * factor * 5 >= most) ?? 10)
}

/** Latency of each row as bars, with the throughput beside it. */
export function latencyPicture({ rows }: BenchReport, caption: string): string {
  const shown = rows.flatMap(({ together, ...row }) =>
    together?.latencyMs ? [{ ...row, ...together, latencyMs: together.latencyMs }] : [],
  )
  const most = Math.max(...shown.flatMap(({ latencyMs }) => PERCENTILES.map(([name]) => latencyMs[name])))
  const unit = step(most)
  const ticks = Array.from({ length: Math.floor(most / unit) + 1 }, (_, index) => index * unit)
  const x = (value: number) => LEFT + (value / most) * SCALE
  const bottom = 70 + shown.length * ROW
  const grid = ticks.map(
    (tick) =>
      `<line x1="${x(tick)}" y1="62" x2="${x(tick)}" y2="${bottom}" stroke="${COLORS.frame}"/>` +
      `<text x="${x(tick)}" y="${bottom + 18}" text-anchor="middle" fill="${COLORS.faint}">${Number(tick.toPrecision(3))} ms</text>`,
  )
  const bars = shown.map(({ codec, width, height, fps, latencyMs }, row) => {
    const top = 70 + row * ROW
    const each = PERCENTILES.map(([name, fill], index) => {
      const y = top + 4 + index * 19
      const value = latencyMs[name]
      return (
        `<rect x="${LEFT}" y="${y}" width="${Math.max(1, x(value) - LEFT)}" height="14" rx="2" fill="${fill}"/>` +
        `<text x="${x(value) + 6}" y="${y + 11}" fill="${COLORS.text}">${name} ${value.toFixed(1)}</text>`
      )
    })
    const rate = fps === null ? '' : `${Math.round(fps)} frames/s at most`
    return (
      `<text x="20" y="${top + 20}" fill="${COLORS.text}" font-weight="bold">${escaped(codec.toUpperCase())} ${width}x${height}</text>` +
      `<text x="20" y="${top + 38}" fill="${COLORS.faint}">${rate}</text>${each.join('')}`
    )
  })
  const body = `<g font-family="system-ui, sans-serif" font-size="12">
<text x="20" y="28" fill="${COLORS.text}" font-size="15" font-weight="bold">From encode() to the chunk in JavaScript, 30 frames per second</text>
<text x="20" y="47" fill="${COLORS.faint}">${escaped(caption)}</text>
${grid.join('\n')}
${bars.join('\n')}
</g>`
  return picture(LEFT + SCALE + 90, bottom + 32, `Latency by size. ${caption}`, body)
}

/** What is drawn of a step of the bit rate. */
export interface StepReport {
  name: string
  /** Seconds from the first frame, and the bytes of its chunk. */
  chunks: readonly { seconds: number; bytes: number }[]
}

/** The bit rate of each half second against what was asked for: `steps` in bits per second and seconds. */
export function bitrateStepPicture(
  reports: readonly StepReport[],
  steps: readonly { bitrate: number; seconds: number }[],
  caption: string,
): string {
  const whole = steps.reduce((sum, { seconds }) => sum + seconds, 0)
  const [left, top, width, height, most] = [70, 70, 620, 240, 6_000_000]
  const x = (seconds: number) => left + (seconds / whole) * width
  const y = (rate: number) => top + height - (Math.min(rate, most) / most) * height
  const path = (points: readonly (readonly [number, number])[]) =>
    points.map(([at, rate], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(rate).toFixed(1)}`).join(' ')
  let since = 0
  const asked = steps.flatMap(({ bitrate, seconds }) => {
    const from = since
    since += seconds
    return [[from, bitrate] as const, [since, bitrate] as const]
  })
  const window = 0.5
  const lines = reports.map(({ name, chunks }, index) => {
    const color = [COLORS.green, COLORS.blue, COLORS.yellow][index % 3]!
    const points: [number, number][] = []
    for (let start = 0; start + window <= whole; start += window) {
      const inside = chunks.filter(({ seconds }) => seconds >= start && seconds < start + window)
      points.push([start + window / 2, (inside.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / window])
    }
    const label = `<text x="${left + 10 + index * 190}" y="${top + height + 52}" fill="${color}">${escaped(name)}</text>`
    return `<path d="${path(points)}" fill="none" stroke="${color}" stroke-width="2"/>${label}`
  })
  const grid = [0, 1, 2, 3, 4, 5, 6].map(
    (mega) =>
      `<line x1="${left}" y1="${y(mega * 1e6)}" x2="${left + width}" y2="${y(mega * 1e6)}" stroke="${COLORS.frame}"/>` +
      `<text x="${left - 8}" y="${y(mega * 1e6) + 4}" text-anchor="end" fill="${COLORS.faint}">${mega}</text>`,
  )
  const times = Array.from(
    { length: Math.floor(whole) + 1 },
    (_, at) => `<text x="${x(at)}" y="${top + height + 20}" text-anchor="middle" fill="${COLORS.faint}">${at} s</text>`,
  )
  const body = `<g font-family="system-ui, sans-serif" font-size="12">
<text x="20" y="28" fill="${COLORS.text}" font-size="15" font-weight="bold">Mbit/s of each half second, after update({ bitrate })</text>
<text x="20" y="47" fill="${COLORS.faint}">${escaped(caption)}</text>
${grid.join('\n')}
${times.join('\n')}
<path d="${path(asked)}" fill="none" stroke="${COLORS.red}" stroke-width="1.5" stroke-dasharray="5 4"/>
${lines.join('\n')}
<text x="${left + 10 + reports.length * 190}" y="${top + height + 52}" fill="${COLORS.red}">asked for</text>
</g>`
  return picture(left + width + 60, top + height + 76, `Bit rate after two steps. ${caption}`, body)
}
