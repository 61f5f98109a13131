import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { generatedPages } from '../../scripts/docs/pages.js'
import { anchorsOf, PAGES, proseOf } from '../support/documents.js'
import type { Page } from '../support/documents.js'
import { ROOT } from '../support/type-checker.js'

const run = promisify(execFile)
const TOP = ['CONTRIBUTING.md', 'SECURITY.md']
const ALL: readonly Page[] = [...PAGES, ...TOP.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))]

/** Links to files of this repository. */
function linksOf({ path, text }: Page): [target: string, anchor: string | undefined][] {
  const links = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!)
  return links
    .filter((link) => !/^https?:/.test(link))
    .map((link) => link.split('#'))
    .map(([file, anchor]) => [file ? relative('.', join(dirname(path), file)) : path, anchor])
}

test('every link between pages leads to a file and a heading', (t) => {
  const broken = ALL.flatMap((page) =>
    linksOf(page)
      .filter(([target, anchor]) => {
        const file = join(ROOT, target)
        return !existsSync(file) || (anchor && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
      })
      .map(([target, anchor]) => `${page.path}: ${target}#${anchor ?? ''}`),
  )
  t.true(ALL.flatMap(linksOf).length > 50, 'links are found')
  t.deepEqual(broken, [])
})

test('pictures have a text for those who do not see them, and those of the README an address that works on npm', (t) => {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository: string }
  const raw = `https://raw.githubusercontent.com/${repository.replace('github:', '')}/main/`
  let pictures = 0
  for (const { path, text } of PAGES) {
    for (const [, words, address] of proseOf(text).matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)) {
      pictures++
      t.true(words!.length > 20, `${path}: ${address}`)
      const file =
        path === 'README.md' ? address!.replace(raw, '').replace('?sanitize=true', '') : join(dirname(path), address!)
      t.regex(readFileSync(join(ROOT, file), 'utf8'), /<title>/)
    }
  }
  t.true(pictures >= 1 && pictures <= 6)
})

test('every page is in the index', (t) => {
  const index = PAGES.find(({ path }) => path === 'docs/README.md')!
  const listed = new Set(linksOf(index).map(([target]) => target))
  t.deepEqual(
    PAGES.map(({ path }) => path).filter((path) => path !== index.path && !listed.has(path)),
    [],
  )
})

for (const [path, text] of generatedPages()) {
  test(`${path} is what the typings say; "npm run docs" writes it`, (t) => {
    t.is(readFileSync(join(ROOT, path), 'utf8'), text)
  })
}

/** Files of the code that the pages for contributors name. */
function filesNamedBy({ text }: Page): string[] {
  return [...text.matchAll(/`([\w./-]+\.(?:rs|ts|mjs))`/g)].map(([, file]) => file!)
}

test('every file that the pages for contributors name exists', async (t) => {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  const files = stdout.split('\n').map((file) => `/${file}`)
  const pages = PAGES.filter(({ path }) => ['docs/architecture.md', 'docs/contributing.md'].includes(path))
  const named = pages.flatMap(filesNamedBy)
  t.true(named.length > 50, 'they are found')
  t.deepEqual(
    named.filter((name) => !files.some((file) => file.endsWith(`/${name}`))),
    [],
  )
})

/** What the pages call: a command of the command line with the long options it is given. */
function callsOf({ path, text }: Page): [command: string, option: string, path: string][] {
  const lines = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) => block!.split('\n'))
  const commands = lines.flatMap((line) => [
    ...line.matchAll(/(?:npx v4l2-encoder|dist\/cli\/main\.js) (\w+)([^|#]*)/g),
  ])
  return commands.flatMap(([, command, rest]) =>
    [...rest!.matchAll(/ (--[a-z][a-z0-9-]*)/g)].map(([, option]): [string, string, string] => [
      command!,
      option!,
      path,
    ]),
  )
}

test('every option that a page gives to the command line is in its help', async (t) => {
  const calls = PAGES.flatMap(callsOf)
  t.true(calls.length > 20, 'calls are found')
  const commands = [...new Set(calls.map(([command]) => command))]
  const help = new Map<string, string>()
  for (const command of commands) {
    const { stdout } = await run(process.execPath, [join(ROOT, 'dist/cli/main.js'), command, '--help'])
    help.set(command, stdout)
  }
  const unknown = calls.filter(([command, option]) => !help.get(command)!.includes(option) && !option.includes('y4m'))
  t.deepEqual(unknown, [])
})
