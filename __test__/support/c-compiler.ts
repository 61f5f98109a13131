import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'

const ROOT = join(import.meta.dirname, '../..')
const INCLUDES = ['linux/videodev2.h', 'linux/media.h', 'linux/version.h', 'stddef.h']
/** Names that older headers lack are too many to tell from misspelt ones. */
const OLDEST_KERNEL: Version = [6, 1]
/** Whose headers have every name that this package knows. */
const NEWEST_KERNEL: Version = [7, 2]

type Version = readonly [major: number, minor: number]

/** A C compiler and the kernel's headers that it reads. */
interface CCompiler {
  readonly name: string
  readonly command: string
  readonly flags: readonly string[]
  /** What installs it. */
  readonly install: string
}

/** Something that has to hold where the headers know the name that it is about; the newest ones have to. */
export interface CAssertion {
  /** A macro, enumerator, structure or member. */
  readonly about: string
  /** A constant expression that is to be true. */
  readonly holds: string
}

/** Zig brings the headers of a current kernel, for every processor; `scripts/kernel-headers` fetches them. */
function newestHeaders(): string | undefined {
  const [, release] = /^ziglang==(.+)$/m.exec(readFileSync(join(ROOT, 'scripts/packaging/zig.txt'), 'utf8'))!
  const folder = join(ROOT, '.cache/headers', release!, 'ziglang/lib/libc/include')
  return existsSync(folder) ? folder : undefined
}

function compilersOf(arch: 'x64' | 'arm64'): CCompiler[] {
  const triplet = arch === 'x64' ? 'x86_64-linux-gnu' : 'aarch64-linux-gnu'
  const command = arch === process.arch ? 'cc' : `${triplet}-gcc`
  const headers = newestHeaders()
  const folders = ['any-linux-any', arch === 'x64' ? 'x86-linux-any' : 'aarch64-linux-any']
  const flags = folders.flatMap((folder) => ['-isystem', join(headers ?? '/nowhere', folder)])
  const zig = { install: '"scripts/setup headers" brings a current kernel’s', name: `${command} with Zig’s headers` }
  return [
    { name: command, command, flags: [], install: '"scripts/setup headers" installs it' },
    { ...zig, command: headers === undefined ? 'false' : command, flags },
  ]
}

const COMPILERS = [...compilersOf('x64'), ...compilersOf('arm64')]

function run({ command, flags }: CCompiler, source: string, ...more: string[]): { ok: boolean; printed: string } {
  const { status, stdout, stderr } = spawnSync(command, [...flags, ...more, '-x', 'c', '-'], {
    input: [...INCLUDES.map((path) => `#include <${path}>`), source, ''].join('\n'),
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  })
  return { ok: status === 0, printed: status === 0 ? stdout : stderr }
}

interface Headers {
  readonly kernel: Version
  /** Every name in them. */
  readonly names: ReadonlySet<string>
  readonly macros: readonly string[]
}

const seen = new Map<CCompiler, Headers | undefined>()

/** Undefined where the compiler, its headers or the C library are missing. */
function headersOf(compiler: CCompiler): Headers | undefined {
  if (!seen.has(compiler)) seen.set(compiler, readHeaders(compiler))
  return seen.get(compiler)
}

function readHeaders(compiler: CCompiler): Headers | undefined {
  const { ok, printed } = run(compiler, '', '-E', '-dD')
  const code = /^#define LINUX_VERSION_CODE (\d+)$/m.exec(printed)?.[1]
  if (!ok || code === undefined) return undefined
  return {
    kernel: [Number(code) >> 16, (Number(code) >> 8) & 0xff],
    names: new Set(printed.match(/\w+/g)),
    macros: [...printed.matchAll(/^#define (\w+)/gm)].map(([, name]) => name!),
  }
}

function isBefore([major, minor]: Version, [otherMajor, otherMinor]: Version): boolean {
  return major < otherMajor || (major === otherMajor && minor < otherMinor)
}

/** What the compiler says against the assertions; empty when all hold. */
function complaints(compiler: CCompiler, assertions: readonly CAssertion[]): string {
  const lines = assertions.map(({ about, holds }) => `_Static_assert(${holds}, "${about}");`)
  const { ok, printed } = run(compiler, lines.join('\n'), '-fsyntax-only')
  return ok ? '' : printed
}

function assertWith(t: ExecutionContext, compiler: CCompiler, assertions: readonly CAssertion[]): boolean {
  const headers = headersOf(compiler)
  if (!headers || isBefore(headers.kernel, OLDEST_KERNEL)) {
    const found = headers ? `headers are of Linux ${headers.kernel.join('.')}` : 'compiler or headers are missing'
    if (process.env.CI) t.fail(`${compiler.name}: ${found}`)
    else t.log(`skipped with ${compiler.name}: ${found}; ${compiler.install}`)
    return false
  }
  const [known, newer] = [true, false].map((isKnown) =>
    assertions.filter(({ about }) => headers.names.has(about) === isKnown),
  ) as [CAssertion[], CAssertion[]]
  const names = newer.map(({ about }) => about)
  if (isBefore(headers.kernel, NEWEST_KERNEL)) {
    t.true(known.length > newer.length, `${compiler.name} knows only ${known.length} names`)
    t.log(`${compiler.name}, Linux ${headers.kernel.join('.')}: ${known.length} hold, ${newer.length} are newer`)
  } else {
    t.deepEqual(names, [], `${compiler.name} does not know these`)
    t.log(`${compiler.name}, Linux ${headers.kernel.join('.')}: ${known.length} hold`)
  }
  t.is(complaints(compiler, known), '', compiler.name)
  return true
}

/**
 * Has every C compiler check the assertions against its kernel's headers, for x86-64 and ARM64; one that is missing is named,
 * and in CI is a failure.
 */
export function assertInC(t: ExecutionContext, assertions: readonly CAssertion[]): void {
  const checked = COMPILERS.filter((compiler) => assertWith(t, compiler, assertions))
  t.true(checked.length > 0, 'no C compiler with the kernel’s headers is here: "scripts/setup package" installs one')
}

/** What the headers of any of the compilers that are here define as macros. */
export function macrosInC(): Set<string> {
  return new Set(COMPILERS.flatMap((compiler) => headersOf(compiler)?.macros ?? []))
}

/** What this machine's own C compiler says against the assertions; empty when all hold. */
export function complaintsInC(assertions: readonly CAssertion[]): string {
  return complaints(
    COMPILERS.find(({ command }) => command === 'cc')!,
    assertions,
  )
}
