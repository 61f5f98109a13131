// The declarations of each entry, as users get them, are kept in etc/: a change of the public interface shows in the diff of a commit,
// and nobody makes one without a line for the users in CHANGELOG.md.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What is kept, and what `npm run build:ts` makes. */
export const KEPT: Readonly<Record<string, string>> = {
  'etc/index.d.ts': 'dist/index.d.ts',
  'etc/device.d.ts': 'dist/device/index.d.ts',
  'etc/metadata.d.ts': 'dist/metadata/index.d.ts',
}

const NOTE = '// Made by "npm run api": what users of the package see. scripts/api says what it is for.\n'

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function wanted(root: string, built: string): string {
  return NOTE + readFileSync(join(root, built), 'utf8').replaceAll("'../index.js'", "'./index.js'")
}

/** Writes what was built into etc/. */
export function keep(root: string): void {
  mkdirSync(join(root, 'etc'), { recursive: true })
  for (const [kept, built] of Object.entries(KEPT)) writeFileSync(join(root, kept), wanted(root, built))
}

/** The files of etc/ that are not what was built. */
export function outdated(root: string): string[] {
  return Object.entries(KEPT).flatMap(([kept, built]) => (read(join(root, kept)) === wanted(root, built) ? [] : [kept]))
}

function git(root: string, ...args: string[]): string | undefined {
  try {
    return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return undefined
  }
}

/** The commit to compare with: where a branch left main, else the last release; undefined where the history has neither. */
function base(root: string): string | undefined {
  const head = git(root, 'rev-parse', 'HEAD')?.trim()
  for (const main of ['origin/main', 'main']) {
    const fork = git(root, 'merge-base', 'HEAD', main)?.trim()
    if (fork && fork !== head) return fork
  }
  return git(root, 'describe', '--tags', '--abbrev=0', '--match', 'v*')?.trim()
}

/** The lines about what is not released. */
function unreleased(changelog: string | undefined): string {
  return /^## \[Unreleased\]$(.*?)(?=^## |$(?![^]))/ms.exec(changelog ?? '')?.[1]?.trim() ?? ''
}

/**
 * Whether etc/ changed since a branch began, or since the last release, and the changelog's part on what is not released did not.
 * Without such a commit, as in a clone without history, only whether there is a changelog at all for the first release.
 */
export function lacksChangelog(root: string): boolean {
  const now = read(join(root, 'CHANGELOG.md'))
  const before = base(root)
  if (before === undefined) return !/^## \[/m.test(now ?? '')
  const changed = Object.keys(KEPT).some((file) => {
    const then = git(root, 'show', `${before}:${file}`)
    // An entry that is kept from now on has changed nothing yet.
    return then !== undefined && then !== read(join(root, file))
  })
  return changed && unreleased(now) === unreleased(git(root, 'show', `${before}:CHANGELOG.md`))
}
