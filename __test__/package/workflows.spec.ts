import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, '.github/workflows')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const workflows = readdirSync(FOLDER).map((name) => ({ name, text: read(`.github/workflows/${name}`) }))

/** The words of an array of Bash: `NAME=(a b)`. */
function words(name: string): string[] {
  return new RegExp(`^${name}=\\((.*)\\)$`, 'm').exec(read('.ci/run'))![1]!.split(' ')
}

test('there are workflows for pushes, releases and the API reference, and none has a permission that no job asks for', (t) => {
  t.deepEqual(workflows.map(({ name }) => name).toSorted(), ['ci.yml', 'docs.yml', 'release.yml'])
  for (const { name, text } of workflows) {
    t.regex(text, /^permissions: \{\}$/m, name)
    const jobs = [...text.slice(text.indexOf('\njobs:')).matchAll(/^ {2}(\w+):$/gm)].map(([, job]) => job)
    t.is([...text.matchAll(/^ {4}permissions:$/gm)].length, jobs.length, `${name}: ${jobs.join(', ')}`)
  }
})

test('every action is pinned to a commit, everywhere to the same one, beside its version', (t) => {
  const pins = new Map<string, string>()
  for (const { name, text } of workflows) {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, what]) => what!)
    t.true(uses.length > 0, name)
    for (const what of uses) {
      const [, action, commit] = /^([\w-]+\/[\w-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)$/.exec(what) ?? []
      t.truthy(action, `${name}: ${what}`)
      t.is(pins.get(action!) ?? commit, commit, what)
      pins.set(action!, commit!)
    }
  }
})

test('the jobs of ci.yml are the parts of .ci/run, those of the night included', (t) => {
  const { text } = workflows.find(({ name }) => name === 'ci.yml')!
  const lists = [...text.matchAll(/'(\[.*\])'/g)].map(([, list]) => JSON.parse(list!) as string[])
  const onPush = words('ON_PUSH')
  t.deepEqual(onPush, ['fast', 'vm', 'arm64', 'package'])
  t.deepEqual(lists.slice(1), [onPush, [...onPush, ...words('NIGHTLY')]])
  t.true(text.includes('run: .ci/run ${{ matrix.part }}\n'))
})

test('a release runs every part that does not depend on databases elsewhere', (t) => {
  const { text } = workflows.find(({ name }) => name === 'release.yml')!
  t.true(text.includes('- run: .ci/run\n'))
  const [, asked] = /- run: \.ci\/run (.+)\n/.exec(text)!
  t.deepEqual(
    asked!.split(' '),
    words('NIGHTLY').filter((part) => part !== 'advisories'),
  )
})

test('a part that there is not is rejected with those that there are', (t) => {
  const { status, stderr } = spawnSync(join(ROOT, '.ci/run'), ['slow'], { encoding: 'utf8' })
  t.is(status, 2)
  for (const part of [...words('ON_PUSH'), ...words('NIGHTLY')]) {
    t.true(stderr.includes(` ${part} `), stderr)
    t.regex(read('.ci/run'), new RegExp(`^${part}\\(\\) \\{$`, 'm'))
  }
})

test('the packed tarball is run with the oldest Node.js versions that are supported, with 24 and with the current one', (t) => {
  const { dependencies } = JSON.parse(read('scripts/packaging/tools.json')) as { dependencies: Record<string, string> }
  const versions = Object.keys(dependencies).flatMap((name) => (/^node-(\w+)$/.exec(name) ?? []).slice(1))
  t.deepEqual(versions, ['20', '22', '24', 'current'])
  t.true(read('scripts/test-install').includes(`for version in ${versions.join(' ')}; do`))
  const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } }
  const oldest = ['20', '22'].map((major) => dependencies[`node-${major}`]!.split('@')[1])
  t.is(engines.node, `^${oldest[0]} || >=${oldest[1]}`)
})

test('the suites of the virtual machine run where its files changed since the commit to compare with, or where that is not known', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'changed-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const git = (...args: string[]): string => {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org']
    return execFileSync('git', [...who, ...args], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  }
  const changed = (base?: string): boolean => {
    const env = { ...process.env, CI_BASE: base ?? '' }
    const program = `source '${ROOT}/.ci/checks.sh'; changed scripts/vm`
    return spawnSync('bash', ['-c', program], { cwd: folder, env }).status === 0
  }
  const commit = (path: string): string => {
    mkdirSync(join(folder, 'scripts'), { recursive: true })
    writeFileSync(join(folder, path), `${Math.random()}`)
    git('add', '--all')
    git('commit', '--message', path)
    return git('rev-parse', 'HEAD')
  }
  git('init')
  const first = commit('scripts/vm')
  t.true(changed(), 'there is no commit before')
  const second = commit('README.md')
  t.false(changed())
  commit('scripts/vm')
  t.true(changed())
  t.true(changed(second))
  commit('README.md')
  t.false(changed())
  t.true(changed(first))
  t.true(changed('0'.repeat(40)), 'the first push of a branch has no commit to compare with')
})
