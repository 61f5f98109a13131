import { join } from 'node:path'
import ts from 'typescript'

export const ROOT = join(import.meta.dirname, '../..')

/** What `exports` of package.json names. */
export const ENTRIES = {
  'v4l2-encoder': join(ROOT, 'ts/index.ts'),
  'v4l2-encoder/device': join(ROOT, 'ts/device/index.ts'),
  'v4l2-encoder/metadata': join(ROOT, 'ts/metadata/index.ts'),
}

/** The package's own settings. */
export const { options: SETTINGS } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  ROOT,
)

/** What the compiler says against programs that use the package, given by the names of their files. */
export function problemsOf(sources: ReadonlyMap<string, string>): string[] {
  const paths = Object.fromEntries(Object.entries(ENTRIES).map(([name, path]) => [name, [path]]))
  const settings = { ...SETTINGS, noEmit: true, noUnusedLocals: false, skipLibCheck: true, paths }
  const host = ts.createCompilerHost(settings)
  const disk = { ...host }
  host.readFile = (name) => sources.get(name) ?? disk.readFile(name)
  host.fileExists = (name) => sources.has(name) || disk.fileExists(name)
  host.getSourceFile = (name, ...rest) => {
    const source = sources.get(name)
    return source === undefined
      ? disk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, source, ts.ScriptTarget.ES2022)
  }
  // Only of these: the sources of the package, which they import, are checked by npm test's own run of the compiler.
  const program = ts.createProgram([...sources.keys()], settings, host)
  const files = [...sources.keys()].map((name) => program.getSourceFile(name)!)
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)
}
