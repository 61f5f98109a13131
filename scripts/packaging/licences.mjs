// The licences that a part of this package may have, whether it is linked into the native part or bundled as JavaScript: those that
// deny.toml allows, where they are written once.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [, list] = /^allow = \[(.*)\]$/m.exec(readFileSync(new URL('../../deny.toml', import.meta.url), 'utf8'))
const ALLOWED = new Set(JSON.parse(`[${list}]`))

/**
 * Throws unless one way of reading the expression ("A OR B", "A/B", "A AND B", without brackets) has only allowed licences.
 * Returns the expression.
 */
export function allowedLicence(name, expression) {
  const ways = expression?.split(/ OR |\//) ?? []
  if (ways.some((way) => way.split(' AND ').every((part) => ALLOWED.has(part)))) return expression
  throw new Error(`The licence of ${name} is ${expression ?? 'not stated'}, which deny.toml does not allow.`)
}

/** The names of the files in a folder that have the text of a licence. */
export function licenceFiles(folder) {
  return readdirSync(folder).filter((file) => /^(licen[cs]e|copying|copyright|notice|unlicense)/i.test(file))
}

/** The texts of these files, of those that exist. */
export function textsIn(folder, files) {
  const paths = files.map((file) => join(folder, file)).filter((path) => existsSync(path))
  return paths.map((path) => readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim())
}

/** The part of a notice for each text, under the names of the works that have it. */
export function sections(works) {
  const byText = new Map()
  for (const { line, texts } of works) for (const text of texts) byText.set(text, [...(byText.get(text) ?? []), line])
  return [...byText].map(([text, lines]) => `\n${'-'.repeat(100)}\n${lines.join('\n')}\n\n${text}\n`).join('')
}
