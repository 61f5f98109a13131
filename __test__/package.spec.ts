import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { VERSION } from '../ts/version.js'

const ROOT = join(import.meta.dirname, '..')

/** Without comments, whose examples are code too. */
function codeOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/\/\*\*.*?\*\//gs, '')
}

/** Every module that importing one loads, ours by path and others by name. */
function importsOf(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  for (const [, name] of codeOf(file).matchAll(/^(?:import|export) (?!type )[^;]*?from '(.*?)'/gms)) {
    if (name!.startsWith('.')) importsOf(join(dirname(file), name!.replace(/\.js$/, '.ts')), seen)
    else seen.add(name!)
  }
  return seen
}

const loaded = [...importsOf(join(ROOT, 'ts/index.ts'))]

test('importing the package loads nothing but its own modules and Node’s', (t) => {
  t.true(loaded.length > 20)
  t.deepEqual(
    loaded.filter((name) => !name.startsWith(ROOT) && !name.startsWith('node:')),
    [],
  )
})

test('importing the package loads neither the command line nor benchmarks, sources of frames or test pictures', (t) => {
  t.deepEqual(
    loaded.filter((name) => /\/(cli|bench|source)\/|testsrc/.test(name.slice(ROOT.length))),
    [],
  )
})

test('no module that is loaded waits at its top level, so that require() can load the package', (t) => {
  const waiting = loaded.filter(
    (name) => name.startsWith(ROOT) && /^(?:await|for await|(?:export )?(?:const|let) .*= await) /m.test(codeOf(name)),
  )
  t.deepEqual(waiting, [])
})

test('the package runs nothing on installation and needs only the parser of its command line', (t) => {
  const { scripts, dependencies, files, engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.deepEqual(
    ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts),
    [],
  )
  t.deepEqual(Object.keys(dependencies), ['@types/node', 'citty'])
  t.deepEqual(files, ['dist'])
  t.is(engines.node, '>=20.19')
})

test('the manifest, the code and the Rust side have one version', (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const cargo = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8')
  t.is(VERSION, version)
  t.is(/^\[workspace\.package\]\nversion = "(.*)"/m.exec(cargo)?.[1], version)
  for (const [, name, wanted] of cargo.matchAll(/^(\S+) = \{ version = "(.*?)", path = /gm)) t.is(wanted, version, name)
})

test('the lock file names no host', (t) => {
  t.notRegex(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'), /"resolved"/)
})
