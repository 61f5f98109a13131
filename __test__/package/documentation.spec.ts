import { join } from 'node:path'
import test from 'ava'
import ts from 'typescript'
import { ENTRIES, problemsOf, ROOT, SETTINGS } from '../support/type-checker.js'

const ENTRY_POINTS = [
  'createEncoder',
  'isSupported',
  'listEncoders',
  'diagnose',
  'openPipe',
  'openSource',
  'allocateSurface',
  'Codec',
  'ErrorCode',
  'Encoder',
  'openDevice',
  'controlById',
]

const program = ts.createProgram(Object.values(ENTRIES), { ...SETTINGS, noEmit: true })
const checker = program.getTypeChecker()

/** A module that is exported as an object counts by what it exports. */
function exportsOf(module: ts.Symbol): ts.Symbol[] {
  return checker.getExportsOfModule(module).flatMap((symbol) => {
    const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return meant.flags & ts.SymbolFlags.ValueModule ? exportsOf(meant) : [meant]
  })
}

function exported(): ts.Symbol[] {
  const modules = Object.values(ENTRIES).map((path) => checker.getSymbolAtLocation(program.getSourceFile(path)!)!)
  return [...new Set(modules.flatMap(exportsOf))]
}

function isOurs(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((node) => node.getSourceFile().fileName.startsWith(join(ROOT, 'ts/'))) ?? false
}

function isPublic(symbol: ts.Symbol): boolean {
  const hidden = symbol.declarations?.some((node) => ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private)
  const internal = symbol.getJsDocTags().some(({ name }) => name === 'internal')
  const isParameter = (symbol.flags & ts.SymbolFlags.TypeParameter) !== 0
  return (
    !hidden &&
    !internal &&
    !isParameter &&
    !symbol.name.includes('#') &&
    !['prototype', '__constructor'].includes(symbol.name)
  )
}

/** A symbol with the members that its users see: of interfaces and classes, of constant objects, of object literals in types. */
function withMembers(symbol: ts.Symbol, path: string): [path: string, symbol: ts.Symbol][] {
  const members = new Set([...(symbol.members?.values() ?? []), ...(symbol.exports?.values() ?? [])])
  const literal = symbol.valueDeclaration
  if (literal && ts.isVariableDeclaration(literal)) {
    for (const member of checker.getTypeAtLocation(literal).getProperties()) members.add(member)
  }
  const own = [...members].filter((member) => isOurs(member) && isPublic(member))
  return [[path, symbol], ...own.map((member): [string, ts.Symbol] => [`${path}.${member.name}`, member])]
}

/** Every declaration, since a constant and a type may share a name. */
function isDocumented(symbol: ts.Symbol): boolean {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== ''
}

function examples(symbol: ts.Symbol): string[] {
  return symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'example')
    .map(({ text }) => /```ts\n([^]*?)```/.exec(ts.displayPartsToString(text))?.[1] ?? '')
}

const symbols = exported().flatMap((symbol) => withMembers(symbol, symbol.name))

test('every exported symbol and each of its members has a documentation comment', (t) => {
  t.true(symbols.length > 100, 'the search itself works')
  t.deepEqual(
    symbols.filter(([, symbol]) => !isDocumented(symbol)).map(([path]) => path),
    [],
  )
})

test('every option that may be left out says its default', (t) => {
  const options =
    /^(EncoderOptions|PipeOptions|ReadOptions|SourceOptions|SurfaceOptions|SubscribeOptions|DiagnoseOptions|TryEncodeOptions|CloseOptions|ListOptions|SupportOptions|DeviceOptions|QueueOptions|DequeueOptions)\./
  const missing = symbols.filter(([path, symbol]) => {
    const isOptional = (symbol.flags & ts.SymbolFlags.Optional) !== 0
    const says = symbol.getJsDocTags(checker).some(({ name }) => name === 'default')
    return options.test(path) && isOptional && !says && !path.endsWith('.signal')
  })
  t.deepEqual(
    missing.map(([path]) => path),
    [],
  )
})

test('every entry point has an example', (t) => {
  const without = ENTRY_POINTS.filter(
    (name) => !exported().some((symbol) => symbol.name === name && examples(symbol).length > 0),
  )
  t.deepEqual(without, [])
})

test('every example compiles', (t) => {
  const sources = new Map(
    symbols.flatMap(([path, symbol]) =>
      examples(symbol).map((code, index): [string, string] => [join(ROOT, `example-${path}-${index}.mts`), code]),
    ),
  )
  t.true(sources.size >= ENTRY_POINTS.length)
  t.deepEqual(problemsOf(sources), [])
})
