// Compares the unpacked tarballs with what they have to be: node scripts/packaging/check.mjs FOLDER.
import { deepStrictEqual, equal, match, ok } from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { allowedLicence } from './licences.mjs'

const [folder] = process.argv.slice(2)
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const CPUS = { 'linux-arm64-gnu': 'arm64', 'linux-x64-gnu': 'x64' }

/** The files of a package and its manifest. */
function read(name) {
  const files = readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .toSorted()
  for (const file of files) console.log(`${name}/${file}`)
  return { files, manifest: JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) }
}

function checkCommon({ version: packed, license, repository, scripts, devDependencies, engines }) {
  equal(packed, version)
  equal(license, 'Apache-2.0')
  match(repository.url, /^git\+https:/)
  equal(scripts, undefined, 'nothing runs on installation')
  equal(devDependencies, undefined)
  equal(engines.node, '^20.19.0 || >=22.12.0')
}

/** Each work that notices name has a licence that is allowed; returns the names. */
function checkNotices(text) {
  const names = []
  for (const section of text.split(`\n${'-'.repeat(100)}\n`).slice(1)) {
    for (const line of section.slice(0, section.indexOf('\n\n')).split('\n')) {
      const [, name, licence] = /^(\S+) \S+ \(([^,)]+)/.exec(line)
      names.push(name)
      allowedLicence(name, licence)
    }
  }
  return names
}

const main = read('v4l2-encoder')
checkCommon(main.manifest)
equal(main.manifest.name, 'v4l2-encoder')
const entries = ['dist/index', 'dist/device/index', 'dist/metadata/index'].flatMap((path) => ['js', 'd.ts', 'cjs', 'd.cts'].map((end) => `${path}.${end}`))
const programs = ['dist/cli/main.js', 'dist/doctor/probe.js', 'dist/THIRD-PARTY-NOTICES.txt']
deepStrictEqual(
  main.files.filter((file) => !/^dist\/chunks\/[a-z0-9-]+\.js$/.test(file)),
  ['LICENSE', 'README.md', ...entries, ...programs, 'package.json'].toSorted(),
)
deepStrictEqual([main.manifest.dependencies, main.manifest.bundledDependencies], [undefined, undefined])
ok(checkNotices(readFileSync(join(folder, 'v4l2-encoder/dist/THIRD-PARTY-NOTICES.txt'), 'utf8')).length > 0)
/** Every file that a part of the manifest names. */
const named = (part) => (typeof part === 'string' ? [part] : Object.values(part).flatMap((one) => named(one)))
const { exports, main: required, types, typesVersions } = main.manifest
for (const file of named({ exports, required, types, typesVersions })) {
  ok(existsSync(join(folder, 'v4l2-encoder', file)), file)
}
for (const file of Object.values(main.manifest.bin)) ok(existsSync(join(folder, 'v4l2-encoder', file)), file)
deepStrictEqual(
  main.manifest.optionalDependencies,
  Object.fromEntries(Object.keys(CPUS).map((name) => [`@v4l2-encoder/${name}`, version])),
)

for (const [name, cpu] of Object.entries(CPUS)) {
  const { files, manifest } = read(`v4l2-encoder-${name}`)
  const addon = `v4l2-encoder.${name}.node`
  checkCommon(manifest)
  equal(manifest.name, `@v4l2-encoder/${name}`)
  equal(manifest.main, addon)
  deepStrictEqual([manifest.os, manifest.cpu, manifest.libc], [['linux'], [cpu], ['glibc']])
  deepStrictEqual([manifest.dependencies, manifest.optionalDependencies], [undefined, undefined])
  deepStrictEqual(files, ['LICENSE', 'README.md', 'THIRD-PARTY-NOTICES.txt', 'package.json', addon].toSorted())
  const notices = readFileSync(join(folder, `v4l2-encoder-${name}`, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
  const names = checkNotices(notices)
  for (const one of ['openh264-sys2', 'napi', 'v4l2r', 'libc']) ok(names.includes(one), `the notices do not name ${one}`)
  ok(notices.includes('Copyright (c) 2013, Cisco Systems'))
}
