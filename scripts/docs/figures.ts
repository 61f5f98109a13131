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
