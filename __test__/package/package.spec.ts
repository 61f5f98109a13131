import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'ava'
import { runProbe } from '../../ts/doctor/probe-process.js'
import type { ProbeFailure } from '../../ts/doctor/probe-request.js'
import { VERSION } from '../../ts/shared/version.js'

const ROOT = join(import.meta.dirname, '../..')

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
const loadedForDevices = [...importsOf(join(ROOT, 'ts/device/index.ts'))]
const loadedForMetadata = [...importsOf(join(ROOT, 'ts/metadata/index.ts'))]
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

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

test('the reader of metadata runs in browsers: it loads its own modules only, and uses nothing of Node.js', (t) => {
  t.deepEqual(
    loadedForMetadata.filter((name) => !name.startsWith(join(ROOT, 'ts/metadata/'))),
    [],
  )
  for (const file of loadedForMetadata) t.notRegex(codeOf(file), /\b(process|Buffer|require|global)\b/, file)
})

test('no module that is loaded waits at its top level, so that require() can load the package', (t) => {
  const waiting = [...loaded, ...loadedForDevices, ...loadedForMetadata].filter(
    (name) => name.startsWith(ROOT) && /^(?:await|for await|(?:export )?(?:const|let) .*= await) /m.test(codeOf(name)),
  )
  t.deepEqual(waiting, [])
})

test('the package runs nothing on installation, needs no other package, and knows Node.js’ types as an optional one', (t) => {
  const { scripts, dependencies, peerDependencies, peerDependenciesMeta, files, engines } = manifest
  t.deepEqual(
    ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts),
    [],
  )
  t.is(dependencies, undefined)
  t.deepEqual(
    [Object.keys(peerDependencies), peerDependenciesMeta],
    [['@types/node'], { '@types/node': { optional: true } }],
  )
  t.deepEqual(files, ['dist'])
  t.is(engines.node, '^20.19.0 || >=22.12.0', 'what can require() an ES module without a flag')
})

test('each entry has its own types for import and for require(), also where only main and typesVersions are read', (t) => {
  const { '.': main, './device': device, './metadata': metadata } = manifest.exports
  for (const [entry, path] of [
    [main, './dist/index'],
    [device, './dist/device/index'],
    [metadata, './dist/metadata/index'],
  ]) {
    t.deepEqual(entry.import, { types: `${path}.d.ts`, default: `${path}.js` })
    t.deepEqual(entry.require, { types: `${path}.d.cts`, default: `${path}.cjs` })
    t.true(Object.values(entry).every((condition) => Object.keys(condition as object)[0] === 'types'))
  }
  t.deepEqual([manifest.main, manifest.types], [main.require.default, main.require.types])
  t.deepEqual(manifest.typesVersions, {
    '*': { device: [device.require.types], metadata: [metadata.require.types] },
  })
})

const built = existsSync(join(ROOT, 'dist/index.cjs')) || process.env.CI ? test : test.skip
if (built === test.skip) console.log('skipped: dist/index.cjs missing; "npm run build:ts" builds it')

/** The files that importing one of them loads, from `dist/`, and all that is named in them. */
function staticImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen
  seen.add(file)
  const code = readFileSync(join(ROOT, 'dist', file), 'utf8')
  for (const [, name] of code.matchAll(/^(?:import|export) (?:[^'"]*? from )?'(.*?)';$/gms)) {
    if (name!.startsWith('.')) staticImports(join(dirname(file), name!), seen)
    else seen.add(name!)
  }
  return seen
}

const builtFiles = (): string[] =>
  readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(ROOT, 'dist/').length))

built('dist has the entries with their types, two programs, and chunks', (t) => {
  const entries = ['index', 'device/index', 'metadata/index'].flatMap((path) =>
    ['cjs', 'd.cts', 'd.ts', 'js'].map((end) => `${path}.${end}`),
  )
  t.deepEqual(
    builtFiles()
      .filter((file) => !/^chunks\/[a-z0-9-]+\.js$/.test(file))
      .toSorted(),
    [...entries, 'cli/main.js', 'doctor/probe.js', 'THIRD-PARTY-NOTICES.txt'].toSorted(),
  )
})

built('each entry loads three files at most, and none of another package', (t) => {
  const without = (file: string): string[] => [...staticImports(file)].filter((name) => !name.startsWith('node:'))
  t.deepEqual(without('index.js').toSorted(), ['chunks/encoder.js', 'chunks/shared.js', 'index.js'])
  t.deepEqual(without('device/index.js').toSorted(), ['chunks/device.js', 'chunks/shared.js', 'device/index.js'])
  t.deepEqual(without('metadata/index.js'), ['metadata/index.js'])
  for (const file of builtFiles().filter((name) => name.endsWith('.js'))) {
    const code = readFileSync(join(ROOT, 'dist', file), 'utf8')
    const names = [...code.matchAll(/(?:^import |^(?:import|export)\b[^'"]*? from |\bimport\()'(.*?)'/gms)].map(
      ([, name]) => name!,
    )
    t.deepEqual(
      names.filter((name) => !/^(node:|\.)/.test(name)),
      [],
      file,
    )
  }
})

built('bundlers find the names of the native part, written out', (t) => {
  const code = readFileSync(join(ROOT, 'dist/chunks/shared.js'), 'utf8')
  for (const name of ['linux-arm64-gnu', 'linux-x64-gnu']) {
    t.regex(code, new RegExp(String.raw`\brequire(\$1)?\('@v4l2-encoder/${name}'\)`))
  }
})

built('diagnose() starts its process where the package has it', async (t) => {
  const [path] = builtFiles().flatMap((file) => {
    const url = /new URL\(`(.*?)\$\{extname\(\w+\)\}`/.exec(readFileSync(join(ROOT, 'dist', file), 'utf8'))?.[1]
    return url === undefined ? [] : [join(dirname(file), url)]
  })
  t.is(path, 'doctor/probe', 'where the process is started')
  const request = {
    device: '/dev/null',
    library: '/no/library.so',
    codec: 'h264',
    width: 64,
    height: 64,
    timeoutMs: 5000,
  }
  const { answer } = await runProbe(request, 30_000, undefined, join(ROOT, 'dist/doctor/probe.js'))
  t.regex((answer as ProbeFailure).code ?? '', /^ERR_/, 'an answer of the process')
})

built('require() and import give one instance, classes and errors included, and print nothing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'v4l2-encoder-require-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const installed = join(folder, 'node_modules/v4l2-encoder')
  cpSync(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'))
  const program = `
    const required = require('v4l2-encoder'), device = require('v4l2-encoder/device')
    class Special extends required.V4l2EncoderError {}
    Promise.all([import('v4l2-encoder'), import('v4l2-encoder/device')]).then(async ([imported, importedDevice]) => {
      const special = new Special('ERR_CONFIG', 'words')
      const error = await required.createEncoder({ codec: 'no such' }).catch((reason) => reason)
      console.log(JSON.stringify([
        Object.keys(imported).filter((name) => required[name] !== imported[name]),
        Object.keys(importedDevice).filter((name) => device[name] !== importedDevice[name]),
        special instanceof imported.V4l2EncoderError, special instanceof importedDevice.V4l2EncoderError,
        error.code, Object.keys(imported).length > 10, typeof required.default,
      ]))
    })`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { cwd: folder, encoding: 'utf8' })
  t.is(stderr, '')
  t.is(stdout, '[[],[],true,true,"ERR_CONFIG",true,"undefined"]\n')
})

test('the manifest, the code and the Rust side have one version', (t) => {
  const { version } = manifest
  const cargo = readFileSync(join(ROOT, 'Cargo.toml'), 'utf8')
  t.is(VERSION, version)
  t.is(/^\[workspace\.package\]\nversion = "(.*)"/m.exec(cargo)?.[1], version)
  for (const [, name, wanted] of cargo.matchAll(/^(\S+) = \{ version = "(.*?)", path = /gm)) t.is(wanted, version, name)
})

test('the lock file names no host', (t) => {
  t.notRegex(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'), /"resolved"/)
})
