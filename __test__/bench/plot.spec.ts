import test from 'ava'
import { canvasOf, histogram, speaksUnicode } from '../../ts/cli/bench/plot.js'

const BLOCKS = { width: 40, isUnicode: true }
const TEXT = { width: 40, isUnicode: false }

test('a histogram has a line for each step, and one for the few beyond the 99th percentile', (t) => {
  const values = [10, 10.5, 11, 11, 11.5, 12, 12, 12.5, 13, 250]
  t.deepEqual(histogram(values, 13, BLOCKS), [
    '   10.0 –  10.5 │██████████▌ 1',
    '   10.5 –  11.0 │██████████▌ 1',
    '   11.0 –  11.5 │█████████████████████ 2',
    '   11.5 –  12.0 │██████████▌ 1',
    '   12.0 –  12.5 │█████████████████████ 2',
    '   12.5 –  13.0 │██████████▌ 1',
    '   13.0 –  13.5 │██████████▌ 1',
    '   13.5 – 250.0 │██████████▌ 1',
  ])
})

test('it is plain text where the terminal does not speak UTF-8', (t) => {
  t.deepEqual(histogram([1, 2, 2, 3], 3, TEXT), [
    '  1.0 - 1.5 |############# 1',
    '  1.5 - 2.0 | 0',
    '  2.0 - 2.5 |######################### 2',
    '  2.5 - 3.0 | 0',
    '  3.0 - 3.5 |############# 1',
  ])
})

test('equal values are one line, and so is a single one', (t) => {
  t.deepEqual(histogram([8.25, 8.25, 8.25], 8.25, TEXT), ['  8.25 - 8.25 |####################### 3'])
  t.deepEqual(histogram([0], 0, TEXT), ['  0.00 - 0.00 |####################### 1'])
  t.deepEqual(histogram([], 0, TEXT), [])
})

test('most values being equal does not hide the others', (t) => {
  const lines = histogram([...Array.from({ length: 200 }, () => 5), 90], 5, TEXT)
  t.regex(lines[0]!, / 200$/)
  t.regex(lines.at(-1)!, /90\.\d+ \|#+ 1$/)
})

test('every value is in exactly one line, whatever their size', (t) => {
  for (const scale of [1e-3, 0.1, 0.3, 1, 33.333, 1e4]) {
    const values = Array.from({ length: 97 }, (_, index) => scale * (1 + ((index * 7) % 10) / 10))
    const counts = histogram(values, Math.max(...values), TEXT).map((line) => Number(/\d+$/.exec(line)![0]))
    t.is(
      counts.reduce((sum, count) => sum + count, 0),
      values.length,
      `${scale}`,
    )
  }
})

test('the values of a long bench are plotted too', (t) => {
  const values = Array.from({ length: 200_000 }, (_, index) => 5 + (index % 50) / 10)
  const counts = histogram(values, 9.8, TEXT).map((line) => Number(/\d+$/.exec(line)![0]))
  t.is(
    counts.reduce((sum, count) => sum + count, 0),
    values.length,
  )
})

test('lines keep within the terminal, and bars remain in a very narrow one', (t) => {
  const values = Array.from({ length: 500 }, (_, index) => 5 + (index % 50) / 10)
  for (const width of [30, 80, 120]) {
    for (const line of histogram(values, 9.9, { width, isUnicode: true })) t.true(line.length <= width, line)
  }
  for (const line of histogram(values, 9.9, { width: 5, isUnicode: false })) t.regex(line, /\|#{1,4} \d+$/)
})

test('the locale is what C programs take it for', (t) => {
  t.true(speaksUnicode({ LANG: 'de_DE.UTF-8' }))
  t.true(speaksUnicode({ LC_ALL: '', LC_CTYPE: 'C.utf8', LANG: 'C' }))
  t.false(speaksUnicode({ LC_ALL: 'C', LANG: 'en_GB.UTF-8' }))
  t.false(speaksUnicode({ LC_CTYPE: 'de_DE.ISO-8859-1', LANG: 'en_GB.UTF-8' }))
  t.false(speaksUnicode({ LANG: 'en_GB.UTF-8', TERM: 'dumb' }))
  t.false(speaksUnicode({}))
})

test('the width is the terminal’s up to 120, and 80 where there is none', (t) => {
  t.is(canvasOf(undefined, {}).width, 80)
  t.is(canvasOf(0, {}).width, 80)
  t.is(canvasOf(64, {}).width, 64)
  t.is(canvasOf(400, {}).width, 120)
})
