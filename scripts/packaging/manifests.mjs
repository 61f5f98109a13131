// Writes the manifests of what is published: node scripts/packaging/manifests.mjs FOLDER, which has one folder a package.
// The version is that of package.json, and the Rust side has to have the same.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [stage] = process.argv.slice(2)
const CPUS = { 'linux-arm64-gnu': 'arm64', 'linux-x64-gnu': 'x64' }
const KEPT =
  'name version description keywords homepage bugs license bin files type sideEffects main types typesVersions exports dependencies peerDependencies peerDependenciesMeta engines'

const source = JSON.parse(readFileSync('package.json', 'utf8'))
const { version, license, keywords, engines } = source
const repository = { type: 'git', url: `git+https://github.com/${source.repository.replace('github:', '')}.git` }

const metadata = execFileSync('cargo', ['metadata', '--no-deps', '--locked', '--format-version', '1'])
for (const crate of JSON.parse(metadata).packages) {
  if (crate.version === version || crate.publish?.length === 0) continue
  throw new Error(`package.json is version ${version}, but the crate ${crate.name} is ${crate.version}.`)
}

function write(folder, manifest, readme) {
  writeFileSync(join(stage, folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  if (readme) writeFileSync(join(stage, folder, 'README.md'), readme)
}

write('v4l2-encoder', {
  ...Object.fromEntries(
    KEPT.split(' ')
      .filter((key) => key in source)
      .map((key) => [key, source[key]]),
  ),
  repository,
  // Yarn without node_modules cannot require() modules that are in its archives.
  preferUnplugged: true,
  // Here only: names that are not published yet would break npm ci in a clone.
  optionalDependencies: Object.fromEntries(Object.keys(CPUS).map((name) => [`@v4l2-encoder/${name}`, version])),
})

for (const [name, cpu] of Object.entries(CPUS)) {
  const file = `v4l2-encoder.${name}.node`
  write(
    name,
    {
      name: `@v4l2-encoder/${name}`,
      version,
      description: `The native part of v4l2-encoder for Linux with glibc on ${cpu}`,
      keywords,
      license,
      repository,
      type: 'commonjs',
      main: file,
      files: [file, 'THIRD-PARTY-NOTICES.txt'],
      engines,
      os: ['linux'],
      cpu: [cpu],
      libc: ['glibc'],
      publishConfig: { access: 'public' },
    },
    `# @v4l2-encoder/${name}\n\nThe native part of [v4l2-encoder](https://www.npmjs.com/package/v4l2-encoder) for Linux ` +
      `with glibc 2.28 or later on ${cpu}. npm installs it with that package; there is no other use for it.\n`,
  )
}
