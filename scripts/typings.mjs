// Makes what TypeScript compiled fit for more than it was made for: node scripts/typings.mjs FOLDER.
//
// First, for compilers before 5.7, whose typed arrays take no type argument: the declarations say the same without one. And a class
// of which only the type is exported is no value to the compiler, either: the bundler of declarations does not know the difference.
//
// Then for require(). For each entry of package.json with both conditions, it gets a module of one line, with the very instance
// that import gets, so that instanceof holds across both. TypeScript takes declarations for those of CommonJS by their name
// (.d.cts), and such a file cannot re-export the values of an ES module. So it re-exports the types, and declares each value to be
// of the type of the original. Which values there are, the module itself tells; what they are, the compiler.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const [folder] = process.argv.slice(2)
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
/** A path of the manifest, in this folder. */
const built = (path) => resolve(folder, path.replace('./dist/', ''))
const entries = Object.values(exports).filter((entry) => entry.require !== undefined)

/** The names that a module exports when it runs. */
const valuesOf = async (entry) => Object.keys(await import(pathToFileURL(built(entry.import.default))))

/** Exports as types what is no value. */
function withTypesApart(text, values) {
  return text.replaceAll(/^export \{ (.*) \};$/gm, (_, list) => {
    const names = list.split(', ')
    const isValue = (name) => values.includes(name.split(' as ').at(-1))
    const types = names.filter((name) => !isValue(name))
    const groups = [names.filter(isValue), types]
    return groups.map((group, kind) => (group.length > 0 ? `export ${kind ? 'type ' : ''}{ ${group.join(', ')} };` : '')).join('\n')
  })
}

for (const entry of entries) {
  const path = built(entry.import.types)
  const text = readFileSync(path, 'utf8')
    .replaceAll(/\b(\w+Array)<ArrayBufferLike>/g, '$1')
    .replaceAll(/\b(\w+Array)<ArrayBuffer>/g, "ReturnType<$1Constructor['of']>")
  writeFileSync(path, withTypesApart(text, await valuesOf(entry)))
}

const program = ts.createProgram(
  entries.map((entry) => built(entry.import.types)),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts'], types: ['node'] },
)
const checker = program.getTypeChecker()

/** What an exported name stands for, behind all the modules that hand it on. */
function meant(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

/** The comment of a declaration, for those who read it in their editor. */
function commentOf(symbol) {
  const [declaration] = symbol.declarations ?? []
  const comments = declaration ? ts.getJSDocCommentsAndTags(declaration).filter((node) => ts.isJSDoc(node)) : []
  return comments.map((node) => `${node.getText().replaceAll(/\n\s+\*/g, '\n *')}\n`).join('')
}

/** The declarations of one value that is exported, and of the type that may have its name. */
function declared(name, exported) {
  if (!exported) throw new Error(`The compiler does not find the export ${name}.`)
  const symbol = meant(exported)
  const { Enum, Module, Type } = ts.SymbolFlags
  const inside = symbol.flags & Module ? checker.getExportsOfModule(symbol) : []
  const parameters = symbol.flags & Type ? checker.getDeclaredTypeOfSymbol(symbol).typeParameters : undefined
  // None is there so far, and this would lose a part of it.
  if (name === 'default' || symbol.flags & Enum || inside.some((one) => meant(one).flags & Type) || parameters?.length) {
    throw new Error(`${name} cannot be exported to CommonJS by scripts/typings.mjs, which knows no such thing yet.`)
  }
  const value = `${commentOf(symbol)}export declare const ${name}: typeof es.${name}\n`
  return symbol.flags & Type ? `${value}export type ${name} = es.${name}\n` : value
}

for (const entry of entries) {
  const specifier = `./${basename(entry.import.default)}`
  const values = await valuesOf(entry)
  const source = program.getSourceFile(built(entry.import.types))
  const symbols = new Map(checker.getExportsOfModule(checker.getSymbolAtLocation(source)).map((one) => [one.name, one]))
  const attributes = `with { 'resolution-mode': 'import' }`
  const declarations = [
    `import type * as es from '${specifier}' ${attributes}\n`,
    `export type * from '${specifier}' ${attributes}\n`,
    ...values.map((name) => declared(name, symbols.get(name))),
  ]
  writeFileSync(built(entry.require.types), declarations.join(''))
  writeFileSync(built(entry.require.default), `'use strict'\nmodule.exports = require('${specifier}')\n`)
}
