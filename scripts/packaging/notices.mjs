// Prints the licences of everything that is linked into the native part: node scripts/packaging/notices.mjs TARGET.
// A licence that is not allowed is an error.
import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'
import { allowedLicence, licenceFiles, sections, textsIn } from './licences.mjs'

const [target] = process.argv.slice(2)
/** What the manifest says by the name of a file only. */
const BY_FILE = { v4l2r: 'MIT' }

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

const query = ['metadata', '--locked', '--format-version', '1', '--filter-platform', target]
const metadata = JSON.parse(execFileSync('cargo', query, { maxBuffer: 2 ** 28 }))
const packages = new Map(metadata.packages.map((crate) => [crate.id, crate]))
const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))

/** What is linked: no tests, no build scripts, no macros, and nothing that only these need. */
function linkedFrom(id, linked = new Set()) {
  if (linked.has(id) || packages.get(id).targets.some(({ kind }) => kind.includes('proc-macro'))) return linked
  linked.add(id)
  for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
    if (kinds.some(({ kind }) => kind === null)) linkedFrom(pkg, linked)
  }
  return linked
}

function licenceOf({ name, license }) {
  return allowedLicence(name, license ?? BY_FILE[name])
}

function textsOf({ name, manifest_path: manifest, authors, license }) {
  const folder = dirname(manifest)
  const all = licenceFiles(folder)
  // Where one may choose, it is MIT, which is short.
  const mit = all.filter((file) => /mit/i.test(file))
  const files = mit.length > 0 ? mit : all
  if (name === 'openh264-sys2') files.push('upstream/LICENSE')
  const texts = textsIn(folder, files)
  // Some crates leave their licence to the manifest.
  if (texts.length === 0 && license === 'MIT') return [`Copyright (c) ${authors.join(', ')}\n\n${MIT}`]
  if (texts.length === 0 && name === 'openh264') return ['Its text is that of openh264-sys2, below.']
  if (texts.length === 0) throw new Error(`${name} comes without the text of its licence.`)
  return texts
}

const root = metadata.packages.find(({ name }) => name === 'v4l2-encoder-node')
const crates = [...linkedFrom(root.id)].map((id) => packages.get(id)).filter(({ source }) => source !== null)
const works = crates
  .toSorted((a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1))
  .map((crate) => ({
    line: `${crate.name} ${crate.version} (${licenceOf(crate)}${crate.repository ? `, ${crate.repository}` : ''})`,
    texts: textsOf(crate),
  }))

console.log(`v4l2-encoder is licensed under the Apache License 2.0. Its native part contains the following works of others.

OpenH264 (Cisco Systems), with the crate openh264-sys2, is under the BSD 2-clause licence.
The standard library of Rust is licensed under MIT OR Apache-2.0 (https://www.rust-lang.org). The run-time libraries of
LLVM (compiler-rt, libunwind, libc++) that Zig links are under Apache-2.0 WITH LLVM-exception, and those of Zig
(https://ziglang.org) under MIT.`)
process.stdout.write(sections(works))
