import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

import test from 'ava'

import { ErrorCode } from '../../ts/index.js'

/** The codes of the addon by their variants, as its one list declares them. */
function codesOfRust(): Map<string, string> {
  const source = readFileSync(new URL('../../crates/v4l2/src/error/code.rs', import.meta.url), 'utf8')
  return new Map([...source.matchAll(/^ +(\w+) => "(ERR_\w+)",$/gm)].map(([, variant, name]) => [variant!, name!]))
}

function isUsed(code: string, folder: string): boolean {
  return spawnSync('git', ['grep', '--untracked', '-qwF', code, '--', `:/${folder}`]).status === 0
}

test('every error code of the addon is one of TypeScript, under the same name', (t) => {
  const rust = codesOfRust()
  t.true(rust.size > 10, 'the list was read')
  for (const [variant, name] of rust) t.is(ErrorCode[variant as keyof typeof ErrorCode], name as ErrorCode)
})

test('every error code is used by the addon or by TypeScript', (t) => {
  const rust = codesOfRust()
  for (const code of Object.keys(ErrorCode)) {
    t.true(rust.has(code) ? isUsed(`Code::${code}`, 'crates') : isUsed(`ErrorCode.${code}`, 'ts'), code)
  }
})
