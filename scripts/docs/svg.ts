/** Text for an SVG element. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Colors that can be read on their own dark ground, on light and dark pages alike. */
export const COLORS = {
  ground: '#0d1117',
  frame: '#30363d',
  text: '#e6edf3',
  faint: '#9198a1',
  green: '#3fb950',
  yellow: '#d29922',
  red: '#ff7b72',
  blue: '#79c0ff',
  cyan: '#76e3ea',
  magenta: '#d2a8ff',
} as const

/** A picture of its own, with a title for those who do not see it. */
export function picture(width: number, height: number, title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${COLORS.ground}" stroke="${COLORS.frame}"/>
${body}
</svg>
`
}
