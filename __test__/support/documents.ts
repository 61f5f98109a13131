import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './type-checker.js'

/** A document of the repository. */
export interface Page {
  /** Its path in the repository, such as `docs/guide/frames.md`. */
  path: string
  text: string
}

/** One code block that is a whole program. */
export interface Example {
  /** The page and the heading that it stands under, such as `docs/guide/frames.md#lent-memory`; `~2` is the second one there. */
  name: string
  code: string
}

/** The README and everything in `docs/`. */
export const PAGES: readonly Page[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .toSorted()
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** A heading's anchor, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}

/** Everything outside of code blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '')
}

export function anchorsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!))
}

function examplesOf({ path, text }: Page): Example[] {
  const examples: Example[] = []
  let place = path
  for (const [, heading, code] of text.matchAll(/^#+ (.*)$|^```js\n([^]*?)^```$|^```[^]*?^```$/gm)) {
    if (heading !== undefined) place = `${path}#${anchorOf(heading)}`
    if (code === undefined) continue
    const before = examples.filter(({ name }) => name.split('~')[0] === place).length
    examples.push({ name: before === 0 ? place : `${place}~${before + 1}`, code })
  }
  return examples
}

/** Every JavaScript example of every page. */
export const EXAMPLES: readonly Example[] = PAGES.flatMap(examplesOf)
