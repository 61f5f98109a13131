import ts from 'typescript'

/** A word that stands in an identifier or in a string literal, and where. */
export interface WordUse {
  word: string
  line: number
  text: string
}

/** Identifiers and string literals of a source file, each with its line. */
interface Token {
  kind: 'identifier' | 'string'
  text: string
  line: number
}

const STRINGS = new Set([
  ts.SyntaxKind.StringLiteral,
  ts.SyntaxKind.NoSubstitutionTemplateLiteral,
  ts.SyntaxKind.TemplateHead,
  ts.SyntaxKind.TemplateMiddle,
  ts.SyntaxKind.TemplateTail,
])

function tokensOfTypeScript(source: string): Token[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, false)
  const tokens: Token[] = []
  const visit = (node: ts.Node): void => {
    const line = (): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      tokens.push({ kind: 'identifier', text: node.text, line: line() })
    } else if (STRINGS.has(node.kind)) {
      tokens.push({ kind: 'string', text: (node as ts.LiteralLikeNode).text, line: line() })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return tokens
}

/** Comments, raw and ordinary strings, characters and lifetimes, identifiers: in this order, as each hides what follows. */
const RUST =
  /\/\/[^\n]*|\/\*[^]*?\*\/|b?r(#*)"(?<raw>[^]*?)"\1|b?"(?<string>(?:[^"\\]|\\[^])*)"|'(?:[^'\\\n]|\\[^'\n]+)'|'\w+|(?<identifier>[A-Za-z_]\w*)/g

function tokensOfRust(source: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  let end = 0
  for (const match of source.matchAll(RUST)) {
    line += source.slice(end, match.index).split('\n').length - 1
    end = match.index
    const { raw, string, identifier } = match.groups!
    if (identifier !== undefined) tokens.push({ kind: 'identifier', text: identifier, line })
    else if (raw !== undefined || string !== undefined) tokens.push({ kind: 'string', text: raw ?? string!, line })
  }
  return tokens
}

/** `HTMLTeller_ofFilms` is `html teller of films`; a line that a string goes on in is one space. */
function asWords({ kind, text }: Token): string {
  if (kind === 'string')
    return text
      .replaceAll(/\\\n\s*/g, '')
      .replaceAll(/\s+/g, ' ')
      .toLowerCase()
  return text
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/[_$#]+/g, ' ')
    .toLowerCase()
}

/** Which of `words` the identifiers and string literals of a file use; comments are not looked at. */
export function usesOf(words: readonly string[], name: string, source: string): WordUse[] {
  const tokens = name.endsWith('.rs') ? tokensOfRust(source) : tokensOfTypeScript(source)
  return tokens.flatMap((token) => {
    const text = asWords(token)
    return words
      .filter((word) => new RegExp(String.raw`\b${word}\b`).test(text))
      .map((word) => ({ word, line: token.line, text: token.text }))
  })
}
