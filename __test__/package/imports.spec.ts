import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import test from 'ava'

const ROOT = join(import.meta.dirname, '../..')

type Graph = Map<string, Set<string>>

const FILES = readdirSync(join(ROOT, 'ts'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('ts', name))
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** What each file imports of the others: values and types, at once and later. */
function importGraph(files: readonly string[], text: (file: string) => string): Graph {
  const imported = (file: string) =>
    [...text(file).matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)\.js'/g)].map(
      ([, path]) => `${normalize(join(dirname(file), path!))}.ts`,
    )
  return new Map(files.map((file) => [file, new Set(imported(file).filter((other) => files.includes(other)))]))
}

/** `ts/frame` of `ts/frame/bytes.ts`; what is in `ts/` itself stands for itself. */
const folderOf = (file: string) => file.split('/').slice(0, 2).join('/')

function folderGraph(graph: Graph): Graph {
  const folders: Graph = new Map()
  for (const [file, others] of graph) {
    const folder = folderOf(file)
    const seen = folders.get(folder) ?? new Set()
    for (const other of others) if (folderOf(other) !== folder) seen.add(folderOf(other))
    folders.set(folder, seen)
  }
  return folders
}

/** A cycle, from what begins it to what closes it; undefined where there is none. */
function cycleOf(graph: Graph): string[] | undefined {
  const done = new Set<string>()
  const search = (node: string, path: string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node]
    if (done.has(node)) return undefined
    for (const next of graph.get(node) ?? []) {
      const found = search(next, [...path, node])
      if (found) return found
    }
    done.add(node)
    return undefined
  }
  for (const node of graph.keys()) {
    const found = search(node, [])
    if (found) return found
  }
  return undefined
}

test('no file of ts/ imports itself through others, not even types', (t) => {
  const graph = importGraph(FILES, textOf)
  t.true([...graph.values()].reduce((count, others) => count + others.size, 0) > FILES.length)
  t.deepEqual(cycleOf(graph), undefined)
})

test('no folder of ts/ imports itself through others, so a lower one never imports a higher one', (t) => {
  t.deepEqual(cycleOf(folderGraph(importGraph(FILES, textOf))), undefined)
})

test('a cycle is found in whichever way one file imports the other', (t) => {
  const ways = [
    "import { b } from './b.js'",
    "export type { B } from './b.js'",
    "await import('./b.js')",
    "import './b.js'",
  ]
  for (const way of ways) {
    const texts: Record<string, string> = { 'ts/x/a.ts': way, 'ts/x/b.ts': "import '../y/c.js'", 'ts/y/c.ts': '' }
    const graph = () => importGraph(Object.keys(texts), (file) => texts[file]!)
    t.is(cycleOf(graph()), undefined)
    texts['ts/y/c.ts'] = "import type {\n  A,\n} from '../x/a.js'"
    t.deepEqual(cycleOf(graph()), ['ts/x/a.ts', 'ts/x/b.ts', 'ts/y/c.ts', 'ts/x/a.ts'], way)
    t.deepEqual(cycleOf(folderGraph(graph())), ['ts/x', 'ts/y', 'ts/x'], way)
  }
})

test('the first file of each folder of ts/ begins with a line or two on what the folder is for', (t) => {
  const firsts = FILES.toSorted().filter(
    (file, index, all) => all.findIndex((one) => dirname(one) === dirname(file)) === index,
  )
  t.true(firsts.includes('ts/index.ts'))
  for (const first of firsts) {
    const lines = textOf(first).split('\n')
    const comment = lines.slice(
      0,
      lines.findIndex((line) => !line.startsWith('// ')),
    )
    const isSaid = comment[0]?.startsWith(`// ${dirname(first)}: `) && comment.length <= 2
    t.true(isSaid, `${first} must begin with one or two lines "// ${dirname(first)}: …"`)
  }
})
