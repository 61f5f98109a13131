// npm run api: writes the declarations that users get into etc/.
import { join } from 'node:path'
import { keep, KEPT, lacksChangelog } from './api.js'

const root = join(import.meta.dirname, '../..')
keep(root)
console.log(`${Object.keys(KEPT).join(' and ')} are up to date.`)
if (lacksChangelog(root))
  console.log('The public interface changed: CHANGELOG.md needs a line about it under [Unreleased].')
