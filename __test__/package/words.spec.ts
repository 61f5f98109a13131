import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { usesOf } from '../support/words.js'

const ROOT = join(import.meta.dirname, '../..')

/** Words that a reader of V4L2's, WebCodecs' or Node's documentation does not expect; the glossary of docs/contributing.md has the terms. */
const WORDS = [
  'afflictions?',
  'anew',
  'believed?',
  'coded in software',
  'colours?',
  'cures?',
  'films?',
  'in vain',
  'lets? go of',
  'patience',
  'told',
  'whoever',
]

/** V4L2's own names, and what programs of others print: `file: word`. */
const ALLOWED = new Set<string>([
  'ts/device/constants/control-flags.ts: films?',
  'ts/device/controls/stateless.ts: films?',
])

function productFiles(): string[] {
  const list = (folder: string, ending: string): string[] =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending))
      .map((name) => join(folder, name))
  const crates = readdirSync(join(ROOT, 'crates')).flatMap((crate) => list(join('crates', crate, 'src'), '.rs'))
  return [...list('ts', '.ts'), ...crates.filter((name) => !/\btests?(\.rs|\/)|\/testing\//.test(name))]
}

test('identifiers and messages of the product use the terms of the glossary', (t) => {
  const files = productFiles()
  t.true(files.length > 300, `${files.length} files`)
  const uses = files.flatMap((name) =>
    usesOf(WORDS, name, readFileSync(join(ROOT, name), 'utf8'))
      .filter(({ word }) => !ALLOWED.has(`${name}: ${word}`))
      .map(({ word, line, text }) => `${name}:${line}: "${word}" in ${text}`),
  )
  t.deepEqual(uses, [])
})

test('the words are found in identifiers and strings of both languages, and not in comments', (t) => {
  const typescript = "// a film\nconst myFilm = `cure ${of_films} anew`\nfilmed('x')"
  t.deepEqual(
    usesOf(WORDS, 'a.ts', typescript).map(({ word, line }) => `${line} ${word}`),
    ['2 films?', '2 cures?', '2 films?', '2 anew'],
  )
  const rust = '/* film */ let film_of: &\'a str = "told \\"x\\" \\\n   in vain"; let c = \'"\'; r#"anew"#; // cure'
  t.deepEqual(
    usesOf(WORDS, 'a.rs', rust).map(({ word, line }) => `${line} ${word}`),
    ['1 films?', '1 in vain', '1 told', '2 anew'],
  )
})

test('every exception is still needed', (t) => {
  const unused = [...ALLOWED].filter((exception) => {
    const [name, word] = exception.split(': ') as [string, string]
    return usesOf([word], name, readFileSync(join(ROOT, name), 'utf8')).length === 0
  })
  t.deepEqual(unused, [])
})
