import { relative } from 'node:path'
import ts from 'typescript'

/** The option types of a page, in the order of its sections, with the calls that take them. */
const SECTIONS: readonly (readonly [type: string, title: string])[] = [
  ['EncoderOptions', '`createEncoder()`, `isSupported()`'],
  ['EncodeOptions', '`encode()`; without `signal` also `tryEncode()`'],
  ['SubscribeOptions', '`subscribe()`'],
  ['CloseOptions', '`close()`'],
  ['CameraOptions', '`openCamera()`'],
  ['CameraFramesOptions', '`camera.frames()`'],
  ['PipeOptions', '`openPipe()`'],
  ['SourceOptions', '`openSource()`'],
  ['SurfaceOptions', '`allocateSurface()`'],
  ['DiagnoseOptions', '`diagnose()`'],
  ['ListOptions', '`listEncoders()`'],
  ['SupportOptions', 'second argument of `isSupported()`'],
  ['DeviceOptions', '`openDevice()`'],
  ['QueueOptions', '`device.queue()`'],
]

const HEADER = `# Options

Every option with its type, its default and its meaning. This page is generated from the typings: do not edit it, run \`npm run docs\`.
`

/** Markdown in one cell: one line, and no column of its own. */
function cell(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .replaceAll(/\{@link (\S+)\}/g, '`$1`')
    .trim()
}

/** A default that is a value is code, one that is a sentence is not. */
function defaultText(text: string): string {
  return /^('[^']*'|true|false|\d[\d_]*)$/.test(text) ? `\`${text}\`` : text
}

export class OptionsPage {
  readonly #checker: ts.TypeChecker
  readonly #exports: ReadonlyMap<string, ts.Symbol>

  constructor(entries: readonly string[], settings: ts.CompilerOptions) {
    const program = ts.createProgram(entries, { ...settings, noEmit: true })
    this.#checker = program.getTypeChecker()
    const modules = entries.map((path) => this.#checker.getSymbolAtLocation(program.getSourceFile(path)!)!)
    const symbols = modules.flatMap((module) => this.#checker.getExportsOfModule(module))
    this.#exports = new Map(symbols.map((symbol) => [symbol.name, symbol]))
  }

  text(): string {
    return [HEADER, ...SECTIONS.map(([type, title]) => this.#section(type, title))].join('\n')
  }

  #section(name: string, title: string): string {
    const exported = this.#exports.get(name)
    if (!exported) throw new Error(`${relative('.', import.meta.filename)}: the package exports no ${name}.`)
    const symbol = exported.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(exported) : exported
    const properties = this.#checker.getPropertiesOfType(this.#checker.getDeclaredTypeOfSymbol(symbol))
    const rows = properties.map((property) => this.#row(property))
    return `## ${name}

For ${title}.

| option | type | default | meaning |
|---|---|---|---|
${rows.join('\n')}
`
  }

  #row(option: ts.Symbol): string {
    const isOptional = (option.flags & ts.SymbolFlags.Optional) !== 0
    const tag = option.getJsDocTags(this.#checker).find(({ name }) => name === 'default')
    const meaning = ts.displayPartsToString(option.getDocumentationComment(this.#checker))
    const preset = tag ? defaultText(ts.displayPartsToString(tag.text).trim()) : isOptional ? 'none' : '**required**'
    return `| \`${option.name}\` | \`${cell(this.#typeOf(option))}\` | ${cell(preset)} | ${cell(meaning)} |`
  }

  /** A list of words is written out, in the order of its declaration; other types have their names. */
  #typeOf(option: ts.Symbol): string {
    const type = this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(option))
    const words = type.isUnion() && type.types.every((one) => one.isStringLiteral())
    const declared = words && this.#declaredWords(option)
    if (declared) return declared
    return this.#checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation).replaceAll('"', "'")
  }

  #declaredWords(option: ts.Symbol): string | undefined {
    const declaration = option.declarations?.find((node) => ts.isPropertySignature(node))
    const node = declaration?.type
    if (!node || !ts.isTypeReferenceNode(node)) return node?.getText()
    const symbol = this.#checker.getSymbolAtLocation(node.typeName)
    const meant = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol
    const alias = meant?.declarations?.find((one) => ts.isTypeAliasDeclaration(one))
    return alias && ts.isUnionTypeNode(alias.type) ? alias.type.getText() : undefined
  }
}
