import { COLORS, escaped, picture } from './svg.js'

const CHARACTER = 7.83
const LINE = 19
const MARGIN = 20
const TOP = 58

/** What SGR codes mean that programs use on a terminal. */
const SGR: Readonly<Record<number, string>> = {
  2: COLORS.faint,
  31: COLORS.red,
  32: COLORS.green,
  33: COLORS.yellow,
  34: COLORS.blue,
  35: COLORS.magenta,
  36: COLORS.cyan,
  90: COLORS.faint,
  91: COLORS.red,
  92: COLORS.green,
  93: COLORS.yellow,
}

interface Span {
  text: string
  fill: string
  bold: boolean
}

/** The spans of one line, by its colors. */
function spansOf(line: string): Span[] {
  const spans: Span[] = []
  let fill: string = COLORS.text
  let bold = false
  // oxlint-disable-next-line no-control-regex -- These are a terminal's.
  for (const part of line.split(/(\u001b\[[0-9;]*[A-Za-z])/)) {
    // oxlint-disable-next-line no-control-regex -- As above.
    const codes = /^\u001b\[([0-9;]*)m$/.exec(part)?.[1]
    if (codes !== undefined) {
      for (const code of codes.split(';').map(Number)) {
        if (code === 0) [fill, bold] = [COLORS.text, false]
        else if (code === 1) bold = true
        else if (code === 22) bold = false
        else fill = SGR[code] ?? COLORS.text
      }
    } else if (part !== '' && !part.startsWith('\u001b')) {
      spans.push({ text: part, fill, bold })
    }
  }
  return spans
}

/** What stays of a line that was written over. */
function lastOf(line: string): string {
  return line.replace(/\r+$/, '').split('\r').at(-1) ?? ''
}

/**
 * A terminal with a command and its output; lines that match `lit` are marked.
 * The caption names the device that it ran on.
 */
export function terminalPicture(command: string, output: string, caption: string, lit: RegExp): string {
  const lines = [`\u001b[32m$\u001b[0m \u001b[1m${command}\u001b[0m`, ...output.trimEnd().split('\n').map(lastOf)]
  const rows = lines.map(spansOf)
  const columns = Math.max(
    ...rows.map((spans) => spans.reduce((sum, { text }) => sum + text.length, 0)),
    caption.length,
  )
  const width = Math.ceil(columns * CHARACTER + 2 * MARGIN)
  const drawn = rows.map((spans, row) => {
    const y = TOP + row * LINE
    const mark = lit.test(spans.map(({ text }) => text).join(''))
      ? `<rect x="${MARGIN - 8}" y="${y - 14}" width="${width - 2 * MARGIN + 16}" height="${LINE}" rx="3" fill="#12361f"/>`
      : ''
    const texts = spans.map(
      ({ text, fill, bold }) => `<tspan fill="${fill}"${bold ? ' font-weight="bold"' : ''}>${escaped(text)}</tspan>`,
    )
    return `${mark}<text x="${MARGIN}" y="${y}" xml:space="preserve">${texts.join('')}</text>`
  })
  const dots = [COLORS.red, COLORS.yellow, COLORS.green].map(
    (fill, index) => `<circle cx="${MARGIN + index * 18}" cy="20" r="5.5" fill="${fill}"/>`,
  )
  const body = `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13">
${dots.join('')}
<text x="${MARGIN + 66}" y="24" fill="${COLORS.faint}" font-size="12">${escaped(caption)}</text>
${drawn.join('\n')}
</g>`
  return picture(width, TOP + rows.length * LINE + 6, `${caption}: ${command}`, body)
}
