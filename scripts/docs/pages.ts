import { join } from 'node:path'
import ts from 'typescript'
import { controlsPage } from './controls.js'
import { OptionsPage } from './options.js'

const ROOT = join(import.meta.dirname, '../..')

/** The pages that are generated, by their paths in the repository. */
export function generatedPages(): Map<string, string> {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.base.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const entries = ['ts/index.ts', 'ts/device/index.ts', 'ts/metadata/index.ts'].map((path) => join(ROOT, path))
  return new Map([
    ['docs/options.md', new OptionsPage(entries, options).text()],
    ['docs/controls.md', controlsPage()],
  ])
}
