import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { KEPT, lacksChangelog, outdated } from '../../scripts/api/api.js'
import { ROOT } from '../support/type-checker.js'

const built = existsSync(join(ROOT, 'dist/index.d.ts')) || process.env.CI ? test : test.skip
if (built === test.skip) console.log('skipped: dist/index.d.ts missing; "npm run build:ts" builds it')

built('etc/ has the public interface as it is built', (t) => {
  t.deepEqual(outdated(ROOT), [], 'the public interface changed: run "npm run api", and add a line to CHANGELOG.md')
})

test('a change of the public interface has a line in the changelog', (t) => {
  t.false(lacksChangelog(ROOT), 'etc/ changed: CHANGELOG.md needs a line about it under [Unreleased]')
})

/** A repository with a released version, and what changes it. */
function repository(t: ExecutionContext) {
  const root = mkdtempSync(join(tmpdir(), 'v4l2-encoder-api-'))
  t.teardown(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'etc'))
  const write = (file: string, text: string): void => writeFileSync(join(root, file), text)
  const git = (...args: string[]): void => {
    const who = ['-c', 'user.name=nobody', '-c', 'user.email=nobody@example.org']
    execFileSync('git', ['-C', root, ...who, ...args], { stdio: 'ignore' })
  }
  const commit = (): void => {
    git('add', '.')
    git('commit', '-m', 'a change')
  }
  git('init', '--initial-branch', 'main')
  for (const file of Object.keys(KEPT)) write(file, 'export declare const one: 1\n')
  write('CHANGELOG.md', '## [Unreleased]\n\n## [1.0.0]\n\n- one\n')
  commit()
  return { root, write, git, commit }
}

const CHANGED = 'export declare const one: 2\n'
const LINE = '## [Unreleased]\n\n- one is two\n\n## [1.0.0]\n\n- one\n'

test('after a release, a change without a line is found, committed or not; with one it is not', (t) => {
  const { root, write, git, commit } = repository(t)
  git('tag', 'v1.0.0')
  t.false(lacksChangelog(root))
  write('etc/index.d.ts', CHANGED)
  t.true(lacksChangelog(root))
  commit()
  t.true(lacksChangelog(root))
  write('CHANGELOG.md', '## [Unreleased]\n\n## [1.0.0]\n\n- one, and more about it\n')
  t.true(lacksChangelog(root), 'a line about another version does not count')
  write('CHANGELOG.md', LINE)
  t.false(lacksChangelog(root))
})

test('on a branch, each change needs a line of its own', (t) => {
  const { root, write, git, commit } = repository(t)
  write('etc/device.d.ts', CHANGED)
  write('CHANGELOG.md', LINE)
  commit()
  git('checkout', '-b', 'feature')
  write('etc/device.d.ts', 'export declare const one: 3\n')
  commit()
  t.true(lacksChangelog(root))
  write('CHANGELOG.md', LINE.replace('two', 'three'))
  t.false(lacksChangelog(root))
})

test('a copy without history needs no more than a changelog', (t) => {
  const { root } = repository(t)
  rmSync(join(root, '.git'), { recursive: true })
  t.false(lacksChangelog(root))
})
