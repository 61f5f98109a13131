// Makes what is published of what TypeScript compiled: node scripts/bundle.mjs COMPILED FOLDER, which is emptied first.
//
// One readable file of JavaScript for each entry, with chunks that are loaded when they are used, and one file of declarations for
// each entry of the package's `exports`. What others wrote and this bundles is named in THIRD-PARTY-NOTICES.txt.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { allowedLicence, licenceFiles, sections, textsIn } from './packaging/licences.mjs'

const [compiled, folder] = process.argv.slice(2).map((path) => resolve(path))

/** The entries by name: what is imported, what is run, and what `diagnose()` starts as a process. */
const LIBRARY = ['index', 'device/index', 'metadata/index']
const PROGRAMS = ['cli/main', 'doctor/probe']

const sourceOf = (name, ending) => join(compiled, `${name}.${ending}`)
const isOthers = (id) => id.includes('/node_modules/')

/** Warnings are errors: a cycle between chunks, a name that does not exist, a module that is not found. */
function onLog(level, { message }) {
  if (level === 'warn') throw new Error(message)
}

/** Every module that is loaded with this one. */
function loadedWith(id, getModuleInfo, seen = new Set()) {
  if (seen.has(id)) return seen
  seen.add(id)
  for (const imported of getModuleInfo(id)?.importedIds ?? []) loadedWith(imported, getModuleInfo, seen)
  return seen
}

/**
 * Puts what an entry loads at once into as few files as there can be, since each one costs time at the start: what `.` and `./device`
 * have in common, the rest of each, and the command line's part that all commands need. Rollup arranges what is loaded later.
 */
function chunkOf(id, { getModuleInfo }) {
  const entries = [...LIBRARY, ...PROGRAMS].map((name) => sourceOf(name, 'js'))
  if (entries.includes(id)) return undefined
  const [root, device, metadata, commandLine] = entries.map((entry) => loadedWith(entry, getModuleInfo).has(id))
  // It is one file, as browsers load it.
  if (metadata) return undefined
  if (root && device) return 'shared'
  if (root) return 'encoder'
  if (device) return 'device'
  return commandLine ? 'command-line' : undefined
}

async function bundleJavaScript() {
  const input = Object.fromEntries([...LIBRARY, ...PROGRAMS].map((name) => [name, sourceOf(name, 'js')]))
  const bundle = await rollup({ input, external: /^node:/, plugins: [nodeResolve(), commonjs()], onLog })
  const { output } = await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    hoistTransitiveImports: false,
    minifyInternalExports: false,
    manualChunks: chunkOf,
    onlyExplicitManualChunks: true,
  })
  for (const { fileName, code } of output) {
    // Paths from a file to another are written for the folders of the sources.
    if (code.includes('import.meta') && fileName.split('/').length !== 2) {
      throw new Error(`${fileName} asks where it is, but is not as many folders deep as its source.`)
    }
  }
  return output.flatMap(({ modules }) => Object.entries(modules).flatMap(([id, { code }]) => (code ? [id] : [])))
}

/** Names those whose work is bundled. A licence that is not allowed is an error. */
function writeNotices(modules) {
  const folders = new Set(modules.filter(isOthers).map((id) => /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/?]+)/.exec(id)[1]))
  if (folders.size === 0) return
  const works = []
  for (const path of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const texts = textsIn(path, licenceFiles(path))
    if (texts.length === 0) throw new Error(`${name} comes without the text of its licence.`)
    works.push({ line: `${name} ${version} (${allowedLicence(name, license)})`, texts })
  }
  const head = 'v4l2-encoder is licensed under the Apache License 2.0. Its command line contains the following works of others.\n'
  writeFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), head + sections(works))
}

/** A plugin: what another entry declares is not declared again, so that a class is one class to the compiler as well. */
function declaredIn(entry, modules) {
  return {
    name: 'declared-in',
    resolveId(source, importer) {
      if (!importer || !source.startsWith('.')) return undefined
      const id = join(dirname(importer), source.replace(/\.js$/, '.d.ts'))
      return modules.has(id) ? { id: entry, external: true } : undefined
    },
  }
}

/** Returns the modules that it has the declarations of. */
async function bundleDeclarations(name, first, modulesOfFirst) {
  const plugins = [declaredIn(first, modulesOfFirst), dts()]
  const bundle = await rollup({ input: { [name]: sourceOf(name, 'd.ts') }, external: /^node:/, plugins, onLog })
  const path = relative(dirname(join(folder, name)), join(folder, first))
  const { output } = await bundle.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].d.ts',
    paths: { [first]: `${path.startsWith('.') ? path : `./${path}`}.js` },
  })
  return new Set(output.flatMap(({ modules }) => Object.keys(modules)))
}

rmSync(folder, { recursive: true, force: true })
writeNotices(await bundleJavaScript())
const [first, ...rest] = LIBRARY
const modulesOfFirst = await bundleDeclarations(first, first, new Set())
for (const name of rest) await bundleDeclarations(name, first, modulesOfFirst)
